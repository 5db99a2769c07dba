"""What the subcommands of ``ps`` have in common: choosing processes, and ending them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mm_cli.command_line import Parsed
from mm_cli.errors import CliError
from mm_cli.report.console import Console

if TYPE_CHECKING:
    from mm_shell.process_list import RunningProcess

__all__ = ["end_matching", "running"]


def running() -> list[RunningProcess]:
    """All listed processes that are alive."""
    from mm_shell.process_list import ProcessList

    return ProcessList.of_user(os.environ).running()


def end_matching(parsed: Parsed, console: Console, signal: int, doing: str) -> int:
    """Send *signal* to the processes with the given number or label.

    doing -- the word for it: ``Stopping``
    Raises `CliError` when there is none, or it is not ours to end.
    """
    from mm_cli.session import open_session
    from mm_config import PrefixRules

    session = open_session(parsed, console, PrefixRules.none())
    wanted = session.words[0]
    ended = [p for p in running() if wanted in (str(p.pid), p.name) and _send(p, signal)]
    console.document["processes"] = [process.to_dict() for process in ended]
    for process in ended:
        console.say(f"{doing} {process.name} [{process.pid}]")
    if not ended:
        raise CliError(
            "Did not find any matching process.", hint="`micromamba ps` lists those there are."
        )
    return 0


def _send(process: RunningProcess, signal: int) -> bool:
    try:
        return process.send(signal)
    except PermissionError:
        raise CliError(f"{process.name} [{process.pid}] belongs to another user") from None
