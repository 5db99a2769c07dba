"""Getting shards, for all sharded subdirs that are read together.

As long as all that is asked for is on this machine this is a look into a folder. With
the first shard that is not, `mm_channels.shards.queue` comes in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple, Protocol

from mm_channels.shards.shard import Shard
from mm_channels.shards.store import ShardStore
from mm_pkg.cancellation import Cancellation
from mm_pkg.reporter import Reporter

if TYPE_CHECKING:
    from mm_channels.shards.queue import ShardQueue
    from mm_channels.transport import Transport

__all__ = ["Member", "ShardFetcher", "Wanted"]

THREADS = 32
"""Shards fetched at a time unless somebody says otherwise."""


class Wanted(NamedTuple):
    """A shard to get: of which name, its SHA-256, and the URL of the folder it is in."""

    name: str
    digest: bytes
    folder: str

    @property
    def url(self) -> str:
        """The public URL of the shard."""
        return f"{self.folder}{self.digest.hex()}.msgpack.zst"


class Member(Protocol):
    """A sharded subdir, as far as fetching is concerned."""

    def wanted(self, name: str) -> Wanted | None:
        """What to fetch for the records of *name*; None if there are none."""


class ShardFetcher:
    """Gets shards for all sharded subdirs that are read together.

    store   -- where they are kept
    threads -- how many are fetched at a time; 0 for the usual number
    offline -- nothing is fetched: what is not here counts as not there, said once
    """

    def __init__(
        self,
        store: ShardStore,
        transport: Transport,
        *,
        threads: int = 0,
        offline: bool = False,
        reporter: Reporter,
        cancellation: Cancellation,
    ) -> None:
        self.store = store
        self.transport = transport
        self._threads = threads or THREADS
        self._offline = offline
        self.reporter = reporter
        self.cancellation = cancellation
        self._members: list[Member] = []
        self._expected: dict[str, None] = {}
        self._queue: ShardQueue | None = None
        self._said_offline = False

    def join(self, member: Member) -> None:
        """From now on names are also looked for in *member*."""
        self._members.append(member)

    def kept(self, name: str, digest: bytes) -> Shard | None:
        """The shard of *name* if it is on this machine."""
        shard = self._queue.arrived(name, digest) if self._queue is not None else None
        return shard or self._stored(name, digest)

    def _stored(self, name: str, digest: bytes) -> Shard | None:
        """The shard on the disk, unless it was kept for another name, which may claim it, too."""
        shard = self.store.read(digest)
        return shard if shard is not None and shard.name == name else None

    def expect(self, names: Iterable[str]) -> None:
        """Some of *names* may be asked for soon.

        That costs next to nothing as long as everything asked for is on this machine.
        """
        if self._queue is None:
            self._expected.update(dict.fromkeys(names))
        else:
            self._queue.expect(names)

    def expect_again(self) -> None:
        """An index has changed: what was expected may be in other shards now."""
        if self._queue is not None:
            self._queue.expect_again()

    def stop(self) -> None:
        """Fetch nothing more that nobody waits for; no thread is left then."""
        queue, self._queue = self._queue, None
        if queue is not None:
            queue.stop()

    def get(self, wanted: Wanted) -> Shard | None:
        """Fetch a shard that is not `kept`; None when offline.

        Raises `NetworkError` and its kinds, `MalformedRepodata`, `Cancelled`.
        """
        if not self._may_fetch(wanted):
            if not self._said_offline:
                self._said_offline = True
                self.reporter.warned(
                    "Not all records of the channels are cached; "
                    "offline, packages without are left out"
                )
            return None
        if self._queue is None:
            from mm_channels.shards.queue import ShardQueue

            self._queue = ShardQueue(self, self._members, self._threads)
            self.transport.before_close(self.stop)
            self._queue.expect(self._expected)
        return self._queue.get(wanted)

    def get_again(self, wanted: Wanted) -> Shard | None:
        """Fetch a shard that was `kept` and is gone or damaged since; None when offline.

        Raises what `get` does.
        """
        if not self._may_fetch(wanted):
            return None
        from mm_channels.workers import run_jobs

        shards: list[Shard] = []

        def job(cancellation: Cancellation) -> None:
            shards.append(self.fetch(wanted, lambda amount: None, cancellation))

        run_jobs([job], threads=1, cancellation=self.cancellation, abort=self.transport.abort)
        return shards[0]

    def _may_fetch(self, wanted: Wanted) -> bool:
        return not self._offline or wanted.folder.startswith("file:")

    def fetch(
        self, wanted: Wanted, on_bytes: Callable[[int], None], cancellation: Cancellation
    ) -> Shard:
        """The shard from the disk, else fetched here and now, and kept."""
        from mm_channels.shards.remote import fetch_shard

        stored = self._stored(wanted.name, wanted.digest)
        if stored is not None:
            return stored
        shard, data = fetch_shard(wanted, self.transport, on_bytes, cancellation)
        self.store.keep(wanted.digest, data)
        return shard
