"""Getting hold of an environment: its lock, its journal, and itself if it is new.

A new environment appears with its journal already inside: it is made under
another name and renamed. So at no instant there is a directory of which nobody
knows that it is only half made.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

import msgspec

from mm_pkg.cancellation import Cancellation
from mm_pkg.errors import PrefixChanged, PrefixNotWritable
from mm_pkg.reporter import Reporter
from mm_pkg.transaction.journal import JOURNAL_NAME, Fresh, Journal
from mm_pkg.transaction.lock import PrefixLock
from mm_pkg.transaction.plan import LinkOptions
from mm_pkg.transaction.removal import remove_tree, sweep, temporary_sibling

__all__ = ["Opened", "open_environment"]

_NOT_OURS_TO_CHANGE = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR})


class Opened(msgspec.Struct, frozen=True):
    """An environment that this process may change. Release the lock in the end."""

    journal: Journal
    lock: PrefixLock
    recovered: bool = False


def open_environment(
    prefix: Path,
    options: LinkOptions,
    reporter: Reporter,
    cancellation: Cancellation | None,
) -> Opened:
    """Lock *prefix*, undo or finish what was interrupted there, and begin a journal.

    Creates what is missing. Raises `PrefixLocked`, `PrefixNotWritable`, OSError.
    """
    meta = prefix / "conda-meta"
    try:
        if not os.path.isdir(meta):
            opened = _create(prefix, options)
            if opened is not None:
                return opened
        lock = PrefixLock(meta, enabled=options.use_lockfiles)
        lock.acquire(options.lock_timeout, reporter, cancellation)
    except OSError as error:
        if error.errno not in _NOT_OURS_TO_CHANGE:
            raise
        raise PrefixNotWritable(
            f"{prefix} cannot be changed: {error.strerror}: {error.filename}",
            hint="Check the owner and the permissions of the directory.",
        ) from None
    try:
        recovered = recover_locked(prefix)
        if recovered and not meta.is_dir():
            # it was a new environment that was never finished; start over
            lock.release()
            return open_environment(prefix, options, reporter, cancellation)
        journal = Journal(prefix)
        journal.begin()
    except BaseException:
        lock.release()
        raise
    return Opened(journal, lock, recovered)


def recover_locked(prefix: Path) -> bool:
    """Undo or finish an interrupted transaction; the lock is held. True if there was one."""
    journal = Journal(prefix)
    if not journal.exists:
        return False
    if journal.committed:
        journal.finish()
    else:
        journal.roll_back()
    return True


def _create(prefix: Path, options: LinkOptions) -> Opened | None:
    """Make the missing directories. None when somebody else was faster."""
    sweep(prefix)
    parents = _missing_parents(prefix)
    prefix.parent.mkdir(parents=True, exist_ok=True)
    new = not os.path.isdir(prefix)
    final = prefix if new else prefix / "conda-meta"
    if not new:
        sweep(final)
    built = temporary_sibling(final)
    remove_tree_of_ours(built)
    meta = built / "conda-meta" if new else built
    try:
        journal_folder = meta / JOURNAL_NAME
        journal_folder.mkdir(parents=True)
        fresh = Fresh(prefix=new, parents=tuple(map(str, parents)) if new else ())
        (journal_folder / "fresh").write_bytes(msgspec.json.encode(fresh))
        lock = PrefixLock(meta, enabled=options.use_lockfiles)
        lock.try_acquire()
        built.rename(final)
    except BaseException as error:
        remove_tree_of_ours(built)
        if isinstance(error, OSError) and os.path.isdir(prefix / "conda-meta"):
            return None
        if isinstance(error, OSError) and os.path.isdir(final):
            raise PrefixChanged(f"{final} has just been created by something else") from None
        raise
    lock.moved_to(prefix / "conda-meta")
    journal = Journal(prefix)
    journal.begin()
    return Opened(journal, lock)


def remove_tree_of_ours(path: Path) -> None:
    """Delete a half-made directory of this process, if there is one."""
    if path.exists():
        remove_tree(path)


def _missing_parents(prefix: Path) -> list[Path]:
    """Directories above *prefix* that do not exist, outermost first."""
    missing: list[Path] = []
    parent = prefix.parent
    while not parent.exists():
        missing.insert(0, parent)
        parent = parent.parent
    return missing
