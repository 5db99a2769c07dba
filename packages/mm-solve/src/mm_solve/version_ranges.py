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
from collections.abc import Callable
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


def intersection(a: Bounds, b: Bounds) -> Bounds:
    """The versions that are in both sets."""
    return _sweep(a, b, lambda in_a, in_b: in_a & in_b)


def union(a: Bounds, b: Bounds) -> Bounds:
    """The versions that are in one of the sets, or in both."""
    return _sweep(a, b, lambda in_a, in_b: in_a | in_b)


def _sweep(a: Bounds, b: Bounds, keep: Callable[[int, int], int]) -> Bounds:
    """Walk over all bounds upwards; note where what *keep* says of (in a, in b) changes."""
    result: list[Key] = []
    inside = 0
    for bound in sorted({*a, *b}):
        now = keep(bisect_right(a, bound) & 1, bisect_right(b, bound) & 1)
        if now != inside:
            result.append(bound)
            inside = now
    return tuple(result)
