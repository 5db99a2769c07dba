"""``run``: a program inside an environment, in this very process."""

from __future__ import annotations

import os

from mm_cli.command_line import Command, Parsed, Words, flag, repeated, value
from mm_cli.errors import CliError
from mm_cli.options import PREFIX
from mm_cli.report.console import Console

__all__ = ["COMMAND"]


def _run(parsed: Parsed, console: Console) -> int:
    from mm_cli.session import executable, open_session
    from mm_config import PrefixRules

    session = open_session(parsed, console, PrefixRules.all())
    if not session.words:
        raise CliError("No command to run", hint="Write it last: micromamba run -n NAME COMMAND …")
    session.repair()
    prefix = session.config.text("target_prefix")
    if not os.path.isdir(prefix):
        raise CliError(
            f"The given prefix does not exist: {prefix}",
            hint="`micromamba env list` shows the environments there are.",
        )
    import mm_shell

    plan = mm_shell.run_plan(
        _environment(session.options, console),
        prefix,
        session.config.text("root_prefix"),
        session.words,
        executable=executable(),
    )
    for warning in plan.warnings:
        console.warn(warning)
    _enter(session.options.get("run.cwd"))
    console.out.flush()
    return _replace_process(plan.argv, plan.environ)


def _environment(options: dict[str, object], console: Console) -> dict[str, str]:
    """The environment to start from: the caller's, or none, and ``-e`` on top."""
    base = {} if options.get("run.clean_env") else dict(os.environ)
    given = options.get("run.env")
    for text in given if isinstance(given, list) else ():
        name, equals, content = text.partition("=")
        if not equals and name not in os.environ:
            console.warn(f"The variable {name} is not set: nothing to pass on")
        else:
            base[name] = content if equals else os.environ[name]
    return base


def _enter(folder: object) -> None:
    if not isinstance(folder, str):
        return
    try:
        os.chdir(os.path.expanduser(folder))
    except OSError as error:
        raise CliError(
            f"The given path does not exist: {folder}"
            if isinstance(error, FileNotFoundError)
            else f"Cannot enter {folder}: {error.strerror}",
            hint="--cwd takes an existing folder.",
            code=255,
        ) from None


def _replace_process(argv: list[str], environ: dict[str, str]) -> int:
    """Become the program: same process, so signals, terminal and exit code are its own."""
    from mm_cli.processes import find_program

    program = find_program(argv[0], environ.get("PATH", os.defpath))
    if program is None:
        raise CliError(
            f"{argv[0]}: command not found in the environment or on PATH",
            hint="`micromamba list` shows what is installed.",
            code=127,
        )
    try:
        os.execve(program, argv, environ)
    except OSError as error:
        raise CliError(f"Cannot run {program}: {error.strerror}", code=126) from None


COMMAND = Command(
    "micromamba run",
    "Run a program in an environment.",
    options=(
        *PREFIX,
        value("--cwd", "run.cwd", "DIR", "Run it in this folder."),
        repeated("-e,--env", "run.env", "VAR[=VALUE]", "Set a variable, or pass one on."),
        flag("--clean-env", "run.clean_env", "Start from an empty environment."),
    ),
    positionals=Words("COMMAND", "The program and its arguments.", verbatim=True),
    examples=("micromamba run -n py python --version", "micromamba run -p ./env -e DEBUG=1 make"),
    run=_run,
)
