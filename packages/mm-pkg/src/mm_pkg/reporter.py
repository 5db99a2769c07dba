"""Who is told about long work: a small vocabulary of events.

Lower layers call a `Reporter`; they never print. `Reporter` itself ignores
everything, so a subclass overrides only what it draws. Events may come from
several threads at once: an implementation that draws must lock.

Secrets: task names and messages are free of credentials.
"""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = ["SILENT", "Reporter", "Task"]

Phase = Literal[
    "repodata",
    "index",
    "shards",
    "solve",
    "download",
    "extract",
    "verify",
    "unlink",
    "link",
    "compile",
    "script",
]


class Task(msgspec.Struct, frozen=True):
    """One piece of work a person may watch.

    phase -- what kind of work; tasks of one phase are shown together
    name  -- what it works on, such as ``conda-forge/linux-64`` or a file name
    total -- how much there is in *unit*s, or None when unknown
    """

    phase: Phase
    name: str
    total: int | None = None
    unit: Literal["bytes", "items"] = "items"


class Reporter:
    """Receives events and ignores them."""

    def started(self, task: Task) -> None:
        """*task* begins."""

    def advanced(self, task: Task, amount: int) -> None:
        """*amount* more units of *task* are done."""

    def finished(self, task: Task, note: str = "") -> None:
        """*task* is done; *note* says how where that is of interest ("cached")."""

    def failed(self, task: Task, reason: str) -> None:
        """*task* ended in an error, which is raised as an exception besides."""

    def warned(self, message: str) -> None:
        """Something is odd, but work goes on. One line."""


SILENT = Reporter()
"""Tells nobody."""
