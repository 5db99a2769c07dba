"""``remove`` (also ``uninstall``): packages out of an environment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mm_cli.command_line import Command, Parsed, Words, flag
from mm_cli.errors import CliError
from mm_cli.options import GLOBAL, LINK, PLAN, PREFIX
from mm_cli.report.console import Console
from mm_cli.session import Session, open_session

if TYPE_CHECKING:
    from mm_cli.operations.transaction import Change
    from mm_pkg import Prefix
    from mm_pkg.record import PrefixRecord
    from mm_solve import Actions, MatchSpec

__all__ = ["COMMAND"]


def _run(parsed: Parsed, console: Console) -> int:
    from mm_config import PrefixRules
    from mm_pkg import Prefix

    session = open_session(parsed, console, PrefixRules.active(), strict=True)
    everything = session.options.get("remove.all", False)
    if not session.words and not everything:
        console.say("Nothing to do.")
        return 0
    session.repair()
    session.config.check_environment(session.prefix)
    prefix = Prefix(session.prefix)
    installed = prefix.records()
    texts = sorted(installed) if everything else _present(session, installed)
    if not texts:
        console.say("Nothing to do.")
        return 0
    _remove(session, prefix, installed, texts)
    return 0


def _present(session: Session, installed: Mapping[str, PrefixRecord]) -> list[str]:
    """The specs that select something; the others are named in a warning.

    Raises `CliError` when none does: a misspelt name must not look like success.
    """
    from mm_solve import MatchSpec

    chosen: list[str] = []
    absent: list[str] = []
    for text in session.words:
        spec = MatchSpec.parse(text)
        (chosen if any(map(spec.matches, installed.values())) else absent).append(text)
    if absent and not chosen:
        from mm_cli.suggestions import names_meant

        raise CliError(
            f"Failure: packages to remove not found in the environment: {', '.join(absent)}",
            hint=names_meant(absent, installed) or "`micromamba list` shows what is installed.",
        )
    for text in absent:
        session.console.warn(f"{text} is not installed: there is nothing to remove")
    return chosen


def _remove(
    session: Session, prefix: Prefix, installed: dict[str, PrefixRecord], texts: Sequence[str]
) -> None:
    from mm_cli.operations.channels import open_transport
    from mm_cli.operations.interruption import interruptible
    from mm_cli.operations.request import parse_specs
    from mm_cli.operations.transaction import Change, carry_out

    specs = parse_specs(texts)
    if session.options.get("remove.force"):
        actions = _just_these(installed, specs)
    else:
        actions = _solved(session, prefix, installed, specs)
    change = Change(prefix.path, actions, remove_specs=texts)
    _warn_of_requested(session, prefix, change, specs)
    with interruptible() as cancellation, open_transport(session) as transport:
        carry_out(session, change, transport, cancellation)


def _solved(
    session: Session,
    prefix: Prefix,
    installed: dict[str, PrefixRecord],
    specs: Sequence[MatchSpec],
) -> Actions:
    """What must go with *specs*: their dependents and, unless told otherwise, orphans."""
    import os

    from mm_cli.operations.request import pins, remembered_specs
    from mm_cli.operations.solving import say_pins, solve_options
    from mm_solve import Request, changes, detect_virtual_packages, solve

    pinned = pins(session, prefix)
    say_pins(session, pinned)
    prune = session.options.get("remove.prune_deps", True)
    request = Request(
        remove=tuple(specs),
        keep=remembered_specs(session, prefix) if prune else (),
        prune=prune,
        pins=pinned,
    )
    solution = solve(
        request,
        (),
        installed=installed,
        virtual_packages=detect_virtual_packages(
            session.config["platform"], os.environ, session.console.warn
        ),
        options=solve_options(session),
    )
    return changes(installed, solution)


def _just_these(installed: dict[str, PrefixRecord], specs: Sequence[MatchSpec]) -> Actions:
    """``--force``: the packages and nothing else; what needs them is left broken."""
    from mm_solve import explicit_changes

    gone = [r.name for r in installed.values() if any(spec.matches(r) for spec in specs)]
    return explicit_changes(installed, (), remove=gone)


def _warn_of_requested(
    session: Session, prefix: Prefix, change: Change, specs: Sequence[MatchSpec]
) -> None:
    """Say which packages go that were once asked for, but not now."""
    requested = prefix.requested_specs()
    for record in change.actions.unlink:
        if record.name in requested and not any(spec.matches(record) for spec in specs):
            session.console.warn(
                f"{record.name} was asked for ({requested[record.name]}) and goes too: "
                "it needs what is removed"
            )


COMMAND = Command(
    "micromamba remove",
    "Remove packages from an environment.",
    options=(
        *GLOBAL,
        *PREFIX,
        *LINK,
        *PLAN,
        flag("-a,--all", "remove.all", "Remove every package."),
        flag("-f,--force", "remove.force", "Remove these alone, though others need them."),
        flag(
            "--prune-deps",
            "remove.prune_deps",
            "Also remove what nothing needs any more (the default).",
            off="--no-prune-deps",
        ),
        flag("--no-pin", "no_pin", "Ignore pinned packages.", off="--pin"),
    ),
    positionals=Words("SPEC", "What to remove."),
    examples=("micromamba remove -n py numpy",),
    run=_run,
)
