"""Open the records of channels, fetching what is missing or out of date."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from mm_channels.channel import Channel, Subdir
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
from mm_channels.repodata.state import State, is_fresh
from mm_pkg.cancellation import Cancellation
from mm_pkg.reporter import SILENT, Reporter, Task

if TYPE_CHECKING:
    from mm_channels.transport import Transport

__all__ = ["load_subdirs"]


def load_subdirs(
    channels: Sequence[Channel],
    *,
    cache_dirs: Sequence[str | os.PathLike[str]],
    transport: Transport,
    ttl: int = 1,
    offline: bool = False,
    use_zst: bool = True,
    reporter: Reporter = SILENT,
    cancellation: Cancellation | None = None,
) -> tuple[SubdirIndex, ...]:
    """The records of all subdirs of *channels*, in the channels' order of priority.

    cache_dirs -- folders for repodata, best first (``<pkgs_dir>/cache``); they are made when needed
    ttl     -- how long a cached repodata is good: 0 ask always, 1 as the server said, else seconds
    offline -- use what is cached, of any age; nothing is fetched
    use_zst -- prefer ``repodata.json.zst``

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
        reporter,
        cancellation or Cancellation(),
    )
    subdirs = [subdir for channel in channels for subdir in channel.subdirs]
    outcomes = loader.load(subdirs)
    for channel in channels:
        _complain(channel, outcomes, reporter, offline=loader.offline)
    found = tuple(outcome for outcome in outcomes.values() if isinstance(outcome, SubdirIndex))
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


Outcome = SubdirIndex | ChannelError


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
        reporter: Reporter,
        cancellation: Cancellation,
    ) -> None:
        self.cache_dirs = cache_dirs
        self.transport = transport
        self.ttl = ttl
        self.offline = offline
        self.use_zst = use_zst
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
        real = {s.channel for s, outcome in found.items() if isinstance(outcome, SubdirIndex)}
        for subdir in asked:
            if isinstance(found[subdir], NotFound) and subdir.channel in real:
                remember_absent(self.cache_dirs, f"{subdir.url}/repodata.json")

    def _fetch(self, subdir: Subdir, cancellation: Cancellation, *, force: bool = False) -> Outcome:
        from mm_channels.repodata.remote import refresh

        try:
            cached = refresh(
                subdir,
                self.transport,
                self.cache_dirs,
                use_zst=self.use_zst,
                force=force,
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
            return self._fetch(subdir, cancellation, force=True)
        try:
            return self.open(subdir, cached)
        except MalformedRepodata:
            # What was cached is damaged, or what came is wrong: never offer it again.
            cached.drop()
            if force:
                raise
            return self._fetch(subdir, cancellation, force=True)

    def _from_disk(self, subdir: Subdir) -> Outcome | None:
        """What can be had without the network; None if the network must be asked."""
        url = f"{subdir.url}/repodata.json"
        if subdir.location.scheme == "file":
            return self._local(subdir, url)
        for cached in find_cached(self.cache_dirs, url):
            state = cached.state
            if is_fresh(cached.age(), state.cache_control, self.ttl, offline=self.offline):
                try:
                    index = self.open(subdir, cached)
                except MalformedRepodata:
                    cached.drop()
                    continue
                task = Task("repodata", subdir.name)
                self.reporter.started(task)
                self.reporter.finished(task, "cached")
                return index
        if is_known_absent(self.cache_dirs, url, self.ttl, offline=self.offline):
            return NotFound(f"{url} does not exist", url=url)
        if self.offline:
            return OfflineError(f"{url} is not cached", url=url)
        return None

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
        progress = _Progress(self.reporter, subdir.name, self.cancellation)
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


class _Progress:
    """Tells a reporter of a scan, if there is one."""

    def __init__(self, reporter: Reporter, name: str, cancellation: Cancellation) -> None:
        self._reporter = reporter
        self._name = name
        self._cancellation = cancellation
        self._task: Task | None = None

    def start(self, size: int) -> None:
        self._task = Task("index", self._name, size, "bytes")
        self._reporter.started(self._task)

    def advance(self, amount: int) -> None:
        self._cancellation.check()
        if self._task is not None:
            self._reporter.advanced(self._task, amount)

    def finish(self) -> None:
        if self._task is not None:
            self._reporter.finished(self._task)

    def fail(self, reason: str) -> None:
        if self._task is not None:
            self._reporter.failed(self._task, reason)
