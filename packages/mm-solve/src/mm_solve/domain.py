"""Finite domains as integers: which values a package name may still take.

The domain of a name is one Python ``int``. Bit 0 (`ABSENT`) stands for "not
installed", bit ``i`` for the name's i-th candidate, best first. Narrowing a
domain is ``&``, complement is ``~`` (Python's infinite two's complement makes
``~mask`` mean "everything but"), and "at most one per name" needs no rule at
all, since a name takes one value.

>>> domain = ABSENT | candidate_bit(1) | candidate_bit(3)
>>> list(candidates_in(domain))
[1, 3]
>>> is_decided(candidate_bit(3)), is_decided(domain)
(True, False)
"""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["ABSENT", "best_candidate", "candidate_bit", "candidates_in", "is_decided"]

ABSENT = 1
"""The domain whose one value is "not installed"."""


def candidate_bit(index: int) -> int:
    """The domain whose one value is candidate *index* (1 is the best)."""
    return 1 << index


def best_candidate(domain: int) -> int:
    """The index of the first candidate in *domain*; 0 when only `ABSENT` is left.

    >>> best_candidate(0b1100)
    2
    """
    present = domain & ~ABSENT
    return (present & -present).bit_length() - 1 if present else 0


def candidates_in(mask: int) -> Iterator[int]:
    """The indices of the candidates in a finite *mask*, best first."""
    mask &= ~ABSENT
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def is_decided(domain: int) -> bool:
    """Whether *domain* holds exactly one value."""
    return domain & (domain - 1) == 0
