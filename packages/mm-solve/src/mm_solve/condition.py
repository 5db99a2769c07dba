"""When a dependency counts: match specs joined with ``and`` and ``or`` (CEP 43).

>>> condition = Condition.parse("python>=3.10 and (__unix or __win)")
>>> [spec.name for spec in condition.specs]
['python', '__unix', '__win']
>>> condition.holds(lambda spec: spec.name in {"python", "__win"})
True
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from .errors import InvalidMatchSpec

if TYPE_CHECKING:
    from .match_spec import MatchSpec

__all__ = ["Condition"]

_DEEPEST = 30
"""Deeper nesting of parentheses is refused."""

# A spec may hold blanks, and anything in its brackets.
_TOKEN = re.compile(
    r"""\s*(?:([()])|\b(and|or)\b|((?:\[(?:"[^"]*"|'[^']*'|[^\]])*\]|(?!\s(?:and|or)\b)[^()\[])+))"""
)


class _Node(NamedTuple):
    join: str
    parts: tuple[_Node | MatchSpec, ...]


class Condition:
    """A condition on a solution. Immutable, hashable; ``str()`` is canonical.

    specs -- the match specs in it, in order of appearance
    """

    __slots__ = ("_root", "specs", "text")

    text: str
    specs: tuple[MatchSpec, ...]
    _root: _Node | MatchSpec

    def __init__(self, root: _Node | MatchSpec) -> None:
        object.__setattr__(self, "_root", root)
        object.__setattr__(self, "text", _text(root))
        object.__setattr__(self, "specs", tuple(_specs(root)))

    @staticmethod
    def parse(text: str) -> Condition:
        """Raises `InvalidMatchSpec`."""
        return Condition(_Parser(text).parse())

    def holds(self, test: Callable[[MatchSpec], bool]) -> bool:
        """Whether the condition is true when *test* tells of each spec whether it is met."""
        return _holds(self._root, test)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a Condition is immutable")

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Condition({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return self.text == other.text if isinstance(other, Condition) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.text)


def _holds(node: _Node | MatchSpec, test: Callable[[MatchSpec], bool]) -> bool:
    if isinstance(node, _Node):
        decide = all if node.join == "and" else any
        return decide(_holds(part, test) for part in node.parts)
    return test(node)


def _specs(node: _Node | MatchSpec) -> list[MatchSpec]:
    if isinstance(node, _Node):
        return [spec for part in node.parts for spec in _specs(part)]
    return [node]


def _text(node: _Node | MatchSpec, inside: str = "") -> str:
    if not isinstance(node, _Node):
        return str(node)
    text = f" {node.join} ".join(_text(part, node.join) for part in node.parts)
    return f"({text})" if inside == "and" and node.join == "or" else text


class _Parser:
    """Recursive descent; "and" binds tighter than "or"."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[tuple[str, int]] = []
        position, end = 0, len(text.rstrip())
        while position < end:
            found = _TOKEN.match(text, position)
            if found is None or not found[0].strip():
                raise self.invalid("it cannot be read", position)
            group = found.lastindex or 0
            self.tokens.append((found[group].strip(), found.start(group)))
            position = found.end()
        self.tokens.append(("", len(text)))
        self.at = 0
        self.depth = 0

    def parse(self) -> _Node | MatchSpec:
        root = self.joined("or")
        token, position = self.tokens[self.at]
        if token:
            raise self.invalid(f"unexpected {token!r}", position)
        return root

    def joined(self, join: str) -> _Node | MatchSpec:
        parts = [self.part(join)]
        while self.take(join):
            parts.append(self.part(join))
        if len(parts) == 1:
            return parts[0]
        flat: list[_Node | MatchSpec] = []
        for part in parts:
            same = isinstance(part, _Node) and part.join == join
            flat += part.parts if isinstance(part, _Node) and same else [part]
        return _Node(join, tuple(flat))

    def part(self, join: str) -> _Node | MatchSpec:
        return self.joined("and") if join == "or" else self.term()

    def term(self) -> _Node | MatchSpec:
        from .match_spec import MatchSpec

        token, position = self.tokens[self.at]
        if token in {"", ")", "and", "or"}:
            raise self.invalid("a match spec is missing", position)
        self.at += 1
        if token == "(":
            return self.group(position)
        spec = MatchSpec.parse(token)
        if spec.when is not None:
            raise self.invalid("a condition cannot hold another", position)
        return spec

    def group(self, position: int) -> _Node | MatchSpec:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.invalid("too many nested parentheses", position)
        inner = self.joined("or")
        if not self.take(")"):
            raise self.invalid("'(' is never closed", position)
        self.depth -= 1
        return inner

    def take(self, token: str) -> bool:
        found = self.tokens[self.at][0] == token
        self.at += found
        return found

    def invalid(self, why: str, position: int) -> InvalidMatchSpec:
        return InvalidMatchSpec(
            f"{self.text!r} is not a condition: {why}", text=self.text, position=position
        )
