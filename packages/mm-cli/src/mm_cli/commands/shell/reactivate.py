"""``shell reactivate``: code that brings the active environment up to date."""

from __future__ import annotations

from mm_cli.command_line import Command, Parsed
from mm_cli.commands.shell.code import SHELL, emit_for_active
from mm_cli.commands.shell.target import ROOT
from mm_cli.options import GLOBAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mm_cli.report.console import Console

__all__ = ["COMMAND"]


def _run(parsed: Parsed, console: Console) -> int:
    import mm_shell

    return emit_for_active(mm_shell.reactivate, "shell_reactivate", parsed, console)


COMMAND = Command(
    "micromamba shell reactivate",
    "Print what brings the active environment up to date.",
    options=(*GLOBAL, SHELL, ROOT),
    examples=('eval "$(micromamba shell reactivate --shell bash)"',),
    run=_run,
)
