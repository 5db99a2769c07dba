"""Open the records of channels, fetching what is missing or out of date."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

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
from mm_channels.index.subdir import SubdirIndex
from mm_channels.repodata.absence import is_known_absent, remember_absent
from mm_channels.repodata.cache import CacheFiles
from mm_channels.repodata.context import LoadContext
from mm_channels.repodata.flat import FlatForm
from mm_channels.repodata.state import Checked
from mm_pkg.cancellation import Cancellation
from mm_pkg.reporter import SILENT, Reporter

if TYPE_CHECKING:
    from mm_channels.shards.form import ShardedForm
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
    prefer_flat: bool = False,
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
    prefer_flat -- shards only of what has nothing else: good where most names will be read
    shards_ttl -- seconds for which the index of shards is good at most, whatever *ttl* says
    shards_threads -- shards fetched at a time; 0 for the usual number

    A platform that a channel does not have is left out; a missing ``noarch`` besides
    earns a warning. Raises `SubdirNotFound` for a channel that has none of its platforms,
    `OfflineError` when nothing at all is cached, `MalformedRepodata`, `NetworkError`,
    `InvalidChannel` for what is no channel, `mm_pkg.cancellation.Cancelled`.
    """
    for channel in channels:
        _check_is_channel(channel)
    offline = offline or transport.network.offline
    context = LoadContext(
        cache_dirs, transport, ttl, offline, reporter, cancellation or Cancellation()
    )
    sharding = _Sharding(use_shards, prefer_flat, shards_ttl, shards_threads)
    loader = _Loader(context, FlatForm(context, use_zst=use_zst), sharding)
    subdirs = [subdir for channel in channels for subdir in channel.subdirs]
    outcomes = loader.load(subdirs)
    for channel in channels:
        _complain(channel, outcomes, reporter, offline=offline)
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
    last: bool
    ttl: int
    threads: int


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
    """Chooses a form for each subdir: what is here and good, else the best a server has."""

    def __init__(self, context: LoadContext, flat: FlatForm, sharding: _Sharding) -> None:
        self._context = context
        self._flat = flat
        self._sharding = sharding
        self._sharded: ShardedForm | None = None
        self._lock = threading.Lock()

    def load(self, subdirs: Sequence[Subdir]) -> dict[Subdir, Outcome]:
        """An index, or why there is none, for each subdir; other errors are raised."""
        found: dict[Subdir, Outcome | None] = {}
        for subdir in subdirs:
            self._context.cancellation.check()
            self._context.transport.learn(subdir.location)
            found[subdir] = self._from_disk(subdir)
        waiting = [subdir for subdir, outcome in found.items() if outcome is None]
        if waiting:
            self._fetch_all(waiting, found)
            self._remember_absent(waiting, found)
        return {subdir: outcome for subdir, outcome in found.items() if outcome is not None}

    def _fetch_all(self, subdirs: Sequence[Subdir], found: dict[Subdir, Outcome | None]) -> None:
        def job(subdir: Subdir) -> Callable[[Cancellation], None]:
            def fetch(cancellation: Cancellation) -> None:
                found[subdir] = self._fetch(subdir, cancellation)

            return fetch

        self._context.run([job(subdir) for subdir in subdirs])

    def _remember_absent(
        self, asked: Sequence[Subdir], found: dict[Subdir, Outcome | None]
    ) -> None:
        """Note what a channel lacks, if it is a channel at all: it has another subdir."""
        real = {
            subdir.channel
            for subdir, outcome in found.items()
            if outcome is not None and not isinstance(outcome, ChannelError)
        }
        for subdir in asked:
            if isinstance(found[subdir], NotFound) and subdir.channel in real:
                remember_absent(self._context.cache_dirs, f"{subdir.url}/repodata.json")

    # -- from this machine --------------------------------------------------------------

    def _from_disk(self, subdir: Subdir) -> Outcome | None:
        """What can be had without the network; None if the network must be asked."""
        context, url = self._context, f"{subdir.url}/repodata.json"
        if subdir.location.scheme == "file":
            local = self._flat.local(subdir)
            return self._fetch(subdir, context.cancellation) if local is None else local
        found = self._cached(subdir)
        if found is not None:
            return found
        if is_known_absent(context.cache_dirs, url, context.ttl, offline=context.offline):
            return NotFound(f"{url} does not exist", url=url)
        if context.offline:
            return OfflineError(f"{url} is not cached", url=url)
        return None

    def _cached(self, subdir: Subdir) -> SubdirIndex | ShardedSubdir | None:
        """What is cached and may be used without asking the server."""
        offline, last = self._context.offline, self._sharding.last
        index = None
        if self._has_cached_index(subdir) and (offline or not last):
            index = self._sharded_form().cached_index(subdir)
        if index is None or offline:
            younger_than = index.age() if index is not None and not last else None
            flat = self._flat.cached(subdir, younger_than=younger_than)
            if flat is not None:
                return flat
        if index is None:
            return None
        self._context.say_cached(subdir)
        return self._sharded_form().open(subdir, index)

    def _has_cached_index(self, subdir: Subdir) -> bool:
        """Whether it is worth it to load what reads shards."""
        folders = self._context.cache_dirs if self._sharding.wanted else ()
        return any(os.path.exists(CacheFiles.of(folder, subdir.url).shards) for folder in folders)

    # -- from the server ----------------------------------------------------------------

    def _fetch(self, subdir: Subdir, cancellation: Cancellation) -> Outcome:
        """What the server has of *subdir*: the form that is wanted, else the other one."""
        if self._sharding.last:
            found = self._flat.fetch(subdir, cancellation)
            if not isinstance(found, ChannelError):
                return found
            sharded, _ = self._fetch_sharded(subdir, cancellation)
            return found if sharded is None else sharded
        sharded, has_shards = self._fetch_sharded(subdir, cancellation)
        if sharded is not None:
            return sharded
        return self._flat.fetch(subdir, cancellation, has_shards=has_shards)

    def _fetch_sharded(
        self, subdir: Subdir, cancellation: Cancellation
    ) -> tuple[ShardedSubdir | None, Checked | None]:
        """The sharded form, and what the server said of it if there is none."""
        if not self._sharding.wanted or not self._sharded_form().may_exist(subdir):
            return None, None
        try:
            return self._sharded_form().fetch(subdir, cancellation), None
        except (NotFound, AuthenticationError):
            # Some servers forbid what they do not have. Where that is not so, the flat
            # file is forbidden, too.
            return None, Checked.now(False)
        except (NetworkError, MalformedRepodata):
            return None, None  # What is wrong comes out when the flat file is asked for.

    def _sharded_form(self) -> ShardedForm:
        with self._lock:
            if self._sharded is None:
                from mm_channels.shards.form import ShardedForm

                self._sharded = ShardedForm(
                    self._context,
                    self._flat,
                    ttl=self._sharding.ttl,
                    threads=self._sharding.threads,
                )
            return self._sharded
