"""A copy of an environment: the same packages, requests, variables and pins."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from mm_cli.errors import CliError
from mm_cli.operations.transaction import Change
from mm_cli.session import Session

if TYPE_CHECKING:
    from mm_pkg import Prefix
    from mm_pkg.record import PrefixRecord

__all__ = ["clone_packages", "clone_settings", "clone_source", "environment_called"]


def environment_called(session: Session, text: str) -> Path:
    """Where the environment *text* is: a name, ``base``, or a path. It need not be there."""
    import os

    if "/" in text or os.sep in text or text in (".", "..") or text.startswith("~"):
        return Path(session.config.machine.canonical(text))
    return session.config.env_path(text)


def clone_source(session: Session, text: str) -> Prefix:
    """The environment *text* that is to be cloned; what is not cloned is said.

    Raises `CliError` when there is none, or when more than a clone is asked for.
    """
    from mm_pkg import Prefix

    if session.words or session.files:
        given = session.words[0] if session.words else "a file"
        raise CliError(
            f"--clone copies an environment as it is, without {given}",
            hint="Clone it first; then install into the clone.",
        )
    source = Prefix(environment_called(session, text))
    session.repair(str(source.path))
    if not source.exists:
        raise CliError(
            f"Could not find environment to clone: {text}",
            hint="`micromamba env list` shows the environments there are.",
        )
    if not source.is_environment:
        raise CliError(
            f"Could not find environment to clone: {source.path} is not an environment",
            hint="`micromamba env list` shows the environments there are.",
        )
    if source.path == session.prefix:
        raise CliError(
            f"{source.path} cannot be replaced by its own clone", hint="Choose another name."
        )
    _say_not_cloned(session, source)
    return source


def clone_packages(
    session: Session, source: Prefix, target: Prefix, *, afresh: bool = False
) -> bool:
    """Give *target* the packages of *source*, archive by archive, and its requests.

    afresh -- what is installed in *target* now does not count
    Returns whether it has them now. Raises `CliError` for packages of unknown origin.
    """
    from mm_cli.operations.install import perform

    records = source.records()
    _check_origin(records)

    def make(installed: dict[str, PrefixRecord], *_: object) -> Change:
        from mm_solve import explicit_changes, install_order

        published = [record.as_published() for record in install_order(records.values())]
        return Change(
            target.path,
            explicit_changes(installed, published),
            update_specs=list(source.requested_specs().values()),
        )

    return perform(session, target, make, afresh=afresh)


def _check_origin(records: Mapping[str, PrefixRecord]) -> None:
    unknown = sorted(record.dist for record in records.values() if not record.url)
    if unknown:
        raise CliError(
            f"It is not known where these packages came from: {', '.join(unknown)}",
            hint="Install them anew from a channel, or leave them out: create from an export.",
        )


def clone_settings(source: Prefix, target: Prefix) -> None:
    """Take over variables, pins and the platform: what is asked of an environment, not in it."""
    from mm_pkg.prefix.atomic_file import replace_file

    variables = source.env_vars()
    if variables:
        target.set_env_vars(variables)
    for name in ("conda-meta/pinned", ".mambarc"):
        original, copy = source.path / name, target.path / name
        if original.is_file() and not copy.exists():
            replace_file(copy, original.read_bytes())


def _say_not_cloned(session: Session, source: Prefix) -> None:
    """Warn of what pip has installed: no archive is known for it."""
    from mm_cli.operations.pip_packages import pip_packages

    names = sorted(record.name for record in pip_packages(source.path, source.records()))
    if names:
        session.console.warn(
            f"Installed by pip, and not cloned: {', '.join(names)}",
            hint="`micromamba env export` writes them into an environment file.",
        )
