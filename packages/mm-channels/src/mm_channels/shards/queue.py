"""Fetching shards: many at a time, and those that will be asked for next beforehand.

A solver asks for one name after the other. Were each fetched when it is asked for, a
solve over a network would pay a round trip a name. So from the first shard that is not
on this machine on, three kinds of names are fetched on a few threads: the one that is
waited for; those a solver says it expects to need; and what the newest packages of a
shard that has just arrived depend on, for these are likely next.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from mm_pkg.reporter import Task

if TYPE_CHECKING:
    from mm_channels.shards.fetcher import Member, ShardFetcher, Wanted
    from mm_channels.shards.shard import Shard
    from mm_pkg.record import PackageRecord

__all__ = ["ShardQueue", "likely_next"]

NEWEST = 4
"""Packages of a shard whose dependencies are fetched beforehand."""

GUESSES = 400
"""Names fetched at most without anybody having asked for them."""

_LOOK = 0.1
"""Seconds between looks at the cancellation."""


class _Job:
    """One shard on its way. `asked`: somebody waits for it."""

    __slots__ = ("asked", "done", "error", "shard", "started", "wanted")

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.asked = False
        self.started = False
        self.done = False
        self.shard: Shard | None = None
        self.error: BaseException | None = None


class ShardQueue:
    """What is to be fetched, and the threads that do it; they end when nothing is left."""

    def __init__(self, fetcher: ShardFetcher, members: Sequence[Member], most: int) -> None:
        self._fetcher = fetcher
        self._members = members
        self._most = most
        self._running = 0
        self._jobs: dict[bytes, _Job] = {}
        self._names: set[str] = set()
        self._first: deque[_Job] = deque()
        self._later: deque[_Job] = deque()
        self._guesses = 0
        self._changed = threading.Condition()
        self._task: Task | None = None

    # -- for the thread that solves -----------------------------------------------------

    def expect(self, names: Iterable[str]) -> None:
        """*names* may be asked for soon."""
        with self._changed:
            self._guess(names, self._first)
            self._staff()

    def get(self, wanted: Wanted) -> Shard:
        """Wait for one shard. Raises what went wrong with it, and `Cancelled`."""
        with self._changed:
            self._names.add(wanted.name)
            job = self._jobs.get(wanted.digest)
            if job is None or (job.done and job.shard is None and job.error is None):
                job = self._jobs[wanted.digest] = _Job(wanted)
            job.asked = True
            if not job.started:
                self._first.appendleft(job)
            # The same name in the other subdirs will be asked for next.
            self._put([wanted.name], self._first)
            self._staff()
            while not job.done:
                self._changed.wait(_LOOK)
                if self._fetcher.cancellation.cancelled:
                    self._fetcher.transport.abort()
                    self._fetcher.cancellation.check()
        if job.error is not None:
            raise job.error
        assert job.shard is not None
        shard, job.shard = job.shard, None
        return shard

    # -- with the lock held -------------------------------------------------------------

    def _guess(self, names: Iterable[str], queue: deque[_Job]) -> None:
        unseen = [name for name in names if name not in self._names]
        unseen = unseen[: GUESSES - self._guesses]
        self._names.update(unseen)
        self._guesses += len(unseen)
        self._put(unseen, queue)

    def _put(self, names: Iterable[str], queue: deque[_Job]) -> None:
        for name in names:
            for member in self._members:
                wanted = member.wanted(name)
                if wanted is not None and wanted.digest not in self._jobs:
                    job = self._jobs[wanted.digest] = _Job(wanted)
                    queue.append(job)

    def _staff(self) -> None:
        """Start as many threads as there is work for."""
        waiting = len(self._first) + len(self._later)
        while self._running < self._most and waiting > 0:
            waiting -= 1
            self._running += 1
            if self._task is None:
                self._task = Task("shards", "", None, "bytes")
                self._fetcher.reporter.started(self._task)
            threading.Thread(target=self._work, name="mm-shards", daemon=True).start()

    def _next(self) -> _Job | None:
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
                job = None if self._fetcher.cancellation.cancelled else self._next()
                if job is None:
                    self._running -= 1
                    if not self._running and self._task is not None:
                        self._fetcher.reporter.finished(self._task)
                        self._task = None
                    return
            self._do(job)

    def _do(self, job: _Job) -> None:
        wanted, fetcher = job.wanted, self._fetcher
        shard, error, names = None, None, []
        try:
            shard = fetcher.fetch(wanted, self._advanced)
            names = likely_next(shard.records.values())
        except BaseException as problem:
            error = problem
        with self._changed:
            # Nobody may ever ask for it: then it is on the disk, and need not be here.
            job.shard, job.error, job.done = shard, error, True
            self._guess(names, self._later)
            self._staff()
            self._changed.notify_all()

    def _advanced(self, amount: int) -> None:
        task = self._task
        if task is not None:
            self._fetcher.reporter.advanced(task, amount)


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
