"""``shell deactivate``: code that leaves the active environment."""

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

    return emit_for_active(mm_shell.deactivate, "shell_deactivate", parsed, console)


COMMAND = Command(
    "micromamba shell deactivate",
    "Print what leaves the active environment.",
    options=(*GLOBAL, SHELL, ROOT),
    examples=('eval "$(micromamba shell deactivate --shell bash)"',),
    run=_run,
)
