"""What a reporter is told of repodata on its way."""

from __future__ import annotations

from mm_pkg.cancellation import Cancellation
from mm_pkg.reporter import Reporter, Task

__all__ = ["ScanProgress", "TransferProgress"]


class TransferProgress:
    """Tells a reporter of one transfer."""

    def __init__(self, reporter: Reporter, name: str) -> None:
        self._reporter = reporter
        self._name = name
        self._task: Task | None = None

    def start(self, size: int | None) -> None:
        """It begins; *size* is in bytes, None if unknown."""
        if self._task is None:
            self._task = Task("repodata", self._name, size, "bytes")
            self._reporter.started(self._task)

    def advance(self, amount: int) -> None:
        """*amount* more bytes are here."""
        if self._task is not None:
            self._reporter.advanced(self._task, amount)

    def finish(self, note: str) -> None:
        """It is done; *note* says how."""
        self.start(0)
        assert self._task is not None
        self._reporter.finished(self._task, note)

    def fail(self, reason: str) -> None:
        """It did not work."""
        if self._task is not None:
            self._reporter.failed(self._task, reason)


class ScanProgress:
    """Tells a reporter of a scan, if there is one."""

    def __init__(self, reporter: Reporter, name: str, cancellation: Cancellation) -> None:
        self._reporter = reporter
        self._name = name
        self._cancellation = cancellation
        self._task: Task | None = None

    def start(self, size: int) -> None:
        """A scan of *size* bytes begins."""
        self._task = Task("index", self._name, size, "bytes")
        self._reporter.started(self._task)

    def advance(self, amount: int) -> None:
        """*amount* more bytes are scanned. Raises `Cancelled`."""
        self._cancellation.check()
        if self._task is not None:
            self._reporter.advanced(self._task, amount)

    def finish(self) -> None:
        """It is done."""
        if self._task is not None:
            self._reporter.finished(self._task)

    def fail(self, reason: str) -> None:
        """It did not work."""
        if self._task is not None:
            self._reporter.failed(self._task, reason)
