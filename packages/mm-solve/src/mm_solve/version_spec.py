"""Version expressions: clauses joined with ``,`` (and) and ``|`` (or) (CEP 29).

"And" binds tighter than "or"; parentheses group.

>>> spec = VersionSpec.parse(">=1.8,<2|1.7.*")
>>> [spec.contains(Version.parse(text)) for text in ("1.7.3", "1.9", "2.0")]
[True, True, False]
>>> str(spec), spec.conda_build_form
('>=1.8,<2|=1.7', '>=1.8,<2|1.7.*')
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import reduce
from typing import NoReturn

from . import version_ranges as ranges
from .errors import InvalidVersionSpec
from .version import Version
from .version_clause import FREE, Clause, parse_clause
from .version_ranges import Bounds

__all__ = ["ANY_VERSION", "VersionSpec"]

_DEEPEST = 30
"""Deeper nesting of parentheses is refused."""

# A regular expression may hold any of the marks that otherwise end a clause.
_TOKEN = re.compile(r"\s*(?:([(),|])|(\^\S*?\$(?=\s*(?:[(),|]|$))|[^(),|]+))")

_AND, _OR = ",", "|"
_COMBINE = {_AND: ranges.intersection, _OR: ranges.union}
_DECIDE = {_AND: all, _OR: any}


class VersionSpec:
    """A version expression. Immutable, hashable, equal when written alike.

    text -- canonical; ``=*`` when every version matches
    conda_build_form -- the same with ``1.2.*`` for ``=1.2``
    bounds -- the set of versions as sorted keys (see `mm_solve.version_ranges`),
        or None when the expression holds a glob or a regular expression
    clauses -- number of clauses
    """

    __slots__ = ("_join", "_parts", "_test", "bounds", "clauses", "conda_build_form", "text")

    text: str
    conda_build_form: str
    bounds: Bounds | None
    clauses: int

    def __init__(self, clause: Clause, *, join: str = "", clauses: int = 1) -> None:
        put = object.__setattr__
        put(self, "text", clause.text)
        put(self, "conda_build_form", clause.conda_form)
        put(self, "bounds", clause.bounds)
        put(self, "_test", clause.test)
        put(self, "_join", join)
        put(self, "clauses", clauses)

    @staticmethod
    def parse(text: str) -> VersionSpec:
        """The expression that *text* spells; parsed once for each text.

        Raises `InvalidVersionSpec`.
        """
        spec = _PARSED.get(text)
        if spec is None:
            if len(_PARSED) >= _CACHE_LIMIT:
                _PARSED.clear()
            spec = _PARSED[text] = _Parser(text).parse()
        return spec

    def contains(self, version: Version) -> bool:
        """Whether *version* meets the expression."""
        bounds = self.bounds
        if bounds is not None:
            return bisect_right(bounds, version.key) & 1 == 1
        return self._test(version)  # type: ignore[attr-defined, no-any-return]

    @property
    def is_free(self) -> bool:
        """Whether nothing was asked: every version matches."""
        return self.text == FREE.text

    @property
    def is_exact(self) -> bool:
        """Whether the expression is a single ``==VERSION``."""
        return self.clauses == 1 and self.text.startswith("==")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a VersionSpec is immutable")

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"VersionSpec({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return self.text == other.text if isinstance(other, VersionSpec) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.text)


ANY_VERSION = VersionSpec(FREE)
"""The expression that every version meets."""

_PARSED: dict[str, VersionSpec] = {"": ANY_VERSION, "*": ANY_VERSION}
_CACHE_LIMIT = 1 << 16


class _Parser:
    """Recursive descent over the tokens: text and position; "" and the end at the end."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[tuple[str, int]] = []
        for found in _TOKEN.finditer(text):
            group = 1 if found[1] else 2
            self.tokens.append((found[group].rstrip(), found.start(group)))
        self.tokens.append(("", len(text)))
        self.at = 0
        self.depth = 0

    def parse(self) -> VersionSpec:
        if not self.text.strip():
            return ANY_VERSION
        spec = self.alternatives()
        token, position = self.tokens[self.at]
        if token:
            raise self.invalid(f"unexpected {token!r}", position)
        return spec

    def alternatives(self) -> VersionSpec:
        parts = [self.conjunction()]
        while self.take(_OR):
            parts.append(self.conjunction())
        return _combine(parts, _OR)

    def conjunction(self) -> VersionSpec:
        parts = [self.term()]
        while self.take(_AND):
            parts.append(self.term())
        return _combine(parts, _AND)

    def term(self) -> VersionSpec:
        token, position = self.tokens[self.at]
        if token == "(":
            return self.group(position)
        if token in {"", ")", _AND, _OR}:
            where = f"before {token!r}" if token else "at the end"
            raise self.invalid(f"a version is missing {where}", position)
        if blank := re.search(r"[^\s=<>!~]\s+", token):
            raise self.invalid("a blank inside a version", position + blank.end() - 1)
        self.at += 1
        return VersionSpec(parse_clause(token, self.text, position))

    def group(self, position: int) -> VersionSpec:
        self.at += 1
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.invalid("too many nested parentheses", position)
        spec = self.alternatives()
        if not self.take(")"):
            raise self.invalid("'(' is never closed", position)
        self.depth -= 1
        return spec

    def take(self, mark: str) -> bool:
        found = self.tokens[self.at][0] == mark
        self.at += found
        return found

    def invalid(self, why: str, position: int) -> InvalidVersionSpec:
        return InvalidVersionSpec(
            f"{self.text!r} is not a version expression: {why}", text=self.text, position=position
        )


def _combine(parts: Sequence[VersionSpec], join: str) -> VersionSpec:
    if len(parts) == 1:
        return parts[0]
    bounds: Bounds | None = None
    test = None
    known = [part.bounds for part in parts if part.bounds is not None]
    if len(known) == len(parts):
        bounds = reduce(_COMBINE[join], known)
    else:
        decide = _DECIDE[join]

        def test(version: Version) -> bool:
            return decide(part.contains(version) for part in parts)

    def joined(texts: list[str]) -> str:
        # Only an "or" inside an "and" needs its parentheses.
        return join.join(
            f"({text})" if join == _AND and part._join == _OR else text  # type: ignore[attr-defined]
            for part, text in zip(parts, texts, strict=True)
        )

    clause = Clause(
        joined([part.text for part in parts]),
        joined([part.conda_build_form for part in parts]),
        bounds,
        test,
    )
    return VersionSpec(clause, join=join, clauses=sum(part.clauses for part in parts))
