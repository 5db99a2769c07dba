"""How a file comes from the package cache into an environment.

Hard links cost nothing and share the disk space. Where there can be none
(another device, a file system without them) a file is copied, or linked
softly if that is allowed. A copy shares its blocks where the file system can.
"""

# Text paths and os functions: thousands of files go through here.

from __future__ import annotations

import errno
import os
from enum import IntEnum
from pathlib import Path

__all__ = ["LinkMethod", "copy_file", "probe_method"]


class LinkMethod(IntEnum):
    """The numbers that ``conda-meta`` uses as ``link.type``."""

    HARD = 1
    SOFT = 2
    COPY = 3


CANNOT_LINK = frozenset(
    {
        errno.EXDEV,
        errno.EPERM,
        errno.EACCES,
        errno.EMLINK,
        errno.ENOTSUP,
        errno.EOPNOTSUPP,
        errno.ENOSYS,
        errno.EINVAL,
    }
)
"""What a file system answers that cannot, or for this file may not, make a hard link."""

_CHUNK = 1 << 30


def probe_method(source: Path, folder: Path, *, allow_softlinks: bool) -> LinkMethod:
    """Try to link the file *source* into *folder* and see what works there."""
    if _works(os.link, source, folder):
        return LinkMethod.HARD
    if allow_softlinks and _works(os.symlink, source, folder):
        return LinkMethod.SOFT
    return LinkMethod.COPY


def _works(make: object, source: Path, folder: Path) -> bool:
    trial = folder / f".mm-probe-{os.getpid()}"
    try:
        make(source, trial)  # type: ignore[operator]
    except OSError:
        return False
    trial.unlink(missing_ok=True)
    return True


def copy_file(source: str, target: str) -> None:
    """Copy content, mode bits and time of *source* to the new file *target*.

    Set-user-id and set-group-id bits are not copied. Raises OSError.
    """
    status = os.stat(source)
    mode = status.st_mode & 0o1777
    read = os.open(source, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        write = os.open(
            target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600
        )
        try:
            _copy_content(read, write, status.st_size)
            if hasattr(os, "fchmod"):
                os.fchmod(write, mode)
        finally:
            os.close(write)
    finally:
        os.close(read)
    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))


def _copy_content(read: int, write: int, size: int) -> None:
    if hasattr(os, "copy_file_range"):
        # the kernel shares blocks here where it can (btrfs, xfs, nfs 4.2)
        try:
            while size > 0:
                copied = os.copy_file_range(read, write, min(size, _CHUNK))
                if not copied:
                    break
                size -= copied
        except OSError as error:
            if error.errno not in CANNOT_LINK:
                raise
    while block := os.read(read, 1 << 20):
        view = memoryview(block)
        while view:
            view = view[os.write(write, view) :]
