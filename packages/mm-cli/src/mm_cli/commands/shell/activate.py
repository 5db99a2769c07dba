"""``shell activate``: code that enters an environment."""

from __future__ import annotations

import os

from mm_cli.command_line import Command, Parsed, Words, flag
from mm_cli.commands.shell.code import SHELL, emit, prompt_of
from mm_cli.commands.shell.target import NAME, PREFIX, ROOT, existing_prefix
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
    changes = mm_shell.activate(
        os.environ,
        existing_prefix(parsed, config),
        config.text("root_prefix"),
        stack=bool(parsed.settings.get("shell.stack")),
        prompt=prompt_of(config),
    )
    return emit(changes, "shell_activate", parsed, console)


COMMAND = Command(
    "micromamba shell activate",
    "Print what activates an environment.",
    options=(
        *GLOBAL,
        SHELL,
        ROOT,
        PREFIX,
        NAME,
        flag("--stack", "shell.stack", "Keep the current environment on PATH.", off="--no-stack"),
    ),
    positionals=Words("PREFIX_OR_NAME", "The environment; base when not given.", most=1),
    examples=(
        'eval "$(micromamba shell activate --shell bash py)"',
        "micromamba shell activate --json ./env",
    ),
    run=_run,
)
