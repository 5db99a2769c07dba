"""``shell reactivate``: code that brings the active environment up to date."""

from __future__ import annotations

import os

from mm_cli.command_line import Command, Parsed
from mm_cli.commands.shell.code import SHELL, emit, prompt_of
from mm_cli.commands.shell.target import ROOT
from mm_cli.options import GLOBAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mm_cli.report.console import Console

__all__ = ["COMMAND"]


def _run(parsed: Parsed, console: Console) -> int:
    import mm_config
    import mm_shell
    from mm_cli.session import open_session

    config = open_session(parsed, console, mm_config.PrefixRules.none()).config
    root = config.text("root_prefix")
    changes = mm_shell.reactivate(os.environ, root, prompt=prompt_of(config))
    return emit(changes, "shell_reactivate", parsed, console)


COMMAND = Command(
    "micromamba shell reactivate",
    "Print what brings the active environment up to date.",
    options=(*GLOBAL, SHELL, ROOT),
    examples=('eval "$(micromamba shell reactivate --shell bash)"',),
    run=_run,
)
