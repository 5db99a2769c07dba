"""Progress of long work: one line redrawn on a terminal, one line a phase elsewhere."""

from __future__ import annotations

import os
import shutil
import threading
import time
from typing import IO

from mm_cli.report.console import Console
from mm_cli.report.size import human_size
from mm_pkg.reporter import Reporter, Task

__all__ = ["ConsoleReporter", "reporter_for"]

VERBS = {
    "repodata": "Fetching repodata",
    "index": "Indexing repodata",
    "solve": "Resolving environment",
    "download": "Downloading",
    "extract": "Extracting",
    "verify": "Verifying",
    "unlink": "Unlinking",
    "link": "Linking",
    "compile": "Compiling",
    "script": "Running link scripts",
}
"""Phase -> what a person is told it is."""

REDRAW_SECONDS = 0.08
SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


def reporter_for(console: Console) -> ConsoleReporter:
    """The reporter that suits where the output goes."""
    if console.quiet or console.json:
        return ConsoleReporter(console)
    if console.interactive and not os.environ.get("CI"):
        return _Live(console)
    return _Lines(console)


class ConsoleReporter(Reporter):
    """Passes warnings on and says nothing else."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def warned(self, message: str) -> None:
        """Log the warning."""
        self.console.warn(message)

    def close(self) -> None:
        """The work is over, for better or worse: leave the terminal in order."""


class _Lines(ConsoleReporter):
    """Says once a phase that it has begun; for logs and pipes."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._lock = threading.Lock()
        self._announced: set[str] = set()

    def started(self, task: Task) -> None:
        with self._lock:
            if task.phase in self._announced:
                return
            self._announced.add(task.phase)
            self.console.say(f"{VERBS[task.phase]} …")
            self.console.out.flush()


class _Phase:
    """What is known of all tasks of one phase."""

    def __init__(self) -> None:
        self.running: dict[Task, int] = {}
        self.done = 0
        self.bytes = 0
        self.total_bytes = 0
        self.began = time.monotonic()
        self.last = ""


class _Live(ConsoleReporter):
    """Redraws one line a phase; finished phases stay above it."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._lock = threading.Lock()
        self._phases: dict[str, _Phase] = {}
        self._drawn = 0.0
        self._frame = 0

    def started(self, task: Task) -> None:
        with self._lock:
            phase = self._phases.setdefault(task.phase, _Phase())
            phase.running[task] = 0
            phase.last = task.name
            if task.unit == "bytes":
                phase.total_bytes += task.total or 0
            self._draw(task.phase)

    def advanced(self, task: Task, amount: int) -> None:
        with self._lock:
            phase = self._phases.setdefault(task.phase, _Phase())
            phase.running[task] = phase.running.get(task, 0) + amount
            if task.unit == "bytes":
                phase.bytes += amount
            self._draw(task.phase)

    def finished(self, task: Task, note: str = "") -> None:
        with self._lock:
            phase = self._phases.setdefault(task.phase, _Phase())
            phase.running.pop(task, None)
            phase.done += 1
            if not phase.running:
                self._draw(task.phase, last=True)

    def failed(self, task: Task, reason: str) -> None:
        with self._lock:
            phase = self._phases.setdefault(task.phase, _Phase())
            phase.running.pop(task, None)
            self._clear()

    def warned(self, message: str) -> None:
        with self._lock:
            self._clear()
        super().warned(message)

    def _draw(self, name: str, *, last: bool = False) -> None:
        now = time.monotonic()
        if not last and now - self._drawn < REDRAW_SECONDS:
            return
        self._drawn = now
        width = shutil.get_terminal_size().columns
        text = self._line(name, self._phases[name], now, last)
        write(self.console.out, "\r\x1b[2K" + text[: width - 1])

    def _line(self, name: str, phase: _Phase, now: float, last: bool) -> str:
        mark = "✔" if last else SPINNER[self._frame % len(SPINNER)]
        self._frame += 1
        seconds = now - phase.began
        text = f"{mark} {VERBS[name]}"
        if phase.total_bytes:
            done, total_size = (human_size(n, digits=1) for n in (phase.bytes, phase.total_bytes))
            speed = human_size(int(phase.bytes / max(seconds, 0.001)), digits=1)
            text += f"  {done} of {total_size}  {speed}/s"
        elif (total := sum(task.total or 0 for task in phase.running)) > 1:
            text += f"  {sum(phase.running.values())} of {total}"
        text += f"  {seconds:.1f} s"
        return text if last else f"{text}  {phase.last}"

    def close(self) -> None:
        with self._lock:
            if self._drawn:
                write(self.console.out, "\n")
                self._drawn = 0.0

    def _clear(self) -> None:
        write(self.console.out, "\r\x1b[2K")


def write(out: IO[str], text: str) -> None:
    """Write at once."""
    out.write(text)
    out.flush()
