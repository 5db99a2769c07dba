"""What a search has learned: clauses, and which names conflicts are about.

A clause says nothing as long as two of its literals may hold. So two are
watched, and a clause is looked at only when one of these falls.
"""

from __future__ import annotations

from .clause import Clause
from .domain import ABSENT
from .trail import Trail

__all__ = ["Memory"]

GROWTH = 1.05
"""How much more a conflict counts than the one before it."""


class Memory:
    """The clauses of one search, by the names they watch."""

    def __init__(self, trail: Trail) -> None:
        self._trail = trail
        self._watches: dict[int, list[tuple[int, Clause]]] = {}
        self._activity: dict[int, float] = {}
        self._bump = 1.0

    def learn(self, clause: Clause) -> None:
        """Keep a clause learned from a conflict; its first two literals are the newest."""
        self._bump *= GROWTH
        for name, _ in clause.literals:
            self._activity[name] = self._activity.get(name, 0.0) + self._bump
        if len(clause.literals) > 1:
            self.watch(clause)

    def watch(self, clause: Clause) -> None:
        """Watch the first two literals of *clause*."""
        for name, mask in clause.literals[:2]:
            self._watches.setdefault(name, []).append((mask, clause))

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
