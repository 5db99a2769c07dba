"""``shell deinit``: take back what ``shell init`` did."""

from __future__ import annotations

import os

from mm_cli.command_line import Command, Parsed, Words
from mm_cli.commands.shell.code import SHELL, shell_name
from mm_cli.commands.shell.target import ROOT
from mm_cli.options import GLOBAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mm_cli.report.console import Console

__all__ = ["COMMAND"]


def _run(parsed: Parsed, console: Console) -> int:
    import mm_config
    import mm_shell
    from mm_cli.commands.shell.startup import change, home, root_setting
    from mm_cli.session import executable, open_session

    root_setting(parsed)
    config = open_session(parsed, console, mm_config.PrefixRules.none()).config
    name = shell_name(parsed)
    root = os.path.realpath(config.text("root_prefix"))
    console.document |= {
        "operation": "shell_deinit",
        "context": {"shell_type": name},
        "changes": [],
    }
    edits = mm_shell.plan_deinit(name, executable(), root, home=home(), environ=os.environ)
    if not edits:
        console.say(f"{name} is not initialized.")
        return 0
    heading = f"Taking back what was set up for {name}:"
    change(edits, heading, {}, dry_run=config.flag("dry_run"), console=console)
    return 0


COMMAND = Command(
    "micromamba shell deinit",
    "Take back what `shell init` did.",
    options=(*GLOBAL, SHELL, ROOT),
    positionals=Words("ROOT_PREFIX", "Where environments live.", most=1),
    examples=("micromamba shell deinit --shell zsh --dry-run",),
    run=_run,
)
