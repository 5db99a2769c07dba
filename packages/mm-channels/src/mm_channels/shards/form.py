"""The sharded form of a subdir: its index from the cache or a server, and the shards it names."""

from __future__ import annotations

from functools import partial

from mm_channels.channel import CondaURL, Subdir
from mm_channels.errors import AuthenticationError, NotFound
from mm_channels.index.subdir import SubdirIndex
from mm_channels.repodata.cache import find_cached
from mm_channels.repodata.context import LoadContext
from mm_channels.repodata.flat import FlatForm
from mm_channels.repodata.state import is_fresh
from mm_channels.shards.fetcher import ShardFetcher
from mm_channels.shards.index import ShardIndex, drop_index, find_index
from mm_channels.shards.store import ShardStore
from mm_channels.shards.subdir import ShardedSubdir
from mm_pkg.cancellation import Cancellation

__all__ = ["ShardedForm"]


class ShardedForm:
    """Opens the sharded form of subdirs that are read together.

    flat    -- opens the other form, for what turns out not to be there in this one
    ttl     -- seconds for which an index is good at most
    threads -- shards fetched at a time; 0 for the usual number
    """

    def __init__(self, context: LoadContext, flat: FlatForm, *, ttl: int, threads: int) -> None:
        self._context = context
        self._flat = flat
        self._ttl = ttl
        self._fetcher = ShardFetcher(
            ShardStore(context.cache_dirs),
            context.transport,
            threads=threads,
            offline=context.offline,
            reporter=context.reporter,
            cancellation=context.cancellation,
        )

    def cached_index(self, subdir: Subdir) -> ShardIndex | None:
        """The cached index, if it may be used without asking the server."""
        context = self._context
        index = find_index(context.cache_dirs, subdir.url)
        if index is None or context.offline:
            return index
        age = index.age()
        fresh = abs(age) < self._ttl and is_fresh(age, index.head.cache_control, context.ttl)
        return index if fresh else None

    def may_exist(self, subdir: Subdir) -> bool:
        """Whether the server has not lately said that there is none."""
        known = find_cached(self._context.cache_dirs, f"{subdir.url}/repodata.json")[:1]
        said = known[0].state.has_shards if known else None
        if said is None or said.value:
            return True
        return not (said.given_within(self._ttl) if self._ttl else said.holds)

    def fetch(self, subdir: Subdir, cancellation: Cancellation) -> ShardedSubdir:
        """What the server has.

        Raises `NetworkError` and its kinds, `MalformedRepodata`, `Cancelled`.
        """
        return self.open(subdir, self._refresh(subdir, cancellation))

    def _refresh(self, subdir: Subdir, cancellation: Cancellation) -> ShardIndex:
        from mm_channels.shards.remote import refresh_index

        context = self._context
        try:
            index = refresh_index(
                subdir,
                context.transport,
                context.cache_dirs,
                reporter=context.reporter,
                cancellation=cancellation,
            )
        except (NotFound, AuthenticationError):
            drop_index(context.cache_dirs, subdir.url)
            raise
        self._share_credentials(subdir, index)
        return index

    def open(self, subdir: Subdir, index: ShardIndex) -> ShardedSubdir:
        """The source that reads the shards of *index*."""
        self._share_credentials(subdir, index)
        return ShardedSubdir(
            channel=subdir.channel.url,
            channel_name=subdir.channel.name,
            subdir=subdir.platform,
            index=index,
            fetcher=self._fetcher,
            renew=partial(self._context.wait_for, partial(self._refresh, subdir)),
            flat=partial(self._instead, subdir),
            warn=self._context.reporter.warned,
        )

    def _share_credentials(self, subdir: Subdir, index: ShardIndex) -> None:
        """What opens the channel opens its shards, too, wherever they are on its host."""
        self._context.transport.share(subdir.location, CondaURL.parse(index.head.shards_url))

    def _instead(self, subdir: Subdir) -> SubdirIndex:
        """The flat form of a subdir whose shards turned out not to be there. Raises `ChannelError`.

        The index that promised them is not believed a second time.
        """
        drop_index(self._context.cache_dirs, subdir.url)
        return self._flat.obtain(subdir)
