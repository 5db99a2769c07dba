"""Files of an environment that no package owns: what pip, programs and people put there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from mm_pkg.prefix.prefix import Prefix
from mm_pkg.transaction.lock import PrefixLock
from mm_pkg.transaction.plan import LinkOptions
from mm_pkg.transaction.system_errors import plain_errors

__all__ = ["remove_unowned", "unowned_files"]

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
            owned = _owned(found)
            for path in unowned_files(prefix, owned):
                os.unlink(prefix / path)
            _remove_empty_folders(prefix, owned)
            for name in _SETTINGS:
                (found.meta / name).unlink(missing_ok=True)


def unowned_files(prefix: Path, owned: set[str] | None = None) -> Iterator[str]:
    """The paths of all files and links that no package owns, relative to *prefix*.

    ``conda-meta`` is left out. *owned* are the packages' paths, where they are known.
    """
    if owned is None:
        owned = _owned(Prefix(prefix))
    for inside, folder, names, files in _walk(prefix):
        links = [name for name in names if os.path.islink(os.path.join(folder, name))]
        for name in (*files, *links):
            path = f"{inside}/{name}" if inside else name
            if path not in owned:
                yield path


def _owned(prefix: Prefix) -> set[str]:
    return {file for record in prefix.all_records() for file in record.files}


def _walk(prefix: Path) -> Iterator[tuple[str, str, list[str], list[str]]]:
    """`os.walk` from below, without ``conda-meta``, the path inside the environment first."""
    root = f"{prefix}{os.sep}"
    for folder, names, files in os.walk(prefix, topdown=False):
        inside = folder.removeprefix(root) if folder != str(prefix) else ""
        if inside != "conda-meta" and not inside.startswith("conda-meta/"):
            yield inside, folder, names, files


def _remove_empty_folders(prefix: Path, owned: set[str]) -> None:
    for inside, folder, _, _ in _walk(prefix):
        if inside and inside not in owned:
            try:
                os.rmdir(folder)
            except OSError:
                continue  # it holds what is owned
