"""``env diff``: what differs between two environments, revisions, or files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mm_cli.command_line import Command, Parsed, Words, flag, greedy, value
from mm_cli.options import GLOBAL, NETWORK, PREFIX
from mm_cli.report.console import Console
from mm_cli.session import Session, open_session

if TYPE_CHECKING:
    from mm_cli.operations.comparison import Difference
    from mm_cli.operations.package_sets import PackageSet

__all__ = ["COMMAND"]

DIFFERENT = 1


def _run(parsed: Parsed, console: Console) -> int:
    from mm_cli.operations.comparison import difference_data
    from mm_cli.operations.package_sets import package_set
    from mm_config import PrefixRules

    session = open_session(parsed, console, PrefixRules.all())
    session.repair()
    old, new = (package_set(session, word) for word in session.words)
    differences = _differences(session, old, new)
    console.document |= {
        "from": old.label,
        "to": new.label,
        "identical": not differences,
        "differences": [difference_data(session, each) for each in differences],
    }
    _show(session, old, new, differences)
    if not differences or not session.options.get("diff.exit_code"):
        return 0
    if console.json:  # a document that is no success says why
        console.fail(f"{old.label} and {new.label} differ", code=DIFFERENT)
    return DIFFERENT


def _differences(session: Session, old: PackageSet, new: PackageSet) -> tuple[Difference, ...]:
    """Packages of pip count where both sides know of them."""
    from mm_cli.operations.comparison import compare

    found = compare(old.packages, new.packages)
    if old.pip is None or new.pip is None or session.options.get("diff.no_pip"):
        return found
    pip = compare(old.pip, new.pip)
    return tuple(sorted((*found, *pip), key=lambda each: each.name))


def _show(
    session: Session, old: PackageSet, new: PackageSet, differences: tuple[Difference, ...]
) -> None:
    from functools import partial

    from mm_cli.operations.channels import channel_label
    from mm_cli.report.difference_table import difference_text

    console = session.console
    console.say(f"From: {old.label}\nTo:   {new.label}\n")
    label = partial(channel_label, session)
    console.result(difference_text(differences, label, colour=console.colour))


COMMAND = Command(
    "micromamba env diff",
    "Show what differs between two environments, revisions or files.",
    description=(
        "FROM and TO are environments by name or path, revisions of them (py@3, or @3 of the\n"
        "target environment), explicit files, lock files, or exported environments."
    ),
    options=(
        *GLOBAL,
        *PREFIX,
        *NETWORK,
        flag("--no-pip", "diff.no_pip", "Leave out packages that pip installed."),
        flag("--exit-code", "diff.exit_code", "Exit with 1 if anything differs."),
        value("--platform", "platform", "PLATFORM", "What to compare of a lock file."),
        greedy("--category", "categories", "CATEGORY", "Take these categories of a lock file."),
        value("--environment", "lock.environment", "NAME", "Take this environment of a pixi lock."),
    ),
    positionals=Words("FROM TO", "What to compare.", least=2, most=2),
    examples=(
        "micromamba env diff py py-new",
        "micromamba env diff py@0 py",
        "micromamba env diff -n py @2 @5 --json",
        "micromamba env diff explicit.txt ./env --exit-code",
    ),
    run=_run,
)
