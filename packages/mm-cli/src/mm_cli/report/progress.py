"""Progress of long work: one line redrawn on a terminal, one line a phase elsewhere."""

from __future__ import annotations

import os
import threading
import time
from typing import IO, NamedTuple

from mm_cli.report.console import Console
from mm_cli.report.size import human_size
from mm_pkg.reporter import Reporter, Task

__all__ = ["ConsoleReporter", "reporter_for"]


class Words(NamedTuple):
    """How a phase is called: at work, done, and what it counts."""

    doing: str
    done: str
    unit: str


PHASES = {
    "repodata": Words("Fetching repodata", "Fetched repodata", ""),
    "index": Words("Indexing repodata", "Indexed repodata", ""),
    "shards": Words("Fetching records", "Fetched records", ""),
    "solve": Words("Resolving environment", "Resolved environment", ""),
    "download": Words("Downloading", "Downloaded", "package"),
    "extract": Words("Extracting", "Extracted", "package"),
    "verify": Words("Verifying", "Verified", "package"),
    "unlink": Words("Unlinking", "Unlinked", "package"),
    "link": Words("Linking", "Linked", "package"),
    "compile": Words("Compiling", "Compiled Python files", ""),
    "script": Words("Running link scripts", "Ran link scripts", ""),
}
"""What a person is told of each phase, in the order of the work."""

WORTH_SAYING = 0.2
"""Seconds below which a finished phase is not worth a line."""

REDRAW_SECONDS = 0.08
SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


def reporter_for(console: Console) -> ConsoleReporter:
    """The reporter that suits where the output goes: one for all work, which shares a line."""
    if console.reporter is None:
        console.reporter = _new_reporter(console)
    return console.reporter


def _new_reporter(console: Console) -> ConsoleReporter:
    if console.stream is not None:
        from mm_cli.report.event_stream import StreamReporter

        return StreamReporter(console, console.stream)
    if console.quiet or console.json or console.progress == "none":
        return ConsoleReporter(console)
    live = console.interactive and not os.environ.get("CI")
    if console.progress == "live" or (console.progress == "auto" and live):
        return _Live(console)
    return _Lines(console)


class ConsoleReporter(Reporter):
    """Passes warnings on, and every finished task where ``-v`` asks for it."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def warned(self, message: str) -> None:
        """Log the warning."""
        self.console.warn(message)

    def finished(self, task: Task, note: str = "") -> None:
        """Log it at level info."""
        what = f"{PHASES[task.phase].done} {task.name}".rstrip()
        self.console.log("info", f"{what} ({note})" if note else what)

    def close(self) -> None:
        """The work is over, for better or worse: leave the terminal in order."""


class _Lines(ConsoleReporter):
    """Says once a phase that it has begun; for logs and pipes."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._lock = threading.Lock()
        self._announced: set[str] = set()

    def started(self, task: Task) -> None:
        if task.phase != "repodata":  # which is often cached: not worth a line
            self._announce(task.phase)

    def advanced(self, task: Task, amount: int) -> None:
        self._announce(task.phase)

    def _announce(self, phase: str) -> None:
        with self._lock:
            if phase in self._announced:
                return
            self._announced.add(phase)
            self.console.say(f"{PHASES[phase].doing} …")
            self.console.out.flush()


class _Phase:
    """What is known of all tasks of one phase."""

    def __init__(self) -> None:
        self.running: dict[Task, int] = {}
        self.done = 0
        self.items = 0
        self.bytes = 0
        self.total_bytes = 0
        self.total_items = 0
        self.began = time.monotonic()
        self.ended = self.began

    @property
    def seconds(self) -> float:
        """How long it has been at work."""
        return (time.monotonic() if self.running else self.ended) - self.began


class _Live(ConsoleReporter):
    """Redraws one line, that of the earliest phase still at work.

    In the end one line a phase says what was done, and how long it took.
    """

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
            if task.unit == "bytes":
                phase.total_bytes += task.total or 0
            else:
                phase.total_items += task.total or 0
            self._draw()

    def advanced(self, task: Task, amount: int) -> None:
        with self._lock:
            phase = self._phases.setdefault(task.phase, _Phase())
            phase.running[task] = phase.running.get(task, 0) + amount
            if task.unit == "bytes":
                phase.bytes += amount
            else:
                phase.items += amount
            self._draw()

    def finished(self, task: Task, note: str = "") -> None:
        with self._lock:
            phase = self._phases.setdefault(task.phase, _Phase())
            phase.running.pop(task, None)
            phase.done += 1
            phase.ended = time.monotonic()
            self._draw()
            if self.console.shows("info"):
                self._clear()
                super().finished(task, note)

    def failed(self, task: Task, reason: str) -> None:
        with self._lock:
            phase = self._phases.setdefault(task.phase, _Phase())
            phase.running.pop(task, None)
            phase.ended = time.monotonic()

    def warned(self, message: str) -> None:
        with self._lock:
            self._clear()
        super().warned(message)

    def close(self) -> None:
        with self._lock:
            self._clear()
            for name, phase in self._in_order():
                if phase.done and phase.seconds >= WORTH_SAYING:
                    write(self.console.out, f"✔ {_summary(name, phase)}\n")
            self._phases.clear()

    def _in_order(self) -> list[tuple[str, _Phase]]:
        order = list(PHASES)
        return sorted(self._phases.items(), key=lambda item: order.index(item[0]))

    def _draw(self) -> None:
        now = time.monotonic()
        if now - self._drawn < REDRAW_SECONDS:
            return
        working = next(((n, p) for n, p in self._in_order() if p.running), None)
        if working is None:
            return
        self._drawn = now
        self._frame += 1
        line = f"{SPINNER[self._frame % len(SPINNER)]} {_line(*working)}"
        import shutil

        width = shutil.get_terminal_size().columns
        write(self.console.out, "\r\x1b[2K" + line[: width - 1])

    def _clear(self) -> None:
        if self._drawn:
            write(self.console.out, "\r\x1b[2K")


def _line(name: str, phase: _Phase) -> str:
    """What a phase is doing right now."""
    parts = [PHASES[name].doing, _amount(phase), f"{phase.seconds:.1f} s", *_named(phase)]
    return "  ".join(filter(None, parts))


def _amount(phase: _Phase) -> str:
    if phase.total_bytes:
        done, total = (human_size(n, digits=1) for n in (phase.bytes, phase.total_bytes))
        speed = human_size(int(phase.bytes / max(phase.seconds, 0.001)), digits=1)
        return f"{done} of {total}  {speed}/s"
    if phase.total_items > 1:
        return f"{phase.items} of {phase.total_items}"
    return str(phase.done + len(phase.running)) if phase.done else ""


def _named(phase: _Phase) -> list[str]:
    """The tasks at work, the largest first."""
    tasks = sorted(phase.running, key=lambda task: -(task.total or 0))
    return [task.name for task in tasks[:3]]


def _summary(name: str, phase: _Phase) -> str:
    """What a phase did."""
    verb = PHASES[name]
    what = f"{phase.done} {verb.unit}{'s' * (phase.done != 1)}" if verb.unit else ""
    size = human_size(phase.bytes, digits=1) if phase.bytes else ""
    done = " ".join(filter(None, [verb.done, ", ".join(filter(None, [what, size]))]))
    return f"{done}  {phase.seconds:.1f} s"


def write(out: IO[str], text: str) -> None:
    """Write at once."""
    out.write(text)
    out.flush()
