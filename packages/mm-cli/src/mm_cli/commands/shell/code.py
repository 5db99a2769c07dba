"""What the commands that print code for a shell share."""

from __future__ import annotations

from mm_cli.command_line import Parsed, value
from mm_cli.errors import CliError
from mm_shell.shells import SUPPORTED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    import mm_shell
    from mm_cli.report.console import Console
    from mm_config import Config

__all__ = ["SHELL", "emit", "emit_for_active", "prompt_of", "shell_name"]

SHELL = value(
    "-s,--shell", "shell.type", "SHELL", "Which shell; guessed when not given.", choices=SUPPORTED
)


def shell_name(parsed: Parsed) -> str:
    """The shell that was named, or the one that calls. Raises `CliError`."""
    from mm_shell import detect_shell

    given = parsed.settings.get("shell.type")
    name = given if isinstance(given, str) else detect_shell()
    if not name:
        raise CliError(
            "Unknown shell type: cannot tell which shell this is",
            hint="Name it with --shell, as in --shell bash.",
        )
    return name


def prompt_of(config: Config) -> mm_shell.Prompt:
    """How the settings want an environment shown in the prompt."""
    import mm_shell

    return mm_shell.Prompt(config.flag("changeps1"), config.text("env_prompt"))


def emit_for_active(
    change: Callable[..., mm_shell.Changes], operation: str, parsed: Parsed, console: Console
) -> int:
    """Print what *change*, of `mm_shell`, does about the environment that is active."""
    import os

    import mm_config
    from mm_cli.session import open_session

    config = open_session(parsed, console, mm_config.PrefixRules.none()).config
    changes = change(os.environ, config.text("root_prefix"), prompt=prompt_of(config))
    return emit(changes, operation, parsed, console)


def emit(changes: mm_shell.Changes, operation: str, parsed: Parsed, console: Console) -> int:
    """Print *changes* as code for the shell; with ``--json`` also as data."""
    from mm_shell import find_shell

    name = shell_name(parsed)
    shell = find_shell(name)
    for warning in changes.warnings:
        console.warn(warning)
    text = shell.render(changes)
    if console.json:
        console.document |= {
            "operation": operation,
            "context": {"shell_type": name},
            "actions": {"print": [text]},
            **changes.to_dict(shell.script_extension, shell.prompt_variable),
        }
    elif shell.reads_files_only:
        console.code(_in_file(text, shell.script_extension) + "\n")
    else:
        console.code(text)
    return 0


def _in_file(text: str, extension: str) -> str:
    """The path of a new file that holds *text*; who asked for the code removes it."""
    import os
    from tempfile import NamedTemporaryFile

    with NamedTemporaryFile("wb", prefix="mamba_", suffix=extension, delete=False) as file:
        file.write(os.fsencode(text))
    return file.name
