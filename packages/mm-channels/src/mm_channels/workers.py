"""Run jobs on a few threads, all of which end within a moment when one fails or a stop is asked."""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence

from mm_pkg.cancellation import Cancellation, Cancelled

__all__ = ["LinkedCancellation", "run_jobs", "wind_down"]

_LOOK = 0.1
"""Seconds between looks at the caller's cancellation."""

_PATIENCE = 0.8
"""Seconds that stopped threads are given to clean up after themselves."""


class LinkedCancellation(Cancellation):
    """A cancellation of its own that also follows another."""

    def __init__(self, parent: Cancellation) -> None:
        super().__init__()
        self._parent = parent

    @property
    def cancelled(self) -> bool:
        """Whether this one or the other was cancelled."""
        return super().cancelled or self._parent.cancelled

    def check(self) -> None:
        """Raise `Cancelled` if this one or the other was cancelled."""
        if self.cancelled:
            raise Cancelled

    def wait(self, seconds: float) -> None:
        """Sleep, but wake and raise `Cancelled` soon after either is cancelled."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._parent.check()
            super().wait(min(left, _LOOK))
        self.check()


def run_jobs(
    jobs: Iterable[Callable[[Cancellation], None]],
    *,
    threads: int,
    cancellation: Cancellation,
    abort: Callable[[], None],
) -> None:
    """Run every job, in order of their start, on at most *threads* threads.

    The first exception of a job stops the others and is raised. *abort* ends
    blocking calls of the jobs; it may be called several times. Raises
    `Cancelled` within about a second of a cancellation. The threads are
    daemons: one that hangs in the system does not keep the process alive.
    """
    waiting = deque(jobs)
    if not waiting:
        return
    linked = LinkedCancellation(cancellation)
    results: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()

    def work() -> None:
        try:
            while not linked.cancelled:
                try:
                    job = waiting.popleft()
                except IndexError:
                    break
                job(linked)
            results.put(None)
        except BaseException as error:
            results.put(error)

    crew = [
        threading.Thread(target=work, name=f"mm-worker-{number}", daemon=True)
        for number in range(max(1, min(threads, len(waiting))))
    ]
    try:
        for thread in crew:
            thread.start()
        _await(len(crew), results, cancellation)
    except BaseException:
        linked.cancel()
        wind_down(crew, abort)
        raise
    for thread in crew:
        thread.join()  # its work is done; an interpreter that ends must not meet its last steps


def _await(
    count: int, results: queue.SimpleQueue[BaseException | None], cancellation: Cancellation
) -> None:
    while count:
        try:
            result = results.get(timeout=_LOOK)
        except queue.Empty:
            cancellation.check()
            continue
        if result is not None:
            cancellation.check()
            raise result
        count -= 1
    cancellation.check()


def wind_down(crew: Sequence[threading.Thread], abort: Callable[[], None]) -> None:
    """Wait, not for ever, for threads that were told to stop; *abort* ends their blocking calls."""
    end = time.monotonic() + _PATIENCE
    while any(thread.is_alive() for thread in crew) and time.monotonic() < end:
        abort()
        for thread in crew:
            if thread.ident is not None:
                thread.join(0.02)
