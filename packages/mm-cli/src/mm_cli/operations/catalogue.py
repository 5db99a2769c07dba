"""Packages to look through: those of channels, or those of an environment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from mm_cli.session import Session

if TYPE_CHECKING:
    from mm_pkg.cancellation import Cancellation
    from mm_pkg.record import PackageRecord, RecordSource, RepodataRecord
    from mm_solve import MatchSpec, Version

__all__ = ["Catalogue", "Listed", "Place", "open_catalogue", "parse_dependency"]

LITTLE = 2
"""Letters of a pattern below which most names match it."""

SUGGESTIONS = 3
"""How many names are offered in place of one that nothing has."""


Place = tuple[str, str, str, str]
"""Channel, platform, name and file name."""


class Listed(NamedTuple):
    """A package in a catalogue; its whole record is read when it is asked for.

    rank  -- of its channel: 0 is searched first
    """

    source: RecordSource
    rank: int
    fn: str
    package: PackageRecord

    @property
    def subdir(self) -> str:
        """Its platform."""
        return self.package.subdir or self.source.subdir

    @property
    def place(self) -> Place:
        """What it is one of: no two packages of a catalogue have the same."""
        return self.source.channel, self.source.subdir, self.package.name, self.fn

    def record(self) -> RepodataRecord:
        """Everything known of it."""
        return self.source.record(self.package.name, self.fn)


class Catalogue:
    """Sources of records, and what they have for a spec.

    local     -- whether it is an environment
    by_channel -- whether a channel's packages rank before those of later channels
    label     -- what to call the channel of a record
    warn      -- told of packages whose version is none; they are left out
    cancellation -- looked at between names
    """

    def __init__(
        self,
        sources: Sequence[RecordSource],
        *,
        local: bool,
        by_channel: bool,
        label: Callable[[str], str],
        warn: Callable[[str], None],
        cancellation: Cancellation,
    ) -> None:
        self.sources = tuple(sources)
        self.local = local
        self.label = label
        self._warn = warn
        self._cancellation = cancellation
        self._by_channel = by_channel
        channels = list(dict.fromkeys(source.channel for source in sources))
        self._ranks = [channels.index(source.channel) for source in sources]
        self._versions: dict[str, Version | None] = {}

    def names(self) -> list[str]:
        """Every name, sorted."""
        return sorted({name for source in self.sources for name in source.names()})

    def matching(self, *specs: MatchSpec) -> Iterator[Listed]:
        """Every package that all *specs* select, in no order."""
        for source, rank in zip(self.sources, self._ranks, strict=True):
            for name in self._names(source, specs[0]):
                self._cancellation.check()
                for fn, package in source.packages(name).items():
                    listed = Listed(source, rank, fn, package)
                    valid = self.version(listed) is not None
                    if valid and all(self._selects(spec, listed) for spec in specs):
                        yield listed

    def _names(self, source: RecordSource, spec: MatchSpec) -> Iterable[str]:
        if spec.has_exact_name:
            return [spec.name]
        names = [name for name in source.names() if spec.name_matches(name)]
        self.prefetch(names)
        return names

    def prefetch(self, names: Iterable[str]) -> None:
        """*names* will be asked for soon."""
        from mm_pkg.record import Prefetching

        sources = [source for source in self.sources if isinstance(source, Prefetching)]
        wanted = list(names) if sources else []
        for source in sources:
            source.prefetch(wanted)

    def _selects(self, spec: MatchSpec, listed: Listed) -> bool:
        if spec.channel and not spec.matches_channel(*self._channel(listed)):
            return False
        return spec.matches(listed.record() if spec.needs_full_record else listed.package)

    def all_packages(
        self, mentioning: str = ""
    ) -> Iterator[tuple[Callable[[str, PackageRecord], Listed], Mapping[str, PackageRecord]]]:
        """The packages of each name of each source, and what makes them `Listed`.

        mentioning -- only those that may have a spec on this name, where a source can tell
        """
        for source, rank in zip(self.sources, self._ranks, strict=True):
            tell = getattr(source, "names_mentioning", None)
            names: Iterable[str]
            if tell is None or not mentioning:
                names = list(source.names())
                self.prefetch(names)
            else:
                names = tell(mentioning)
            for name in names:
                self._cancellation.check()
                yield partial(Listed, source, rank), source.packages(name)
            self._cancellation.check()  # where no name was worth a look

    def _channel(self, listed: Listed) -> tuple[str, str]:
        """URL and name of the channel that it is, or was, in."""
        if not self.local:
            return listed.source.channel, listed.source.channel_name
        channel = listed.record().channel
        return channel, self.label(channel)

    def version(self, listed: Listed) -> Version | None:
        """The version, None (and a warning, once) where it is none."""
        text = listed.package.version
        try:
            return self._versions[text]
        except KeyError:
            pass
        from mm_solve import Version
        from mm_solve.errors import InvalidVersion
        from mm_solve.printable import printable

        try:
            found: Version | None = Version.parse(text)
        except InvalidVersion as error:
            self._warn(printable(f"{listed.fn} is left out: {error.message}"))
            found = None
        self._versions[text] = found
        return found

    def usable(self, found: Iterable[Listed]) -> list[Listed]:
        """Those whose version is one; see `version`."""
        known = self._versions
        return [
            listed
            for listed in found
            if known.get(listed.package.version) or self.version(listed) is not None
        ]

    def newest_first(self, found: Iterable[Listed]) -> list[Listed]:
        """Sorted by name; within a name the newest version and the highest build first."""
        ordered = sorted(found, key=lambda listed: listed.place)
        ordered.sort(key=self._age, reverse=True)
        ordered.sort(key=lambda listed: listed.package.name)
        return ordered

    def newest(self, found: Iterable[Listed]) -> Listed | None:
        """The one to be preferred: by channel, then the newest; None of none.

        Packages whose version is none are passed over.
        """
        # By version first: of a thousand builds few are of the last one.
        groups: dict[tuple[int, int, str], list[Listed]] = {}
        by_channel = self._by_channel
        for listed in found:
            _, rank, _, package = listed
            features = len(package.features) if package.track_features else 0
            key = (-rank if by_channel else 0, -features, package.version)
            if key in groups:
                groups[key].append(listed)
            else:
                groups[key] = [listed]
        usable = {
            key: (*key[:2], version)
            for key, packages in groups.items()
            if (version := self.version(packages[0])) is not None
        }
        if not usable:
            return None
        best = max(usable.values())
        last = [listed for key in usable if usable[key] == best for listed in groups[key]]
        return max(last, key=lambda listed: (*self._age(listed), listed.place))

    def _age(self, listed: Listed) -> tuple[object, ...]:
        package = listed.package
        return self.version(listed), package.build_number, package.timestamp_ms, -listed.rank

    def similar(self, name: str) -> list[str]:
        """Names that somebody who wrote *name* may have meant, the likeliest first."""
        from difflib import get_close_matches

        names = self.names()
        plain = _without_marks(name)
        same = [each for each in names if _without_marks(each) == plain and each != name]
        close = get_close_matches(name, names, SUGGESTIONS, cutoff=0.75)
        return list(dict.fromkeys([*same, *close]))[:SUGGESTIONS]


def parse_dependency(text: str) -> MatchSpec | None:
    """The spec that a dependency of a record spells; None if it is none."""
    from mm_solve import MatchSpec
    from mm_solve.errors import InvalidMatchSpec

    try:
        return MatchSpec.parse_dependency(text)
    except InvalidMatchSpec:
        return None


def _without_marks(name: str) -> str:
    """``scikit_learn``, ``scikit-learn`` and ``scikitlearn`` are easily taken for each other."""
    return name.replace("-", "").replace("_", "").replace(".", "")


@contextmanager
def open_catalogue(
    session: Session, specs: Sequence[MatchSpec], *, local: bool, whole: bool = False
) -> Iterator[Catalogue]:
    """What is installed, or what the channels have, to be read within the context.

    specs -- what is looked for; the channels they name are searched as well
    whole -- most names of the channels will be read
    Raises `mm_config.errors.ConfigError` where there is no environment.
    """
    from mm_cli.operations.channels import channel_label, open_transport
    from mm_cli.operations.interruption import interruptible

    with interruptible() as cancellation:
        if local:
            yield Catalogue(
                _installed(session),
                local=True,
                by_channel=False,
                label=lambda channel: channel_label(session, channel),
                warn=session.console.warn,
                cancellation=cancellation,
            )
            return
        session.console.say("Getting repodata from channels...")
        with open_transport(session) as transport:
            from mm_cli.operations.request import named_channels
            from mm_cli.operations.solving import open_sources

            globs = any(not spec.has_exact_name for spec in specs)
            sources = open_sources(
                session, named_channels(specs), transport, cancellation, whole=whole or globs
            )
            session.console.say()
            names = {source.channel.rstrip("/"): source.channel_name for source in sources}
            yield Catalogue(
                sources,
                local=False,
                by_channel=session.config["channel_priority"] != "disabled",
                label=lambda channel: names.get(channel) or channel_label(session, channel),
                warn=session.console.warn,
                cancellation=cancellation,
            )


def _installed(session: Session) -> list[RecordSource]:
    from mm_cli.operations.installed import InstalledSource

    session.repair()
    session.console.say("Using local repodata...\n")
    session.config.check_environment(session.prefix)
    session.console.say(f"Loaded current active prefix: {session.prefix}\n")
    return [InstalledSource(session.prefix)]
