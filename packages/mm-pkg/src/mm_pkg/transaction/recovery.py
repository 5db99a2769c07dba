"""What a dead process left in an environment: undone or finished.

Commands that only read call this too, so it must cost next to nothing when
there is nothing to do: the rest is imported only then.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from mm_pkg.reporter import Reporter

__all__ = ["recover"]

_TRACES = (".mm-journal", ".mm-journal-done", ".mm-lock")
"""What a transaction has in ``conda-meta`` while it runs."""


def recover(prefix: Path, reporter: Reporter | None = None) -> bool:
    """Undo, or finish, a transaction whose process died in *prefix*.

    True when there was one. A transaction that is still running is left alone.
    Raises `PrefixNotWritable`, `NotEnoughSpace` or `LinkFailed`.
    """
    meta = f"{os.fspath(prefix)}/conda-meta"
    if os.path.isdir(meta):
        if not any(os.path.lexists(f"{meta}/{name}") for name in _TRACES):
            return False
    elif not _has_remains(os.fspath(prefix)) and not _has_remains(meta):
        return False
    from mm_pkg.reporter import SILENT
    from mm_pkg.transaction.journal import Journal
    from mm_pkg.transaction.lock import PrefixLock
    from mm_pkg.transaction.opening import recover_locked
    from mm_pkg.transaction.removal import sweep
    from mm_pkg.transaction.system_errors import plain_errors

    journal = Journal(prefix)
    if not journal.meta.exists():
        sweep(prefix)
        sweep(journal.meta)
        return False
    with (
        plain_errors(prefix, "repairing it after an interrupted change failed"),
        PrefixLock(journal.meta) as lock,
    ):
        if not lock.acquire_from_dead(reporter or SILENT):
            return False
        done = recover_locked(prefix)
        journal.clear_remains()
        sweep(prefix)
        sweep(journal.meta)
    return done


def _has_remains(path: str) -> bool:
    """Whether next to *path* lies what its making or removal left (see `removal.sweep`)."""
    parent, name = os.path.split(os.path.abspath(path))
    try:
        return any(each.startswith(f".{name}.mm-") for each in os.listdir(parent))
    except OSError:
        return False
