"""``run``: a program inside an environment, in this very process."""

from __future__ import annotations

import os

from mm_cli.command_line import Command, Option, Parsed, Words, flag, value
from mm_cli.errors import CliError
from mm_cli.options import PREFIX
from mm_cli.report.console import Console

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from mm_shell import RunPlan

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

    environ = _environment(session.options, console)
    plan = mm_shell.run_plan(
        environ, prefix, session.config.text("root_prefix"), session.words, executable=executable()
    )
    for warning in plan.warnings:
        console.warn(warning)
    _enter(session.options.get("run.cwd"))
    program = _program(plan)
    if "run.label" in session.options or session.options.get("run.detach"):
        from mm_cli.operations.supervised import run_supervised

        return run_supervised(session, plan, program, prefix)
    console.out.flush()
    return _replace_process(plan, program, session.options.get("run.attach"))


def _environment(options: dict[str, Any], console: Console) -> dict[str, str]:
    """The environment to start from: the caller's, or none, and ``-e`` on top."""
    from mm_shell.execution import original_environment

    callers = original_environment(os.environ)
    base = {} if options.get("run.clean_env") else dict(callers)
    for text in options.get("run.env", ()):
        name, equals, content = text.partition("=")
        if equals:
            base[name] = content
        elif name in callers:
            base[name] = callers[name]
        else:
            console.warn(f"The variable {name} is not set: nothing to pass on")
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


def _program(plan: RunPlan) -> str:
    """The file to execute."""
    from mm_cli.processes import find_program

    program = find_program(plan.argv[0], plan.environ.get("PATH", os.defpath))
    if program is None:
        raise CliError(
            f"{plan.argv[0]}: command not found in the environment or on PATH",
            hint="`micromamba list` shows what is installed.",
            code=127,
        )
    return program


def _replace_process(plan: RunPlan, program: str, attached: tuple[str, ...] | None) -> int:
    """Become the program: same process, so signals, terminal and exit code are its own."""
    from mm_shell.execution import STREAMS, become

    try:
        become(program, plan.argv, plan.environ, STREAMS if attached is None else attached)
    except OSError as error:
        raise CliError(f"Cannot run {program}: {error.strerror}", code=126) from None
    raise AssertionError("this process is another program now")


def _variable(text: str) -> str:
    """``NAME`` or ``NAME=VALUE``. Raises ValueError."""
    if not text.partition("=")[0]:
        raise ValueError(text)
    return text


def _label(text: str) -> str:
    """A name that is not to be confused with a process id. Raises ValueError."""
    if not text.strip() or text.isdecimal() or not text.isprintable():
        raise ValueError(text)
    return text


def _streams(text: str) -> tuple[str, ...]:
    """Names of standard streams with commas or blanks between. Raises ValueError."""
    names = tuple(text.replace(",", " ").lower().split())
    if not {"stdin", "stdout", "stderr"}.issuperset(names):
        raise ValueError(text)
    return names


COMMAND = Command(
    "micromamba run",
    "Run a program in an environment.",
    options=(
        *PREFIX,
        value("--cwd", "run.cwd", "DIR", "Run it in this folder."),
        Option(
            ("-e", "--env"),
            "run.env",
            "list",
            "Set a variable, or pass one on.",
            metavar="VAR[=VALUE]",
            convert=_variable,
        ),
        flag("--clean-env", "run.clean_env", "Start from an empty environment."),
        value(
            "-a,--attach",
            "run.attach",
            "STREAMS",
            "Attach only these of stdin,stdout,stderr; '' is none.",
            convert=_streams,
        ),
        flag("-d,--detach", "run.detach", "Run it in the background, away from the terminal."),
        value("--label", "run.label", "NAME", "Its name in `micromamba ps`.", convert=_label),
    ),
    positionals=Words("COMMAND", "The program and its arguments.", verbatim=True),
    description="All that follows the program's name is its own. Write -- before a program "
    "whose name begins with a dash.",
    examples=(
        "micromamba run -n py python --version",
        "micromamba run -p ./env -e DEBUG=1 make",
        "micromamba run -n web --detach --label server python -m http.server",
    ),
    run=_run,
)
