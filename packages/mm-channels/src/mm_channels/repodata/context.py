"""What all ways to get a subdir's records need."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from mm_pkg.cancellation import Cancellation
from mm_pkg.reporter import Reporter, Task

if TYPE_CHECKING:
    from mm_channels.channel import Subdir
    from mm_channels.transport import Transport

__all__ = ["LoadContext"]

T = TypeVar("T")


class LoadContext(NamedTuple):
    """Where things are kept, how they are fetched, who is told; see `mm_channels.load_subdirs`."""

    cache_dirs: Sequence[str | os.PathLike[str]]
    transport: Transport
    ttl: int
    offline: bool
    reporter: Reporter
    cancellation: Cancellation

    def run(self, jobs: Iterable[Callable[[Cancellation], None]]) -> None:
        """Run *jobs*, which use the network, side by side. Raises what the first to fail does."""
        from mm_channels.workers import run_jobs

        run_jobs(
            jobs,
            threads=self.transport.network.threads,
            cancellation=self.cancellation,
            abort=self.transport.abort,
        )

    def wait_for(self, job: Callable[[Cancellation], T]) -> T:
        """What *job* returns. Unlike a call of it, this ends soon after a cancellation."""
        results: list[T] = []
        self.run([lambda cancellation: results.append(job(cancellation))])
        return results[0]

    def say_cached(self, subdir: Subdir) -> None:
        """Tell that *subdir* needs no transfer."""
        task = Task("repodata", subdir.name)
        self.reporter.started(task)
        self.reporter.finished(task, "cached")
