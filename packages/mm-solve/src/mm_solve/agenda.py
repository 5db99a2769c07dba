"""Which name to decide next.

First the names the user asked for, in the order of the jobs; then the wishes
(installed packages that should stay); then dependencies. Dependencies are
visited round and round in a fixed order of the packages that state them, and
one whose best candidates tie is put off until nothing clear is left: by then
other choices have often broken the tie. This is how the reference solver goes
about it, and with it the same packages come out.
"""

from __future__ import annotations

from bisect import bisect_right, insort

from .domain import ABSENT, best_candidate, is_decided
from .problem import ROOT, Fact, Problem
from .trail import Trail

__all__ = ["Agenda"]

Entry = tuple[tuple[int, ...], tuple[int, ...], int, int]
"""Rank of the package, precedence of its dependency, serial number, target."""

START: tuple[tuple[int, ...], tuple[int, ...], int] = ((), (), -1)


class Agenda:
    """Open dependencies of the packages taken so far, in the order to visit them."""

    def __init__(self, problem: Problem, trail: Trail) -> None:
        self._problem = problem
        self._trail = trail
        self._entries: list[Entry] = []
        self._taken: list[int] = []
        self._marks: list[int] = []
        self._position: tuple[tuple[int, ...], tuple[int, ...], int] = START
        self._put_off = True
        self._base: int | None = None
        self._stale = False
        self._conditional: list[Fact] = []

    def needed(self, fact: Fact) -> None:
        """The premises of *fact* hold, so its target is required."""
        if fact.owner == ROOT:
            self._conditional.append(fact)
        if not self._stale:
            entry = self._entry(fact, 0)
            if entry is not None:
                insort(self._entries, entry)

    def taken(self, name: int) -> None:
        """*name* got its one candidate."""
        self._taken.append(name)
        if not self._stale:
            for entry in self._entries_of(name):
                insort(self._entries, entry)

    def descend(self) -> None:
        """A new level begins."""
        self._marks.append(len(self._taken))

    def back_to(self, level: int) -> None:
        """Forget what was taken above *level*."""
        del self._taken[self._marks[level] :]
        del self._marks[level:]
        self._stale = True
        if self._base is not None and level < self._base:
            self._base = None
            self._position = START
            self._put_off = True

    def next_name(self) -> int:
        """The target of the next open dependency; -1 when there is none."""
        if self._base is None:
            self._base = self._trail.level
        if self._stale:
            entries = [e for name in self._taken for e in self._entries_of(name)]
            entries += filter(None, (self._entry(fact, 0) for fact in self._conditional))
            self._entries = sorted(entries)
            self._stale = False
        first_put_off: Entry | None = None
        while True:
            entry, first_put_off = self._visit(first_put_off)
            if entry is not None:
                self._position = entry[:3]
                return entry[3]
            if first_put_off is None:
                return -1
            self._put_off = False
            self._position = (*first_put_off[:2], first_put_off[2] - 1)

    def _visit(self, put_off: Entry | None) -> tuple[Entry | None, Entry | None]:
        """Go round once from the current position; drop what is settled."""
        domain = self._trail.domain
        entries = self._entries
        start = bisect_right(entries, self._position)
        settled: list[int] = []
        found: Entry | None = None
        for index in (*range(start, len(entries)), *range(start)):
            entry = entries[index]
            current = domain[entry[3]]
            if current & (current - 1) == 0:
                settled.append(index)
            elif self._put_off and self._problem.ambiguous(entry[3], current):
                if put_off is None:
                    put_off = entry
            else:
                found = entry
                break
        for index in sorted(settled, reverse=True):
            del entries[index]
        return found, put_off

    def _entries_of(self, name: int) -> list[Entry]:
        problem, domain = self._problem, self._trail.domain
        candidate = best_candidate(domain[name])
        rank = problem.rank(name, candidate)
        entries = []
        for serial, fact in enumerate(problem.facts(name, candidate)):
            if fact.premises:
                entry = self._entry(fact, serial)
                if entry is not None:
                    entries.append(entry)
            elif fact.kind != "constrains":
                target = fact.target
                if target >= len(domain) or not is_decided(domain[target]) or domain[target] < 0:
                    entries.append((rank, problem.precedence(fact), serial, target))
        return entries

    def _entry(self, fact: Fact, serial: int) -> Entry | None:
        """The entry of a fact with premises; None unless its target is required now."""
        problem, domain, target = self._problem, self._trail.domain, fact.target
        if fact.kind == "constrains" or target >= len(domain) or domain[target] & ABSENT:
            return None
        if is_decided(domain[target]):
            return None
        rank: tuple[int, ...] = ()
        if fact.owner != ROOT:
            rank = problem.rank(fact.owner, best_candidate(domain[fact.owner]))
        return (rank, problem.precedence(fact), serial, target)
