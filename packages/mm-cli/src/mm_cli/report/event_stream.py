"""``--json-stream``: what happens as it happens, one JSON object a line.

docs/schemas/event.json describes the events. The last one is always ``result``,
which holds the document that ``--json`` would have printed; work that did not
come to its end by then has ``failed``.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import IO

from mm_cli.report.console import Console, masked_within
from mm_cli.report.progress import ConsoleReporter
from mm_pkg.reporter import Task

__all__ = ["EventStream", "StreamReporter"]

ADVANCED_SECONDS = 0.1
"""Of one task, progress is told no more often than this."""

STOPPED = "stopped before it was done"


class EventStream:
    """Writes events to *out*, each as one line, at once; from any thread.

    clock -- the time in seconds; events tell how many have passed since the first
    """

    def __init__(self, out: IO[str], clock: Callable[[], float] = time.monotonic) -> None:
        self._out = out
        self._clock = clock
        self._began = clock()
        self._lock = threading.RLock()
        self._running: dict[Task, _Progress] = {}
        self._reader_gone = False

    def emit(self, event: str, **facts: object) -> None:
        """Write one event. Secrets in URLs are masked.

        Where nobody reads any more the work goes on, for this is called in the midst of it:
        `prompt` and `end` raise BrokenPipeError then.
        """
        with self._lock:
            told = {"event": event, "seconds": round(self._clock() - self._began, 3), **facts}
            line = json.dumps(told)
            if "@" in line or "/t/" in line:  # else no URL in it can hold a secret
                line = json.dumps(masked_within(told))
            try:
                self._out.write(line + "\n")
                self._out.flush()
            except BrokenPipeError:
                self._reader_gone = True

    def prompt(self, question: str, *, answer: bool) -> None:
        """Tell how a question is answered; raises BrokenPipeError where nobody reads it."""
        self.emit("prompt", question=question, answer=answer)
        self._check_reader()

    def started(self, task: Task) -> None:
        """*task* begins."""
        with self._lock:
            self._running[task] = _Progress()
            self.emit("started", **_told(task), total=task.total, unit=task.unit)

    def advanced(self, task: Task, amount: int) -> None:
        """More of *task* is done: told as how much by now, and not every time."""
        with self._lock:
            progress = self._running.setdefault(task, _Progress())
            progress.done += amount
            now = self._clock()
            if now - progress.told >= ADVANCED_SECONDS:
                progress.told = now
                facts = {"done": progress.done, "total": task.total, "unit": task.unit}
                self.emit("advanced", **_told(task), **facts)

    def finished(self, task: Task, note: str) -> None:
        """*task* is done."""
        with self._lock:
            self._running.pop(task, None)
            self.emit("finished", **_told(task), note=note)

    def failed(self, task: Task, reason: str) -> None:
        """*task* is over, and not done."""
        with self._lock:
            self._running.pop(task, None)
            self.emit("failed", **_told(task), reason=reason)

    def end(self, code: int, document: dict[str, object]) -> None:
        """The run is over: tasks still at work have failed, and the result comes last."""
        with self._lock:
            for task in list(self._running):
                self.failed(task, STOPPED)
            self.emit("result", code=code, document=document)
            self._check_reader()

    def _check_reader(self) -> None:
        if self._reader_gone:
            raise BrokenPipeError


class _Progress:
    """How much of a task is done, and when that was last told."""

    __slots__ = ("done", "told")

    def __init__(self) -> None:
        self.done = 0
        self.told = float("-inf")


def _told(task: Task) -> dict[str, object]:
    return {"phase": task.phase, "name": task.name}


class StreamReporter(ConsoleReporter):
    """Passes everything on to the stream of its console."""

    def __init__(self, console: Console, stream: EventStream) -> None:
        super().__init__(console)
        self._stream = stream

    def started(self, task: Task) -> None:
        """Tell that *task* begins."""
        self._stream.started(task)

    def advanced(self, task: Task, amount: int) -> None:
        """Tell how far it is, now and then."""
        self._stream.advanced(task, amount)

    def finished(self, task: Task, note: str = "") -> None:
        """Tell that it is done."""
        self._stream.finished(task, note)

    def failed(self, task: Task, reason: str) -> None:
        """Tell that it is over, and why."""
        self._stream.failed(task, reason)
