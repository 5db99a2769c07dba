"""The candidates of one name: read once, ranked once, matched by mask.

Order of preference (first difference wins): installed and not to be updated;
channel priority; fewer track_features; higher version (or lower, if so wished);
higher build number.
What is equal so far forms a *tie group*; `mm_solve.preference` orders it when
a decision needs it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from operator import or_
from typing import TYPE_CHECKING, Any

from .domain import ABSENT, candidates_in
from .version import Version

if TYPE_CHECKING:
    from mm_pkg.record import PackageRecord

    from .match_spec import MatchSpec
    from .problem import Fact
    from .version_spec import VersionSpec

__all__ = ["GROUP", "INSTALLED", "VIRTUAL", "Candidates", "Entry", "hide_other_format"]

INSTALLED = -1
"""The source number of records that are in the prefix."""

OLDEST = Version.parse("0")
"""Stands for the version of an installed package that has none."""

VIRTUAL = -2
"""The source number of virtual packages."""

GROUP = -3
"""The source number of groups: see `mm_solve.dependencies`."""


LOOKS = 20
"""Questions about a name that are answered by looking before it pays to make a table."""


class Entry:
    """One candidate before ranking: a record, and where it is from.

    source -- number of the `RecordSource`, `INSTALLED`, `VIRTUAL` or `GROUP`
    priority -- channel priority, 0 is the highest
    favoured -- to be kept if possible (installed, not asked to update)
    """

    __slots__ = ("favoured", "fn", "priority", "record", "source")

    def __init__(
        self, record: PackageRecord, fn: str, source: int, priority: int, favoured: bool = False
    ) -> None:
        self.record = record
        self.fn = fn
        self.source = source
        self.priority = priority
        self.favoured = favoured


def hide_other_format(
    packages: Mapping[str, PackageRecord], only_tar_bz2: bool
) -> Sequence[tuple[str, PackageRecord]]:
    """Leave one archive per package: a ``.conda`` hides the ``.tar.bz2`` of its stem.

    With *only_tar_bz2* no ``.conda`` is considered at all.
    """
    if only_tar_bz2:
        return [item for item in packages.items() if not item[0].endswith(".conda")]
    return [
        item
        for item in packages.items()
        if not item[0].endswith(".tar.bz2") or item[0][:-8] + ".conda" not in packages
    ]


class Candidates:
    """All candidates of a name, best first; candidate ``i`` is bit ``1 << i``.

    Index 0 stands for "not installed" in every list.
    """

    __slots__ = (
        "_asked",
        "_below",
        "_by_version",
        "_keys",
        "_masks",
        "_source_of",
        "_stating",
        "_versions",
        "constraints",
        "domain",
        "entries",
        "facts",
        "groups",
        "lowest",
        "name",
        "rules",
        "tracking",
    )

    def __init__(
        self,
        name: str,
        entries: Sequence[Entry],
        parse: Callable[[str], Version | None],
        lowest: bool = False,
    ) -> None:
        self.name = name
        self.lowest = lowest
        self._versions, order, ranked = _rank(entries, parse, lowest)
        self.entries: list[Entry | None] = [None, *[row[-1] for row in ranked]]
        self.domain = (1 << len(self.entries)) - 1
        self.groups = _tie_groups(ranked)
        self.facts: list[tuple[Fact, ...] | None] = [None] * len(self.entries)
        self.rules: dict[str, tuple[Fact, ...]] = {}
        self.constraints: dict[str, tuple[Fact, ...]] = {}
        self._masks: dict[str, int] = {}
        self._asked = 0
        self._stating: dict[tuple[bool, str], int] | None = None
        by_version: dict[str, int] = {}
        source_of: dict[int, int] = {}
        by_place = [0] * len(order)
        tracking, bit = 0, ABSENT
        for row in ranked:
            bit <<= 1
            entry = row[-1]
            text, source = entry.record.version, entry.source
            by_version[text] = by_version.get(text, 0) | bit
            source_of[source] = source_of.get(source, 0) | bit
            by_place[row[0] % STEP] |= bit
            if entry.record.track_features:
                tracking |= bit
        self._by_version, self._source_of, self.tracking = by_version, source_of, tracking
        if not lowest:
            order.reverse()
            by_place.reverse()
        self._keys = order
        self._below = list(accumulate(by_place, or_, initial=0))

    def __len__(self) -> int:
        return len(self.entries) - 1

    def entry(self, candidate: int) -> Entry:
        """Candidate *candidate* (1 is the best)."""
        entry = self.entries[candidate]
        assert entry is not None
        return entry

    def record(self, candidate: int) -> PackageRecord:
        """What candidate *candidate* says of itself."""
        return self.entry(candidate).record

    def from_source(self, source: int) -> int:
        """The candidates that come from source number *source*."""
        return self._source_of.get(source, 0)

    def stating(self, text: str, *, constrains: bool = False) -> int:
        """The candidates whose record lists *text* as a dependency, or as a constraint.

        The first few questions are answered by looking; whoever asks more gets a table.
        """
        if self._stating is None:
            self._asked += 1
            if self._asked <= LOOKS:
                return self._looked_up(text, constrains)
            self._stating = self._listed()
        return self._stating.get((constrains, text), 0)

    def _looked_up(self, text: str, constrains: bool) -> int:
        mask = 0
        for index in range(1, len(self.entries)):
            record = self.record(index)
            if text in (record.constrains if constrains else record.depends):
                mask |= 1 << index
        return mask

    def _listed(self) -> dict[tuple[bool, str], int]:
        table: dict[tuple[bool, str], int] = {}
        for index in range(1, len(self.entries)):
            record, bit = self.record(index), 1 << index
            for kind, texts in ((False, record.depends), (True, record.constrains)):
                for text in texts:
                    table[kind, text] = table.get((kind, text), 0) | bit
        return table

    def best_version(self, mask: int) -> Version | None:
        """The preferred version among the candidates in *mask*."""
        best = None
        for text, of_version in self._by_version.items():
            if of_version & mask:
                version = self._versions[text]
                if best is None or (version < best if self.lowest else version > best):
                    best = version
        return best

    def all_track(self, mask: int) -> bool:
        """Whether every candidate in *mask* has track_features."""
        return mask & ~self.tracking == 0

    def versions(self, mask: int) -> list[str]:
        """The versions among the candidates in *mask*, lowest first, as written."""
        texts = [text for text, of_version in self._by_version.items() if of_version & mask]
        return sorted(texts, key=lambda text: self._versions[text])

    def matching(self, spec: MatchSpec, text: str) -> int:
        """The candidates that match the version and the build of *spec*; cached by *text*."""
        mask = self._masks.get(text)
        if mask is None:
            mask = self._masks[text] = self._match(spec)
        return mask

    def _match(self, spec: MatchSpec) -> int:
        mask = self.domain & ~ABSENT
        if not spec.version.is_free:
            mask = self._of_versions(spec.version)
        if mask and not spec.build.is_free:
            matches = spec.build.matches
            for index in candidates_in(mask):
                if not matches(self.record(index).build):
                    mask ^= 1 << index
        return mask

    def _of_versions(self, spec: VersionSpec) -> int:
        """The candidates whose version *spec* contains: a bisection for each bound."""
        keys, below = self._keys, self._below
        bounds = spec.bounds
        if bounds is None:
            mask = 0
            for text, of_version in self._by_version.items():
                if spec.contains(self._versions[text]):
                    mask |= of_version
            return mask
        mask = 0
        for bound in bounds:
            # Candidates below every second bound, less those below the first one.
            mask ^= below[bisect_left(keys, bound)]
        return mask if len(bounds) % 2 == 0 else mask ^ below[-1]

    def where(self, mask: int, test: Callable[[Entry], bool]) -> int:
        """The candidates of *mask* whose entry passes *test*."""
        for index in candidates_in(mask):
            if not test(self.entry(index)):
                mask ^= 1 << index
        return mask


Row = tuple[int, int, int, str, int, Entry]
"""What to prefer a candidate by, lowest first (see `_rank`): standing, build number and
timestamp (both negative), file name, serial number; and the entry."""

STEP = 1 << 32
"""In a candidate's standing: by how much what counts more outweighs what counts less."""


def _rank(
    entries: Sequence[Entry], parse: Callable[[str], Version | None], lowest: bool
) -> tuple[dict[str, Version], list[Any], list[Row]]:
    """The versions by their text, their keys in order of preference, and the entries, best first.

    An entry whose version *parse* cannot read is no candidate, unless it is
    installed: then it counts as lower than any other.

    A *standing* is one number, for quick comparison: the place of the version, more for
    each tracked feature, still more for a lower channel, and most if not favoured.
    """
    versions: dict[str, Version] = {}
    for text in dict.fromkeys(entry.record.version for entry in entries):
        version = parse(text)
        if version is not None:
            versions[text] = version
    favours = False
    for entry in entries:
        if entry.source == INSTALLED:
            versions.setdefault(entry.record.version, OLDEST)
            favours = entry.favoured
    order = sorted({version.key for version in versions.values()}, reverse=not lowest)
    place_of = {key: number for number, key in enumerate(order)}
    places = {text: place_of[version.key] for text, version in versions.items()}
    ranked: list[Row] = []
    for number, entry in enumerate(entries):
        record = entry.record
        standing = places.get(record.version)
        if standing is None:
            continue
        if record.track_features:
            standing += STEP * len(record.features)
        if entry.priority:
            standing += STEP * STEP * entry.priority
        if favours and not entry.favoured:
            standing += STEP * STEP * STEP
        ranked.append(
            (standing, -record.build_number, -record.timestamp_ms, entry.fn, number, entry)
        )
    ranked.sort()
    return versions, order, ranked


def _tie_groups(ranked: Sequence[Row]) -> list[int]:
    """For each candidate the mask of those that stand equal to it and have its build number."""
    groups = [ABSENT]
    start, count = 0, len(ranked)
    while start < count:
        standing, build_number = ranked[start][:2]
        end = start + 1
        while end < count and ranked[end][0] == standing and ranked[end][1] == build_number:
            end += 1
        size = end - start
        groups += [((1 << size) - 1) << (start + 1)] * size
        start = end
    return groups
