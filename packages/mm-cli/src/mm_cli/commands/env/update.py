"""``env update``: an environment brought in line with files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mm_cli.command_line import Command, Parsed, Words, flag, greedy
from mm_cli.errors import CliError
from mm_cli.options import INSTALL
from mm_cli.report.console import Console
from mm_cli.session import Session, open_session

if TYPE_CHECKING:
    from mm_pkg import Prefix

__all__ = ["COMMAND"]


def _run(parsed: Parsed, console: Console) -> int:
    from mm_cli.operations.activation_hint import say_how_to_activate
    from mm_cli.operations.install import complete, install
    from mm_config import PrefixRules
    from mm_pkg import Prefix

    parsed.settings["pip.upgrade"] = True
    session = open_session(parsed, console, PrefixRules.all(), strict=True)
    if not session.words and not session.files:
        raise CliError(
            "Nothing says what the environment should hold",
            hint="Name a file, as in `micromamba env update -f environment.yml`.",
        )
    session.repair()
    session.config.check_environment(session.prefix)
    prefix = Prefix(session.prefix)
    forget = _not_in_files(session, prefix) if session.options.get("update.prune") else ()
    if install(session, prefix, forget=forget):
        complete(session, prefix)
        say_how_to_activate(session, prefix)
    return 0


def _not_in_files(session: Session, prefix: Prefix) -> tuple[str, ...]:
    """The names that were asked for at some time, and that the files do not name."""
    from mm_cli.operations.request import parse_specs, requested_texts

    if any(file.is_solved for file in session.files):
        raise CliError(
            "--prune goes with match specs; a list of archives does not say what was asked for",
            hint="Create the environment anew from the list: `micromamba create -f FILE`.",
        )
    texts = requested_texts(session)
    if any(file.pip for file in session.files):
        texts += ["pip", "uv"]  # what installs the rest is not the rest
    named = parse_specs(texts)
    return tuple(
        name
        for name in prefix.requested_specs()
        if not any(spec.name_matches(name) for spec in named)
    )


_FILES = greedy("-f,--file", "file_specs", "FILE", "Read specs from these files.")
_OPTIONS = tuple(_FILES if option.key == "file_specs" else option for option in INSTALL)

COMMAND = Command(
    "micromamba env update",
    "Bring an environment in line with files.",
    description=(
        "What the files name is installed; packages that do already are left as they are.\n"
        "With --prune, packages go that were once asked for and that the files do not name,\n"
        "together with what only they needed."
    ),
    options=(
        *_OPTIONS,
        flag(
            "--prune,--remove-missing",
            "update.prune",
            "Remove what was asked for before and is not in the files.",
        ),
    ),
    positionals=Words("SPEC", "Further specs, as if they were in the files."),
    examples=(
        "micromamba env update -n py -f environment.yml",
        "micromamba env update -n py -f environment.yml --prune --dry-run",
    ),
    run=_run,
)
