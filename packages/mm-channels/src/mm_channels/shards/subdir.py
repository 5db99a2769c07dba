"""The records of one subdir of one channel, read name by name from its shards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from mm_channels.errors import (
    AuthenticationError,
    ChannelError,
    MalformedRepodata,
    NotFound,
    OfflineError,
)
from mm_channels.index.subdir import SubdirIndex, full_record
from mm_channels.shards.fetcher import ShardFetcher, Wanted
from mm_channels.shards.index import ShardIndex
from mm_channels.shards.shard import Shard
from mm_pkg.record import PackageRecord, RepodataRecord

__all__ = ["ShardedSubdir"]

_RENEWALS = 3
"""How often a newer index is asked for while a source is in use."""


class _Answer(NamedTuple):
    """Where the records of a name are: in which file, and what they are."""

    wanted: Wanted
    shard: Shard


class ShardedSubdir:
    """A `mm_pkg.record.RecordSource` over shards, on this machine or to be fetched.

    channel, channel_name -- the channel's public URL and its display name
    subdir  -- the platform
    index   -- which shard has the records of a name
    fetcher -- gets shards; shared with the other subdirs that are read together
    renew   -- asks the server for its index; called when a shard of *index* is gone
    flat    -- opens the subdir's ``repodata.json`` instead; asked when a shard cannot be had
    warn    -- told, once each, of what is left out
    """

    def __init__(
        self,
        *,
        channel: str,
        channel_name: str,
        subdir: str,
        index: ShardIndex,
        fetcher: ShardFetcher,
        renew: Callable[[], ShardIndex],
        flat: Callable[[], SubdirIndex],
        warn: Callable[[str], None] = lambda message: None,
    ) -> None:
        self.channel = channel
        self.channel_name = channel_name
        self.subdir = subdir
        self._index = index
        self._fetcher = fetcher
        self._renew = renew
        self._renewals = 0
        self._open_flat = flat
        self._warn = warn
        self._warned: set[str] = set()
        self._flat: SubdirIndex | None = None
        self._answered: dict[str, _Answer | None] = {}
        fetcher.join(self)

    @property
    def url(self) -> str:
        """The public URL of the index."""
        return self._index.head.url

    @property
    def base_url(self) -> str:
        """Where the packages are, with a trailing slash."""
        return self._index.head.base_url

    def __repr__(self) -> str:
        return f"ShardedSubdir({self.url!r}, names={len(self)})"

    def __len__(self) -> int:
        """The number of names."""
        return len(self._index)

    def __contains__(self, name: object) -> bool:
        """Whether there are packages of that name."""
        return isinstance(name, str) and self._index.digest(name) is not None

    def names(self) -> Iterable[str]:
        """All package names."""
        return iter(self._index)

    def prefetch(self, names: Iterable[str]) -> None:
        """Some of *names* may be asked for soon; see `mm_pkg.record.RecordSource`."""
        self._fetcher.expect(names)

    def packages(self, name: str) -> Mapping[str, PackageRecord]:
        """File name -> record of every package called *name*; empty when there is none.

        A ``.tar.bz2`` is left out when the same package is there as ``.conda``.
        Raises `NetworkError` when the records can be had neither from a shard nor from
        the flat repodata, and `Cancelled`.
        """
        found = self._find(name)
        if found is None:
            return {}
        if isinstance(found, SubdirIndex):
            return found.packages(name)
        if found.shard.left_out:
            self._tell(found.shard.left_out)
        return found.shard.records

    def record(self, name: str, fn: str) -> RepodataRecord:
        """Everything known of one package.

        Raises KeyError, `MalformedRepodata`, and `NetworkError` where it has to be fetched.
        """
        found = self._find(name)
        if found is None:
            raise KeyError(fn)
        if isinstance(found, SubdirIndex):
            return found.record(name, fn)
        return full_record(
            self._details(found, fn),
            fn,
            base_url=self.base_url,
            channel=self.channel,
            subdir=self._index.head.subdir or self.subdir,
            source=self.url,
        )

    def wanted(self, name: str) -> Wanted | None:
        """What to fetch for the records of *name*; None if there are none."""
        digest = self._index.digest(name)
        return None if digest is None else Wanted(name, digest, self._index.head.shards_url)

    def close(self) -> None:
        """Give files back, fetch no more. Reading is not possible afterwards."""
        self._fetcher.stop()
        if self._flat is not None:
            self._flat.close()

    def _find(self, name: str) -> _Answer | SubdirIndex | None:
        """Who has the records of *name*: its shard, the flat form, nobody."""
        if name in self._answered:
            return self._answered[name]
        found = self._asked(name) if self._flat is None else self._flat
        if not isinstance(found, SubdirIndex):
            self._answered[name] = found
        return found

    def _asked(self, name: str) -> _Answer | SubdirIndex | None:
        wanted = self.wanted(name)
        if wanted is None:
            return None
        shard = self._fetcher.kept(name, wanted.digest)
        if shard is None:
            try:
                shard = self._fetcher.get(wanted)
            except ChannelError as error:
                return self._asked(name) if self._outdated(wanted, error) else self._instead(error)
        return None if shard is None else _Answer(wanted, shard)

    def _outdated(self, wanted: Wanted, error: ChannelError) -> bool:
        """Whether *wanted* cannot be had because the channel has changed since it was indexed.

        Then the new index is the one in use. Some servers forbid what they do not have.
        """
        gone = isinstance(error, (NotFound, AuthenticationError))
        if not gone or self._renewals == _RENEWALS:
            return False
        self._renewals += 1
        before = self._index
        try:
            self._index = self._renew()
        except ChannelError:
            return False
        if self.wanted(wanted.name) == wanted:
            self._index = before
            return False
        self._fetcher.expect_again()
        return True

    def _instead(self, error: ChannelError) -> SubdirIndex:
        """The flat form, from now on, for a shard that cannot be had. Raises *error*."""
        try:
            self._flat = self._open_flat()
        except ChannelError:
            raise error from None
        self._warn(
            f"{self.channel_name}/{self.subdir}: its flat repodata is used, "
            f"for {error.message[:1].lower()}{error.message[1:]}"
        )
        return self._flat

    def _details(self, found: _Answer, fn: str) -> dict[str, Any]:
        """All that the server says of *fn*; what is gone or damaged since is fetched again."""
        wanted, store = found.wanted, self._fetcher.store
        try:
            data = store.record(wanted.digest, found.shard.extent(fn))
            if data is None:
                again = self._fetcher.get_again(wanted)
                if again is None:
                    raise OfflineError(
                        f"{wanted.url} is not cached any more, and the network may not be used",
                        url=wanted.url,
                        hint="Run again without --offline.",
                    )
                data = store.record(wanted.digest, again.extent(fn))
            if data is None:
                raise ValueError("it was damaged while it was kept")
        except ValueError as error:
            raise MalformedRepodata(
                f"{wanted.url} has a record that cannot be read: {fn}: {error}", url=wanted.url
            ) from None
        return data

    def _tell(self, left_out: Mapping[str, str]) -> None:
        for fn, why in left_out.items():
            if fn not in self._warned:
                self._warned.add(fn)
                self._warn(f"{self.channel_name}/{self.subdir}: {fn} is left out: {why}")
