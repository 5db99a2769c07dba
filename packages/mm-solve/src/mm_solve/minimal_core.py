"""The smallest part of a contradiction that is still one.

A failed search leaves facts that contradict each other, often more of them than
needed. Demands are left out one by one, then rules about one name after the
other, as long as the rest still contradicts itself.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from .clause import Clause
from .problem import Fact, Problem
from .search import Contradiction, OutOfRounds, OutOfTime, Search

if TYPE_CHECKING:
    from .universe import Universe

__all__ = ["minimal_core", "search_for"]

SECONDS = 0.8
"""Time to make the core smaller; after that, what is known to suffice."""

ROUNDS = 3000
"""Decisions to judge the rest without one demand, or without one name; then it stays.

Rounds, not seconds, so that the answer is the same on a slow machine.
"""

MANY = 12
"""Of more demands than this, those for bare names are left out at once, if they can be."""

LEAST_SECONDS = 0.25
"""The same when the time for the whole solve is used up."""


def minimal_core(
    universe: Universe,
    facts: set[Fact],
    choices: Sequence[Clause] = (),
    deadline: float | None = None,
) -> tuple[list[Fact], set[Fact]]:
    """Demands of which none can be spared, and the facts of the proof.

    facts    -- a contradiction
    choices  -- the demands among them that any of several names can meet
    deadline -- of the whole solve, a `time.monotonic` value

    Stops early when time is short: the demands then still suffice.
    """
    limit = _limit(deadline)
    needed: list[Fact] = []
    undecided: list[Fact] = []
    open_demands = _demands(facts)
    if len(open_demands) > MANY:
        facts = _without_bare_names(universe, open_demands, facts, choices, limit)
        open_demands = _demands(facts)
    while open_demands:
        # Pins and holds first: what the user typed is the better explanation.
        candidate = open_demands.pop(0)
        try:
            search_for(universe, [*needed, *open_demands], choices, limit)
        except Contradiction as smaller:
            facts = smaller.facts
            open_demands = [fact for fact in open_demands if fact in facts]
            needed = [fact for fact in needed if fact in facts or fact not in undecided]
        except OutOfRounds:
            needed.append(candidate)
            undecided.append(candidate)
        except OutOfTime:
            return [*needed, candidate, *open_demands], facts
        else:
            needed.append(candidate)
    return needed, _essential(universe, needed, facts, choices, limit)


def _without_bare_names(
    universe: Universe,
    demands: Sequence[Fact],
    facts: set[Fact],
    choices: Sequence[Clause],
    limit: float,
) -> set[Fact]:
    """A contradiction without the demands for any version of a name, if there is one.

    What such demands ask for others often need anyway: one search spares one for each.
    """
    telling = [fact for fact in demands if fact.spec is None or not fact.spec.is_name_only]
    try:
        search_for(universe, telling, choices, limit)
    except Contradiction as smaller:
        return smaller.facts
    except (OutOfRounds, OutOfTime):
        pass
    return facts


def _limit(deadline: float | None) -> float:
    now = time.monotonic()
    if deadline is None:
        return now + SECONDS
    return min(now + SECONDS, max(deadline, now + LEAST_SECONDS))


def search_for(
    problem: Problem,
    demands: Sequence[Fact],
    choices: Sequence[Clause],
    limit: float,
    rounds: int = ROUNDS,
) -> dict[int, int]:
    """Meet *demands*, among which those behind *choices* may be.

    Raises `Contradiction`, `OutOfRounds` and `OutOfTime`.
    """
    of_choice = {fact: clause for clause in choices for fact in clause.why}
    roots = [fact for fact in demands if fact not in of_choice]
    taken = [of_choice[fact] for fact in demands if fact in of_choice]
    search = Search(problem, roots, deadline=limit, max_rounds=rounds, choices=taken)
    if time.monotonic() > limit:  # a short search does not look at the clock
        raise OutOfTime(search)
    return search.run()


def _demands(facts: Iterable[Fact]) -> list[Fact]:
    demands = [fact for fact in facts if fact.owner < 0]
    return sorted(demands, key=lambda fact: (fact.kind == "install", fact.kind, fact.text))


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


def _essential(
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
            search_for(_Narrowed(universe, without), demands, choices, limit)
        except Contradiction as smaller:
            ignored, facts = without, smaller.facts
        except OutOfRounds:
            continue
        except OutOfTime:
            return facts
