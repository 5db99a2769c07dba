"""The trail: every narrowing of a domain, in order, with its reason.

A search descends by decisions; each opens a *level*. Everything that follows
from it is written on the trail, so a jump back to an earlier level restores
each domain exactly.
"""

from __future__ import annotations

from bisect import bisect_right

from .clause import Reason

__all__ = ["Trail"]


class Trail:
    """Domains by name, and the history that made them.

    Event ``p`` narrowed ``names[p]`` from ``before[p]`` to ``after[p]`` because
    of ``reasons[p]`` (None for a decision). ``starts[k]`` is the first event
    of level ``k``; level 0 holds what is true whatever is decided.
    """

    __slots__ = ("after", "before", "domain", "events", "names", "reasons", "starts")

    def __init__(self) -> None:
        self.domain: list[int] = []
        self.events: list[list[int]] = []
        self.names: list[int] = []
        self.before: list[int] = []
        self.after: list[int] = []
        self.reasons: list[Reason | None] = []
        self.starts: list[int] = [0]

    @property
    def level(self) -> int:
        """The current decision level."""
        return len(self.starts) - 1

    def level_of(self, position: int) -> int:
        """The level to which the event at *position* belongs."""
        return bisect_right(self.starts, position) - 1

    def descend(self) -> None:
        """Open a new level."""
        self.starts.append(len(self.names))

    def record(self, name: int, after: int, reason: Reason | None) -> None:
        """Narrow the domain of *name* to *after*, which must be a proper subset."""
        self.events[name].append(len(self.names))
        self.names.append(name)
        self.before.append(self.domain[name])
        self.after.append(after)
        self.reasons.append(reason)
        self.domain[name] = after

    def back_to(self, level: int) -> None:
        """Undo every event above *level*."""
        start = self.starts[level + 1]
        for position in range(len(self.names) - 1, start - 1, -1):
            name = self.names[position]
            self.domain[name] = self.before[position]
            self.events[name].pop()
        del self.names[start:], self.before[start:], self.after[start:], self.reasons[start:]
        del self.starts[level + 1 :]

    def domain_at_level0(self, name: int) -> int:
        """What *name* may be whatever is decided."""
        if self.level:
            start = self.starts[1]
            for position in self.events[name]:
                if position >= start:
                    return self.before[position]
        return self.domain[name]

    def falsified_at(self, name: int, mask: int) -> int:
        """The event that left no value of *mask* to *name*; -1 if none ever was.

        Only to be asked of a literal that is false now.
        """
        before = self.before
        found = -1
        for position in reversed(self.events[name]):
            found = position
            if before[position] & mask:
                return found
        return -1
