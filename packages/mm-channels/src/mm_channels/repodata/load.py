"""Open the records of channels, fetching what is missing or out of date."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from msgspec import structs

from mm_channels.channel import Channel, CondaURL, Subdir
from mm_channels.errors import (
    AuthenticationError,
    ChannelError,
    InvalidChannel,
    MalformedRepodata,
    NetworkError,
    NotFound,
    OfflineError,
    SubdirNotFound,
)
from mm_channels.index.store import open_table
from mm_channels.index.subdir import SubdirIndex
from mm_channels.repodata.absence import is_known_absent, remember_absent
from mm_channels.repodata.cache import Cached, CacheFiles, find_cached
from mm_channels.repodata.progress import ScanProgress
from mm_channels.repodata.state import Checked, State, is_fresh
from mm_pkg.cancellation import Cancellation
from mm_pkg.reporter import SILENT, Reporter, Task

if TYPE_CHECKING:
    from mm_channels.shards.fetcher import ShardFetcher
    from mm_channels.shards.index import ShardIndex
    from mm_channels.shards.subdir import ShardedSubdir
    from mm_channels.transport import Transport

    Records = SubdirIndex | ShardedSubdir
    Outcome = SubdirIndex | ShardedSubdir | ChannelError

__all__ = ["load_subdirs"]


def load_subdirs(
    channels: Sequence[Channel],
    *,
    cache_dirs: Sequence[str | os.PathLike[str]],
    transport: Transport,
    ttl: int = 1,
    offline: bool = False,
    use_zst: bool = True,
    use_shards: bool = True,
    shards_ttl: int = 86400,
    shards_threads: int = 0,
    reporter: Reporter = SILENT,
    cancellation: Cancellation | None = None,
) -> tuple[Records, ...]:
    """The records of all subdirs of *channels*, in the channels' order of priority.

    cache_dirs -- folders for repodata, best first (``<pkgs_dir>/cache``); they are made when needed
    ttl     -- how long a cached repodata is good: 0 ask always, 1 as the server said, else seconds
    offline -- use what is cached, of any age; nothing is fetched
    use_zst -- prefer ``repodata.json.zst``
    use_shards -- read name by name what a channel has in shards (CEP 16): good where the
        names to be read are few
    shards_ttl -- seconds for which the index of shards is good at most, whatever *ttl* says
    shards_threads -- shards fetched at a time; 0 for the usual number

    A platform that a channel does not have is left out; a missing ``noarch`` besides
    earns a warning. Raises `SubdirNotFound` for a channel that has none of its platforms,
    `OfflineError` when nothing at all is cached, `MalformedRepodata`, `NetworkError`,
    `InvalidChannel` for what is no channel, `mm_pkg.cancellation.Cancelled`.
    """
    for channel in channels:
        _check_is_channel(channel)
    loader = _Loader(
        cache_dirs,
        transport,
        ttl,
        offline or transport.network.offline,
        use_zst,
        _Sharding(use_shards, shards_ttl, shards_threads),
        reporter,
        cancellation or Cancellation(),
    )
    subdirs = [subdir for channel in channels for subdir in channel.subdirs]
    outcomes = loader.load(subdirs)
    for channel in channels:
        _complain(channel, outcomes, reporter, offline=loader.offline)
    found = tuple(o for o in outcomes.values() if not isinstance(o, ChannelError))
    if subdirs and not found:
        listed = ", ".join(channel.name for channel in channels)
        raise OfflineError(
            f"Nothing is cached of {listed}, and the network may not be used",
            hint="Run once without --offline, with the same channels.",
        )
    return found


def _check_is_channel(channel: Channel) -> None:
    if channel.location is None:
        raise InvalidChannel(f"{channel.name} is not a channel", text=channel.name)
    if channel.is_package:
        raise InvalidChannel(
            f"{channel.name} is a package, not a channel",
            text=channel.name,
            hint="Give the package's path or URL as something to install.",
        )


class _Sharding(NamedTuple):
    """Whether and how shards are used; see `load_subdirs`."""

    wanted: bool
    ttl: int
    threads: int

    def is_fresh(self, index: ShardIndex, ttl: int) -> bool:
        """Whether *index* may be used without asking the server."""
        age = index.age()
        return age < self.ttl and is_fresh(age, index.head.cache_control, ttl)


def _complain(
    channel: Channel, outcomes: dict[Subdir, Outcome], reporter: Reporter, *, offline: bool
) -> None:
    """Say what is missing of *channel*; raise if that is everything."""
    missing = {
        subdir.platform: outcome
        for subdir in channel.subdirs
        if isinstance(outcome := outcomes[subdir], ChannelError)
    }
    if len(missing) < len(channel.platforms):
        if "noarch" in missing:
            reporter.warned(f"Channel {channel.name} has no noarch packages at {channel.url}")
        return
    if offline and all(isinstance(error, OfflineError) for error in missing.values()):
        reporter.warned(f"Nothing is cached of channel {channel.name}; offline, it is left out")
        return
    for error in missing.values():
        if isinstance(error, AuthenticationError):
            raise error
    platforms = ", ".join(missing)
    raise SubdirNotFound(
        f"Channel {channel.name} has no repodata for {platforms} at {channel.url}",
        url=channel.url,
        hint="Check the channel's name and URL; a channel needs at least noarch/repodata.json.",
    )


class _Loader:
    def __init__(
        self,
        cache_dirs: Sequence[str | os.PathLike[str]],
        transport: Transport,
        ttl: int,
        offline: bool,
        use_zst: bool,
        sharding: _Sharding,
        reporter: Reporter,
        cancellation: Cancellation,
    ) -> None:
        self.cache_dirs = cache_dirs
        self.transport = transport
        self.ttl = ttl
        self.offline = offline
        self.use_zst = use_zst
        self.sharding = sharding
        self.fetcher: ShardFetcher | None = None
        self._lock = threading.Lock()
        self.reporter = reporter
        self.cancellation = cancellation

    def load(self, subdirs: Sequence[Subdir]) -> dict[Subdir, Outcome]:
        """An index, or why there is none, for each subdir; other errors are raised."""
        found: dict[Subdir, Outcome | None] = {}
        for subdir in subdirs:
            self.cancellation.check()
            self.transport.learn(subdir.location)
            found[subdir] = self._from_disk(subdir)
        waiting = [subdir for subdir, outcome in found.items() if outcome is None]
        if waiting:
            self._fetch_all(waiting, found)
            self._remember_absent(waiting, found)
        return {subdir: outcome for subdir, outcome in found.items() if outcome is not None}

    def _fetch_all(self, subdirs: Sequence[Subdir], found: dict[Subdir, Outcome | None]) -> None:
        from mm_channels.workers import run_jobs

        def job(subdir: Subdir) -> Callable[[Cancellation], None]:
            def fetch(cancellation: Cancellation) -> None:
                found[subdir] = self._fetch(subdir, cancellation)

            return fetch

        run_jobs(
            [job(subdir) for subdir in subdirs],
            threads=self.transport.network.threads,
            cancellation=self.cancellation,
            abort=self.transport.abort,
        )

    def _remember_absent(
        self, asked: Sequence[Subdir], found: dict[Subdir, Outcome | None]
    ) -> None:
        """Note what a channel lacks, if it is a channel at all: it has another subdir."""
        real = {s.channel for s, o in found.items() if o and not isinstance(o, ChannelError)}
        for subdir in asked:
            if isinstance(found[subdir], NotFound) and subdir.channel in real:
                remember_absent(self.cache_dirs, f"{subdir.url}/repodata.json")

    def _fetch(self, subdir: Subdir, cancellation: Cancellation) -> Outcome:
        """What the server has of *subdir*: in shards if it can be, else flat."""
        if not self._may_have_shards(subdir):
            return self._fetch_flat(subdir, cancellation)
        from mm_channels.shards.index import drop_index
        from mm_channels.shards.remote import refresh_index

        has_shards = None
        try:
            index = refresh_index(
                subdir,
                self.transport,
                self.cache_dirs,
                reporter=self.reporter,
                cancellation=cancellation,
            )
            return self._sharded(subdir, index)
        except (NotFound, AuthenticationError):
            # Some servers forbid what they do not have. Where that is not so, the flat
            # file is forbidden, too.
            drop_index(self.cache_dirs, subdir.url)
            has_shards = Checked.now(False)
        except (NetworkError, MalformedRepodata):
            pass  # What is wrong with the server comes out when it is asked for the flat file.
        return self._fetch_flat(subdir, cancellation, has_shards=has_shards)

    def _may_have_shards(self, subdir: Subdir) -> bool:
        if not self.sharding.wanted:
            return False
        known = find_cached(self.cache_dirs, f"{subdir.url}/repodata.json")[:1]
        said = known[0].state.has_shards if known else None
        if said is None or said.value:
            return True
        return not (said.given_within(self.sharding.ttl) if self.sharding.ttl else said.holds)

    def _fetch_flat(
        self,
        subdir: Subdir,
        cancellation: Cancellation,
        *,
        force: bool = False,
        has_shards: Checked | None = None,
    ) -> SubdirIndex | ChannelError:
        from mm_channels.repodata.remote import refresh

        try:
            cached = refresh(
                subdir,
                self.transport,
                self.cache_dirs,
                use_zst=self.use_zst,
                force=force,
                has_shards=has_shards,
                reporter=self.reporter,
                cancellation=cancellation,
            )
        except NotFound as error:
            return error
        except AuthenticationError as error:
            if error.status != 403:
                raise
            # Some servers forbid what they do not have; _complain sorts that out.
            return error
        except MalformedRepodata:
            # Damaged on its way, perhaps, as a package can be: once more.
            if force:
                raise
            return self._fetch_flat(subdir, cancellation, force=True, has_shards=has_shards)
        try:
            return self.open(subdir, cached)
        except MalformedRepodata:
            # What was cached is damaged, or what came is wrong: never offer it again.
            cached.drop()
            if force:
                raise
            return self._fetch_flat(subdir, cancellation, force=True, has_shards=has_shards)

    def _from_disk(self, subdir: Subdir) -> Outcome | None:
        """What can be had without the network; None if the network must be asked."""
        url = f"{subdir.url}/repodata.json"
        if subdir.location.scheme == "file":
            return self._local(subdir, url)
        index = self._cached_shards(subdir)
        flat = None
        if index is None or self.offline:
            flat = self._cached_flat(subdir, younger_than=index.age() if index else None)
        if flat is not None:
            return flat
        if index is not None:
            self._say_cached(subdir)
            return self._sharded(subdir, index)
        if is_known_absent(self.cache_dirs, url, self.ttl, offline=self.offline):
            return NotFound(f"{url} does not exist", url=url)
        if self.offline:
            return OfflineError(f"{url} is not cached", url=url)
        return None

    def _cached_shards(self, subdir: Subdir) -> ShardIndex | None:
        """The cached index of shards, if it may be used without asking the server."""
        if not self.sharding.wanted:
            return None
        if not any(os.path.exists(CacheFiles.of(f, subdir.url).shards) for f in self.cache_dirs):
            return None
        from mm_channels.shards.index import find_index

        index = find_index(self.cache_dirs, subdir.url)
        if index is None or not (self.offline or self.sharding.is_fresh(index, self.ttl)):
            return None
        return index

    def _cached_flat(self, subdir: Subdir, younger_than: float | None = None) -> SubdirIndex | None:
        """The cached text, if it may be used without asking the server."""
        for cached in find_cached(self.cache_dirs, f"{subdir.url}/repodata.json"):
            state, age = cached.state, cached.age()
            if younger_than is not None and age > younger_than:
                continue
            if is_fresh(age, state.cache_control, self.ttl, offline=self.offline):
                try:
                    index = self.open(subdir, cached)
                except MalformedRepodata:
                    cached.drop()
                    continue
                self._say_cached(subdir)
                return index
        return None

    def _say_cached(self, subdir: Subdir) -> None:
        task = Task("repodata", subdir.name)
        self.reporter.started(task)
        self.reporter.finished(task, "cached")

    def _sharded(self, subdir: Subdir, index: ShardIndex) -> ShardedSubdir:
        """The source that reads the shards of *index*."""
        from mm_channels.shards.fetcher import ShardFetcher
        from mm_channels.shards.store import ShardStore
        from mm_channels.shards.subdir import ShardedSubdir

        self._learn_of_shards(subdir.location, index.head.shards_url)
        with self._lock:
            if self.fetcher is None:
                self.fetcher = ShardFetcher(
                    ShardStore(self.cache_dirs),
                    self.transport,
                    threads=self.sharding.threads,
                    offline=self.offline,
                    reporter=self.reporter,
                    cancellation=self.cancellation,
                )
        return ShardedSubdir(
            channel=subdir.channel.url,
            channel_name=subdir.channel.name,
            subdir=subdir.platform,
            index=index,
            fetcher=self.fetcher,
            flat=lambda: self._instead_of_shards(subdir),
            warn=self.reporter.warned,
        )

    def _learn_of_shards(self, location: CondaURL, shards_url: str) -> None:
        """The channel's credentials are good for its shards, wherever they are on its host."""
        if location.has_credentials:
            shards = CondaURL.parse(shards_url)
            if shards.origin == location.origin:
                self.transport.learn(structs.replace(location, path=shards.path))

    def _instead_of_shards(self, subdir: Subdir) -> SubdirIndex:
        """The flat form of a subdir whose shards turned out not to be there. Raises `ChannelError`.

        The index that promised them is not believed a second time.
        """
        from mm_channels.shards.index import drop_index

        drop_index(self.cache_dirs, subdir.url)
        flat = self._cached_flat(subdir) or self._fetch_flat(subdir, self.cancellation)
        if isinstance(flat, ChannelError):
            raise flat
        return flat

    def _local(self, subdir: Subdir, url: str) -> Outcome:
        """A ``repodata.json`` on this machine is read where it is, else a compressed one."""
        path = f"{subdir.location.local_path()}/repodata.json"
        try:
            file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError):
            return self._fetch(subdir, self.cancellation)
        except OSError as error:
            raise NetworkError(f"{path} cannot be read: {error.strerror}", url=url) from None
        return self.open(subdir, Cached(None, State(url=url), file))

    def open(self, subdir: Subdir, cached: Cached) -> SubdirIndex:
        """The index over a text on disk. Raises `MalformedRepodata`."""
        url = f"{subdir.url}/repodata.json"
        indexes = [CacheFiles.of(folder, url).index for folder in self.cache_dirs]
        if cached.files is not None:
            indexes = [cached.files.index, *(p for p in indexes if p != cached.files.index)]
        progress = ScanProgress(self.reporter, subdir.name, self.cancellation)
        try:
            table = open_table(
                cached.file, url, indexes, on_build=progress.start, on_read=progress.advance
            )
        except OSError as error:
            raise NetworkError(f"{url} cannot be read: {error.strerror}", url=url) from None
        except ValueError as error:
            progress.fail(str(error))
            raise _malformed(url, str(error)) from None
        progress.finish()
        drop = _dropper(cached, indexes)
        return SubdirIndex(
            channel=subdir.channel.url,
            channel_name=subdir.channel.name,
            subdir=subdir.platform,
            url=url,
            table=table,
            file=cached.take_file(),
            warn=self.reporter.warned,
            on_damage=drop,
        )


def _malformed(url: str, why: str) -> MalformedRepodata:
    return MalformedRepodata(
        f"{url} is not repodata: {why}",
        url=url,
        hint="Check the channel's URL; if it is right, the server or a proxy is at fault.",
    )


def _dropper(cached: Cached, indexes: Sequence[str]) -> Callable[[], None]:
    from mm_channels.index.store import drop_index

    files = cached.files

    def drop() -> None:
        drop_index(indexes)
        if files is not None:
            files.drop()

    return drop
