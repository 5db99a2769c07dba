"""Sets of versions as sorted bounds, and their algebra.

A set is a tuple of keys ``(low, high, low, high, ...)``: half-open intervals,
ascending, not touching. So a key is in the set when an odd number of bounds is
not above it, which `bisect` finds.

>>> between = (Version.parse("1").key, Version.parse("2").key)
>>> holds(between, Version.parse("1.5")), holds(between, Version.parse("2"))
(True, False)
"""

from __future__ import annotations

from bisect import bisect_right
from operator import itemgetter
from typing import Final

from .version import Key, Version

__all__ = ["ALL", "Bounds", "complement", "holds", "intersection", "just_above", "union"]

Bounds = tuple[Key, ...]

LOWEST: Final[Key] = ()
HIGHEST: Final[Key] = (float("inf"),)

ALL: Final[Bounds] = (LOWEST, HIGHEST)
"""The set of all versions."""


def holds(bounds: Bounds, version: Version) -> bool:
    """Whether *version* is in the set."""
    return bisect_right(bounds, version.key) & 1 == 1


def just_above(version: Version) -> Key:
    """The bound between *version* and all greater ones."""
    return (*version.key, 0)


def complement(bounds: Bounds) -> Bounds:
    """All versions that are not in the set."""
    low = bounds[1:] if bounds[:1] == (LOWEST,) else (LOWEST, *bounds)
    return low[:-1] if low[-1:] == (HIGHEST,) else (*low, HIGHEST)


def intersection(*sets: Bounds) -> Bounds:
    """The versions that are in every one of the sets."""
    return _in_at_least(len(sets), sets)


def union(*sets: Bounds) -> Bounds:
    """The versions that are in one of the sets, or in several."""
    return _in_at_least(1, sets)


def _in_at_least(enough: int, sets: tuple[Bounds, ...]) -> Bounds:
    """Walk over all bounds upwards, counting the sets that each step enters and leaves."""
    steps = [(low, 1) for bounds in sets for low in bounds[::2]]
    steps += [(high, -1) for bounds in sets for high in bounds[1::2]]
    steps.sort(key=itemgetter(0))
    result: list[Key] = []
    inside = 0
    for place, (bound, step) in enumerate(steps):
        inside += step
        if place + 1 < len(steps) and steps[place + 1][0] == bound:
            continue
        if (inside >= enough) != len(result) % 2:
            result.append(bound)
    return tuple(result)
