"""Conflict analysis: from "this cannot be" to what to remember and where to go.

Resolution walks the trail backwards until one literal of the newest level is
left (the first unique implication point). On level 0 nothing is left to undo:
then the facts that the conflict rests on prove that there is no solution.
"""

from __future__ import annotations

from .clause import Clause, Reason, literals_of
from .problem import Fact, Problem
from .trail import Trail

__all__ = ["Learned", "analyse", "proof"]


class Learned:
    """The outcome of an analysis.

    clause -- to be remembered; its first literal holds after the jump
    level  -- where to jump back to
    """

    __slots__ = ("clause", "level")

    def __init__(self, clause: Clause, level: int) -> None:
        self.clause = clause
        self.level = level


def analyse(conflict: Reason, trail: Trail, problem: Problem) -> Learned | None:
    """Resolve *conflict*, all of whose literals are false now.

    Returns None when it rests on level 0 alone. The conflict may lie wholly
    below the current level (a name read late brings old constraints with it);
    the level is therefore taken from the events, not from the search.
    """
    masks: dict[int, int] = {}
    places: dict[int, int] = {}
    why: list[Reason] = [conflict]
    for name, mask in literals_of(conflict, problem):
        _join(name, mask, masks, places, trail)
    while places:
        top_name, top, second = _newest(places)
        if top < _end_of_level0(trail):
            return None
        level = trail.level_of(top)
        if second < trail.starts[level]:
            clause = _clause(top_name, masks, places, why, trail)
            return Learned(clause, trail.level_of(second) if second >= 0 else 0)
        reason = trail.reasons[top]
        assert reason is not None, "a decision is the oldest event of its level"
        why.append(reason)
        _resolve(top_name, reason, masks, places, trail, problem)
    return None


def proof(conflict: Reason, trail: Trail, problem: Problem) -> set[Fact]:
    """The facts that a conflict on level 0 rests on."""
    facts: set[Fact] = set()
    seen: set[int] = set()
    events: set[int] = set()
    open_reasons: list[Reason] = [conflict]
    removals = _Removals(trail)
    while open_reasons:
        reason = open_reasons.pop()
        if id(reason) in seen:
            continue
        seen.add(id(reason))
        positions = removals.falsifying(reason, problem)
        if isinstance(reason, Fact):
            facts.add(reason)
        else:
            open_reasons.extend(reason.why)
            for position in reason.level0:
                positions += [p for p in trail.events[trail.names[position]] if p <= position]
        for position in positions:
            if position not in events and position < _end_of_level0(trail):
                events.add(position)
                why = trail.reasons[position]
                if why is not None:
                    open_reasons.append(why)
    return facts


def _end_of_level0(trail: Trail) -> int:
    return trail.starts[1] if len(trail.starts) > 1 else len(trail.names)


class _Removals:
    """Which event took which value from a name; each is told once.

    A proof asks about every rule of a name, and each rule is false by nearly all of the
    name's events: going through them each time would take the square of their number.
    """

    def __init__(self, trail: Trail) -> None:
        self._trail = trail
        self._untold: dict[int, int] = {}
        self._events: dict[int, dict[int, int]] = {}

    def falsifying(self, reason: Reason, problem: Problem) -> list[int]:
        """Events not told before that narrowed a literal of *reason*: all that may matter."""
        found: list[int] = []
        for name, mask in literals_of(reason, problem):
            events = self._events.get(name)
            if events is None:
                events = self._events[name] = self._by_value(name)
                self._untold[name] = sum(events)
            asked = self._untold[name] & mask
            self._untold[name] ^= asked
            while asked:
                value = asked & -asked
                asked ^= value
                found.append(events[value])
        return found

    def _by_value(self, name: int) -> dict[int, int]:
        """Value (as a mask of one bit) -> the event that took it."""
        trail, events = self._trail, {}
        for position in trail.events[name]:
            gone = trail.before[position] & ~trail.after[position]
            while gone:
                value = gone & -gone
                gone ^= value
                events[value] = position
        return events


def _newest(places: dict[int, int]) -> tuple[int, int, int]:
    """The name with the newest falsifying event, that event, and the next one."""
    top_name, top, second = -1, -1, -1
    for name, position in places.items():
        if position > top:
            top_name, top, second = name, position, top
        elif position > second:
            second = position
    return top_name, top, second


def _join(
    name: int, mask: int, masks: dict[int, int], places: dict[int, int], trail: Trail
) -> None:
    """Add a false literal; one that was false from the start adds nothing."""
    mask |= masks.get(name, 0)
    position = trail.falsified_at(name, mask)
    if position >= 0:
        masks[name] = mask
        places[name] = position


def _resolve(
    name: int,
    reason: Reason,
    masks: dict[int, int],
    places: dict[int, int],
    trail: Trail,
    problem: Problem,
) -> None:
    """Replace the literal on *name* by what made it false."""
    kept = masks.pop(name)
    del places[name]
    for other, mask in literals_of(reason, problem):
        if other != name:
            _join(other, mask, masks, places, trail)
        elif kept & mask:
            _join(name, kept & mask, masks, places, trail)


def _clause(
    top_name: int,
    masks: dict[int, int],
    places: dict[int, int],
    why: list[Reason],
    trail: Trail,
) -> Clause:
    """The learned clause, newest literal first; level 0 leaves it as a footnote."""
    end = _end_of_level0(trail)
    order = sorted(places, key=places.__getitem__, reverse=True)
    literals = [(name, masks[name]) for name in order if places[name] >= end]
    assert literals[0][0] == top_name
    level0 = tuple(places[name] for name in order if places[name] < end)
    return Clause(literals, tuple(why), level0)
