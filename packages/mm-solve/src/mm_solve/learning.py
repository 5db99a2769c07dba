"""What a search has learned: clauses, and which names conflicts are about.

A clause says nothing as long as two of its literals may hold. So two are
watched, and a clause is looked at only when one of these falls.
"""

from __future__ import annotations

from .clause import Clause
from .domain import ABSENT
from .problem import Fact
from .trail import Trail

__all__ = ["Memory"]

GROWTH = 1.05
"""How much more a conflict counts than the one before it."""

LARGEST = 1e100
"""When counts grow beyond this, all are made smaller."""

ALWAYS_KEPT = 2
"""Clauses with as many literals are never forgotten."""


class Memory:
    """The clauses of one search, by the names they watch."""

    def __init__(self, trail: Trail) -> None:
        self._trail = trail
        self._watches: dict[int, list[tuple[int, Clause]]] = {}
        self._activity: dict[int, float] = {}
        self._rules: dict[Fact, float] = {}
        self._learned: dict[Clause, float] = {}
        self._bump = 1.0

    def learn(self, clause: Clause) -> None:
        """Keep a clause learned from a conflict; its first two literals are the newest."""
        self._bump *= GROWTH
        if self._bump > LARGEST:
            self._scale_down()
        bump, activity, learned = self._bump, self._activity, self._learned
        for name, _ in clause.literals:
            activity[name] = activity.get(name, 0.0) + bump
        for reason in clause.why:
            if isinstance(reason, Fact):
                self._rules[reason] = self._rules.get(reason, 0.0) + bump
            elif reason in learned:
                learned[reason] = bump
        if len(clause.literals) > 1:
            if len(clause.literals) > ALWAYS_KEPT:
                learned[clause] = bump
            self.watch(clause)

    def _scale_down(self) -> None:
        for counts in (self._activity, self._rules, self._learned):
            for key in counts:
                counts[key] /= LARGEST  # type: ignore[index]
        self._bump /= LARGEST

    def watch(self, clause: Clause) -> None:
        """Watch the first two literals of *clause*."""
        for name, mask in clause.literals[:2]:
            self._watches.setdefault(name, []).append((mask, clause))

    def __len__(self) -> int:
        """The number of clauses that may be forgotten."""
        return len(self._learned)

    def forget(self) -> None:
        """Forget the half of the clauses that was of use least lately.

        A proof still has what it needs: reasons hold on to the clauses they rest on.
        """
        by_use = sorted(self._learned, key=self._learned.__getitem__)
        gone = set(by_use[: len(by_use) // 2])
        for name, watching in self._watches.items():
            self._watches[name] = [watch for watch in watching if watch[1] not in gone]
        for clause in gone:
            del self._learned[clause]

    def consequences(self, name: int) -> list[Clause]:
        """Clauses of which, the domain of *name* being what it is now, only the first
        literal may still hold."""
        watching = self._watches.get(name)
        if not watching:
            return []
        current = self._trail.domain[name]
        fallen = [watch for watch in watching if not current & watch[0]]
        if not fallen:
            return []
        kept = self._watches[name] = [watch for watch in watching if current & watch[0]]
        units: list[Clause] = []
        for watch in fallen:
            clause = watch[1]
            literals = clause.literals
            if literals[0][0] == name:
                literals[0], literals[1] = literals[1], literals[0]
            if not self._move(clause):
                kept.append(watch)
                units.append(clause)
        return units

    def _move(self, clause: Clause) -> bool:
        """Watch another literal that may hold in place of the second; whether there is one."""
        domain, literals = self._trail.domain, clause.literals
        for place in range(2, len(literals)):
            name, mask = literals[place]
            if domain[name] & mask:
                literals[1], literals[place] = literals[place], literals[1]
                self._watches.setdefault(name, []).append((mask, clause))
                return True
        return False

    def busiest(self) -> int:
        """The required, undecided name that conflicts were about most; -1 when none was."""
        domain = self._trail.domain
        best, found = 0.0, -1
        for name, activity in self._activity.items():
            current = domain[name]
            required = current >= 0 and not current & ABSENT
            if activity > best and required and current & (current - 1):
                best, found = activity, name
        return found

    def busiest_names(self) -> list[int]:
        """The names that conflicts were about, the busiest first."""
        return sorted(self._activity, key=lambda name: (-self._activity[name], name))

    def busiest_rules(self) -> list[Fact]:
        """The facts that led to conflicts, the busiest first."""
        return sorted(self._rules, key=lambda fact: -self._rules[fact])
