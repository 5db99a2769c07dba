"""Files of an environment that no package owns: what pip, programs and people put there."""

from __future__ import annotations

import os
from pathlib import Path

from mm_pkg.prefix.prefix import Prefix
from mm_pkg.transaction.lock import PrefixLock
from mm_pkg.transaction.plan import LinkOptions
from mm_pkg.transaction.system_errors import plain_errors

__all__ = ["remove_unowned"]

_SETTINGS = ("pinned", "state")
"""Files of ``conda-meta`` that belong to the environment's user, not to its packages."""


def remove_unowned(prefix: Path, options: LinkOptions | None = None) -> None:
    """Make *prefix* hold its packages and nothing else; pins and variables go as well.

    For an environment that is created anew in place of an old one. What is
    interrupted leaves more or fewer stray files, and every package whole.
    Raises `PrefixLocked` and `LinkFailed`.
    """
    options = options or LinkOptions()
    found = Prefix(prefix)
    with plain_errors(prefix, "removing stray files failed"):
        lock = PrefixLock(found.meta, enabled=options.use_lockfiles)
        with lock:
            lock.acquire(options.lock_timeout)
            owned = {file for record in found.all_records() for file in record.files}
            _sweep(prefix, owned)
            for name in _SETTINGS:
                (found.meta / name).unlink(missing_ok=True)


def _sweep(prefix: Path, owned: set[str]) -> None:
    """Remove every file that is not in *owned*, and directories that this empties."""
    root = f"{prefix}{os.sep}"
    for folder, names, files in os.walk(prefix, topdown=False):
        inside = folder.removeprefix(root) if folder != str(prefix) else ""
        if inside == "conda-meta" or inside.startswith("conda-meta/"):
            continue
        links = [name for name in names if os.path.islink(os.path.join(folder, name))]
        for name in (*files, *links):
            if (f"{inside}/{name}" if inside else name) not in owned:
                os.unlink(os.path.join(folder, name))
        if inside and inside not in owned:
            _remove_if_empty(folder)


def _remove_if_empty(folder: str) -> None:
    try:
        os.rmdir(folder)
    except OSError:
        pass  # it holds what is owned
