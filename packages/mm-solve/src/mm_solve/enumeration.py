"""Enumerations as people write them.

>>> either(["a", "b", "c"]), listed("ababa"), either(["a"])
('a, b or c', 'a and b', 'a')
>>> listed("abcdef")
'a, b, c and 3 more'
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["either", "listed"]

SHOWN = 4
"""Of more texts than this, the last are counted."""


def either(texts: Iterable[str]) -> str:
    """One of *texts*."""
    return _enumerated(texts, "or")


def listed(texts: Iterable[str]) -> str:
    """All of *texts*."""
    return _enumerated(texts, "and")


def _enumerated(texts: Iterable[str], word: str) -> str:
    found = list(dict.fromkeys(texts))
    if len(found) > SHOWN:
        found = [*found[: SHOWN - 1], f"{len(found) - SHOWN + 1} more"]
    if len(found) < 2:
        return "".join(found)
    return f"{', '.join(found[:-1])} {word} {found[-1]}"
