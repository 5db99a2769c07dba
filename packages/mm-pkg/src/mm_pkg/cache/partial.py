"""Folders for what is being written, which a crash may leave behind.

They lie in ``<cache>/.mm-partial``, on the cache's file system, so that a ready
folder is put into place by one rename. Their names tell which process made
them, so that others can see whether it still runs.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mm_pkg.liveness import host_name, is_alive

from .layout import PARTIAL

__all__ = ["abandoned", "partial_folder", "remove_abandoned", "remove_tree"]

_DEAD_AFTER = 600.0
"""Seconds until the folder of a process that is gone is taken for abandoned. Processes
in another container of this host may only look gone, hence not at once."""
_LOST_AFTER = 86400.0
"""Seconds until any folder is: no extraction takes that long."""


@contextmanager
def partial_folder(cache: Path) -> Iterator[Path]:
    """A fresh empty folder, removed in the end with all that is left in it."""
    parent = cache / PARTIAL
    parent.mkdir(parents=True, exist_ok=True)
    folder = parent / f"{_host()}.{os.getpid()}.{os.urandom(6).hex()}"
    folder.mkdir()
    try:
        yield folder
    finally:
        remove_tree(folder)


def remove_tree(path: Path) -> None:
    """Remove a file, a link or a whole folder as far as that is possible."""
    from shutil import rmtree

    if path.is_dir() and not path.is_symlink():
        rmtree(path, ignore_errors=True)
    else:
        try:
            path.unlink(missing_ok=True)
        except OSError:
            pass


def abandoned(cache: Path) -> Iterator[Path]:
    """Folders below ``.mm-partial`` whose makers are gone."""
    try:
        entries = sorted((cache / PARTIAL).iterdir())
    except OSError:
        return
    now = time.time()
    for entry in entries:
        try:
            age = now - entry.lstat().st_mtime
        except OSError:
            continue
        if age > _LOST_AFTER or (age > _DEAD_AFTER and not _runs(entry.name)):
            yield entry


def remove_abandoned(cache: Path) -> None:
    """Remove what crashed processes left in *cache*."""
    for entry in abandoned(cache):
        remove_tree(entry)


def _host() -> str:
    return "".join(c for c in host_name() if c.isalnum() or c == "-") or "host"


def _runs(name: str) -> bool:
    """Whether the process that made the folder *name* may still run."""
    host, _, rest = name.partition(".")
    pid = rest.partition(".")[0]
    if host != _host():
        return True
    return pid.isdigit() and is_alive(int(pid))
