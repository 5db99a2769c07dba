"""``shell enable_long_path_support``: paths of more than 260 characters on Windows."""

from __future__ import annotations

from mm_cli.command_line import Command, Parsed
from mm_cli.errors import CliError
from mm_cli.options import GLOBAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mm_cli.report.console import Console

__all__ = ["COMMAND"]


def _run(parsed: Parsed, console: Console) -> int:
    import mm_config
    from mm_cli.session import open_session
    from mm_shell.long_paths import enable_long_paths

    config = open_session(parsed, console, mm_config.PrefixRules.none()).config
    console.document["operation"] = "shell_enable_long_path_support"
    try:
        changed = enable_long_paths(dry_run=config.flag("dry_run"))
    except PermissionError:
        raise CliError(
            "Long paths cannot be enabled: that takes an administrator",
            hint="Run it in a shell that was started as administrator.",
        ) from None
    console.document["changed"] = changed
    console.say("Long paths are enabled." if changed else "Long paths were enabled already.")
    return 0


COMMAND = Command(
    "micromamba shell enable_long_path_support",
    "Let Windows have paths of more than 260 characters.",
    options=GLOBAL,
    examples=("micromamba shell enable_long_path_support",),
    run=_run,
)
