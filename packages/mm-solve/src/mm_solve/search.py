"""The search: decide, propagate, learn, jump back.

Conflict-driven clause learning over finite domains. What is particular to
packages:

* A decision is *probed* first: a candidate whose dependencies already clash is
  set aside, with everything that shares the offending dependency, before it is
  tried. Most conflicts of package universes never become conflicts.
* Wishes (keep what is installed) come after the demands of the user and before
  the dependencies; they are decisions, so they give way where they must.
* A search without conflicts decides in the order of the reference. One with
  many starts over from time to time, forgets what was of no use, and works out
  what case by case cannot be found (`mm_solve.root_inference`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from .agenda import Agenda
from .analysis import analyse, proof
from .clause import Clause, Reason, literals_of
from .domain import ABSENT, best_candidate, candidate_bit, is_decided
from .learning import Memory
from .problem import Fact, Problem
from .propagation import Propagation
from .trail import Trail

__all__ = ["Contradiction", "OutOfRounds", "OutOfTime", "Search"]

ACTIVITY_AFTER = 200
"""Conflicts after which names that were part of conflicts are decided first."""

RESTART_AFTER = 200
"""Conflicts between two starts, times the terms of `luby`."""

REMEMBERED = 2000
"""Clauses kept at the first start; each further one allows some more."""

CLOCK_EVERY = 64
"""Steps between two looks at the clock."""


class Contradiction(Exception):
    """The facts cannot all hold. *facts* are enough to prove it."""

    def __init__(self, facts: set[Fact]) -> None:
        super().__init__("the facts contradict each other")
        self.facts = facts


class OutOfTime(Exception):
    """The time given to a search is used up.

    search -- as far as it came
    """

    def __init__(self, search: Search) -> None:
        super().__init__("the time is used up")
        self.search = search


class OutOfRounds(Exception):
    """More decisions than allowed were made."""

    def __init__(self, rounds: int) -> None:
        super().__init__(f"no solution after {rounds} decisions")
        self.rounds = rounds


def luby(number: int) -> int:
    """The sequence 1, 1, 2, 1, 1, 2, 4, ... by which searches start over.

    >>> [luby(number) for number in range(1, 16)]
    [1, 1, 2, 1, 1, 2, 4, 1, 1, 2, 1, 1, 2, 4, 8]
    """
    while (number + 1) & number:
        number -= (1 << number.bit_length() - 1) - 1
    return number + 1 >> 1


class Search:
    """One search over *problem* for values that satisfy all *roots*.

    wishes   -- names to be decided before dependencies are, in order
    choices  -- clauses of which some literal must hold, the first one preferably
    deadline -- a `time.monotonic` value; beyond it `OutOfTime` is raised
    max_rounds -- decisions after which `OutOfRounds` is raised
    check    -- called now and then; raises to stop the search
    progress -- told now and then how many steps were made since
    """

    def __init__(
        self,
        problem: Problem,
        roots: Sequence[Fact],
        wishes: Sequence[int] = (),
        deadline: float | None = None,
        max_rounds: int | None = None,
        check: Callable[[], None] | None = None,
        choices: Sequence[Clause] = (),
        progress: Callable[[int], None] | None = None,
    ) -> None:
        self.problem = problem
        self.trail = Trail()
        self.wishes = wishes
        self.deadline = deadline
        self.max_rounds = max_rounds
        self.check = check
        self.progress = progress
        self.memory = Memory(self.trail)
        self.conflicts = 0
        self.decisions = 0
        self.starts = 1
        self._steps = 0
        self._next_start = RESTART_AFTER
        self._inferred_from = -1
        self._choices = [(clause, tuple(clause.literals)) for clause in choices]
        self.roots = roots
        self._agenda = Agenda(problem, self.trail)
        self._flow = Propagation(problem, self.trail, self.memory, self._agenda)
        self._first: list[int] = []
        self._at_first = 0
        self._first_marks: list[int] = []
        for fact in roots:
            if fact.kind == "pin":
                self._flow.put_off(fact, fact.target)

    # -- the story ---------------------------------------------------------

    def run(self) -> dict[int, int]:
        """Candidate by name, for every name that takes one.

        Raises `Contradiction`, `OutOfTime`, `OutOfRounds` and what *check* raises.
        """
        conflict = self._assert_roots()
        while True:
            self._steps += 1
            if not self._steps % CLOCK_EVERY:
                self._tick()
            if conflict is None:
                conflict = self._flow.run()
            if conflict is not None:
                conflict = self._recover(conflict)
                continue
            conflict, name = self._next_name()
            if conflict is None:
                if name < 0:
                    return self._solution()
                conflict = self._decide(name)

    @property
    def names_read(self) -> int:
        """How many names were opened."""
        return sum(map(self._flow.is_open, range(len(self.trail.domain))))

    def _solution(self) -> dict[int, int]:
        domain = self.trail.domain
        return {
            name: best_candidate(domain[name])
            for name in range(len(domain))
            if self._flow.is_open(name)
            and domain[name] & (domain[name] - 1) == 0
            and domain[name] != ABSENT
        }

    def _assert_roots(self) -> Reason | None:
        demands = [fact for fact in self.roots if fact.kind != "pin"]
        for fact in demands:
            conflict = self._flow.apply(fact)
            if conflict is not None:
                return conflict
        for clause, _ in self._choices:
            conflict = self._flow.assert_choice(clause)
            if conflict is not None:
                return conflict
        asked = [fact.target for fact in demands if fact.needs_target]
        self._first = list(dict.fromkeys([*asked, *self.wishes]))
        return None

    def _recover(self, conflict: Reason) -> Reason | None:
        """Learn from *conflict* and jump back; the next conflict if that finds one."""
        self.conflicts += 1
        learned = analyse(conflict, self.trail, self.problem)
        if learned is None:
            self._back_to(0)
            raise Contradiction(proof(conflict, self.trail, self.problem))
        clause = learned.clause
        self._back_to(learned.level)
        self.memory.learn(clause)
        name, mask = clause.literals[0]
        next_conflict = self._flow.narrow(name, mask, clause) or self._flow.renew()
        if next_conflict is None and self.conflicts >= self._next_start:
            return self._start_over()
        return next_conflict

    # -- starting over -------------------------------------------------------

    def _start_over(self) -> Reason | None:
        """Go back to level 0, with all that was learned."""
        self._next_start = self.conflicts + RESTART_AFTER * luby(self.starts)
        self.starts += 1
        self._back_to(0)
        conflict = self._flow.renew() or self._flow.run()
        if conflict is None and len(self.memory) > REMEMBERED + self.starts * RESTART_AFTER:
            self.memory.forget()
        if conflict is None and len(self.trail.names) != self._inferred_from:
            conflict = self._infer()
            self._inferred_from = len(self.trail.names)
        return conflict

    def _infer(self) -> Reason | None:
        """Narrow by what follows from several facts at once."""
        from .root_inference import common_requirements, sharing_clauses

        known = -1
        while known != len(self.trail.names):
            known = len(self.trail.names)
            for name, mask, reason in common_requirements(self.problem, self.trail):
                conflict = self._flow.ensure_open(name) or self._flow.narrow(name, mask, reason)
                if conflict is not None:
                    return conflict
            conflict = self._flow.run()
            if conflict is not None:
                return conflict
            self._tick()
        for clause in sharing_clauses(self.problem, self.trail, self._tick):
            conflict = self._flow.adopt(clause)
            if conflict is not None:
                return conflict
        return self._flow.run()

    # -- decisions ---------------------------------------------------------------

    def _decide(self, name: int) -> Reason | None:
        """Take the preferred candidate of *name*, or set it aside if a rule forbids it.

        Returns with events still to be propagated; the caller comes back.
        """
        trail = self.trail
        candidate = self.problem.choose(name, trail.domain[name] & ~ABSENT)
        obstacle, conflict = self._probe(name, candidate)
        if conflict is not None:
            return conflict
        if obstacle is not None:
            mask = 0
            for other, values in literals_of(obstacle, self.problem):
                if other == name:
                    mask |= values
            return self._flow.narrow(name, mask, obstacle)
        if not self._flow.settled():
            return None
        self._descend()
        trail.record(name, candidate_bit(candidate), None)
        return None

    def _descend(self) -> None:
        """Open a level."""
        self.decisions += 1
        if self.max_rounds is not None and self.decisions > self.max_rounds:
            raise OutOfRounds(self.max_rounds)
        self._first_marks.append(self._at_first)
        self._agenda.descend()
        self.trail.descend()

    def _probe(self, name: int, candidate: int) -> tuple[Fact | None, Reason | None]:
        """A rule of *candidate* that cannot hold now, if there is one; or a conflict.

        Opens the names it depends on: they are needed if it is taken.
        """
        domain = self.trail.domain
        for fact in self.problem.facts(name, candidate):
            if fact.premises and not self._flow.certain(fact, name, candidate):
                continue
            target = fact.target
            if not self._flow.is_open(target):
                if fact.kind == "constrains":
                    continue
                conflict = self._flow.open(target)
                if conflict is not None:
                    return None, conflict
            mask = fact.mask
            if mask is None:
                mask = fact.mask = self.problem.mask(fact)
            if not domain[target] & mask:
                return fact, None
            if target == name and not candidate_bit(candidate) & mask:
                return fact, None
        return None, None

    def _back_to(self, level: int) -> None:
        if level >= self.trail.level:
            return
        self._at_first = self._first_marks[level]
        del self._first_marks[level:]
        self._agenda.back_to(level)
        self.trail.back_to(level)
        self._flow.undone()

    def _tick(self) -> None:
        if self.progress is not None:
            self.progress(CLOCK_EVERY)
        if self.check is not None:
            self.check()
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise OutOfTime(self)

    def _next_name(self) -> tuple[Reason | None, int]:
        """The next name to decide, -1 when nothing is left; or a conflict on the way."""
        domain = self.trail.domain
        while self._at_first < len(self._first):
            name = self._first[self._at_first]
            if not self._flow.is_open(name):
                conflict = self._flow.open(name)
                if conflict is not None:
                    return conflict, -1
            if not is_decided(domain[name]):
                return None, name
            self._at_first += 1
        for _, literals in self._choices:
            name = self._choose_literal(literals)
            if name >= 0:
                return None, name
        if self.conflicts > ACTIVITY_AFTER:
            name = self.memory.busiest()
            if name >= 0:
                return None, name
        return None, self._agenda.next_name()

    def _choose_literal(self, literals: Sequence[tuple[int, int]]) -> int:
        """A name to decide so that one of *literals* holds; -1 when one does.

        Descends by deciding for the first literal that can hold.
        """
        domain = self.trail.domain
        for name, mask in literals:
            if not domain[name] & ~mask:
                return -1 if is_decided(domain[name]) else name
        for name, mask in literals:
            if domain[name] & mask:
                self._descend()
                self.trail.record(name, domain[name] & mask, None)
                return name
        return -1
