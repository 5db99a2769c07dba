"""Clauses over (name, mask) literals, and how a reason reads as one.

A literal ``(name, mask)`` says "the value of *name* is in *mask*"; a clause
says that one of its literals holds. Two literals on one name merge into one
(``|`` of the masks), so a clause is a mapping from name to mask.
"""

from __future__ import annotations

from typing import TypeAlias

from .problem import ROOT, Fact, Problem

__all__ = ["Clause", "Reason", "literals_of"]


class Clause:
    """A learned clause.

    literals -- (name, mask) pairs, at least one of which must hold
    why      -- the reasons it was derived from
    level0   -- trail positions on level 0 it also rests on
    """

    __slots__ = ("level0", "literals", "why")

    def __init__(
        self,
        literals: list[tuple[int, int]],
        why: tuple[Reason, ...] = (),
        level0: tuple[int, ...] = (),
    ) -> None:
        self.literals = literals
        self.why = why
        self.level0 = level0

    def __repr__(self) -> str:
        return f"Clause({self.literals})"


Reason: TypeAlias = Fact | Clause
"""Why a domain was narrowed."""


def literals_of(reason: Reason, problem: Problem) -> list[tuple[int, int]]:
    """The clause that *reason* stands for.

    A fact is widened to all candidates that state it: what is learned from one
    build of a version then holds for all its builds.
    """
    if isinstance(reason, Clause):
        return reason.literals
    mask = reason.mask
    if mask is None:
        mask = reason.mask = problem.mask(reason)
    if reason.premises:
        return _conditional_literals(reason, mask, problem)
    if reason.owner == ROOT:
        return [(reason.target, mask)]
    holders = reason.holders
    if holders is None:
        holders = reason.holders = problem.holders(reason)
    return [(reason.owner, ~holders), (reason.target, mask)]


def _conditional_literals(fact: Fact, mask: int, problem: Problem) -> list[tuple[int, int]]:
    literals = {} if fact.owner == ROOT else {fact.owner: ~problem.holders(fact)}
    for premise in fact.premises:
        literals[premise.target] = literals.get(premise.target, 0) | ~problem.mask(premise)
    literals[fact.target] = literals.get(fact.target, 0) | mask
    return list(literals.items())
