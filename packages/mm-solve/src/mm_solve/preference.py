"""Breaking ties between builds: the dependency vote, then the newer build.

Candidates that are equal in channel, features, version and build number differ
in what they were built against. For each dependency on which two of them
differ, the one that still allows the higher version (where the lowest is wanted,
the lower one) gets a vote; one whose
dependency offers only packages with track_features loses a hundred. With equal
votes the newer timestamp wins.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cmp_to_key
from typing import TYPE_CHECKING

from .domain import candidates_in

if TYPE_CHECKING:
    from .candidates import Entry
    from .problem import Fact
    from .universe import Universe
    from .version import Version

__all__ = ["TieBreaker"]

FEATURES_WEIGHT = 100
"""What it costs a candidate to depend on packages that all track features."""

Best = tuple["Version", bool] | None
"""The best version some masks allow, and whether all they allow track features."""


class TieBreaker:
    """Orders tie groups of one universe; remembers every answer."""

    def __init__(self, universe: Universe) -> None:
        self._universe = universe
        self._first: dict[tuple[int, int], int] = {}
        self._best: dict[tuple[int, int], Best] = {}

    def first(self, name: int, tied: int) -> int:
        """The preferred one of the *tied* candidates (a mask) of *name*."""
        known = self._first.get((name, tied))
        if known is None:
            known = self._first[name, tied] = self._ordered(name, tied)[0]
        return known

    def _ordered(self, name: int, tied: int) -> list[int]:
        def compare(a: int, b: int) -> int:
            return self._compare(name, a, b)

        candidates = self._universe.candidates(name)
        by_place = sorted(candidates_in(tied), key=lambda index: _place(candidates.entry(index)))
        return sorted(by_place, key=cmp_to_key(compare))

    def _compare(self, name: int, a: int, b: int) -> int:
        """Negative when candidate *a* is to be preferred to *b*."""
        universe = self._universe
        votes = self._votes(universe.facts(name, a), universe.facts(name, b))
        if votes:
            return votes
        candidates = universe.candidates(name)
        return candidates.record(b).timestamp_ms - candidates.record(a).timestamp_ms

    def _votes(self, facts_a: Iterable[Fact], facts_b: Iterable[Fact]) -> int:
        votes = 0
        by_target_b: dict[int, list[Fact]] = {}
        for fact in facts_b:
            if fact.kind == "depends" and fact.restricts:
                by_target_b.setdefault(fact.target, []).append(fact)
        by_target_a: dict[int, list[Fact]] = {}
        for fact in facts_a:
            if fact.kind == "depends" and fact.restricts:
                by_target_a.setdefault(fact.target, []).append(fact)
        for target, own in by_target_a.items():
            other = by_target_b.get(target)
            if other is None or all(fact in other for fact in own):
                continue
            best_a, best_b = self._best_allowed(target, own), self._best_allowed(target, other)
            if best_a is None or best_b is None:
                continue
            # The reference counts once for each dependency entry on the name.
            vote = (best_b[0] > best_a[0]) - (best_b[0] < best_a[0])
            if self._universe.candidates(target).lowest:
                vote = -vote
            votes += len(own) * (vote + FEATURES_WEIGHT * (best_a[1] - best_b[1]))
        return votes

    def _best_allowed(self, target: int, facts: Iterable[Fact]) -> Best:
        candidates = self._universe.whole(target)
        mask = candidates.domain & ~1
        for fact in facts:
            mask &= self._universe.mask(fact)
        key = (target, mask)
        if key not in self._best:
            version = candidates.best_version(mask)
            self._best[key] = None if version is None else (version, candidates.all_track(mask))
        return self._best[key]


def _place(entry: Entry) -> tuple[int, str]:
    return (entry.source, entry.fn)
