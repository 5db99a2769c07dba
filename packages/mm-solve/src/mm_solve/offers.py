"""What channels and the prefix offer of a name, and what a spec asks of an offer.

Channel priority, the two archive formats, packages that are too new, and the
installed record in place of its twin in a channel are settled here; nothing
is ranked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from .candidates import INSTALLED, VIRTUAL, Entry, hide_other_format

if TYPE_CHECKING:
    from mm_pkg.record import PackageRecord, PrefixRecord, RecordSource

    from .exclude_newer import Hidden
    from .match_spec import MatchSpec
    from .policy import Policy

__all__ = ["Offers", "Test"]

Test = Callable[[Entry], bool]
"""Whether an entry is what a spec asks for beyond name, version and build."""

BEYOND_BUILD = frozenset(
    {
        *("build_number", "channel", "subdir", "url", "fn", "license", "license_family"),
        *("md5", "sha256", "features", "track_features", "flags"),
    }
)
"""What a spec may ask for beyond name, version and build."""


class Offers:
    """The records of all sources and of the prefix, by name.

    hidden -- by name, what the policy's ``exclude_newer`` kept from view
    """

    def __init__(
        self,
        sources: Sequence[RecordSource],
        installed: Mapping[str, PrefixRecord],
        policy: Policy,
    ) -> None:
        self.hidden: dict[str, Hidden] = {}
        self._sources = sources
        self._installed = installed
        self._policy = policy
        self._priorities = _priorities(sources)
        self._order = _reading_order(sources, self._priorities)

    def names_like(self, spec: MatchSpec) -> list[str]:
        """The names that a spec with a glob for a name stands for, sorted."""
        names = {name for source in self._sources for name in source.names()}
        return sorted(filter(spec.name_matches, names | set(self._installed)))

    def has(self, name: str) -> bool:
        """Whether a channel offers *name*."""
        return any(
            (packages := self._sources[number].packages(name))
            and self._shown(name, number, packages)
            for number in self._order
        )

    def entries(self, name: str) -> list[Entry]:
        """Every record of *name* that may be chosen."""
        policy = self._policy
        entries: list[Entry] = []
        owner: int | None = None
        self.hidden.pop(name, None)
        for number in self._order:
            priority = self._priorities[number]
            if policy.channel_priority == "strict" and owner is not None and owner < priority:
                break
            packages = self._sources[number].packages(name)
            if packages:
                # A channel owns a name also where all it has is hidden for its age.
                owner = priority
                shown = self._shown(name, number, packages)
                rank = 0 if policy.channel_priority == "disabled" else priority
                entries += [Entry(record, fn, number, rank) for fn, record in shown]
        installed = self._installed.get(name)
        if installed is not None:
            entries = self._with_installed(installed, entries)
        return entries

    def _shown(
        self, name: str, number: int, packages: Mapping[str, PackageRecord]
    ) -> Sequence[tuple[str, PackageRecord]]:
        """Those of the *packages* of source *number* that the policy lets be seen."""
        policy = self._policy
        if policy.exclude_newer is not None:
            source = self._sources[number]
            cutoff = policy.exclude_newer.cutoff(name, source.channel, source.channel_name)
            if cutoff is not None:
                from .exclude_newer import old_enough

                packages, hidden = old_enough(packages, cutoff)
                if hidden:
                    known = self.hidden.get(name)
                    self.hidden[name] = hidden if known is None else known.joined(hidden)
        return hide_other_format(packages, policy.only_tar_bz2)

    def _with_installed(self, record: PrefixRecord, entries: list[Entry]) -> list[Entry]:
        """Add the installed record in place of its twin in a channel."""
        policy = self._policy
        again = record.name in policy.reinstall
        if again:
            twins = [entry for entry in entries if self._is_twin(record, entry)]
            if twins:
                return twins
        favoured = again or (policy.update is not None and record.name not in policy.update)
        priority = next(
            (
                entry.priority
                for entry in entries
                if self._sources[entry.source].channel == record.channel
            ),
            max((entry.priority for entry in entries), default=0),
        )
        others = [entry for entry in entries if not self._is_twin(record, entry)]
        return [Entry(record, record.fn, INSTALLED, priority, favoured), *others]

    def _is_twin(self, record: PrefixRecord, entry: Entry) -> bool:
        """Whether a channel's record is the very package that is installed."""
        other = entry.record
        if (other.version, other.build, other.build_number) != (
            record.version,
            record.build,
            record.build_number,
        ):
            return False
        source = self._sources[entry.source]
        full = source.record(record.name, entry.fn)
        if record.sha256 and full.sha256:
            return record.sha256 == full.sha256
        if record.md5 and full.md5:
            return record.md5 == full.md5
        return not record.channel or record.channel == source.channel

    # -- what a spec asks -------------------------------------------------------------

    def test(self, spec: MatchSpec) -> Test | None:
        """What *spec* asks beyond name, version and build; None when nothing."""
        if BEYOND_BUILD.isdisjoint(vars(spec)):
            return None
        return lambda entry: self._passes(spec, entry)

    def _passes(self, spec: MatchSpec, entry: Entry) -> bool:
        record = entry.record
        incomplete = spec.needs_full_record or (spec.subdir and not record.subdir)
        if incomplete and entry.source >= 0:
            record = self._sources[entry.source].record(record.name, entry.fn)
        if not spec.matches(record):
            return False
        return not spec.channel or self._in_channel(spec, entry)

    def _in_channel(self, spec: MatchSpec, entry: Entry) -> bool:
        """Whether *entry* is from the channel that *spec* names."""
        if entry.source == VIRTUAL:
            return False
        if entry.source != INSTALLED:
            source = self._sources[entry.source]
            return spec.matches_channel(source.channel, source.channel_name)
        url = self._installed[entry.record.name].channel
        names = [s.channel_name for s in self._sources if s.channel == url]
        return spec.matches_channel(url, names[0] if names else url.rpartition("/")[2])


def _priorities(sources: Sequence[RecordSource]) -> list[int]:
    """Channel priority by source: all subdirs of one channel share it, 0 is the highest."""
    order: dict[str, int] = {}
    return [order.setdefault(source.channel, len(order)) for source in sources]


def _reading_order(sources: Sequence[RecordSource], priorities: Sequence[int]) -> list[int]:
    """The numbers of *sources*, the preferred channel first; one given twice counts once."""
    first: dict[tuple[str, str], int] = {}
    for number, source in enumerate(sources):
        first.setdefault((source.channel, source.subdir), number)
    return sorted(first.values(), key=lambda number: (priorities[number], number))
