"""One clause of a version expression: ``>=1.2``, ``1.2.*``, ``!=1.5``, ``^1\\..*$``.

Most clauses are a set of versions with sorted bounds; those with a ``*`` before
other text, and regular expressions, are a test on each version.
"""

from __future__ import annotations

from collections.abc import Callable

from . import version_ranges as ranges
from .errors import InvalidVersion, InvalidVersionSpec
from .string_match import StringMatch
from .version import Version
from .version_ranges import Bounds

__all__ = ["FREE", "Meaning", "parse_clause"]

Test = Callable[[Version], bool]


class Meaning:
    """What an expression, or one of its clauses, means. Not to be changed.

    text -- canonical
    conda_form -- as the oldest tools read it: ``1.2.*`` for ``=1.2``
    bounds -- the set of versions, or None when only *test* can tell
    test -- None when *bounds* tell
    join -- what joins its parts, ``,`` or ``|``; "" for one clause
    clauses -- how many there are
    """

    __slots__ = ("bounds", "clauses", "conda_form", "join", "test", "text")

    def __init__(
        self,
        text: str,
        conda_form: str,
        bounds: Bounds | None,
        test: Test | None = None,
        join: str = "",
        clauses: int = 1,
    ) -> None:
        self.text = text
        self.conda_form = conda_form
        self.bounds = bounds
        self.test = test
        self.join = join
        self.clauses = clauses


FREE = Meaning("=*", "=*", ranges.ALL)
"""The clause that every version meets."""

_ORDER: dict[str, Callable[[Version], Bounds]] = {
    "<": lambda v: (ranges.LOWEST, v.key),
    "<=": lambda v: (ranges.LOWEST, ranges.just_above(v)),
    ">": lambda v: (ranges.just_above(v), ranges.HIGHEST),
    ">=": lambda v: (v.key, ranges.HIGHEST),
}

_STACKED = frozenset("=<>!~")


def parse_clause(text: str, source: str, position: int) -> Meaning:
    """Understand *text*, which has no outer blanks and is at *position* in *source*.

    Raises `InvalidVersionSpec`, about *source*.
    """
    operator = text[:2] if text[:2] in _MEANING else text[:1]
    if operator not in _MEANING:
        operator = ""
    literal = text[len(operator) :].lstrip()
    at = position + len(text) - len(literal)
    if not literal:
        raise _invalid(source, at, f"no version follows {operator!r}")
    if literal[0] in _STACKED:
        raise _invalid(source, at, f"{literal[0]!r} where a version is expected", _OPERATORS_HINT)
    if not operator and literal[0] == "^":
        return _regex(literal, source, at)
    if not operator and literal[0].isupper():
        raise _invalid(source, at, f"{literal!r} starts with a capital letter", _CAPITAL_HINT)
    # "0.2.18.*." occurs in real dependencies. Not all of Unicode keeps its length in lower case.
    literal = literal.removesuffix(".")
    literal = literal.lower() if literal.isascii() else literal
    try:
        return _MEANING[operator](operator, literal)
    except InvalidVersion as error:
        raise _invalid(source, at + error.position, error.why, error.hint) from None


_OPERATORS_HINT = "The operators are == != < <= > >= = and ~=."
_CAPITAL_HINT = "Write it in lower case, or after '='."


def _equal(operator: str, literal: str) -> Meaning:
    """``X``, ``=X``, ``==X`` and their forms with stars."""
    if not literal.strip("*"):
        return FREE
    if _is_glob(literal):
        return Meaning(literal, literal, None, _glob(literal))
    if operator == "=" or literal.endswith("*"):
        series = _without_star(literal)
        version = Version.parse(series)
        return Meaning(f"={series}", f"{series}.*", version.series())
    version = Version.parse(literal)
    return Meaning(f"=={literal}", f"=={literal}", (version.key, ranges.just_above(version)))


def _unequal(operator: str, literal: str) -> Meaning:
    text = operator + literal
    if _is_glob(literal):
        test = _glob(literal)
        return Meaning(text, text, None, lambda version: not test(version))
    if literal.endswith(".*"):
        excluded: Bounds = Version.parse(literal[:-2]).series()
    else:
        version = Version.parse(literal)
        excluded = (version.key, ranges.just_above(version))
    return Meaning(text, text, ranges.complement(excluded))


def _ordered(operator: str, literal: str) -> Meaning:
    """``<X`` and so on; a ``.*`` at the end says nothing, as in conda."""
    version = literal
    while version.endswith(".*"):
        version = version[:-2]
    text = operator + literal
    return Meaning(text, text, _ORDER[operator](Version.parse(version)))


def _compatible(operator: str, literal: str) -> Meaning:
    if "*" in literal:
        raise InvalidVersion(
            "'*' after '~=', which needs a version",
            text=literal,
            position=literal.index("*"),
            hint="Without '~=' a star at the end stands for a whole series: 1.2.*.",
        )
    text = operator + literal
    return Meaning(text, text, Version.parse(literal).compatible())


_MEANING: dict[str, Callable[[str, str], Meaning]] = {
    "": _equal,
    "=": _equal,
    "==": _equal,
    "!=": _unequal,
    "~=": _compatible,
    **dict.fromkeys(_ORDER, _ordered),
}
"""Operator -> what it makes of the operator and what follows, in lower case."""


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


def _regex(literal: str, source: str, at: int) -> Meaning:
    from .regular_expression import InvalidExpression, compile_expression

    if len(literal) < 2 or not literal.endswith("$"):
        end = at + len(literal)
        raise _invalid(source, end, "'$' is missing at the end of a regular expression", "")
    try:
        matches = compile_expression(literal[1:-1])
    except InvalidExpression as error:
        raise _invalid(source, at + 1 + error.position, error.why, error.hint) from None
    return Meaning(literal, literal, None, lambda version: matches(version.text))


_HINT = "Join conditions with ',' (and) or '|' (or): >=1.2,<2."


def _invalid(source: str, position: int, why: str, hint: str = _HINT) -> InvalidVersionSpec:
    return InvalidVersionSpec(why, text=source, position=position, hint=hint)
