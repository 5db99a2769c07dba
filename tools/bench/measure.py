"""Whole processes, timed side by side: interleaved runs, medians, peak memory, a table."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ONCE = Path(__file__).with_name("once.py")
MICROMAMBA = Path(sys.executable).with_name("micromamba")
PEER = os.environ.get("MM_PEER", "")


@dataclass
class Contender:
    """A command to time. ``before`` and ``after`` run each time, outside the clock."""

    name: str
    command: Sequence[str | Path]
    environ: dict[str, str] = field(default_factory=dict)
    before: Callable[[], None] = lambda: None
    after: Callable[[], None] = lambda: None
    code: int = 0
    seconds: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)

    def run(self) -> None:
        """One more sample. Anything but the expected exit code ends the benchmark."""
        self.before()
        with tempfile.NamedTemporaryFile("r") as report:
            command = [str(word) for word in self.command]
            launcher = [sys.executable, "-I", "-S", str(ONCE), report.name]
            done = subprocess.run(
                [*launcher, *command],
                env={**clean_environment(), **self.environ},
                stderr=subprocess.PIPE,
                text=True,
            )
            seconds, kilobytes, status = report.read().split()
        if int(status) != self.code:
            sys.exit(f"{self.name}: exit code {status}, expected {self.code}\n{done.stderr}")
        self.seconds.append(float(seconds))
        self.megabytes.append(int(kilobytes) / 1024)
        self.after()

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


def clean_environment() -> dict[str, str]:
    """The caller's environment without what would steer conda-like programs."""
    hidden = ("CONDA", "_CONDA", "MAMBA", "_MAMBA", "XDG_", "PYTHON")
    return {k: v for k, v in os.environ.items() if not k.startswith(hidden)}


def race(contenders: Sequence[Contender], rounds: int) -> None:
    """Time them in turns, so that a slow minute of the machine hits all alike."""
    for _ in range(rounds):
        for contender in contenders:
            contender.run()


def rows(contenders: Sequence[Contender], baseline: Contender) -> list[list[str]]:
    """name, median, fastest, peak memory, times the baseline's median."""
    return [
        [
            c.name,
            f"{c.median * 1000:.0f} ms",
            f"{min(c.seconds) * 1000:.0f} ms",
            f"{max(c.megabytes):.0f} MB",
            f"{c.median / baseline.median:.2f}",
        ]
        for c in contenders
    ]


def table(title: str, head: Sequence[str], body: Sequence[Sequence[str]]) -> None:
    """Print a Markdown table: what docs/performance.md holds."""
    widths = [max(len(row[i]) for row in [head, *body]) for i in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        first, *others = (
            cell.ljust(w) if i == 0 else cell.rjust(w)
            for i, (cell, w) in enumerate(zip(cells, widths, strict=True))
        )
        return f"| {' | '.join([first, *others])} |"

    print(f"\n### {title}\n")
    print(line(head))
    print("|" + "|".join("-" * (w + 2) for w in widths) + "|")
    for row in body:
        print(line(row))
    print(flush=True)


def cache_folder(name: str) -> Path:
    """Where generated input is kept between runs: MM_BENCH_CACHE or ~/.cache/mm-bench."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = Path(os.environ.get("MM_BENCH_CACHE") or home / "mm-bench") / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder
