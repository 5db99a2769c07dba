"""``shell init``: make a shell know environments from its start on."""

from __future__ import annotations

import os

from mm_cli.command_line import Command, Parsed, Words
from mm_cli.commands.shell.code import SHELL, shell_name
from mm_cli.commands.shell.target import ROOT
from mm_cli.options import GLOBAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mm_cli.report.console import Console

__all__ = ["COMMAND", "initialise"]


def _run(parsed: Parsed, console: Console) -> int:
    import mm_config
    from mm_cli.commands.shell.startup import root_setting
    from mm_cli.session import open_session

    root_setting(parsed)
    config = open_session(parsed, console, mm_config.PrefixRules.none()).config
    name = shell_name(parsed)
    root = os.path.realpath(config.text("root_prefix"))
    console.document |= {"operation": "shell_init", "context": {"shell_type": name}}
    initialise(name, root, dry_run=config.flag("dry_run"), console=console)
    return 0


def initialise(shell: str, root: str, *, dry_run: bool, console: Console) -> None:
    """Set *shell* up for the environments of *root*, which is made if need be."""
    import mm_shell
    from mm_cli.commands.shell.startup import change, home
    from mm_cli.session import executable

    program = executable()
    edits = mm_shell.plan_init(shell, program, root, home=home(), environ=os.environ)
    if not dry_run:
        os.makedirs(os.path.join(root, "conda-meta"), exist_ok=True)
    if not edits:
        console.document.setdefault("changes", [])
        console.say(f"{shell} already initialized.")
        return
    facts = {"root prefix": root, "program": program}
    change(edits, f"Setting up {shell}:", facts, dry_run=dry_run, console=console)
    if not dry_run:
        console.say("Start a new shell for it to take effect.")


COMMAND = Command(
    "micromamba shell init",
    "Make a shell know environments from its start on.",
    options=(*GLOBAL, SHELL, ROOT),
    positionals=Words("ROOT_PREFIX", "Where environments live.", most=1),
    description="The start-up file gets a block of lines; a copy of it is kept beside it.",
    examples=(
        "micromamba shell init --shell zsh",
        "micromamba shell init --shell bash --root-prefix ~/micromamba --dry-run",
    ),
    run=_run,
)
