"""The flat form of a subdir: its ``repodata.json``, from the cache, a folder or a server."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial

from mm_channels.channel import Subdir
from mm_channels.errors import (
    AuthenticationError,
    ChannelError,
    MalformedRepodata,
    NetworkError,
    NotFound,
)
from mm_channels.index.store import open_table
from mm_channels.index.subdir import SubdirIndex
from mm_channels.repodata.cache import Cached, CacheFiles, find_cached
from mm_channels.repodata.context import LoadContext
from mm_channels.repodata.progress import ScanProgress
from mm_channels.repodata.state import Checked, State, is_fresh
from mm_pkg.cancellation import Cancellation

__all__ = ["FlatForm"]


class FlatForm:
    """Opens the flat form of subdirs.

    use_zst -- prefer ``repodata.json.zst``
    """

    def __init__(self, context: LoadContext, *, use_zst: bool) -> None:
        self._context = context
        self._use_zst = use_zst

    def cached(self, subdir: Subdir, *, younger_than: float | None = None) -> SubdirIndex | None:
        """The cached text, if it may be used without asking the server.

        younger_than -- seconds since it was known to be current, at most
        """
        context = self._context
        for cached in find_cached(context.cache_dirs, f"{subdir.url}/repodata.json"):
            age = cached.age()
            if younger_than is not None and age > younger_than:
                continue
            if is_fresh(age, cached.state.cache_control, context.ttl, offline=context.offline):
                try:
                    index = self._open(subdir, cached)
                except MalformedRepodata:
                    cached.drop()
                    continue
                context.say_cached(subdir)
                return index
        return None

    def local(self, subdir: Subdir) -> SubdirIndex | None:
        """The text of a folder on this machine, read where it is; None if there is none.

        Raises `NetworkError` when it cannot be read, `MalformedRepodata`.
        """
        url = f"{subdir.url}/repodata.json"
        path = f"{subdir.location.local_path()}/repodata.json"
        try:
            file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise NetworkError(f"{path} cannot be read: {error.strerror}", url=url) from None
        return self._open(subdir, Cached(None, State(url=url), file))

    def fetch(
        self,
        subdir: Subdir,
        cancellation: Cancellation,
        *,
        force: bool = False,
        has_shards: Checked | None = None,
    ) -> SubdirIndex | ChannelError:
        """What the server has; why there is nothing, where it may be that the subdir is not there.

        force      -- fetch it, even if the cached one is up to date
        has_shards -- what the server has just said of the sharded form, to be remembered

        Raises `NetworkError` and its kinds, `MalformedRepodata`, `Cancelled`.
        """
        from mm_channels.repodata.remote import refresh

        context = self._context
        try:
            cached = refresh(
                subdir,
                context.transport,
                context.cache_dirs,
                use_zst=self._use_zst,
                force=force,
                has_shards=has_shards,
                reporter=context.reporter,
                cancellation=cancellation,
            )
        except NotFound as error:
            return error
        except AuthenticationError as error:
            if error.status != 403:
                raise
            # Some servers forbid what they do not have; who has all answers sorts that out.
            return error
        except MalformedRepodata:
            # Damaged on its way, perhaps, as a package can be: once more.
            if force:
                raise
            return self.fetch(subdir, cancellation, force=True, has_shards=has_shards)
        try:
            return self._open(subdir, cached)
        except MalformedRepodata:
            # What was cached is damaged, or what came is wrong: never offer it again.
            cached.drop()
            if force:
                raise
            return self.fetch(subdir, cancellation, force=True, has_shards=has_shards)

    def obtain(self, subdir: Subdir) -> SubdirIndex:
        """The cached one, else the server's. Raises `ChannelError`, `Cancelled`."""
        found: SubdirIndex | ChannelError | None = self.cached(subdir)
        if found is None:
            found = self._context.wait_for(partial(self.fetch, subdir))
        if isinstance(found, ChannelError):
            raise found
        return found

    def _open(self, subdir: Subdir, cached: Cached) -> SubdirIndex:
        """The index over a text on disk. Raises `MalformedRepodata`."""
        context, url = self._context, f"{subdir.url}/repodata.json"
        indexes = [CacheFiles.of(folder, url).index for folder in context.cache_dirs]
        if cached.files is not None:
            indexes = [cached.files.index, *(p for p in indexes if p != cached.files.index)]
        progress = ScanProgress(context.reporter, subdir.name, context.cancellation)
        try:
            table = open_table(
                cached.file, url, indexes, on_build=progress.start, on_read=progress.advance
            )
        except OSError as error:
            raise NetworkError(f"{url} cannot be read: {error.strerror}", url=url) from None
        except ValueError as error:
            progress.fail(str(error))
            raise MalformedRepodata(
                f"{url} is not repodata: {error}",
                url=url,
                hint="Check the channel's URL; if it is right, the server or a proxy is at fault.",
            ) from None
        progress.finish()
        return SubdirIndex(
            channel=subdir.channel.url,
            channel_name=subdir.channel.name,
            subdir=subdir.platform,
            url=url,
            table=table,
            file=cached.take_file(),
            warn=context.reporter.warned,
            on_damage=_dropper(cached, indexes),
        )


def _dropper(cached: Cached, indexes: Sequence[str]) -> Callable[[], None]:
    from mm_channels.index.store import drop_index

    files = cached.files

    def drop() -> None:
        drop_index(indexes)
        if files is not None:
            files.drop()

    return drop
