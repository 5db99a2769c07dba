"""Propagation: what follows from what is decided.

* A name is opened (its records are read) when it first becomes required.
* A constraint on a name nobody needs stays pending until the name is opened.
* A fact with premises (CEP 43) acts once they are certain. A name that nobody
  needs is absent; it is not opened to see whether it meets a premise.
"""

from __future__ import annotations

from .agenda import Agenda
from .clause import Clause, Reason
from .domain import ABSENT, best_candidate, is_decided
from .learning import Memory
from .problem import Fact, Problem
from .trail import Trail

__all__ = ["Propagation"]

RESTRICTIONS = frozenset({"constrains", "pin"})
"""Kinds of facts that do not make their target required."""


class Propagation:
    """Narrows the domains of one search until nothing more follows.

    Every method that narrows returns the reason that cannot be satisfied, if it
    comes to that, and None otherwise.
    """

    def __init__(self, problem: Problem, trail: Trail, memory: Memory, agenda: Agenda) -> None:
        self._problem = problem
        self._trail = trail
        self._memory = memory
        self._agenda = agenda
        self._opened: list[bool] = []
        self._head = 0
        self._given = problem.given()
        self._given_opened = 0
        self._pending: dict[int, list[Fact]] = {}
        self._late: dict[Fact, None] = {}
        self._conditional: dict[int, dict[Fact, None]] = {}

    # -- names -----------------------------------------------------------------

    def is_open(self, name: int) -> bool:
        """Whether the candidates of *name* are known; makes room for it."""
        opened = self._opened
        while len(opened) <= name:
            opened.append(False)
            self._trail.domain.append(-1)
            self._trail.events.append([])
        return opened[name]

    def open(self, name: int) -> Reason | None:
        """Read a name; constraints that waited for it take hold now."""
        self._trail.domain[name] = self._problem.open(name)
        self._opened[name] = True
        conflict = None
        for fact in self._pending.pop(name, ()):
            self._late[fact] = None
            if conflict is None and self.holds(fact):
                conflict = self.apply(fact)
        return conflict

    def ensure_open(self, name: int) -> Reason | None:
        """Read a name unless that was done."""
        return None if self.is_open(name) else self.open(name)

    # -- narrowing -----------------------------------------------------------------

    def narrow(self, name: int, mask: int, reason: Reason) -> Reason | None:
        """Leave to *name* only values of *mask*."""
        before = self._trail.domain[name]
        after = before & mask
        if after == before:
            return None
        if not after:
            return reason
        self._trail.record(name, after, reason)
        return None

    def apply(self, fact: Fact) -> Reason | None:
        """Let *fact*, whose owner is decided, act on its target."""
        if self._given_opened < len(self._given):
            conflict = self._open_given()
            if conflict is not None:
                return conflict
        if fact.premises and not self._premises_hold(fact):
            return self._exclude_last_premise(fact)
        target = fact.target
        if not self.is_open(target):
            if fact.kind in RESTRICTIONS:
                self.put_off(fact, target)
                return None
            conflict = self.open(target)
            if conflict is not None:
                return conflict
        mask = fact.mask
        if mask is None:
            mask = fact.mask = self._problem.mask(fact)
        conflict = self.narrow(target, mask, fact)
        if fact.premises and conflict is None:
            self._agenda.needed(fact)
        return conflict

    def _open_given(self) -> Reason | None:
        """Open what is there whatever is chosen, as far as rules speak of it."""
        for name in self._given[self._given_opened :]:
            self._given_opened += 1
            conflict = self.ensure_open(name)
            if conflict is not None:
                return conflict
        return None

    def put_off(self, fact: Fact, name: int) -> None:
        """Come back to *fact* when *name* is opened."""
        pending = self._pending.setdefault(name, [])
        if fact not in pending:
            pending.append(fact)

    def holds(self, fact: Fact) -> bool:
        """Whether the owner of *fact* is decided on a candidate that states it."""
        if fact.owner < 0:
            return True
        domain = self._trail.domain[fact.owner]
        if not is_decided(domain) or domain == ABSENT:
            return False
        return fact in self._problem.facts(fact.owner, best_candidate(domain))

    # -- consequences --------------------------------------------------------------

    def run(self) -> Reason | None:
        """Draw every consequence of the events not looked at yet."""
        trail, domain, opened = self._trail, self._trail.domain, self._opened
        names, after_events = trail.names, trail.after
        facts_of = self._problem.facts
        while self._head < len(names):
            position = self._head
            self._head += 1
            name, after = names[position], after_events[position]
            conflict = self._look_again(name)
            if conflict is not None:
                return conflict
            if after & (after - 1) or after == ABSENT:
                continue
            facts = facts_of(name, after.bit_length() - 1)
            if self._given_opened < len(self._given):
                conflict = self._open_given()
                if conflict is not None:
                    return conflict
            for fact in facts:
                target, mask = fact.target, fact.mask
                if mask is None or fact.premises or target >= len(opened) or not opened[target]:
                    conflict = self.apply(fact)
                    if conflict is not None:
                        return conflict
                    continue
                before = domain[target]
                left = before & mask
                if left != before:
                    if not left:
                        return fact
                    trail.record(target, left, fact)
            self._agenda.taken(name)
        return None

    def settled(self) -> bool:
        """Whether every event was looked at."""
        return self._head >= len(self._trail.names)

    def _look_again(self, name: int) -> Reason | None:
        """Draw what follows from clauses and premises now that *name* has fewer values."""
        for clause in self._memory.consequences(name):
            conflict = self.narrow(*clause.literals[0], clause)
            if conflict is not None:
                return conflict
        if self._conditional and name in self._conditional:
            for fact in tuple(self._conditional[name]):
                conflict = self.apply(fact) if self.holds(fact) else None
                if conflict is not None:
                    return conflict
        return None

    def undone(self) -> None:
        """The trail was cut back; what was cut off needs no look."""
        self._head = min(self._head, len(self._trail.names))

    def renew(self) -> Reason | None:
        """After a jump back: constraints read late had been noted too far up the trail.

        Those whose owner is no longer decided act in the ordinary way from now on.
        """
        late = self._late
        for fact in tuple(late):
            if not self.holds(fact):
                del late[fact]
                continue
            conflict = self.apply(fact)
            if conflict is not None:
                return conflict
        if self._trail.level == 0:
            late.clear()
        return None

    # -- premises ------------------------------------------------------------------

    def _premises_hold(self, fact: Fact) -> bool:
        """Whether all premises of *fact* are certain; if not, it will be looked at again."""
        domain = self._trail.domain
        for watched in (*fact.premises, fact):
            self._conditional.setdefault(watched.target, {})[fact] = None
        for premise in fact.premises:
            name = premise.target
            if not self.is_open(name):
                self.put_off(fact, name)
                return False
            if domain[name] & ~self._problem.mask(premise):
                return False
        return True

    def certain(self, fact: Fact, name: int, candidate: int) -> bool:
        """Whether the premises of *fact* hold if *name* takes *candidate*."""
        domain = self._trail.domain
        for premise in fact.premises:
            other = premise.target
            if not self.is_open(other):
                return False
            values = 1 << candidate if other == name else domain[other]
            if values & ~self._problem.mask(premise):
                return False
        return True

    def _exclude_last_premise(self, fact: Fact) -> Reason | None:
        """Exclude the one doubtful premise of *fact* if its target cannot follow."""
        target, domain = fact.target, self._trail.domain
        if not self.is_open(target) or domain[target] & self._problem.mask(fact):
            return None
        doubtful: Fact | None = None
        for premise in fact.premises:
            name = premise.target
            if not self.is_open(name):
                return None
            if domain[name] & ~self._problem.mask(premise):
                if doubtful is not None:
                    return None
                doubtful = premise
        assert doubtful is not None, "else the premises hold"
        return self.narrow(doubtful.target, ~self._problem.mask(doubtful), fact)

    def assert_choice(self, clause: Clause) -> Reason | None:
        """Take up a clause that holds from the start."""
        for fact in clause.why:
            assert isinstance(fact, Fact)
            self.is_open(fact.target)
        for name, _ in clause.literals:
            conflict = self.ensure_open(name)
            if conflict is not None:
                return conflict
        return self.adopt(clause)

    def adopt(self, clause: Clause) -> Reason | None:
        """Take up a clause that is true, on level 0; its names are open."""
        domain = self._trail.domain
        possible = [(name, mask) for name, mask in clause.literals if domain[name] & mask]
        if len(possible) < 2:
            return self.narrow(*possible[0], clause) if possible else clause
        clause.literals.sort(key=lambda literal: literal not in possible)
        self._memory.watch(clause)
        return None
