"""Writing a file so that nobody ever sees half of it, and two writers lose nothing."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["alone_in", "replace_file"]


@contextmanager
def alone_in(folder: str) -> Iterator[None]:
    """Let no other process be in here for *folder*, which is made if it is missing.

    The folder itself is locked, for a file beside would stay behind. Where the system
    has no such locks (Windows, some network disks) nobody is kept out.
    """
    os.makedirs(folder, exist_ok=True)
    try:
        import fcntl

        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, PermissionError):  # one may write into what one may not list
        yield
        return
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
        except OSError:
            pass
        yield
    finally:
        os.close(handle)


def replace_file(path: str, data: bytes) -> None:
    """Have *data* at *path*, all of it or what was there before; missing folders are made.

    Raises `OSError`, also where something other than a file is there: for root, even
    ``/dev/null`` could be replaced.
    """
    import tempfile

    if os.path.exists(path) and not os.path.isfile(path):
        raise OSError(errno.EINVAL, "It is no file", path)

    folder = os.path.dirname(path)
    os.makedirs(folder, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".mm-", dir=folder)
    try:
        with open(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, _mode(path))
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _mode(path: str) -> int:
    """Who may do what with *path*: as before, else as for any new file."""
    try:
        return os.stat(path).st_mode & 0o7777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
