"""Write files so that readers see the old content or the new one, nothing between."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os

from mm_channels.errors import CacheWriteError

__all__ = ["replace_file", "temporary_name", "write_error"]

_serial = itertools.count()


def temporary_name(path: str, ending: str = "partial") -> str:
    """A name beside *path* that no other process or thread uses."""
    return f"{path}.{os.getpid()}-{next(_serial)}.{ending}"


def replace_file(path: str, data: bytes) -> None:
    """Make *path* hold *data*; folders are made as needed. Raises OSError."""
    from pathlib import Path

    target = Path(path)
    temporary = Path(temporary_name(path))
    try:
        try:
            temporary.write_bytes(data)
        except FileNotFoundError:
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(data)
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def write_error(path: str, error: OSError) -> CacheWriteError:
    """The error to raise when *path* could not be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        folder = os.path.dirname(path)
        try:
            state = os.statvfs(folder)
            left = f", {state.f_bavail * state.f_frsize // 1_000_000} MB left"
        except OSError:
            left = ""
        return CacheWriteError(
            f"Disk full: {path} could not be written{left}",
            path=path,
            hint="Free some space, or set pkgs_dirs to a folder on another disk.",
        )
    return CacheWriteError(
        f"{path} could not be written: {error.strerror or error}",
        path=path,
        hint="Check the folder's permissions, or set pkgs_dirs to another folder.",
    )
