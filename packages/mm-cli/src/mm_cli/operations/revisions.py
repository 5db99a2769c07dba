"""Going to an earlier (or later) revision of an environment, packages and requests alike.

A history names packages by channel and distribution string, without URL or
hash. Most of them are still in a package cache, which knows both; the channels'
metadata tells those of the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from mm_cli.errors import CliError
from mm_cli.operations.channels import channel_context, load_sources
from mm_cli.operations.transaction import Change, package_cache
from mm_cli.session import Session

if TYPE_CHECKING:
    from mm_channels import Channel, Transport
    from mm_pkg import PackageCache, Prefix
    from mm_pkg.cancellation import Cancellation
    from mm_pkg.prefix import Dist
    from mm_pkg.record import PrefixRecord, RecordSource, RepodataRecord

__all__ = ["restore"]


def restore(session: Session, prefix: Prefix, number: int) -> bool:
    """Bring *prefix* to revision *number*.

    Returns whether it is there now. Raises `mm_pkg.errors.UnknownRevision`, and
    `CliError` for packages that are not to be had any more.
    """
    from mm_cli.operations.install import perform

    def make(
        installed: dict[str, PrefixRecord], transport: Transport, cancellation: Cancellation
    ) -> Change:
        return _change(session, prefix, number, installed, transport, cancellation)

    return perform(session, prefix, make)


def _change(
    session: Session,
    prefix: Prefix,
    number: int,
    installed: Mapping[str, PrefixRecord],
    transport: Transport,
    cancellation: Cancellation,
) -> Change:
    from mm_solve import explicit_changes, install_order

    state = prefix.state_at(number)
    missing = [
        dist
        for name, dist in state.packages.items()
        if name not in installed or installed[name].dist != dist.dist
    ]
    found = _find(session, missing, transport, cancellation)
    staying = [r for name, r in installed.items() if name in state.packages and name not in found]
    coming = [r for r in install_order([*staying, *found.values()]) if r.name in found]
    actions = explicit_changes(
        installed, coming, remove=[name for name in installed if name not in state.packages]
    )
    now = prefix.requested_specs()
    return Change(
        prefix.path,
        actions,
        update_specs=[
            spec for name, spec in state.specs.items() if now.get(name) != spec or name in found
        ],
        remove_specs=[spec for name, spec in now.items() if name not in state.specs],
    )


def _find(
    session: Session,
    dists: Sequence[Dist],
    transport: Transport,
    cancellation: Cancellation,
) -> dict[str, RepodataRecord]:
    """Package name -> its record, for all of *dists*. Raises `CliError`."""
    places = _Places(session)
    found = _in_cache(session, dists, places)
    rest = [dist for dist in dists if dist.name not in found]
    if rest:
        found |= _in_channels(session, rest, places, transport, cancellation)
    gone = [dist for dist in rest if dist.name not in found]
    if gone:
        raise CliError(
            "No longer to be had, neither in a package cache nor in its channel: "
            + ", ".join(map(str, gone)),
            hint="Another revision may do: `micromamba list --revisions` shows them.",
        )
    return found


class _Places:
    """Where the packages of a history may have come from."""

    def __init__(self, session: Session) -> None:
        from mm_channels import resolve_channels

        self._context = channel_context(session)
        self._configured = resolve_channels(session.config["channels"], self._context)
        self._known: dict[str, tuple[Channel, ...]] = {"": self._configured}

    def channels(self, dist: Dist) -> tuple[Channel, ...]:
        """The channels that *dist* names; all that are configured where it names none.

        A channel of the settings comes with the credentials that a history never holds.
        """
        text = dist.channel
        if text not in self._known:
            configured = {channel.url: channel for channel in self._configured}
            meant = self._resolved(text)
            self._known[text] = tuple(configured.get(c.url, c) for c in meant if c.url)
        return self._known[text]

    def _resolved(self, text: str) -> tuple[Channel, ...]:
        from mm_channels import resolve_channels
        from mm_channels.errors import InvalidChannel

        try:
            return resolve_channels([text], self._context)
        except InvalidChannel:
            return ()

    def folders(self, dist: Dist) -> Iterator[tuple[Channel, str]]:
        """Channel and platform; all platforms in question where *dist* names none."""
        for channel in self.channels(dist):
            for subdir in (dist.subdir,) if dist.subdir else channel.platforms:
                yield channel, subdir


def _in_cache(
    session: Session, dists: Iterable[Dist], places: _Places
) -> dict[str, RepodataRecord]:
    """Those that a package cache holds, extracted: they know their URL and hashes."""
    from mm_pkg.record import ARCHIVE_EXTENSIONS

    cache = package_cache(session)
    found: dict[str, RepodataRecord] = {}
    for dist in dists:
        urls = (
            f"{channel.url.rstrip('/')}/{subdir}/{dist.dist}{extension}"
            for channel, subdir in places.folders(dist)
            for extension in ARCHIVE_EXTENSIONS
        )
        record = next(filter(None, (_cached(cache, url) for url in urls)), None)
        if record is not None:
            found[dist.name] = record
    return found


def _cached(cache: PackageCache, url: str) -> RepodataRecord | None:
    from mm_pkg.record import InvalidRecord, RepodataRecord

    try:
        package = cache.find(RepodataRecord.from_url(url))
    except InvalidRecord:  # a history may hold anything
        return None
    return package.record if package is not None else None


def _in_channels(
    session: Session,
    dists: Sequence[Dist],
    places: _Places,
    transport: Transport,
    cancellation: Cancellation,
) -> dict[str, RepodataRecord]:
    """Those that their channels still list."""
    subdirs: dict[Channel, set[str]] = {}
    for dist in dists:
        for channel, subdir in places.folders(dist):
            subdirs.setdefault(channel, set()).add(subdir)
    sources = _opened(session, subdirs, transport, cancellation)
    found: dict[str, RepodataRecord] = {}
    for dist in dists:
        folders = {(channel.url.rstrip("/"), subdir) for channel, subdir in places.folders(dist)}
        for source in sources:
            if (source.channel.rstrip("/"), source.subdir) in folders:
                record = _listed(source, dist)
                if record is not None:
                    found.setdefault(dist.name, record)
    return found


def _opened(
    session: Session,
    subdirs: Mapping[Channel, set[str]],
    transport: Transport,
    cancellation: Cancellation,
) -> Sequence[RecordSource]:
    import msgspec

    from mm_cli.report.progress import reporter_for

    channels = tuple(
        msgspec.structs.replace(channel, platforms=tuple(sorted(needed)))
        for channel, needed in subdirs.items()
    )
    reporter = reporter_for(session.console)
    try:
        return load_sources(
            session, channels, transport, reporter=reporter, cancellation=cancellation
        )
    finally:
        reporter.close()


def _listed(source: RecordSource, dist: Dist) -> RepodataRecord | None:
    """The record of *dist*; of two archives of one build, the ``.conda``."""
    files = [
        fn
        for fn, record in source.packages(dist.name).items()
        if (record.version, record.build) == (dist.version, dist.build)
    ]
    if not files:
        return None
    return source.record(dist.name, min(files, key=lambda fn: (not fn.endswith(".conda"), fn)))
