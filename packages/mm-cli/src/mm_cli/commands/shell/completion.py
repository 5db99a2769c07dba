"""``shell completion``: code that completes command lines; `hook` prints it as well."""

from __future__ import annotations

from mm_cli.command_line import Command, Parsed
from mm_cli.commands.shell.code import SHELL, shell_name
from mm_cli.options import GLOBAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mm_cli.report.console import Console

__all__ = ["COMMAND"]


def _run(parsed: Parsed, console: Console) -> int:
    import mm_config
    import mm_shell
    from mm_cli.session import executable, open_session

    open_session(parsed, console, mm_config.PrefixRules.none())
    name = shell_name(parsed)
    text = mm_shell.completion(name, executable())
    console.document |= {
        "operation": "shell_completion",
        "context": {"shell_type": name},
        "actions": {"print": [text]},
    }
    console.code(text)
    return 0


COMMAND = Command(
    "micromamba shell completion",
    "Print what completes command lines in bash, zsh, fish and PowerShell.",
    options=(*GLOBAL, SHELL),
    examples=(
        'eval "$(micromamba shell completion --shell zsh)"',
        "micromamba shell completion --shell fish | source",
    ),
    run=_run,
)
