"""Patterns for build strings and other texts of a record (CEP 29).

>>> StringMatch.parse("*_cp311").matches("2_cp311")
True
>>> StringMatch.parse("^.*(mkl|accelerate)$").matches("25_linux64_mkl")
True
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from .errors import InvalidMatchSpec

__all__ = ["ANY_TEXT", "StringMatch"]

_GLOB = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.+*-"
"""What a glob is made of."""

Test = Callable[[str], bool]


class StringMatch:
    """A pattern. Immutable, hashable, equal when written alike.

    text -- the pattern as written; "*" accepts every text
    matches -- whether a text is accepted as a whole
    is_exact -- whether only one text can match: the pattern itself

    A pattern is

    * ``^...$`` (one anchor is enough): a regular expression;
    * only letters, digits and ``_ - . + *``: a glob, where ``*`` is any run of
      characters, and so is ``.*``, as habit has it;
    * anything else: a regular expression on the whole text, where a ``*`` that
      follows no dot is any run of characters; a glob if it is no valid one.
    """

    __slots__ = ("is_exact", "matches", "text")

    text: str
    matches: Test
    is_exact: bool

    def __init__(self, text: str, matches: Test, is_exact: bool) -> None:
        put = object.__setattr__
        put(self, "text", text)
        put(self, "matches", matches)
        put(self, "is_exact", is_exact)

    @staticmethod
    def parse(text: str) -> StringMatch:
        """The pattern of a build string.

        Raises `InvalidMatchSpec` for a malformed ``^...$``.
        """
        match = _PARSED.get(text)
        if match is None:
            if len(_PARSED) >= _CACHE_LIMIT:
                _PARSED.clear()
            match = _PARSED[text] = _build_match(text.strip())
        return match

    @staticmethod
    def parse_prose(text: str) -> StringMatch:
        """The pattern of a licence and the like: a glob, or ``^...$``; case is ignored.

        >>> StringMatch.parse_prose("bsd-3-*").matches("BSD-3-Clause")
        True

        Raises `InvalidMatchSpec` for a malformed ``^...$``.
        """
        text = text.strip()
        if text in {"", "*"}:
            return ANY_TEXT
        if text.startswith("^") and text.endswith("$"):
            return StringMatch(text, _regex(text, ignore_case=True), False)
        test = _glob(text.lower())
        return StringMatch(text, lambda value: test(value.lower()), "*" not in text)

    @property
    def is_free(self) -> bool:
        """Whether every text matches."""
        return self is ANY_TEXT

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a StringMatch is immutable")

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"StringMatch({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return self.text == other.text if isinstance(other, StringMatch) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.text)


ANY_TEXT = StringMatch("*", lambda text: True, False)
"""The pattern that accepts every text."""

_PARSED: dict[str, StringMatch] = {}
_CACHE_LIMIT = 1 << 15


def _build_match(text: str) -> StringMatch:
    if not text.strip("*"):
        return ANY_TEXT
    if text[0] == "^" or text[-1] == "$":
        pattern = "^" + text.removeprefix("^").removesuffix("$") + "$"
        if pattern == "^.*$":
            return ANY_TEXT
        return StringMatch(pattern, _regex(text), False)
    if not text.strip(_GLOB):
        pattern = text.replace(".*", "*")
        return StringMatch(text, _glob(pattern), "*" not in text) if pattern != "*" else ANY_TEXT
    try:
        # Stars that follow no dot are those of a glob.
        test = _regex("^" + text.replace(".*", "*").replace("*", ".*") + "$")
    except InvalidMatchSpec:
        test = _glob(text)
    return StringMatch(text, test, False)


def _glob(pattern: str) -> Test:
    first, *rest = pattern.split("*")
    if not rest:
        return pattern.__eq__
    *middle, last = rest
    if not any(middle):
        if not first:
            return lambda text: text.endswith(last)
        if not last:
            return lambda text: text.startswith(first)
    shortest = len(first) + len(last)

    # Not a regular expression: many stars would take exponential time.
    def matches(text: str) -> bool:
        if len(text) < shortest or not (text.startswith(first) and text.endswith(last)):
            return False
        position, end = len(first), len(text) - len(last)
        for piece in middle:
            found = text.find(piece, position, end)
            if found < 0:
                return False
            position = found + len(piece)
        return True

    return matches


def _regex(text: str, *, ignore_case: bool = False) -> Test:
    from .regular_expression import InvalidExpression, compile_expression

    inner = text.removeprefix("^")
    try:
        return compile_expression(inner.removesuffix("$"), ignore_case=ignore_case)
    except InvalidExpression as error:
        position = len(text) - len(inner) + error.position
        raise InvalidMatchSpec(
            error.why, text=text, position=position, hint=error.hint, what=error.what
        ) from None
