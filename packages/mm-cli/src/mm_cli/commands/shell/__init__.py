"""``shell``: shells and environments; by itself, a shell inside an environment."""

from __future__ import annotations

import os

from mm_cli.command_line import Command, CommandModules, Parsed, Words
from mm_cli.commands.shell.target import NAME, PREFIX, ROOT, existing_prefix
from mm_cli.options import GLOBAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mm_cli.report.console import Console

__all__ = ["COMMAND"]

MODULES = {
    "activate": "activate",
    "completion": "completion",
    "deactivate": "deactivate",
    "deinit": "deinit",
    "enable_long_path_support": "enable_long_path_support",
    "hook": "hook",
    "init": "init",
    "reactivate": "reactivate",
    "reinit": "reinit",
}
"""Subcommand -> its module in this package."""


def _run(parsed: Parsed, console: Console) -> int:
    """Become the user's shell, in the environment."""
    import mm_config
    import mm_shell
    from mm_cli.errors import CliError
    from mm_cli.processes import find_program
    from mm_cli.session import executable, open_session
    from mm_shell.execution import STREAMS, become, original_environment

    config = open_session(parsed, console, mm_config.PrefixRules.none()).config
    prefix = existing_prefix(parsed, config)
    shell = os.environ.get("SHELL") or DEFAULT_SHELLS.get(os.name, "bash")
    plan = mm_shell.run_plan(
        original_environment(os.environ),
        prefix,
        config.text("root_prefix"),
        [shell],
        executable=executable(),
    )
    for warning in plan.warnings:
        console.warn(warning)
    program = find_program(plan.argv[0], plan.environ.get("PATH", os.defpath))
    if program is None:
        raise CliError(
            f"The shell is not there: {shell}", hint="Set SHELL to the path of one.", code=127
        )
    console.out.flush()
    try:
        become(program, plan.argv, plan.environ, STREAMS)
    except OSError as error:
        raise CliError(f"Cannot run {program}: {error.strerror}", code=126) from None
    raise AssertionError("this process is a shell now")


DEFAULT_SHELLS = {"nt": "cmd.exe"}
"""What to start where nothing says which shell is the user's; elsewhere it is bash."""

COMMAND = Command(
    "micromamba shell",
    "Set shells up for environments; or start one in an environment.",
    options=(*GLOBAL, ROOT, PREFIX, NAME),
    subcommands=CommandModules(__name__, MODULES),
    positionals=Words(
        "PREFIX_OR_NAME", "Start a shell in this environment; its exit code is ours.", most=1
    ),
    examples=(
        "micromamba shell init --shell bash",
        'eval "$(micromamba shell hook --shell bash)"',
        "micromamba shell -n py",
    ),
    run=_run,
)
