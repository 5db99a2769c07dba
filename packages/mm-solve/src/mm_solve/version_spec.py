"""Version expressions: clauses joined with ``,`` (and) and ``|`` (or) (CEP 29).

"And" binds tighter than "or"; parentheses group.

>>> spec = VersionSpec.parse(">=1.8,<2|1.7.*")
>>> [spec.contains(Version.parse(text)) for text in ("1.7.3", "1.9", "2.0")]
[True, True, False]
>>> str(spec), spec.conda_build_form
('>=1.8,<2|=1.7', '>=1.8,<2|1.7.*')
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NoReturn

from . import version_ranges as ranges
from .errors import InvalidVersion, InvalidVersionSpec
from .version import Version
from .version_clause import FREE, Meaning, parse_clause
from .version_ranges import Bounds

__all__ = ["ANY_VERSION", "VersionSpec"]

_DEEPEST = 30
"""Deeper nesting of parentheses is refused."""

_AND, _OR = ",", "|"
_MARKS = frozenset("(),|")
_OPERATORS = frozenset("=<>!~")


class VersionSpec:
    """A version expression. Immutable, hashable, equal when written alike.

    bounds -- the set of versions as sorted keys (see `mm_solve.version_ranges`),
        or None when the expression holds a glob or a regular expression
    """

    __slots__ = ("_meant", "_source", "bounds")

    bounds: Bounds | None

    def __init__(self, source: str) -> None:
        """Raises `InvalidVersionSpec`."""
        bounds, meant = _usual(source), None
        if bounds is None:
            meant = _Parser(source).parse()
            bounds = meant.bounds
        _set_source(self, source)
        _set_bounds(self, bounds)
        _set_meant(self, meant)

    @staticmethod
    def parse(text: str) -> VersionSpec:
        """The expression that *text* spells; parsed once for each text.

        Raises `InvalidVersionSpec`.
        """
        spec = _PARSED.get(text)
        if spec is None:
            if len(_PARSED) >= _CACHE_LIMIT:
                _PARSED.clear()
            spec = _PARSED[text] = VersionSpec(text)
        return spec

    def contains(self, version: Version) -> bool:
        """Whether *version* meets the expression."""
        bounds = self.bounds
        if bounds is not None:
            return bisect_right(bounds, version.key) & 1 == 1
        test = self._meaning.test
        assert test is not None
        return test(version)

    @property
    def _meaning(self) -> Meaning:
        """All of it. A solve needs no more than the bounds of the usual expressions."""
        meant: Meaning | None = self._meant  # type: ignore[attr-defined]
        if meant is None:
            meant = _Parser(self._source).parse()  # type: ignore[attr-defined]
            _set_meant(self, meant)
        return meant

    @property
    def text(self) -> str:
        """Canonical; ``=*`` when every version matches."""
        return self._meaning.text

    @property
    def conda_build_form(self) -> str:
        """As `text`, but with ``1.2.*`` for ``=1.2``."""
        return self._meaning.conda_form

    @property
    def clauses(self) -> int:
        """Number of clauses."""
        return self._meaning.clauses

    @property
    def is_free(self) -> bool:
        """Whether nothing was asked: every version matches."""
        return self.bounds == ranges.ALL and self.text == FREE.text

    @property
    def is_exact(self) -> bool:
        """Whether the expression is a single ``==VERSION``."""
        return self.clauses == 1 and self.text.startswith("==")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a VersionSpec is immutable")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("a VersionSpec is immutable")

    def __reduce__(self) -> tuple[type[VersionSpec], tuple[str]]:
        return VersionSpec, (self.text,)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"VersionSpec({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return self.text == other.text if isinstance(other, VersionSpec) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.text)


# Its attributes cannot be set in any other way, nor in a faster one.
_set_source = VersionSpec._source.__set__  # type: ignore[attr-defined]
_set_bounds = VersionSpec.bounds.__set__  # type: ignore[misc, union-attr]
_set_meant = VersionSpec._meant.__set__  # type: ignore[attr-defined]


def _usual(text: str) -> Bounds | None:
    """The bounds of ``>=A,<B``, ``>=A``, ``A.*`` and ``A``, the usual dependencies.

    None when *text* is none of these, or is wrong: the parser knows all expressions.
    """
    try:
        if text[:2] == ">=" and "*" not in text:
            low, comma, high = text[2:].partition(",")
            lowest = Version.parse(low).key
            if not comma:
                return (lowest, ranges.HIGHEST)
            if high[:1] != "<":
                return None
            end = Version.parse(high[1:]).key
            return (lowest, end) if lowest < end else ()
        if text[:1] in _DIGITS:
            series = text.removesuffix(".*")
            if "*" in series:
                return None
            version = Version.parse(series)
            if series is not text:
                return version.series()
            return (version.key, ranges.just_above(version))
    except InvalidVersion:
        pass
    return None


_DIGITS = frozenset("0123456789")

_PARSED: dict[str, VersionSpec] = {}
_CACHE_LIMIT = 1 << 16


class _Parser:
    """Recursive descent over the tokens: text and position; "" and the end at the end."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = [*_tokens(text), ("", len(text))]
        self.at = 0
        self.depth = 0

    def parse(self) -> Meaning:
        if len(self.tokens) == 1:
            return FREE
        meant = self.alternatives()
        token, position = self.tokens[self.at]
        if token:
            raise self.invalid(f"{token!r} where ',' or '|' or the end is expected", position)
        return meant

    def alternatives(self) -> Meaning:
        parts = [self.conjunction()]
        while self.take(_OR):
            parts.append(self.conjunction())
        return _combine(parts, _OR)

    def conjunction(self) -> Meaning:
        parts = [self.term()]
        while self.take(_AND):
            parts.append(self.term())
        return _combine(parts, _AND)

    def term(self) -> Meaning:
        token, position = self.tokens[self.at]
        if token == "(":
            return self.group(position)
        if token in {"", ")", _AND, _OR}:
            found = repr(token) if token else "the end"
            raise self.invalid(f"{found} where a version is expected", position)
        if blank := _inner_blank(token):
            raise self.invalid(
                f"{token[blank]!r} after a blank, where ',' or '|' is expected", position + blank
            )
        self.at += 1
        return parse_clause(token, self.text, position)

    def group(self, position: int) -> Meaning:
        self.at += 1
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.invalid(f"more than {_DEEPEST} nested parentheses", position)
        meant = self.alternatives()
        if not self.take(")"):
            raise self.invalid("'(' is never closed", position)
        self.depth -= 1
        return meant

    def take(self, mark: str) -> bool:
        found = self.tokens[self.at][0] == mark
        self.at += found
        return found

    def invalid(self, why: str, position: int) -> InvalidVersionSpec:
        hint = "Join conditions with ',' (and) or '|' (or): >=1.2,<2."
        return InvalidVersionSpec(why, text=self.text, position=position, hint=hint)


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    """Marks and what stands between them, without outer blanks, with their places."""
    place = 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        end = place + 1
        if text[place] == "^":
            end = _end_of_regex(text, place)
        elif text[place] not in _MARKS:
            while end < len(text) and text[end] not in _MARKS:
                end += 1
        yield text[place:end].rstrip(), place
        place = end


def _end_of_regex(text: str, start: int) -> int:
    """Past the ``$`` before a mark or the end: a regular expression may hold any mark."""
    end = text.find("$", start) + 1
    while end:
        place = end
        while place < len(text) and text[place].isspace():
            place += 1
        if place == len(text) or text[place] in _MARKS:
            return end
        end = text.find("$", end) + 1
    return len(text)


def _inner_blank(token: str) -> int:
    """Where a version goes on after a blank; 0 if nowhere. After an operator it may."""
    for place in range(1, len(token)):
        if token[place - 1].isspace() and not token[place].isspace():
            before = token[:place].rstrip()
            if before and before[-1] not in _OPERATORS:
                return place
    return 0


def _combine(parts: Sequence[Meaning], join: str) -> Meaning:
    if len(parts) == 1:
        return parts[0]
    bounds: Bounds | None = None
    test = None
    known = [part.bounds for part in parts if part.bounds is not None]
    if len(known) == len(parts):
        bounds = ranges.intersection(*known) if join == _AND else ranges.union(*known)
    else:
        decide = all if join == _AND else any

        def test(version: Version) -> bool:
            return decide(_meets(version, part) for part in parts)

    def joined(texts: list[str]) -> str:
        # Only an "or" inside an "and" needs its parentheses.
        return join.join(
            f"({text})" if join == _AND and part.join == _OR else text
            for part, text in zip(parts, texts, strict=True)
        )

    return Meaning(
        joined([part.text for part in parts]),
        joined([part.conda_form for part in parts]),
        bounds,
        test,
        join,
        sum(part.clauses for part in parts),
    )


def _meets(version: Version, part: Meaning) -> bool:
    if part.bounds is not None:
        return ranges.holds(part.bounds, version)
    assert part.test is not None
    return part.test(version)


ANY_VERSION = VersionSpec("*")
"""The expression that every version meets."""

_PARSED.update({"": ANY_VERSION, "*": ANY_VERSION})
