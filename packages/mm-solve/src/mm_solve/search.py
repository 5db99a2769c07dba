"""The search: decide, propagate, learn, jump back.

Conflict-driven clause learning over finite domains. What is particular to
packages:

* A name is opened (its records are read) when it first becomes required.
* A decision is *probed* first: a candidate whose dependencies already clash is
  set aside, with everything that shares the offending dependency, before it is
  tried. Most conflicts of package universes never become conflicts.
* A constraint on a name nobody needs stays pending until the name is opened.
* Wishes (keep what is installed) come after the demands of the user and before
  the dependencies; they are decisions, so they give way where they must.
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
from .trail import Trail

__all__ = ["Contradiction", "OutOfRounds", "OutOfTime", "Search"]

ACTIVITY_AFTER = 200
"""Conflicts after which names that were part of conflicts are decided first."""

CLOCK_EVERY = 64
"""Decisions and conflicts between two looks at the clock."""


class Contradiction(Exception):
    """The facts cannot all hold. *facts* are enough to prove it."""

    def __init__(self, facts: set[Fact]) -> None:
        super().__init__("the facts contradict each other")
        self.facts = facts


class OutOfTime(Exception):
    """The time given to a search is used up."""


class OutOfRounds(Exception):
    """More decisions than allowed were made."""

    def __init__(self, rounds: int) -> None:
        super().__init__(f"no solution after {rounds} decisions")
        self.rounds = rounds


class Search:
    """One search over *problem* for values that satisfy all *roots*.

    wishes   -- names to be decided before dependencies are, in order
    choices  -- clauses of which some literal must hold, the first one preferably
    deadline -- a `time.monotonic` value; beyond it `OutOfTime` is raised
    max_rounds -- decisions after which `OutOfRounds` is raised
    check    -- called now and then; raises to stop the search
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
    ) -> None:
        self.problem = problem
        self.trail = Trail()
        self.wishes = wishes
        self.deadline = deadline
        self.max_rounds = max_rounds
        self.check = check
        self._choices = [(clause, tuple(clause.literals)) for clause in choices]
        self.conflicts = 0
        self.decisions = 0
        self._roots = [fact for fact in roots if fact.kind != "pin"]
        self._head = 0
        self._opened: list[bool] = []
        self._memory = Memory(self.trail)
        self._pending: dict[int, list[Fact]] = {}
        self._late: dict[Fact, None] = {}
        self._conditional: dict[int, dict[Fact, None]] = {}
        self._agenda = Agenda(problem, self.trail)
        self._given = problem.given()
        self._given_opened = 0
        self._first: list[int] = []
        self._at_first = 0
        self._first_marks: list[int] = []
        for fact in roots:
            if fact.kind == "pin":
                self._pending.setdefault(fact.target, []).append(fact)

    # -- the story ---------------------------------------------------------

    def run(self) -> dict[int, int]:
        """Candidate by name, for every name that takes one.

        Raises `Contradiction` or `OutOfTime`.
        """
        conflict = self._assert_roots()
        while True:
            if conflict is None:
                conflict = self._propagate()
            if conflict is not None:
                conflict = self._recover(conflict)
                continue
            conflict, name = self._next_name()
            if conflict is None:
                if name < 0:
                    return self._solution()
                conflict = self._decide(name)

    def _solution(self) -> dict[int, int]:
        domain = self.trail.domain
        return {
            name: best_candidate(domain[name])
            for name in range(len(domain))
            if self._opened[name]
            and domain[name] & (domain[name] - 1) == 0
            and domain[name] != ABSENT
        }

    def _assert_roots(self) -> Reason | None:
        for fact in self._roots:
            conflict = self._apply(fact)
            if conflict is not None:
                return conflict
        for clause, _ in self._choices:
            conflict = self._assert_choice(clause)
            if conflict is not None:
                return conflict
        asked = [fact.target for fact in self._roots if fact.needs_target]
        self._first = list(dict.fromkeys([*asked, *self.wishes]))
        return None

    def _assert_choice(self, clause: Clause) -> Reason | None:
        """Take up a clause that holds from the start."""
        for fact in clause.why:
            assert isinstance(fact, Fact)
            self._is_open(fact.target)
        for name, _ in clause.literals:
            conflict = None if self._is_open(name) else self._open(name)
            if conflict is not None:
                return conflict
        domain = self.trail.domain
        possible = [(name, mask) for name, mask in clause.literals if domain[name] & mask]
        if len(possible) < 2:
            return self._narrow(*possible[0], clause) if possible else clause
        clause.literals.sort(key=lambda literal: literal not in possible)
        self._memory.watch(clause)
        return None

    def _recover(self, conflict: Reason) -> Reason | None:
        """Learn from *conflict* and jump back; the next conflict if that finds one."""
        self.conflicts += 1
        self._tick(self.conflicts)
        learned = analyse(conflict, self.trail, self.problem)
        if learned is None:
            raise Contradiction(proof(conflict, self._at_level0(), self.problem))
        clause = learned.clause
        self._back_to(learned.level)
        self._memory.learn(clause)
        name, mask = clause.literals[0]
        return self._narrow(name, mask, clause) or self._reapply_late()

    def _at_level0(self) -> Trail:
        if self.trail.level:
            self._back_to(0)
        return self.trail

    # -- narrowing -----------------------------------------------------------

    def _narrow(self, name: int, mask: int, reason: Reason) -> Reason | None:
        """Leave to *name* only values of *mask*; *reason* comes back if none is left."""
        before = self.trail.domain[name]
        after = before & mask
        if after == before:
            return None
        if not after:
            return reason
        self.trail.record(name, after, reason)
        return None

    def _apply(self, fact: Fact) -> Reason | None:
        """Let *fact*, whose owner is decided, act on its target."""
        if self._given_opened < len(self._given):
            conflict = self._open_given()
            if conflict is not None:
                return conflict
        if fact.premises and not self._premises_hold(fact):
            return self._premise_must_fail(fact)
        target = fact.target
        if not self._is_open(target):
            if fact.kind == "constrains" or fact.kind == "pin":
                self._put_off(fact, target)
                return None
            conflict = self._open(target)
            if conflict is not None:
                return conflict
        mask = fact.mask
        if mask is None:
            mask = fact.mask = self.problem.mask(fact)
        conflict = self._narrow(target, mask, fact)
        if fact.premises and conflict is None:
            self._agenda.needed(fact)
        return conflict

    def _open_given(self) -> Reason | None:
        """Open what is there whatever is chosen, as far as rules speak of it."""
        for name in self._given[self._given_opened :]:
            self._given_opened += 1
            if not self._is_open(name):
                conflict = self._open(name)
                if conflict is not None:
                    return conflict
        return None

    def _put_off(self, fact: Fact, name: int) -> None:
        """Come back to *fact* when *name* is opened."""
        pending = self._pending.setdefault(name, [])
        if fact not in pending:
            pending.append(fact)

    def _premises_hold(self, fact: Fact) -> bool:
        """Whether all premises of *fact* are certain; if not, it is looked at again.

        A name that nothing needs is absent, so it is not opened to see.
        """
        domain = self.trail.domain
        for premise in (*fact.premises, fact):
            self._conditional.setdefault(premise.target, {})[fact] = None
        for premise in fact.premises:
            name = premise.target
            if not self._is_open(name):
                self._put_off(fact, name)
                return False
            if domain[name] & ~self.problem.mask(premise):
                return False
        return True

    def _premise_must_fail(self, fact: Fact) -> Reason | None:
        """Exclude the last doubtful premise of *fact* if its target cannot follow."""
        target, domain = fact.target, self.trail.domain
        if not self._is_open(target) or domain[target] & self.problem.mask(fact):
            return None
        doubtful: Fact | None = None
        for premise in fact.premises:
            name = premise.target
            if not self._is_open(name) or doubtful is not None:
                return None
            if domain[name] & ~self.problem.mask(premise):
                doubtful = premise
        assert doubtful is not None, "else the premises hold"
        return self._narrow(doubtful.target, ~self.problem.mask(doubtful), fact)

    def _is_open(self, name: int) -> bool:
        opened = self._opened
        while len(opened) <= name:
            opened.append(False)
            self.trail.domain.append(-1)
            self.trail.events.append([])
        return opened[name]

    def _open(self, name: int) -> Reason | None:
        """Read a name; constraints that waited for it take hold now."""
        self.trail.domain[name] = self.problem.open(name)
        self._opened[name] = True
        conflict = None
        for fact in self._pending.pop(name, ()):
            self._late[fact] = None
            if conflict is None and self._holds(fact):
                conflict = self._apply(fact)
        return conflict

    def _holds(self, fact: Fact) -> bool:
        """Whether the owner of *fact* is decided on a candidate that states it."""
        if fact.owner < 0:
            return True
        domain = self.trail.domain[fact.owner]
        if not is_decided(domain) or domain == ABSENT:
            return False
        return fact in self.problem.facts(fact.owner, best_candidate(domain))

    def _reapply_late(self) -> Reason | None:
        """A jump back undid constraints that were late for their owner's level."""
        for fact in self._late:
            if self._holds(fact):
                conflict = self._apply(fact)
                if conflict is not None:
                    return conflict
        return None

    def _propagate(self) -> Reason | None:
        """Draw every consequence of the events not looked at yet."""
        trail = self.trail
        while self._head < len(trail.names):
            position = self._head
            self._head += 1
            name = trail.names[position]
            after = trail.after[position]
            for clause in self._memory.consequences(name):
                conflict = self._narrow(*clause.literals[0], clause)
                if conflict is not None:
                    return conflict
            if self._conditional and name in self._conditional:
                for fact in tuple(self._conditional[name]):
                    conflict = self._apply(fact) if self._holds(fact) else None
                    if conflict is not None:
                        return conflict
            if after & (after - 1) == 0 and after != ABSENT:
                for fact in self.problem.facts(name, best_candidate(after)):
                    conflict = self._apply(fact)
                    if conflict is not None:
                        return conflict
                self._agenda.taken(name)
        return None

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
            return self._narrow(name, mask, obstacle)
        if self._head < len(trail.names):
            return None
        self._descend()
        trail.record(name, candidate_bit(candidate), None)
        return None

    def _descend(self) -> None:
        """Open a level."""
        self.decisions += 1
        self._tick(self.decisions)
        self._first_marks.append(self._at_first)
        self._agenda.descend()
        self.trail.descend()

    def _probe(self, name: int, candidate: int) -> tuple[Fact | None, Reason | None]:
        """A rule of *candidate* that cannot hold now, if there is one; or a conflict.

        Opens the names it depends on: they are needed if it is taken.
        """
        domain = self.trail.domain
        for fact in self.problem.facts(name, candidate):
            if fact.premises and not self._certain(fact, name, candidate):
                continue
            target = fact.target
            if not self._is_open(target):
                if fact.kind == "constrains":
                    continue
                conflict = self._open(target)
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

    def _certain(self, fact: Fact, name: int, candidate: int) -> bool:
        """Whether the premises of *fact* hold once *name* takes *candidate*."""
        domain = self.trail.domain
        for premise in fact.premises:
            other = premise.target
            if not self._is_open(other):
                return False
            values = candidate_bit(candidate) if other == name else domain[other]
            if values & ~self.problem.mask(premise):
                return False
        return True

    def _back_to(self, level: int) -> None:
        if level >= self.trail.level:
            return
        self._at_first = self._first_marks[level]
        del self._first_marks[level:]
        self._agenda.back_to(level)
        self.trail.back_to(level)
        self._head = min(self._head, len(self.trail.names))

    def _tick(self, count: int) -> None:
        if self.max_rounds is not None and self.decisions > self.max_rounds:
            raise OutOfRounds(self.max_rounds)
        if count % CLOCK_EVERY:
            return
        if self.check is not None:
            self.check()
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise OutOfTime

    def _next_name(self) -> tuple[Reason | None, int]:
        """The next name to decide, -1 when nothing is left; or a conflict on the way."""
        domain = self.trail.domain
        while self._at_first < len(self._first):
            name = self._first[self._at_first]
            if not self._is_open(name):
                conflict = self._open(name)
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
            name = self._memory.busiest()
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
