"""Deleting whole directories: first out of sight in one step, then bit by bit."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mm_pkg.liveness import is_alive

__all__ = ["discard", "remove_tree", "sweep"]

_GONE = ".mm-gone-"
_NEW = ".mm-new-"


def temporary_sibling(path: Path) -> Path:
    """A name next to *path* under which it is built before it appears."""
    return path.with_name(f".{path.name}{_NEW}{os.getpid()}")


def discard(path: Path) -> None:
    """Make the directory *path* vanish at once, then delete it. Raises OSError.

    Where it cannot be renamed (a mount point, a parent that is not writable)
    its content is deleted in place.
    """
    gone = path.with_name(f".{path.name}{_GONE}{os.getpid()}")
    try:
        path.rename(gone)
    except FileNotFoundError:
        return
    except OSError:
        gone = path
    remove_tree(gone)


def sweep(path: Path) -> None:
    """Delete what dead processes left of *path*'s building or removal next to it."""
    try:
        names = os.listdir(path.parent)
    except OSError:
        return
    for name in names:
        for mark in (_GONE, _NEW):
            start = f".{path.name}{mark}"
            if name.startswith(start) and not _in_use(name[len(start) :]):
                remove_tree(path.parent / name)


def _in_use(pid: str) -> bool:
    """Whether the process whose id ends a temporary name still works there."""
    return pid.isdecimal() and int(pid) != os.getpid() and is_alive(int(pid))


def remove_tree(path: Path) -> None:
    """Delete a directory with all below it, also read-only parts; missing is fine.

    Another process may still be writing into it, such as the orphan of a killed
    one: then it is tried again. Raises OSError when something stays.
    """
    for pause in (0.01, 0.1, 0.5):
        try:
            _remove_tree(path)
            return
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
        time.sleep(pause)
    _remove_tree(path)


def _remove_tree(path: Path) -> None:
    def retry(function: Callable[..., Any], name: str, info: object) -> None:
        error = info if isinstance(info, BaseException) else info[1]  # type: ignore[index]
        if isinstance(error, FileNotFoundError):
            return
        if not isinstance(error, PermissionError):
            raise error
        folder = os.path.dirname(name)
        os.chmod(folder, os.stat(folder).st_mode | stat.S_IRWXU)
        if not os.path.islink(name) and os.path.isdir(name):
            os.chmod(name, os.stat(name).st_mode | stat.S_IRWXU)
            _remove_tree(Path(name))
        else:
            os.unlink(name)

    shutil.rmtree(path, onerror=retry)
