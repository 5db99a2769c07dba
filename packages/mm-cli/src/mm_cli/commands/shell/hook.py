"""``shell hook``: code that sets a session of a shell up."""

from __future__ import annotations

import os

from mm_cli.command_line import Command, Parsed, Words
from mm_cli.commands.shell.code import SHELL, shell_name
from mm_cli.commands.shell.target import ROOT
from mm_cli.options import GLOBAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mm_cli.report.console import Console
    from mm_config import Config
    from mm_shell import Shell

__all__ = ["COMMAND"]


def _run(parsed: Parsed, console: Console) -> int:
    import mm_config
    import mm_shell
    from mm_cli.commands.shell.startup import root_setting
    from mm_cli.session import executable, open_session

    root_setting(parsed)
    config = open_session(parsed, console, mm_config.PrefixRules.none()).config
    name = shell_name(parsed)
    shell = mm_shell.find_shell(name)
    text = _text(shell, executable(), config)
    if shell.reads_files_only:
        _write_files(shell, executable(), config, console)
    console.document |= {
        "operation": "shell_hook",
        "context": {"shell_type": name},
        "actions": {"print": [text]},
    }
    console.code(text)
    return 0


def _text(shell: Shell, executable: str, config: Config) -> str:
    """The hook, completion and the first activation, as the settings want it."""
    from mm_shell import NoCompletion

    text = shell.hook(executable, config.text("root_prefix"))
    if config.flag("shell_completion"):
        try:
            text += shell.completion(executable, hooked=True)
        except NoCompletion:
            pass
    if config.flag("auto_activate_base") and not os.environ.get("CONDA_PREFIX"):
        text += shell.enter("base")
    return text


def _write_files(shell: Shell, executable: str, config: Config, console: Console) -> None:
    """For a shell that evaluates no text: what it has to call instead."""
    from mm_shell.file_edit import FileEdit, read

    for path, text in shell.files(executable, config.text("root_prefix")).items():
        edit = FileEdit(path, read(path), os.fsencode(text))
        if edit.before != edit.after and not config.flag("dry_run"):
            edit.apply()
        if path.endswith("hook.bat"):
            console.log("info", f"Call {path} in each session of {shell.name}")


COMMAND = Command(
    "micromamba shell hook",
    "Print the functions that make `micromamba activate` work.",
    options=(*GLOBAL, SHELL, ROOT),
    positionals=Words("ROOT_PREFIX", "Where environments live.", most=1),
    examples=(
        'eval "$(micromamba shell hook --shell bash)"',
        "micromamba shell hook --shell fish | source",
        '(& micromamba shell hook --shell powershell) -join "`n" | Invoke-Expression',
    ),
    run=_run,
)
