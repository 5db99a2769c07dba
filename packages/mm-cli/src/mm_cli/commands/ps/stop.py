"""``ps stop``: ask a program to end."""

from __future__ import annotations

from mm_cli.command_line import Command, Parsed, Words
from mm_cli.commands.ps.matching import end_matching
from mm_cli.options import OUTPUT
from mm_cli.report.console import Console

__all__ = ["COMMAND"]


def _stop(parsed: Parsed, console: Console) -> int:
    from signal import SIGTERM

    return end_matching(parsed, console, SIGTERM, "Stopping")


COMMAND = Command(
    "micromamba ps stop",
    "Ask a program to end (SIGTERM).",
    options=OUTPUT,
    positionals=Words("PID_OR_LABEL", "Its process id or label.", least=1, most=1),
    examples=("micromamba ps stop server", "micromamba ps stop 4711"),
    run=_stop,
)
