"""The way in: choose a command, run it, and turn what happened into an exit code.

Nothing is imported before it is known to be needed: ``--version`` and
``shell activate`` run at each shell start, some at each prompt.
"""

from __future__ import annotations

import sys

from mm_cli import __version__
from mm_cli.command_line import Command, CommandModules, UsageError, flag
from mm_cli.command_parser import parse
from mm_cli.errors import BROKEN_PIPE, FAILURE, INTERRUPTED, OK, Finished
from mm_cli.options import GLOBAL, PREFIX
from mm_cli.report.console import Console

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main", "script"]

MODULES = {
    "activate": "activate",
    "apply": "apply",
    "auth": "auth",
    "clean": "clean",
    "config": "config",
    "constructor": "constructor",
    "create": "create",
    "env": "env",
    "info": "info",
    "install": "install",
    "list": "list",
    "package": "package",
    "ps": "ps",
    "remove": "remove",
    "repoquery": "repoquery",
    "run": "run",
    "search": "search",
    "self-update": "self_update",
    "shell": "shell",
    "uninstall": "remove",
    "update": "update",
    "upgrade": "update",
    "why": "why",
    "why-not": "why_not",
}
"""Command -> the module in mm_cli.commands that holds it."""


TOP = Command(
    "micromamba",
    "Install conda packages into environments, quickly and safely.",
    options=(*GLOBAL, *PREFIX, flag("--version", "version", "Print the version.")),
    subcommands=CommandModules("mm_cli.commands", MODULES),
    examples=(
        "micromamba create -n py -c conda-forge python=3.13",
        "micromamba run -n py python",
        "micromamba COMMAND --help",
    ),
)


def script() -> None:
    """The console script: run, and end the process."""
    import gc

    # Start-up makes many objects and no garbage: looking for it is 5 % of a short run.
    gc.set_threshold(100_000, 50, 50)
    _prepare_streams()
    sys.exit(main(sys.argv[1:]))


def _prepare_streams() -> None:
    """No stream that the caller closed, and no character that one cannot show, is our failure."""
    import os

    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115 - for the whole process
    unicode = sys.stdout.encoding.lower() in ("utf-8", "utf8")
    # File names need not be text: their bytes go out as they came in.
    sys.stdout.reconfigure(errors="surrogateescape" if unicode else "replace")  # type: ignore[union-attr]


def main(argv: Sequence[str]) -> int:
    """Run the command line *argv* (without the program's name); returns the exit code."""
    if list(argv) == ["--version"]:
        print(__version__)
        return 0
    if list(argv[:1]) == ["completer"]:
        from mm_cli.commands.completer import complete

        return complete(TOP, argv[1:])
    console = Console(quiet="--quiet" in argv, json="--json" in argv)
    if "--json-stream" in argv:
        console.open_stream()
    try:
        code = _run(argv, console)
    except UsageError as error:
        console.fail(
            error.message, error.hint or "Run it with --help to see what it takes.", error.code
        )
        code = error.code
    except KeyboardInterrupt:
        console.fail("Interrupted.", code=INTERRUPTED)
        code = INTERRUPTED
    except BrokenPipeError:
        return _output_gone(BROKEN_PIPE)
    except Finished:
        code = OK
    except Exception as error:
        code = _failed(error, console)
    try:
        console.close(code)
    except BrokenPipeError:
        return _output_gone(BROKEN_PIPE)
    except OSError as error:
        console.json, console.stream = False, None  # there is no room for it: say it on stderr
        console.fail(f"Cannot write the output: {error.strerror}")
        return _output_gone(FAILURE)
    return code


def _run(argv: Sequence[str], console: Console) -> int:
    parsed = parse(TOP, argv)
    # Now it is known which words are ours: `run prog --json` wants no document.
    console.json = parsed.settings.get("json") is True
    console.stream = None
    console.quiet = parsed.settings.get("quiet") is True
    if parsed.settings.get("output.json_stream"):
        console.open_stream()
    if parsed.help:
        console.json, console.stream = False, None
        return _help(parsed.command)
    if parsed.settings.pop("version", False):
        console.document["version"] = __version__
        console.result(__version__)
        return 0
    if parsed.command.run is None:
        return 0 if console.json or console.quiet else _help(parsed.command)
    return parsed.command.run(parsed, console)


def _help(command: Command) -> int:
    from mm_cli.report.help import help_text

    print(help_text(command))
    return 0


def _failed(error: Exception, console: Console) -> int:
    """Explain *error*; only what is our own fault shows a traceback."""
    from mm_cli.errors import exit_code, explain

    if type(error).__name__ == "Cancelled":
        console.fail("Interrupted.", code=INTERRUPTED)
        return INTERRUPTED
    explanation = explain(error, whole=console.shows("info"))
    code = exit_code(error)
    as_data = getattr(error, "to_dict", None)
    if console.json and callable(as_data):
        console.document |= as_data()
    if explanation is None or console.debug:
        import traceback

        from mm_cli.report.console import masked

        if not console.json:
            print(masked(traceback.format_exc()), end="", file=sys.stderr)
        elif console.debug:
            console.log("error", traceback.format_exc())
    if explanation is None:
        explanation = (
            f"Internal error: {type(error).__name__}: {error}",
            "This is a fault of mm: please report it with the lines above.",
        )
    console.fail(*explanation, code=code)
    return code


def _output_gone(code: int) -> int:
    """Point stdout nowhere, so that the interpreter's last flush does not fail as well."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code
