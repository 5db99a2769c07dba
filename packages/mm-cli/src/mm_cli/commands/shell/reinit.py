"""``shell reinit``: set all shells up again that are set up, as after a move of the program."""

from __future__ import annotations

import os

from mm_cli.command_line import Command, Parsed
from mm_cli.commands.shell.target import ROOT
from mm_cli.options import GLOBAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mm_cli.report.console import Console

__all__ = ["COMMAND"]


def _run(parsed: Parsed, console: Console) -> int:
    import mm_config
    import mm_shell
    from mm_cli.commands.shell.init import initialise
    from mm_cli.commands.shell.startup import home
    from mm_cli.session import open_session

    config = open_session(parsed, console, mm_config.PrefixRules.none()).config
    root = os.path.realpath(config.text("root_prefix"))
    shells = mm_shell.initialised_shells(home(), os.environ)
    console.document |= {
        "operation": "shell_reinit",
        "context": {"shell_types": shells},
        "changes": [],
    }
    if not shells:
        console.say("No shell is initialized.")
    for shell in shells:
        initialise(shell, root, dry_run=config.flag("dry_run"), console=console)
    return 0


COMMAND = Command(
    "micromamba shell reinit",
    "Set up again all shells that are set up.",
    options=(*GLOBAL, ROOT),
    description="As is needed when the program or the root prefix has moved.",
    examples=("micromamba shell reinit", "micromamba shell reinit --dry-run"),
    run=_run,
)
