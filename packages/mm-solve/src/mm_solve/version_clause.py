"""One clause of a version expression: ``>=1.2``, ``1.2.*``, ``!=1.5``, ``^1\\..*$``.

Most clauses are a set of versions with sorted bounds; those with a ``*`` before
other text, and regular expressions, are a test on each version.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from . import version_ranges as ranges
from .errors import InvalidVersion, InvalidVersionSpec
from .string_match import StringMatch
from .version import Version
from .version_ranges import Bounds

__all__ = ["FREE", "Clause", "parse_clause"]

Test = Callable[[Version], bool]


class Clause(NamedTuple):
    """A clause, understood.

    text -- canonical
    conda_form -- as the oldest tools read it: ``1.2.*`` for ``=1.2``
    bounds -- the set of versions, or None when only *test* can tell
    test -- None when *bounds* tell
    """

    text: str
    conda_form: str
    bounds: Bounds | None
    test: Test | None = None


FREE = Clause("=*", "=*", ranges.ALL)
"""The clause that every version meets."""

_OPERATOR = re.compile(r"==|!=|<=|>=|~=|<|>|=|")
_ORDER: dict[str, Callable[[Version], Bounds]] = {
    "<": lambda v: (ranges.LOWEST, v.key),
    "<=": lambda v: (ranges.LOWEST, ranges.just_above(v)),
    ">": lambda v: (ranges.just_above(v), ranges.HIGHEST),
    ">=": lambda v: (v.key, ranges.HIGHEST),
}


def parse_clause(text: str, source: str, position: int) -> Clause:
    """Understand *text*, which has no outer blanks and is at *position* in *source*.

    Raises `InvalidVersionSpec`, about *source*.
    """
    found = _OPERATOR.match(text)
    operator = found[0] if found else ""
    literal = text[len(operator) :].lstrip()
    at = position + len(text) - len(literal)
    if not literal:
        raise InvalidVersionSpec(
            f"{source!r} is not a version expression: no version follows {operator!r}",
            text=source,
            position=at,
        )
    if not operator and literal.startswith("^"):
        return _regex(literal, source, at)
    if not operator and literal[0].isupper():
        raise _invalid(source, at, f"{literal!r} starts with a capital letter")
    # "0.2.18.*." occurs in real dependencies.
    literal = literal.removesuffix(".").lower()
    try:
        return _MEANING[operator](operator, literal)
    except InvalidVersion as error:
        place = at + error.position
        if error.text == source:
            raise InvalidVersionSpec(error.message, text=source, position=place) from None
        raise _invalid(source, place, error.message) from None


def _equal(operator: str, literal: str) -> Clause:
    """``X``, ``=X``, ``==X`` and their forms with stars."""
    if not literal.strip("*"):
        return FREE
    if _is_glob(literal):
        return Clause(literal, literal, None, _glob(literal))
    if operator == "=" or literal.endswith("*"):
        series = _without_star(literal)
        version = Version.parse(series)
        return Clause(f"={series}", f"{series}.*", version.series())
    version = Version.parse(literal)
    return Clause(f"=={literal}", f"=={literal}", (version.key, ranges.just_above(version)))


def _unequal(operator: str, literal: str) -> Clause:
    text = operator + literal
    if _is_glob(literal):
        test = _glob(literal)
        return Clause(text, text, None, lambda version: not test(version))
    if literal.endswith(".*"):
        excluded: Bounds = Version.parse(literal[:-2]).series()
    else:
        version = Version.parse(literal)
        excluded = (version.key, ranges.just_above(version))
    return Clause(text, text, ranges.complement(excluded))


def _ordered(operator: str, literal: str) -> Clause:
    """``<X`` and so on; a ``.*`` at the end says nothing, as in conda."""
    version = literal
    while version.endswith(".*"):
        version = version[:-2]
    text = operator + literal
    return Clause(text, text, _ORDER[operator](Version.parse(version)))


def _compatible(operator: str, literal: str) -> Clause:
    if "*" in literal:
        raise InvalidVersion(
            "'~=' needs a version without '*'", text=literal, position=literal.index("*")
        )
    text = operator + literal
    return Clause(text, text, Version.parse(literal).compatible())


_MEANING: dict[str, Callable[[str, str], Clause]] = {
    "": _equal,
    "=": _equal,
    "==": _equal,
    "!=": _unequal,
    "~=": _compatible,
    **dict.fromkeys(_ORDER, _ordered),
}


def _is_glob(literal: str) -> bool:
    """Whether a star stands before other text: ``*.7``, ``1.*.3``."""
    return literal.rpartition("!")[2].startswith("*") or ".*" in literal[:-2]


def _without_star(literal: str) -> str:
    return literal.removesuffix(".*").rstrip("*")


def _glob(literal: str) -> Test:
    """Match segment by segment; a lone star stands for one or more of them."""
    pattern = Version.parse(literal)
    epoch = pattern.epoch
    main = [StringMatch.parse(segment) for segment in pattern.segments]
    local = [StringMatch.parse(segment) for segment in pattern.local]

    def test(version: Version) -> bool:
        return (
            version.epoch == epoch
            and _row_matches(main, version.segments)
            and _row_matches(local, version.local)
        )

    return test


def _row_matches(pattern: list[StringMatch], row: tuple[str, ...]) -> bool:
    # All positions in the pattern where the segments so far may have led: no backtracking.
    places = {0}
    for segment in row:
        reached = set()
        for place in places:
            if place < len(pattern) and pattern[place].matches(segment):
                reached.add(place + 1)
                if pattern[place].is_free:
                    reached.add(place)
        places = reached
    return len(pattern) in places


def _regex(literal: str, source: str, at: int) -> Clause:
    if len(literal) < 2 or not literal.endswith("$"):
        raise _invalid(source, at, "a regular expression must be written ^...$")
    try:
        fullmatch = re.compile(literal).fullmatch
    except (re.error, OverflowError, RecursionError) as error:
        raise _invalid(source, at, str(error)) from None
    return Clause(literal, literal, None, lambda version: fullmatch(version.text) is not None)


def _invalid(source: str, position: int, why: str) -> InvalidVersionSpec:
    return InvalidVersionSpec(
        f"{source!r} is not a version expression: {why}", text=source, position=position
    )
