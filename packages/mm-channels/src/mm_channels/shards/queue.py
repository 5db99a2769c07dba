"""Fetching shards: many at a time, and those that will be asked for next beforehand.

A solver asks for one name after the other. Were each fetched when it is asked for, a
solve over a network would pay a round trip a name. So from the first shard that is not
on this machine on, three kinds of names are fetched on a few threads: the one that is
waited for; those a solver says it expects to need; and what the newest packages of a
shard that has just arrived depend on, for these are likely next.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from mm_channels.workers import LinkedCancellation, wind_down
from mm_pkg.reporter import Task

if TYPE_CHECKING:
    from mm_channels.shards.fetcher import Member, ShardFetcher, Wanted
    from mm_channels.shards.shard import Shard
    from mm_pkg.record import PackageRecord

__all__ = ["ShardQueue", "likely_next"]

NEWEST = 16
"""Packages of a shard whose dependencies are fetched beforehand."""

GUESSES = 400
"""Names fetched at most without anybody having asked for them."""

_FORGOTTEN = 1.0
"""Seconds after which nobody seems to need what was only guessed: the solve is over."""

_LOOK = 0.1
"""Seconds between looks at the cancellation."""


class _Job:
    """One shard on its way."""

    __slots__ = ("done", "error", "shard", "started", "wanted")

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.started = False
        self.done = False
        self.shard: Shard | None = None
        self.error: BaseException | None = None


class ShardQueue:
    """What is to be fetched, and the threads that do it; they end when nothing is left.

    After `stop` nothing can be had from it.
    """

    def __init__(self, fetcher: ShardFetcher, members: Sequence[Member], most: int) -> None:
        self._fetcher = fetcher
        self._members = members
        self._most = most
        self._running = 0
        self._crew: list[threading.Thread] = []
        self._stopped = LinkedCancellation(fetcher.cancellation)
        self._jobs: dict[tuple[str, bytes], _Job] = {}
        self._names: set[str] = set()
        self._first: deque[_Job] = deque()
        self._later: deque[_Job] = deque()
        self._guesses = 0
        self._changed = threading.Condition()
        self._bytes = 0
        self._waiting = False
        self._last_asked = time.monotonic()

    # -- for the thread that solves -----------------------------------------------------

    def expect(self, names: Iterable[str]) -> None:
        """*names* may be asked for soon."""
        with self._changed:
            self._put(names, self._first)
            self._staff()

    def expect_again(self) -> None:
        """An index has changed: shards that have another hash now are fetched, too."""
        with self._changed:
            self._put(list(self._names), self._later)
            self._staff()

    def stop(self) -> None:
        """Fetch nothing more; the threads have ended, unless they hang."""
        self._stopped.cancel()
        with self._changed:
            crew = [thread for thread in self._crew if thread.is_alive()]
        wind_down(crew, self._fetcher.transport.abort)

    def get(self, wanted: Wanted) -> Shard:
        """Wait for one shard. Raises what went wrong with it, and `Cancelled`."""
        with self._changed:
            key = wanted.name, wanted.digest
            job = self._jobs.get(key)
            if job is None or (job.done and job.shard is None and job.error is None):
                job = self._jobs[key] = _Job(wanted)
            if not job.started:
                self._first.appendleft(job)
            # The same name in the other subdirs will be asked for next.
            self._put([wanted.name], self._first)
            self._staff()
            if not job.done:
                self._await(job)
        if job.error is not None:
            raise job.error
        assert job.shard is not None
        shard, job.shard = job.shard, None
        return shard

    def arrived(self, name: str, digest: bytes) -> Shard | None:
        """A shard that has just come and was not taken yet."""
        job = self._jobs.get((name, digest))
        if job is None or not job.done:
            return None
        shard, job.shard = job.shard, None
        return shard

    def _await(self, job: _Job) -> None:
        """Wait for *job*, and show that we do. The lock is free meanwhile."""
        fetcher = self._fetcher
        task = Task("shards", "", None, "bytes")
        fetcher.reporter.started(task)
        self._waiting = True
        try:
            while not job.done:
                self._changed.wait(_LOOK)
                arrived, self._bytes = self._bytes, 0
                fetcher.reporter.advanced(task, arrived)
                if fetcher.cancellation.cancelled:
                    fetcher.transport.abort()
                    fetcher.cancellation.check()
        finally:
            self._waiting = False
            self._last_asked = time.monotonic()
        fetcher.reporter.finished(task, job.wanted.name)

    # -- with the lock held -------------------------------------------------------------

    def _guess(self, names: Iterable[str]) -> None:
        unseen = [name for name in names if name not in self._names]
        unseen = unseen[: GUESSES - self._guesses]
        self._guesses += len(unseen)
        self._put(unseen, self._later)

    def _put(self, names: Iterable[str], queue: deque[_Job]) -> None:
        """Queue the shards of *names*, in all subdirs; what waits in another queue, too."""
        for name in names:
            self._names.add(name)
            for member in self._members:
                wanted = member.wanted(name)
                if wanted is None:
                    continue
                job = self._jobs.setdefault((name, wanted.digest), _Job(wanted))
                if not job.started:
                    queue.append(job)

    def _staff(self) -> None:
        """Start as many threads as there is work for."""
        missing = min(len(self._first) + len(self._later), self._most - self._running)
        if missing <= 0:
            return
        crew = [
            threading.Thread(target=self._work, name="mm-shards", daemon=True)
            for _ in range(missing)
        ]
        self._crew = [thread for thread in self._crew if thread.is_alive()] + crew
        self._running += missing
        for thread in crew:
            thread.start()

    def _next(self) -> _Job | None:
        if not self._waiting and time.monotonic() - self._last_asked > _FORGOTTEN:
            self._later.clear()
        for queue in (self._first, self._later):
            while queue:
                job = queue.popleft()
                if not job.started:
                    job.started = True
                    return job
        return None

    # -- on the threads -----------------------------------------------------------------

    def _work(self) -> None:
        while True:
            with self._changed:
                job = None if self._stopped.cancelled else self._next()
                if job is None:
                    self._running -= 1
                    return
            self._do(job)

    def _do(self, job: _Job) -> None:
        wanted, fetcher = job.wanted, self._fetcher
        shard, error, names = None, None, []
        try:
            shard = fetcher.fetch(wanted, self._advanced, self._stopped)
            names = likely_next(shard.records.values())
        except BaseException as problem:
            error = problem
        with self._changed:
            # Nobody may ever ask for it: then it is on the disk, and need not be here.
            job.shard, job.error, job.done = shard, error, True
            self._guess(names)
            self._staff()
            self._changed.notify_all()

    def _advanced(self, amount: int) -> None:
        with self._changed:
            self._bytes += amount


def likely_next(records: Iterable[PackageRecord]) -> list[str]:
    """The names on which the newest of *records* depend."""
    newest = sorted(records, key=lambda record: -record.timestamp_ms)[:NEWEST]
    texts = dict.fromkeys(text for record in newest for text in record.depends)
    return list(dict.fromkeys(map(_name_of, texts)))


def _name_of(dependency: str) -> str:
    """The name in a dependency, which need not be written well."""
    name = dependency.rpartition("::")[2].strip()
    for stop in " [=<>!~":
        name = name.partition(stop)[0]
    return name.lower()
