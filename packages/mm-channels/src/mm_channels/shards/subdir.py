"""The records of one subdir of one channel, read name by name from its shards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from mm_channels.errors import ChannelError
from mm_channels.index.subdir import SubdirIndex, full_record
from mm_channels.shards.fetcher import ShardFetcher, Wanted
from mm_channels.shards.index import ShardIndex
from mm_channels.shards.shard import Shard
from mm_pkg.record import PackageRecord, RepodataRecord

__all__ = ["ShardedSubdir"]


class ShardedSubdir:
    """A `mm_pkg.record.RecordSource` over shards, on this machine or to be fetched.

    channel, channel_name -- the channel's public URL and its display name
    subdir  -- the platform
    index   -- which shard has the records of a name
    fetcher -- gets shards; shared with the other subdirs that are read together
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
        flat: Callable[[], SubdirIndex],
        warn: Callable[[str], None] = lambda message: None,
    ) -> None:
        self._channel = channel
        self._channel_name = channel_name
        self._subdir = subdir
        self._index = index
        self._fetcher = fetcher
        self._open_flat = flat
        self._warn = warn
        self._warned: set[str] = set()
        self._flat: SubdirIndex | None = None
        self._answered: dict[str, Shard] = {}
        fetcher.join(self)

    @property
    def channel(self) -> str:
        """The channel's URL without secrets; sources of one channel share it."""
        return self._channel

    @property
    def channel_name(self) -> str:
        """The channel's display name, such as ``conda-forge``."""
        return self._channel_name

    @property
    def subdir(self) -> str:
        """The platform, such as ``linux-64`` or ``noarch``."""
        return self._subdir

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
        wanted = self.wanted(name)
        if wanted is None:
            return {}
        if self._flat is not None and name not in self._answered:
            return self._flat.packages(name)
        shard = self._shard(wanted)
        if shard is None:
            return {} if self._flat is None else self._flat.packages(name)
        if shard.left_out:
            self._tell(shard.left_out)
        return shard.records

    def record(self, name: str, fn: str) -> RepodataRecord:
        """Everything known of one package.

        Raises KeyError, `MalformedRepodata`, and `NetworkError` where it has to be fetched.
        """
        if self._flat is not None and name not in self._answered:
            return self._flat.record(name, fn)
        wanted = self.wanted(name)
        shard = None if wanted is None else self._shard(wanted)
        if wanted is None or shard is None:
            if self._flat is not None:
                return self._flat.record(name, fn)
            raise KeyError(fn)
        store = self._fetcher.store
        data = store.record(wanted.digest, shard.extent(fn))
        if data is None:
            # It is gone since, or damaged: then it is fetched again.
            shard = self._fetcher.fetch(wanted, lambda amount: None)
            data = store.record(wanted.digest, shard.extent(fn))
        if data is None:
            raise KeyError(fn)
        return full_record(
            data,
            fn,
            base_url=self.base_url,
            channel=self._channel,
            subdir=self._index.head.subdir or self._subdir,
            source=self.url,
        )

    def wanted(self, name: str) -> Wanted | None:
        """What to fetch for the records of *name*; None if there are none."""
        digest = self._index.digest(name)
        return None if digest is None else Wanted(name, digest, self._index.head.shards_url)

    def close(self) -> None:
        """Give files back. Reading is not possible afterwards."""
        if self._flat is not None:
            self._flat.close()

    def _shard(self, wanted: Wanted) -> Shard | None:
        """The shard with that name; None where it is to be done without (then see `_flat`)."""
        name = wanted.name
        shard = self._answered.get(name) or self._fetcher.kept(name, wanted.digest)
        if shard is None:
            shard = self._fetched(wanted)
        if shard is not None:
            self._answered[name] = shard
        return shard

    def _fetched(self, wanted: Wanted) -> Shard | None:
        try:
            return self._fetcher.get(wanted)
        except ChannelError as error:
            try:
                self._flat = self._open_flat()
            except ChannelError:
                raise error from None
            self._warn(
                f"{self._channel_name}/{self._subdir}: its flat repodata is used, "
                f"for {error.message[:1].lower()}{error.message[1:]}"
            )
            return None

    def _tell(self, left_out: Mapping[str, str]) -> None:
        for fn, why in left_out.items():
            if fn not in self._warned:
                self._warned.add(fn)
                self._warn(f"{self._channel_name}/{self._subdir}: {fn} is left out: {why}")
