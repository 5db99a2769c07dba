"""Names that a name nobody provides may be a slip of.

>>> similar_names("scikit_lern", ["scikit-learn", "scikit-image", "zlib"])
('scikit-learn',)
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["similar_names"]

SUGGESTIONS = 3
"""How many names are offered."""

ALIKE = 0.75
"""How much two names must have in common, from 0 to 1 (see `difflib`)."""

SHORTEST = 3
"""In shorter names than this, one error is too much of them."""

_SEPARATORS = str.maketrans("", "", "-_.")


def similar_names(name: str, names: Iterable[str]) -> tuple[str, ...]:
    """Those of *names* that look like *name*, the most alike first.

    Names that differ in nothing but their separators come before all others, then
    those one typing error away: a letter left out, added, changed or swapped.
    """
    import difflib

    letters = name.translate(_SEPARATORS)
    spelt: set[str] = set()
    near: set[str] = set()
    for other in _within_reach(name, names):
        if other.translate(_SEPARATORS) == letters:
            spelt.add(other)
        elif other[:1] == name[:1] or _one_error(name, other):
            near.add(other)
    slips = sorted(other for other in near if _one_error(name, other))
    rest = difflib.get_close_matches(name, sorted(near.difference(slips)), SUGGESTIONS, ALIKE)
    return tuple([*sorted(spelt), *slips, *rest][:SUGGESTIONS])


def _within_reach(name: str, names: Iterable[str]) -> list[str]:
    """The few of many *names* that are worth a closer look.

    They are about as long and begin alike, or with what an error or a separator can
    have put first, or differ in nothing but what comes first.
    """
    shortest, longest, rest = len(name) - 3, len(name) + 3, name[1:]
    starts = {name[:1], name[1:2], "-", "_", "."}
    return [
        other
        for other in names
        if (other[:1] in starts or other.endswith(rest))
        and shortest <= len(other) <= longest
        and other != name
    ]


def _one_error(one: str, other: str) -> bool:
    """Whether one letter left out, added, changed, or swapped with the next, is all."""
    if abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < SHORTEST:
        return False
    pairs = enumerate(zip(one, other, strict=False))
    at = next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))
    return (
        one[at + 1 :] == other[at + 1 :]
        or one[at:] == other[at + 1 :]
        or one[at + 1 :] == other[at:]
        or (one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :])
    )
