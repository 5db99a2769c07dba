"""From the facts of a contradiction to the `Conflict` that shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from .conflict import Conflict, Option, Requirement
from .domain import ABSENT, candidates_in
from .version_extent import extent, spec_extent

if TYPE_CHECKING:
    from .problem import Fact
    from .universe import Universe

__all__ = ["conflict_of", "similar_names"]

SUGGESTIONS = 3
"""How many similar names are offered for a name nobody provides."""


def conflict_of(universe: Universe, demands: Sequence[Fact], facts: Iterable[Fact]) -> Conflict:
    """Lay out the contradiction of *demands*, proved by *facts*."""
    layout = _Layout(universe, facts)
    roots = [layout.requirement((fact,)) for fact in demands]
    roots.sort(
        key=lambda root: (not root.missing, not root.is_leaf, root.kind == "pin", root.texts)
    )
    system = {
        universe.name_of(number): universe.candidates(number).domain & ~ABSENT
        for number in universe.given()
    }
    return Conflict(tuple(roots), system, tuple(layout.rules()))


class _Layout:
    """Builds requirements from the facts of a proof; shares what is met again."""

    def __init__(self, universe: Universe, facts: Iterable[Fact]) -> None:
        self._universe = universe
        self._by_owner: dict[int, list[Fact]] = {}
        for fact in sorted(facts, key=lambda fact: (fact.kind, fact.text)):
            if fact.owner >= 0:
                self._by_owner.setdefault(fact.owner, []).append(fact)
        self._known: dict[tuple[int, int], tuple[Option, ...]] = {}
        self._within: list[tuple[int, int]] = []

    def rules(self) -> list[tuple[str, str, str]]:
        """The dependency rules of the proof, by the best package that states each."""
        found = []
        for owner, facts in self._by_owner.items():
            candidates = self._universe.candidates(owner)
            for fact in facts:
                holder = next(candidates_in(self._universe.holders(fact)), 0)
                if holder:
                    verb = "constrains" if fact.kind == "constrains" else "requires"
                    found.append((candidates.record(holder).dist, verb, fact.text))
        return sorted(found)

    def _reach(self, fact: Fact) -> int:
        """The place of the worst candidate that satisfies *fact*."""
        domain = self._universe.candidates(fact.target).domain
        return (self._universe.mask(fact) & domain & ~ABSENT).bit_length()

    def requirement(self, facts: Sequence[Fact]) -> Requirement:
        """What *facts*, all on one name, ask for: any of them."""
        universe = self._universe
        first = facts[0]
        candidates = universe.candidates(first.target)
        everything = candidates.domain & ~ABSENT
        values = 0
        for fact in facts:
            values |= universe.mask(fact)
        values &= candidates.domain
        found = Requirement(
            first.kind,
            universe.name_of(first.target),
            tuple(dict.fromkeys(fact.text for fact in facts)),
            spec_extent(universe, facts),
            values,
        )
        if first.kind == "remove":
            return found
        if values & everything:
            return found._replace(options=self._options(first.target, values & everything))
        versions = tuple(candidates.versions(everything))
        return found._replace(
            available=versions,
            present=extent(versions, versions),
            builds=self._builds(facts),
            similar=() if versions else similar_names(found.name, universe),
        )

    def _builds(self, facts: Sequence[Fact]) -> tuple[str, ...]:
        """The builds there are of the versions asked for, when only builds do not fit."""
        fact = facts[0]
        if len(facts) > 1 or fact.spec is None or fact.spec.build.is_free:
            return ()
        from .match_spec import MatchSpec

        candidates = self._universe.candidates(fact.target)
        only = MatchSpec(name=fact.spec.name, version=fact.spec.version)
        fitting = candidates.matching(only, str(only))
        return tuple(sorted({candidates.record(index).build for index in candidates_in(fitting)}))

    def _options(self, name: int, present: int) -> tuple[Option, ...]:
        """The candidates in *present*, grouped by the names their proof rules are about."""
        key = (name, present)
        known = self._known.get(key)
        if known is not None:
            return known
        if key in self._within:
            return (self._option(name, present, ()),)
        self._within.append(key)
        groups: dict[tuple[tuple[int, str], ...], int] = {}
        stated: dict[int, list[Fact]] = {}
        rules = [(fact, self._universe.holders(fact)) for fact in self._by_owner.get(name, ())]
        for index in candidates_in(present):
            own = [fact for fact, holders in rules if holders >> index & 1]
            stated[index] = own
            signature = tuple(sorted({(fact.target, fact.kind) for fact in own}))
            groups[signature] = groups.get(signature, 0) | 1 << index
        options = tuple(
            self._option(name, mask, self._stated_by(signature, mask, stated))
            for signature, mask in groups.items()
        )
        self._within.pop()
        self._known[key] = options
        return options

    def _option(self, name: int, mask: int, requirements: tuple[Requirement, ...]) -> Option:
        candidates = self._universe.candidates(name)
        versions = tuple(candidates.versions(mask))
        ranges = extent(versions, candidates.versions(candidates.domain & ~ABSENT))
        return Option(candidates.name, versions, ranges, mask, requirements)

    def _stated_by(
        self,
        signature: tuple[tuple[int, str], ...],
        mask: int,
        stated: dict[int, list[Fact]],
    ) -> tuple[Requirement, ...]:
        """What the candidates in *mask* require, one requirement a name and kind."""
        requirements = []
        for target, kind in signature:
            facts = {
                fact
                for index in candidates_in(mask)
                for fact in stated[index]
                if fact.target == target and fact.kind == kind
            }
            # The best candidates have the lowest bits: oldest versions first.
            order = sorted(facts, key=lambda fact: (-self._reach(fact), fact.text))
            requirements.append(self.requirement(order))
        return tuple(requirements)


def similar_names(name: str, universe: Universe) -> tuple[str, ...]:
    """Existing names that *name* may be a slip of."""
    import difflib

    if name.startswith("__"):
        return ()
    close = {
        other
        for source in universe.sources
        for other in source.names()
        if abs(len(other) - len(name)) <= 3 and other[:1] == name[:1]
    }
    return tuple(difflib.get_close_matches(name, sorted(close), SUGGESTIONS, 0.75))
