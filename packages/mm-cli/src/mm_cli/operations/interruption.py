"""Ctrl-C while work is under way: stop at the next safe point, not in the middle."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from mm_pkg.cancellation import Cancellation

__all__ = ["interruptible"]


@contextmanager
def interruptible() -> Iterator[Cancellation]:
    """A cancellation that the first Ctrl-C (or SIGTERM) raises.

    The second Ctrl-C interrupts at once: whoever insists shall not wait.
    """
    cancellation = Cancellation()
    if threading.current_thread() is not threading.main_thread():
        yield cancellation
        return

    def stop(number: int, frame: FrameType | None) -> None:
        if cancellation.cancelled:
            raise KeyboardInterrupt
        cancellation.cancel()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield cancellation
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
