"""Where a search stood when its time was used up: what it was stuck on, as data.

A search that does not end goes round among a few packages. The conflicts it met
tell which, and which demands and dependencies they are caught between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from .domain import ABSENT, candidates_in
from .errors import SolveTimeout
from .printable import printable
from .problem import ROOT, Fact

if TYPE_CHECKING:
    from .search import Search
    from .universe import Universe

__all__ = ["Stalemate", "StuckPackage", "stalemate_of", "timed_out"]

PACKAGES = 5
"""More packages than this are not named."""

RULES = 4
"""Nor more rules of one package."""

SUGGESTED = 3
"""Nor are there more suggestions than this."""


class StuckPackage(msgspec.Struct, frozen=True):
    """A package that the conflicts were about.

    versions -- that may still be taken whatever is decided, lowest first, as written
    demands  -- the user's specs on it
    rules    -- what other packages ask of it: (package, "requires"/"constrains", spec), the
        ones that led to most conflicts first
    """

    name: str
    versions: tuple[str, ...]
    demands: tuple[str, ...]
    rules: tuple[tuple[str, str, str], ...]


class Stalemate(msgspec.Struct, frozen=True):
    """What is known of a search that was stopped.

    packages  -- what it was stuck on, the busiest first; empty when it met no conflict
    conflicts, decisions -- how many were made
    names     -- how many package names were read
    """

    packages: tuple[StuckPackage, ...]
    conflicts: int
    decisions: int
    names: int


def stalemate_of(search: Search, universe: Universe) -> Stalemate:
    """Where *search*, which was stopped, stands."""
    rules: dict[int, list[Fact]] = {}
    for fact in search.memory.busiest_rules():
        rules.setdefault(fact.target, []).append(fact)
    busiest = [
        name
        for name in search.memory.busiest_names()
        if not universe.name_of(name).startswith("__")
    ]
    packages = [_stuck(search, universe, name, rules.get(name, [])) for name in busiest[:PACKAGES]]
    return Stalemate(tuple(packages), search.conflicts, search.decisions, search.names_read)


def _stuck(search: Search, universe: Universe, name: int, rules: list[Fact]) -> StuckPackage:
    candidates = universe.candidates(name)
    present = search.trail.domain_at_level0(name) & candidates.domain & ~ABSENT
    demands = [fact.text for fact in search.roots if fact.target == name]
    return StuckPackage(
        universe.name_of(name),
        tuple(candidates.versions(present)),
        tuple(dict.fromkeys(demands)),
        tuple(_told(universe, fact) for fact in rules[:RULES] if fact.owner != ROOT),
    )


def _told(universe: Universe, fact: Fact) -> tuple[str, str, str]:
    # Of a settled name only the installed candidate is known.
    holders = 2 if fact.owner in universe.settled else universe.holders(fact)
    holder = next(candidates_in(holders), 0)
    dist = universe.candidates(fact.owner).record(holder).dist if holder else ""
    verb = "constrains" if fact.kind == "constrains" else "requires"
    return dist or universe.name_of(fact.owner), verb, fact.text


def timed_out(search: Search, universe: Universe, seconds: float) -> SolveTimeout:
    """The error for a search that was stopped after *seconds*."""
    stalemate = stalemate_of(search, universe)
    message = f"no solution was found in {seconds:g} seconds"
    names = [printable(package.name) for package in stalemate.packages]
    if names:
        message += f"; the search was stuck on {_joined(names, 'and')}"
    suggestions = [
        f"{printable(package.name)} ({_span(package.versions)})"
        for package in stalemate.packages
        if len(package.versions) > 1
    ]
    narrow = "Ask for narrower versions"
    if suggestions:
        narrow = f"Ask for a version of {_joined(suggestions[:SUGGESTED], 'or')}"
    hint = f"{narrow}, or allow more time with solver_timeout."
    return SolveTimeout(message, hint=hint, stalemate=stalemate)


def _span(versions: tuple[str, ...]) -> str:
    return f"{printable(versions[0])} to {printable(versions[-1])}"


def _joined(words: list[str], last: str) -> str:
    if len(words) == 1:
        return words[0]
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
