"""``ps kill``: end a program that does not stop."""

from __future__ import annotations

from mm_cli.command_line import Command, Parsed, Words
from mm_cli.commands.ps.matching import end_matching
from mm_cli.options import OUTPUT
from mm_cli.report.console import Console

__all__ = ["COMMAND"]


def _kill(parsed: Parsed, console: Console) -> int:
    from signal import SIGKILL

    return end_matching(parsed, console, SIGKILL, "Killing")


COMMAND = Command(
    "micromamba ps kill",
    "End a program that does not stop (SIGKILL).",
    options=OUTPUT,
    positionals=Words("PID_OR_LABEL", "Its process id or label.", least=1, most=1),
    examples=("micromamba ps kill server", "micromamba ps kill 4711"),
    run=_kill,
)
