"""``activate`` without the shell's help: say how to get it."""

from __future__ import annotations

from mm_cli.command_line import Command, Parsed, Words, flag
from mm_cli.errors import CliError
from mm_cli.options import OUTPUT
from mm_cli.report.console import Console

__all__ = ["COMMAND"]


def _run(parsed: Parsed, console: Console) -> int:
    from mm_cli.session import open_session
    from mm_config import PrefixRules
    from mm_shell import detect_shell

    open_session(parsed, console, PrefixRules.none())
    shell = detect_shell() or "bash"
    evaluate = EVALUATE.get(shell, 'eval "$(micromamba shell hook --shell {})"').format(shell)
    raise CliError(
        "Shell not initialized",
        hint=(
            f"For this shell only:  {evaluate}\n"
            f"For all from now on:  micromamba shell init --shell {shell}\n"
            "then activate again. To run one command in an environment without\n"
            "activation:  micromamba run -n NAME COMMAND"
        ),
    )


EVALUATE = {
    "fish": "micromamba shell hook --shell fish | source",
    "tcsh": 'eval "`micromamba shell hook --shell tcsh`"',
    "csh": 'eval "`micromamba shell hook --shell csh`"',
    "xonsh": "execx($(micromamba shell hook --shell xonsh))",
    "powershell": ('(& micromamba shell hook --shell powershell) -join "`n" | Invoke-Expression'),
    "nu": "micromamba shell hook --shell nu | save mamba.nu; source mamba.nu",
    "cmd.exe": "micromamba shell hook --shell cmd.exe & condabin\\mamba_hook.bat",
}
"""How the hook is evaluated in shells that are not of the POSIX family."""

COMMAND = Command(
    "micromamba activate",
    "Activate an environment (in a shell that is set up for it).",
    options=(
        *OUTPUT,
        flag("--stack", "activate.stack", "Keep the current environment on PATH."),
    ),
    positionals=Words("PREFIX_OR_NAME", "The environment.", most=1),
    examples=("micromamba activate py", "micromamba activate --stack ./env"),
    run=_run,
)
