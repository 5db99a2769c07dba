"""From the facts of a contradiction to the `Conflict` that shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from .candidates import GROUP
from .conflict import HELD, Conflict, Option, Premise, Requirement
from .domain import ABSENT, candidates_in
from .obstacle import MOST, size, walk
from .similar_names import similar_names
from .version_extent import bracketed, extent, spec_extent

if TYPE_CHECKING:
    from .problem import Fact
    from .universe import Universe

__all__ = ["conflict_of"]

READABLE = 40
"""A walk that tells more than this, version by version, makes nothing clear."""

ENOUGH = 200_000
"""After a look at so many candidates, what packages require in turn is no longer laid out."""


def conflict_of(universe: Universe, demands: Sequence[Fact], facts: Iterable[Fact]) -> Conflict:
    """Lay out the contradiction of *demands*, proved by *facts*."""
    found = _laid_out(_Layout(universe, facts), universe, demands)
    told = walk(found)
    if not told or any(not one.possible for one in told):
        return found
    # What is told of groups of versions fits together: it takes each version by itself.
    exact = _laid_out(_Layout(universe, facts, exact=True), universe, demands)
    told = walk(exact)
    return exact if told and sum(map(size, told)) <= READABLE else found


def _laid_out(layout: _Layout, universe: Universe, demands: Sequence[Fact]) -> Conflict:
    roots = [layout.requirement((fact,)) for fact in demands]
    layout.expand()
    system = {
        universe.name_of(number): universe.candidates(number).domain & ~ABSENT
        for number in universe.given()
    }
    found = Conflict(tuple(roots), layout.options, system, tuple(layout.rules()))
    roots.sort(
        key=lambda root: (
            not root.missing,
            root.kind not in HELD,
            not found.is_leaf(root),
            root.name,
            root.texts,
        )
    )
    return found._replace(demands=tuple(roots))


class _Layout:
    """Builds requirements from the facts of a proof.

    options -- what is known so far, see `Conflict`
    exact   -- group only packages that require the very same, not just the same names
    """

    def __init__(self, universe: Universe, facts: Iterable[Fact], *, exact: bool = False) -> None:
        self._universe = universe
        self._exact = exact
        self._by_owner: dict[int, list[Fact]] = {}
        for fact in sorted(facts, key=lambda fact: (fact.kind, fact.text)):
            if fact.owner >= 0:
                self._by_owner.setdefault(fact.owner, []).append(fact)
        self.options: dict[tuple[str, int], tuple[Option, ...]] = {}
        self._open: list[tuple[int, int]] = []
        self._looked_at = 0

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
            premises=tuple(map(self._premise, first.premises)),
        )
        if first.kind == "remove":
            return found
        if values & everything:
            self._open.append((first.target, values & everything))
            return found
        versions = tuple(candidates.versions(everything))
        return found._replace(
            available=versions,
            present=extent(versions, versions),
            builds=self._builds(facts),
            similar=() if versions else self._similar(found.name),
            hidden=self._hidden(found.name),
        )

    def _similar(self, name: str) -> tuple[str, ...]:
        """Names like one that nobody provides; none for what is only kept from view."""
        if name.startswith("__") or self._hidden(name):
            return ()
        names = {other for source in self._universe.sources for other in source.names()}
        return () if name in names else similar_names(name, names)

    def _hidden(self, name: str) -> int:
        """How many packages of that name ``exclude_newer`` keeps from view."""
        hidden = self._universe.hidden.get(name)
        return hidden.packages + hidden.undated if hidden else 0

    def _premise(self, premise: Fact) -> Premise:
        universe = self._universe
        candidates = universe.candidates(premise.target)
        everything = candidates.domain & ~ABSENT
        values = universe.mask(premise) & candidates.domain
        text = premise.text
        if premise.spec is None:  # which packages list an extra: all of them, or some
            versions = candidates.versions(values)
            known = candidates.versions(everything)
            all_do = values & everything == everything
            text = "" if all_do else f"{candidates.name} {bracketed(extent(versions, known))}"
        return Premise(candidates.name, values, text)

    def _builds(self, facts: Sequence[Fact]) -> tuple[str, ...]:
        """The builds there are of the versions asked for, when only builds do not fit."""
        spec = facts[0].spec
        if len(facts) > 1 or spec is None or (spec.build.is_free and spec.build_number.is_free):
            return ()
        from .match_spec import MatchSpec

        fact = facts[0]
        candidates = self._universe.candidates(fact.target)
        only = MatchSpec(name=fact.spec.name, version=fact.spec.version)
        fitting = candidates.matching(only, str(only))
        return tuple(sorted({candidates.record(index).build for index in candidates_in(fitting)}))

    def expand(self) -> None:
        """Find the options of every requirement met so far, and of those they have."""
        while self._open:
            name, present = self._open.pop()
            key = (self._universe.name_of(name), present)
            if key not in self.options:
                self.options[key] = self._options(name, present)

    def _options(self, name: int, present: int) -> tuple[Option, ...]:
        """The candidates in *present*, grouped by the names their proof rules are about.

        One group that requires nothing where there are more than can be told.
        """
        self._looked_at += len(self._universe.candidates(name))
        if self._looked_at > ENOUGH:
            return (self._option(name, present, ()),)
        groups: dict[tuple[tuple[int, str, str], ...], int] = {}
        stated: dict[int, list[Fact]] = {index: [] for index in candidates_in(present)}
        for fact in self._by_owner.get(name, ()):
            for index in candidates_in(self._universe.holders(fact) & present):
                stated[index].append(fact)
        for index, own in stated.items():
            signature = tuple(sorted({(f.target, f.kind, self._class_of(f)) for f in own}))
            groups[signature] = groups.get(signature, 0) | 1 << index
        if len(groups) > MOST:
            return (self._option(name, present, ()),)
        options = [
            self._option(name, mask, self._stated_by(signature, mask, stated))
            for signature, mask in groups.items()
        ]
        versions = Counter(version for option in options for version in option.versions)
        return tuple(
            option._replace(partial=any(versions[version] > 1 for version in option.versions))
            for option in options
        )

    def _class_of(self, fact: Fact) -> str:
        """What sets a rule apart from others of the same kind about the same name."""
        # What counts under conditions only cannot be told together with what always does.
        return fact.text if self._exact or fact.premises else ""

    def _option(self, name: int, mask: int, requirements: tuple[Requirement, ...]) -> Option:
        candidates = self._universe.candidates(name)
        if candidates.entry(1).source == GROUP:
            return Option(candidates.name, (), "", mask, requirements)
        versions = tuple(candidates.versions(mask))
        ranges = extent(versions, candidates.versions(candidates.domain & ~ABSENT))
        return Option(candidates.name, versions, ranges, mask, requirements)

    def _stated_by(
        self,
        signature: tuple[tuple[int, str, str], ...],
        mask: int,
        stated: dict[int, list[Fact]],
    ) -> tuple[Requirement, ...]:
        """What the candidates in *mask* require, one requirement a name and kind."""
        requirements = []
        for target, kind, text in signature:
            facts = {
                fact
                for index in candidates_in(mask)
                for fact in stated[index]
                if (fact.target, fact.kind, self._class_of(fact)) == (target, kind, text)
            }
            # The best candidates have the lowest bits: oldest versions first.
            order = sorted(facts, key=lambda fact: (-self._reach(fact), fact.text))
            requirements.append(self.requirement(order))
        return tuple(requirements)
