"""The walk through a conflict that finds where its demands meet.

For each name the walk keeps the values that everything told so far allows. A
requirement that leaves none of them is an obstacle. Of several options the
first possible one is taken, so that what follows is judged against it.

Each option is told as if it were taken, so a walk through a knot of choices can
be longer than anybody waits for, and one through a chain deeper than the
interpreter can go. Such a walk is given up: it explains nothing to a reader.
"""

from __future__ import annotations

from collections.abc import Sequence

from .conflict import Conflict, Option, Requirement
from .domain import ABSENT

__all__ = [
    "ABOVE",
    "AGAIN",
    "AVOIDED",
    "CONFLICT",
    "EXCLUDES",
    "FINE",
    "INNER",
    "MISSING",
    "Told",
    "obstacles",
    "size",
    "walk",
]

MOST = 300
"""A walk that tells more than this is given up."""

DEEPEST = 100
"""So is one through more requirements than this, each because of the one before."""

FINE, INNER, MISSING, CONFLICT = "fine", "inner", "missing", "conflict"
EXCLUDES, AGAIN, ABOVE, AVOIDED = "excludes", "again", "above", "avoided"


class Told:
    """One thing that is told: a requirement or an option, and what came of it.

    status -- `FINE` and `INNER` as they say; `MISSING`: nothing meets it;
        `CONFLICT`: nothing meets it that what was told before allows;
        `EXCLUDES`: a constraint that no version meets; `AGAIN`: told before;
        `ABOVE`: being told; `AVOIDED`: a condition of it need not be met
    possible -- whether it can be met, as far as told
    children -- what it leads to
    against  -- with `CONFLICT`: what was told before of the same name
    """

    __slots__ = ("against", "children", "possible", "status", "subject")

    def __init__(self, subject: Requirement | Option) -> None:
        self.subject = subject
        self.status = FINE
        self.possible = True
        self.children: list[Told] = []
        self.against: tuple[Requirement, ...] = ()


class _GivenUp(Exception):
    """The walk is too long, or too deep."""


def walk(conflict: Conflict) -> list[Told]:
    """What is to be told of each demand, in order.

    Empty when the walk is given up.
    """
    walker = _Walker(conflict)
    try:
        return [walker.requirement(demand) for demand in conflict.demands]
    except _GivenUp:
        return []


def size(told: Told) -> int:
    """How much is told of it and of what it leads to."""
    return 1 + sum(map(size, told.children))


def obstacles(told: Sequence[Told]) -> list[Told]:
    """The leaves in *told* at which something cannot be met."""
    found: list[Told] = []
    for one in told:
        if one.children:
            found += obstacles(one.children)
        elif (not one.possible and one.status != AGAIN) or one.status == AVOIDED:
            found.append(one)
    return found


class _Walker:
    def __init__(self, conflict: Conflict) -> None:
        self._conflict = conflict
        self._allowed: dict[str, int] = dict(conflict.system)
        self._said: dict[str, list[Requirement]] = {}
        self._told: dict[tuple[str, int], bool | None] = {}
        self._count = 0
        self._depth = 0

    def requirement(self, requirement: Requirement) -> Told:
        """Tell *requirement*, and take it into account. Raises `_GivenUp`."""
        self._count += 1
        if self._count > MOST or self._depth > DEEPEST:
            raise _GivenUp
        told = Told(requirement)
        name, values = requirement.name, requirement.values
        leaf = self._conflict.is_leaf(requirement)
        allowed = self._allowed.get(name, -1) & values
        if (requirement.missing or not allowed) and self._avoidable(requirement):
            told.status = AVOIDED
            return told
        if requirement.missing:
            told.status, told.possible = MISSING, False
        elif not allowed:
            told.status, told.possible = CONFLICT, False
            told.against = tuple(self._said.get(name, ()))
        elif requirement.optional:
            if values & ~ABSENT == 0:
                told.status = EXCLUDES
        elif (name, values) in self._told and not leaf:
            before = self._told[name, values]
            told.status = ABOVE if before is None else AGAIN
            told.possible = before is not False
        if allowed:
            self._allowed[name] = allowed
        self._said.setdefault(name, []).append(requirement)
        if told.status == FINE and not leaf and not requirement.optional:
            told.status = INNER
            self._told[name, values] = None
            self._depth += 1
            told.possible = self._told[name, values] = self._options(told, requirement)
            self._depth -= 1
        return told

    def _avoidable(self, requirement: Requirement) -> bool:
        """Whether a condition of *requirement* need not be met; from then on it is not."""
        for name, values, _ in requirement.premises:
            rest = self._allowed.get(name, -1) & ~values
            if rest:
                self._allowed[name] = rest
                return True
        return False

    def _options(self, told: Told, requirement: Requirement) -> bool:
        """Tell what each option requires; whether one of them is possible."""
        options = self._conflict.options_of(requirement)
        if len(options) == 1:
            told.children = [self.requirement(child) for child in options[0].requirements]
            return all(child.possible for child in told.children)
        before, said = self._allowed, self._said
        taken: tuple[dict[str, int], dict[str, list[Requirement]]] | None = None
        for option in options:
            self._allowed = dict(before)
            self._said = {name: list(those) for name, those in said.items()}
            child = self._option(option)
            told.children.append(child)
            if child.possible and taken is None:
                taken = self._allowed, self._said
        self._allowed, self._said = taken or (before, said)
        return taken is not None

    def _option(self, option: Option) -> Told:
        told = Told(option)
        allowed = self._allowed.get(option.name, -1) & option.values
        if not allowed:
            told.status, told.possible = CONFLICT, False
            told.against = tuple(self._said.get(option.name, ()))
            return told
        self._allowed[option.name] = allowed
        if option.requirements:
            told.status = INNER
            told.children = [self.requirement(child) for child in option.requirements]
            told.possible = all(child.possible for child in told.children)
        return told
