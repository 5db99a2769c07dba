"""Stopping long work from outside, at a point where nothing is half done."""

from __future__ import annotations

import threading

__all__ = ["Cancellation", "Cancelled"]


class Cancelled(Exception):
    """Work was stopped on request. Raised by `Cancellation.check`."""


class Cancellation:
    """A flag that one thread raises and workers look at.

    >>> stop = Cancellation()
    >>> stop.check()
    >>> stop.cancel()
    >>> stop.cancelled
    True
    """

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask all who watch to stop. May be called from a signal handler."""
        self._event.set()

    @property
    def cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise `Cancelled` if `cancel` was called."""
        if self._event.is_set():
            raise Cancelled

    def wait(self, seconds: float) -> None:
        """Sleep, but wake and raise `Cancelled` as soon as `cancel` is called."""
        if self._event.wait(seconds):
            raise Cancelled
