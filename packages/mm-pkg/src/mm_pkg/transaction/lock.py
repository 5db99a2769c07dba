"""One writer an environment: a lock that tells who holds it.

The lock is an advisory lock on ``conda-meta/.mm-lock`` which the system drops
when its holder dies. The file names the holder and vanishes with the lock.
"""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from mm_pkg.cancellation import Cancellation
from mm_pkg.errors import PrefixLocked
from mm_pkg.liveness import host_name, is_alive
from mm_pkg.reporter import SILENT, Reporter

__all__ = ["LOCK_NAME", "PrefixLock"]

LOCK_NAME = ".mm-lock"

_BUSY = frozenset({errno.EACCES, errno.EAGAIN, errno.EDEADLK})
_UNSUPPORTED = frozenset(
    {errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EIO, errno.EINVAL}
)
_FIRST_PAUSE, _LONGEST_PAUSE = 0.01, 0.5
_INHERITED_SECONDS = 5.0


class PrefixLock:
    """Held from `acquire` to `release`; also a context manager.

    On a file system without locks `acquire` warns once and goes on: renames
    alone then keep readers safe, though not two writers from each other.
    """

    def __init__(self, meta: Path, *, enabled: bool = True) -> None:
        self.path = meta / LOCK_NAME
        self._enabled = enabled
        self._descriptor: int | None = None

    def try_acquire(self, reporter: Reporter = SILENT) -> bool:
        """Take the lock if it is free; False when somebody holds it. Raises OSError."""
        if not self._enabled or self._descriptor is not None:
            return True
        while True:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666)
            try:
                _lock(descriptor)
            except OSError as error:
                os.close(descriptor)
                if error.errno in _BUSY:
                    return False
                if error.errno not in _UNSUPPORTED:
                    raise
                reporter.warned(f"{self.path.parent} cannot be locked here: {error.strerror}")
                return True
            if self._is_ours(descriptor):
                break
            os.close(descriptor)  # its last holder deleted the file under us
        self._descriptor = descriptor
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()} {host_name()}\n".encode(), 0)
        return True

    def acquire(
        self,
        timeout: float = 0,
        reporter: Reporter = SILENT,
        cancellation: Cancellation | None = None,
    ) -> None:
        """Take the lock, waiting *timeout* seconds at most, or without end when 0.

        Raises `PrefixLocked`, which names the holder, OSError and `Cancelled`.
        """
        end = time.monotonic() + timeout
        pause, told = _FIRST_PAUSE, False
        while not self.try_acquire(reporter):
            pid, host = self.holder()
            who = f"process {pid} on {host}" if pid else "another process"
            if timeout and time.monotonic() >= end:
                raise PrefixLocked(
                    f"{self.path.parent.parent} is being changed by {who}",
                    host=host,
                    pid=pid,
                    hint="Wait for it to finish, or raise lock_timeout.",
                )
            if not told and pause >= _LONGEST_PAUSE / 2:
                reporter.warned(f"waiting for {who}, which is changing {self.path.parent.parent}")
                told = True
            if cancellation is not None:
                cancellation.wait(pause)
            else:
                time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def holder(self) -> tuple[int, str]:
        """Process id and host of whoever holds the lock; (0, "") when unknown."""
        try:
            pid, _, host = self.path.read_text("utf-8", "replace").strip().partition(" ")
            return int(pid), host
        except (OSError, ValueError):
            return 0, ""

    def acquire_from_dead(self, reporter: Reporter = SILENT) -> bool:
        """Take the lock unless a living process holds it.

        A process that was killed while it started another one leaves the lock
        with that for an instant; then this waits. Raises OSError.
        """
        end = time.monotonic() + _INHERITED_SECONDS
        while not self.try_acquire(reporter):
            pid, host = self.holder()
            if host != host_name() or is_alive(pid) or time.monotonic() >= end:
                return False
            time.sleep(_FIRST_PAUSE)
        return True

    def release(self) -> None:
        """Give the lock back."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is None:
            return
        try:
            if self._is_ours(descriptor):
                self.path.unlink()
        except OSError:
            pass
        os.close(descriptor)

    def moved_to(self, meta: Path) -> None:
        """Note that the directory with the held lock was renamed to *meta*."""
        self.path = meta / LOCK_NAME

    def _is_ours(self, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.stat(self.path), os.fstat(descriptor))
        except FileNotFoundError:
            return False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


if os.name == "nt":

    def _lock(descriptor: int) -> None:
        import msvcrt

        # beyond the text, which others must be able to read
        os.lseek(descriptor, 1 << 20, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]

else:

    def _lock(descriptor: int) -> None:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
