"""``env rename``: an environment under another name or path."""

from __future__ import annotations

from pathlib import Path

from mm_cli.command_line import Command, Parsed, Words
from mm_cli.errors import CliError
from mm_cli.options import GLOBAL, LINK, NETWORK, PREFIX
from mm_cli.report.console import Console
from mm_cli.session import Session, open_session

__all__ = ["COMMAND"]


def _run(parsed: Parsed, console: Console) -> int:
    from mm_cli.operations.disposal import check_disposable
    from mm_cli.operations.renaming import rename
    from mm_config import PrefixRules
    from mm_pkg import Prefix

    session = open_session(parsed, console, PrefixRules.none(), strict=True)
    session.repair()
    source = Prefix(session.prefix)
    check_disposable(session, source, "rename")
    session.config.check_environment(source.path)
    target = Prefix(_target(session, source.path, session.words[0]))
    console.document |= {
        "old_prefix": str(source.path),
        "prefix": str(target.path),
        "dry_run": session.config["dry_run"],
    }
    _check_free(session, source.path, target.path)
    if rename(session, source, target):
        console.say(f"Environment renamed: {source.path} is now {target.path}")
    return 0


def _target(session: Session, source: Path, text: str) -> Path:
    """Where *text* is to be: a path, or a name beside the environments that have names."""
    from mm_cli.operations.cloning import environment_called

    if "/" not in text and text != "base" and source.parent in session.config.envs_dirs:
        from mm_config.prefixes import check_name

        return source.parent / check_name(text)
    return environment_called(session, text)


def _check_free(session: Session, source: Path, target: Path) -> None:
    if "\n" in str(target):
        raise CliError(f"An environment's path cannot have several lines: {str(target)!r}")
    if target == source:
        raise CliError(f"{source} has that name already", hint="Choose another name.")
    if target.is_relative_to(source):
        raise CliError(
            f"{target} lies in the environment itself", hint="Choose a path outside of it."
        )
    if target == session.config.root_prefix or (
        target.exists() and not (target.is_dir() and not any(target.iterdir()))
    ):
        raise CliError(
            f"There is something at {target} already",
            hint="Choose another name, or remove it first.",
        )


COMMAND = Command(
    "micromamba env rename",
    "Give an environment another name or path.",
    description=(
        "The environment is made anew under the new name out of the package cache, since\n"
        "programs hold the path they were installed to. What pip and people put into it is\n"
        "taken along. Only when all is there the old environment goes."
    ),
    options=(*GLOBAL, *PREFIX, *NETWORK, *LINK),
    positionals=Words("NEW", "The new name, or path.", least=1, most=1),
    examples=("micromamba env rename -n py py313", "micromamba env rename -p ./env ./venv"),
    run=_run,
)
