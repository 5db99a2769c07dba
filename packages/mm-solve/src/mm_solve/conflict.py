"""Why a request cannot be satisfied, as data.

A failed search leaves facts that contradict each other. They are reduced to a
set of demands of which none can be spared, and then laid out as a graph: what
each demand allows, what those packages require in turn, as far as it matters
to the contradiction.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .clause import Clause
from .domain import ABSENT, candidates_in
from .problem import Fact, Problem
from .search import Contradiction, OutOfTime, Search

if TYPE_CHECKING:
    from .universe import Universe

__all__ = ["Conflict", "Option", "Requirement", "conflict_of", "minimal_demands"]

MINIMISE_SECONDS = 2.0
"""Time to find the smallest set of demands; after that, the demands known to suffice."""

SUGGESTIONS = 3
"""How many similar names are offered for a name nobody provides."""


@dataclass(frozen=True, slots=True)
class Option:
    """One way to meet a requirement: some versions of a package, and what they require.

    versions -- lowest first, as written
    """

    name: str
    versions: tuple[str, ...]
    requirements: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something that must hold: a spec, who can meet it, and on what conditions.

    kind    -- "install", "remove", "pin", "freeze", "depends", "constrains", ...
    texts   -- the specs as written; several when packages differ only in this
    values  -- the values of the name that meet it, as a mask (see `mm_solve.domain`)
    options -- packages that meet it, by what they require in turn; empty when none exists
    available -- versions there are when none meets it (lowest first)
    similar -- names that exist and look like it, when nobody provides the name
    """

    kind: str
    name: str
    texts: tuple[str, ...]
    values: int
    options: tuple[Option, ...] = ()
    available: tuple[str, ...] = ()
    similar: tuple[str, ...] = ()

    @property
    def missing(self) -> bool:
        """Whether no package meets it."""
        return not self.values

    @property
    def is_leaf(self) -> bool:
        """Whether nothing it leads to matters."""
        return not any(option.requirements for option in self.options)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Demands that cannot all be met; leave one out, and the others can.

    system -- what is given on this system: virtual packages and their values
    rules  -- (package, "requires"/"constrains", spec) of the proof
    """

    demands: tuple[Requirement, ...]
    system: dict[str, int] = field(default_factory=dict)
    rules: tuple[tuple[str, str, str], ...] = ()


def minimal_demands(
    universe: Universe,
    contradiction: Contradiction,
    choices: Sequence[Clause] = (),
    deadline: float | None = None,
) -> tuple[list[Fact], set[Fact]]:
    """Demands of which none can be spared, and the facts of the proof.

    Each demand is left out once; if the rest still contradicts itself, it stays
    out. Stops early when time is short: the demands then still suffice.
    """
    limit = time.monotonic() + MINIMISE_SECONDS
    if deadline is not None:
        limit = min(limit, max(deadline, time.monotonic() + MINIMISE_SECONDS / 4))
    facts = contradiction.facts
    needed: list[Fact] = []
    open_demands = _demands(facts)
    while open_demands:
        # Pins and holds first: what the user typed is the better explanation.
        candidate = open_demands.pop(0)
        try:
            _search(universe, [*needed, *open_demands], choices, limit)
        except Contradiction as smaller:
            facts = smaller.facts
            open_demands = [fact for fact in open_demands if fact in facts]
        except OutOfTime:
            needed += [candidate, *open_demands]
            return needed, facts
        else:
            needed.append(candidate)
    return needed, essential_facts(universe, needed, facts, choices, limit)


def _search(
    problem: Problem, demands: Sequence[Fact], choices: Sequence[Clause], limit: float
) -> None:
    """Search for a way to meet *demands*, among which those behind *choices* may be."""
    of_choice = {fact: clause for clause in choices for fact in clause.why}
    roots = [fact for fact in demands if fact not in of_choice]
    taken = [of_choice[fact] for fact in demands if fact in of_choice]
    Search(problem, roots, deadline=limit, choices=taken).run()


def _demands(facts: Iterable[Fact]) -> list[Fact]:
    demands = [fact for fact in facts if fact.owner < 0]
    return sorted(demands, key=lambda fact: (fact.kind == "install", fact.kind, fact.text))


def conflict_of(universe: Universe, demands: Sequence[Fact], facts: set[Fact]) -> Conflict:
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


class _Narrowed:
    """A problem in which no dependency on some names exists."""

    def __init__(self, universe: Universe, ignored: frozenset[int]) -> None:
        self._universe = universe
        self._ignored = ignored

    def __getattr__(self, name: str) -> Any:
        return getattr(self._universe, name)

    def facts(self, name: int, candidate: int) -> Sequence[Fact]:
        return [
            fact
            for fact in self._universe.facts(name, candidate)
            if fact.target not in self._ignored
        ]


def essential_facts(
    universe: Universe,
    demands: Sequence[Fact],
    facts: set[Fact],
    choices: Sequence[Clause],
    limit: float,
) -> set[Fact]:
    """A proof without rules about names that do not matter.

    Rules about each name are left out once; if the demands still contradict
    themselves, they stay out.
    """
    ignored: frozenset[int] = frozenset()
    tried: set[int] = set()
    asked = {fact.target for fact in demands}
    while True:
        targets = {fact.target for fact in facts if fact.owner >= 0} - tried
        if not targets:
            return facts
        target = min(targets, key=lambda name: (name in asked, universe.name_of(name)))
        tried.add(target)
        without = ignored | {target}
        try:
            _search(_Narrowed(universe, without), demands, choices, limit)
        except Contradiction as smaller:
            ignored, facts = without, smaller.facts
        except OutOfTime:
            return facts


class _Layout:
    """Builds requirements from the facts of a proof; shares what is met again."""

    def __init__(self, universe: Universe, facts: set[Fact]) -> None:
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
        values = 0
        for fact in facts:
            values |= universe.mask(fact)
        present = values & candidates.domain & ~ABSENT
        name = universe.name_of(first.target)
        texts = tuple(dict.fromkeys(fact.text for fact in facts))
        if first.kind in {"remove"}:
            return Requirement(first.kind, name, texts, values & candidates.domain)
        if not present:
            return Requirement(
                first.kind,
                name,
                texts,
                0,
                available=tuple(candidates.versions(candidates.domain & ~ABSENT)),
                similar=() if len(candidates) else similar_names(name, universe),
            )
        options = self._options(first.target, present)
        return Requirement(first.kind, name, texts, present, options)

    def _options(self, name: int, present: int) -> tuple[Option, ...]:
        """The candidates in *present*, grouped by the names their proof rules are about."""
        key = (name, present)
        known = self._known.get(key)
        if known is not None:
            return known
        candidates = self._universe.candidates(name)
        text = candidates.name
        if key in self._within:
            return (Option(text, tuple(candidates.versions(present)), ()),)
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
            self._option(text, name, signature, mask, stated) for signature, mask in groups.items()
        )
        self._within.pop()
        self._known[key] = options
        return options

    def _option(
        self,
        text: str,
        name: int,
        signature: tuple[tuple[int, str], ...],
        mask: int,
        stated: dict[int, list[Fact]],
    ) -> Option:
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
        versions = self._universe.candidates(name).versions(mask)
        return Option(text, tuple(versions), tuple(requirements))


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
