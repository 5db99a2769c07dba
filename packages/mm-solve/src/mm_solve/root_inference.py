"""What a search that runs in circles works out once, before it decides anything.

Learning from conflicts is blind to two kinds of argument, which it can only
make case by case. Both are made here, on level 0, when a search starts over:

* What every candidate of a required package needs is required.
* Names that exclude each other value by value, like the cells of a Sudoku's
  row, must share out the values: more names than values contradict each other,
  and if there are as many, each value has to be taken by one of the names.

What is found is a clause like any other, with the facts that it rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from .clause import Clause
from .domain import ABSENT, candidates_in
from .problem import Fact, Problem
from .trail import Trail

__all__ = ["common_requirements", "sharing_clauses"]

MOST_CANDIDATES = 100
"""A name with more candidates is not looked through."""

MOST_NAMES = 300
"""More names than this are not compared with each other."""

MOST_STEPS = 2000
"""How long groups of names that exclude each other are looked for."""

Value = tuple[int, int]
"""A name and one of its candidates."""


def common_requirements(problem: Problem, trail: Trail) -> Iterator[tuple[int, int, Clause]]:
    """(name, mask, reason): what all candidates of one required name ask of another."""
    for name in _required(trail):
        candidates = list(candidates_in(trail.domain[name]))
        asked: dict[int, list[Fact]] = {}
        for candidate in candidates:
            own = {
                fact.target: fact
                for fact in problem.facts(name, candidate)
                if fact.kind != "constrains" and not fact.premises
            }
            if candidate != candidates[0]:
                asked = {target: [*asked[target], own[target]] for target in asked if target in own}
            else:
                asked = {target: [fact] for target, fact in own.items()}
        for target, facts in asked.items():
            mask = 0
            for fact in facts:
                mask |= problem.mask(fact)
            literals = [(target, mask), (name, ~trail.domain[name])]
            yield target, mask, Clause(literals, tuple(dict.fromkeys(facts)))


def _required(trail: Trail) -> list[int]:
    """The names that are there whatever is decided, but not yet which candidate."""
    return [
        name
        for name, domain in enumerate(trail.domain)
        if domain > 0
        and not domain & ABSENT
        and domain & (domain - 1)
        and domain.bit_count() <= MOST_CANDIDATES
    ]


def sharing_clauses(
    problem: Problem, trail: Trail, check: Callable[[], None] = lambda: None
) -> list[Clause]:
    """Clauses that follow from names that exclude each other; one without literals
    cannot be satisfied.

    check -- called now and then; raises to stop
    """
    names = _required(trail)
    if len(names) > MOST_NAMES:
        return []
    exclusions = _Exclusions(problem, trail, names)
    check()
    found: list[Clause] = []
    for group in exclusions.groups():
        check()
        kinds = sorted({kind for name in group for kind in exclusions.kinds[name]})
        if len(group) > len(kinds):
            chosen = group[: len(kinds) + 1]
            return [Clause([], exclusions.facts_among(chosen), _origins(chosen, trail))]
        if len(group) == len(kinds) > 2:
            why, level0 = exclusions.facts_among(group), _origins(group, trail)
            for kind in kinds:
                literals = [
                    (name, exclusions.kinds[name][kind])
                    for name in group
                    if kind in exclusions.kinds[name]
                ]
                found.append(Clause(literals, why, level0))
    return found


def _origins(names: Iterable[int], trail: Trail) -> tuple[int, ...]:
    """The last event of each name: all it lost it lost by then."""
    return tuple(trail.events[name][-1] for name in names if trail.events[name])


class _Exclusions:
    """Which values of some names exclude which values of others.

    kinds -- by name, its values as masks by *kind*: values that exclude each other,
        directly or by way of others, are of one kind
    """

    def __init__(self, problem: Problem, trail: Trail, names: list[int]) -> None:
        self._facts: dict[tuple[int, int], dict[Fact, None]] = {}
        self._excluded: dict[tuple[int, int, int], int] = {}
        self._kind: dict[Value, Value] = {}
        self.names = names
        known = set(names)
        for name in names:
            for candidate in candidates_in(trail.domain[name]):
                for fact in problem.facts(name, candidate):
                    target = fact.target
                    if target in known and target != name and not fact.premises:
                        lost = trail.domain[target] & ~problem.mask(fact)
                        if lost:
                            self._exclude(name, candidate, target, lost, fact)
        self.kinds: dict[int, dict[Value, int]] = {name: {} for name in names}
        for name in names:
            for candidate in candidates_in(trail.domain[name]):
                kind = self._root((name, candidate))
                masks = self.kinds[name]
                masks[kind] = masks.get(kind, 0) | 1 << candidate
        self._near = {name: self._neighbours(name) for name in names}

    def _exclude(self, name: int, candidate: int, target: int, lost: int, fact: Fact) -> None:
        pair = (name, target) if name < target else (target, name)
        self._facts.setdefault(pair, {})[fact] = None
        self._lose(name, candidate, target, lost)
        for other in candidates_in(lost):
            self._lose(target, other, name, 1 << candidate)
            self._kind[self._root((target, other))] = self._root((name, candidate))

    def _lose(self, name: int, candidate: int, target: int, lost: int) -> None:
        key = (name, candidate, target)
        self._excluded[key] = self._excluded.get(key, 0) | lost

    def _root(self, value: Value) -> Value:
        kind = self._kind
        while (above := kind.get(value, value)) != value:
            kind[value] = value = kind.get(above, above)
        return value

    def _neighbours(self, name: int) -> set[int]:
        """The names that can take no value of a kind that *name* takes."""
        return {
            other
            for other in self.names
            if ((name, other) if name < other else (other, name)) in self._facts
            and self._apart(name, other)
        }

    def _apart(self, name: int, other: int) -> bool:
        for kind, mask in self.kinds[name].items():
            same = self.kinds[other].get(kind, 0)
            for candidate in candidates_in(mask):
                if same & ~self._excluded.get((name, candidate, other), 0):
                    return False
        return True

    def facts_among(self, group: Iterable[int]) -> tuple[Fact, ...]:
        """The facts by which the names of *group* exclude each other."""
        members = set(group)
        return tuple(
            fact
            for (a, b), facts in self._facts.items()
            if a in members and b in members
            for fact in facts
        )

    def groups(self) -> Iterator[list[int]]:
        """The largest groups of names of which each two exclude each other (Bron and Kerbosch)."""
        work: list[tuple[list[int], set[int], set[int]]] = [([], set(self.names), set())]
        for _ in range(MOST_STEPS):
            if not work:
                return
            group, possible, done = work.pop()
            if not possible:
                if not done:
                    yield sorted(group)
                continue
            near = self._near
            pivot = max(sorted(possible | done), key=lambda n: len(near[n] & possible))
            for name in sorted(possible - near[pivot]):
                work.append(([*group, name], possible & near[name], done & near[name]))
                possible = possible - {name}
                done = done | {name}
