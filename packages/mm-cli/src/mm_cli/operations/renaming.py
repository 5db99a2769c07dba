"""An environment under another path: made anew there, completed, and only then gone here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mm_cli.errors import CliError
from mm_cli.operations.cloning import clone_packages
from mm_cli.session import Session

if TYPE_CHECKING:
    from mm_pkg import Carried, HistoryEntry, Prefix

__all__ = ["rename"]


def rename(session: Session, source: Prefix, target: Prefix) -> bool:
    """Make *target* of *source*; at each instant at least one of them is whole.

    Returns whether that was done. When it fails, or is interrupted, *source* is as it
    was and *target* is not there; a process that is killed may leave both.
    """
    from mm_cli.operations.disposal import dispose, environments_txt
    from mm_pkg import create_empty, register_environment

    _check_frozen(session, source)
    history = source.history()
    if source.records():
        if not clone_packages(session, source, target):
            return False
    elif session.config["dry_run"] or session.config["download_only"]:
        session.console.say("The environment was not renamed.")
        return False
    else:
        create_empty(target.path)
    _complete(session, source, target, history)
    register_environment(target.path, environments_txt())
    dispose(session, source)
    return True


def _check_frozen(session: Session, source: Prefix) -> None:
    """Known before the new environment is made, not when the old one should go."""
    from mm_pkg.errors import FrozenEnvironment

    marker = source.frozen
    if marker is not None and not session.options.get("link.override_frozen"):
        raise FrozenEnvironment(
            f"{source.path} is frozen" + (f": {marker.message}" if marker.message else ""),
            hint="Use --override-frozen to rename it all the same.",
        )


def _complete(
    session: Session, source: Prefix, target: Prefix, history: tuple[HistoryEntry, ...]
) -> None:
    """Take along what no package owns; without it *target* must not stay.

    history -- of *source*, from before its packages were read
    """
    from mm_cli.operations.interruption import interruptible
    from mm_cli.operations.transaction import link_options
    from mm_pkg import carry_unowned, remove_environment

    try:
        with interruptible() as cancellation:
            carried = carry_unowned(source.path, target.path, cancellation)
        if source.history() != history:
            raise CliError(
                f"{source.path} was changed by another process meanwhile, and was not renamed",
                hint="Wait for it to finish, and try again.",
            )
    except BaseException:
        remove_environment(target.path, link_options(session))
        raise
    _warn_of_stale(session, source, carried)


def _warn_of_stale(session: Session, source: Prefix, carried: Carried) -> None:
    if carried.stale:
        more = f" and {len(carried.stale) - 1} more" if len(carried.stale) > 1 else ""
        session.console.warn(
            f"Compiled files that no package owns still name {source.path}: "
            f"{carried.stale[0]}{more}",
            hint="Install again, with pip, what they belong to.",
        )
