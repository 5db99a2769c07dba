"""What a run takes from the lock files it was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mm_cli.errors import CliError
from mm_cli.session import Session

if TYPE_CHECKING:
    from mm_cli.specfiles.lock import Lock, LockedRequirement
    from mm_cli.specfiles.spec_file import SpecFile
    from mm_pkg.record import RepodataRecord

__all__ = ["lock_groups", "locked_records", "locked_requirements"]

DEFAULT = "default"
"""The environment of a pixi lock that is meant where none is named."""


def lock_groups(session: Session, lock: Lock) -> tuple[str, ...]:
    """The categories or the environment to take from *lock*, by options and defaults.

    Raises `CliError` where there is no telling.
    """
    named = session.options.get("lock.environment")
    if lock.form != "pixi":
        if named:
            raise CliError(
                f"{lock.label} is no pixi lock: it has no environments to choose from",
                hint="Its packages have categories: use --category.",
            )
        return tuple(session.config["categories"])
    if session.config.setting("categories").configured:
        raise CliError(
            f"{lock.label} is a pixi lock: it has no categories to choose from",
            hint=f"It has environments ({', '.join(lock.groups)}): use --environment.",
        )
    if named:
        return (str(named),)
    if DEFAULT in lock.groups or len(lock.groups) == 1:
        return (DEFAULT if DEFAULT in lock.groups else lock.groups[0],)
    if not lock.groups:
        raise CliError(f"{lock.label} locks no environment", hint="Make the lock file anew.")
    raise CliError(
        f"{lock.label} locks several environments: {', '.join(lock.groups)}",
        hint="Choose one of them with --environment.",
    )


def locked_records(session: Session) -> list[RepodataRecord]:
    """The conda packages that the lock files have for the platform, ready to be linked.

    Raises `CliError` for platforms, categories and environments that they do not have.
    """
    platform = session.config["platform"]
    records: dict[str, RepodataRecord] = {}
    for lock in (file.lock for file in session.files if file.lock is not None):
        groups = lock_groups(session, lock)
        lock.check(platform, groups)
        chosen = lock.chosen(platform, groups)
        if not chosen:
            session.console.warn(f"{lock.label} has no packages for {platform}")
        records |= {record.url: record for record in chosen}
    return list(records.values())


def locked_requirements(session: Session, file: SpecFile) -> tuple[LockedRequirement, ...]:
    """What *file*, when it is a lock, leaves to pip."""
    if file.lock is None:
        return ()
    return file.lock.required(session.config["platform"], lock_groups(session, file.lock))
