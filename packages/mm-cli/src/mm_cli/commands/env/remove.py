"""``env remove``: an environment, with all that is in its folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mm_cli.command_line import Command, Parsed
from mm_cli.options import GLOBAL, LINK, PREFIX
from mm_cli.report.console import Console
from mm_cli.session import Session, open_session

if TYPE_CHECKING:
    from mm_pkg import Prefix

__all__ = ["COMMAND"]


def _run(parsed: Parsed, console: Console) -> int:
    from mm_cli.operations.disposal import check_disposable, dispose
    from mm_cli.operations.fetch import Located
    from mm_cli.operations.transaction import Change, show
    from mm_config import PrefixRules
    from mm_pkg import Prefix
    from mm_solve import explicit_changes

    session = open_session(parsed, console, PrefixRules.active(), strict=True)
    session.repair()
    prefix = Prefix(session.prefix)
    check_disposable(session, prefix, "remove")
    session.config.check_environment(prefix.path)
    installed = prefix.records()
    if installed:
        change = Change(prefix.path, explicit_changes(installed, (), remove=installed))
        show(session, change, Located({}, (), ()))
    else:
        console.document |= {"prefix": str(prefix.path), "dry_run": session.config["dry_run"]}
    for setting, word in (("dry_run", "Dry run"), ("download_only", "Download only")):
        if session.config[setting]:
            console.say(f"{word}. The environment was not removed: {prefix.path}")
            return 0
    if not _agreed(session, prefix, empty=not installed):
        console.say("The environment was not removed.")
        return 0
    dispose(session, prefix)
    console.say(f"Environment removed at prefix: {prefix.path}")
    return 0


def _agreed(session: Session, prefix: Prefix, *, empty: bool) -> bool:
    from mm_cli.report.prompt import confirm

    question = (
        f"The environment at {prefix.path} has no packages. Do you want to remove it?"
        if empty
        else "Confirm changes"
    )
    return confirm(session.console, question, default=True, always_yes=session.always_yes)


COMMAND = Command(
    "micromamba env remove",
    "Remove an environment, with everything in its folder.",
    options=(*GLOBAL, *PREFIX, *LINK),
    examples=("micromamba env remove -n py", "micromamba env remove -p ./env -y"),
    run=_run,
)
