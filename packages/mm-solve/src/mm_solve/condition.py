"""When a dependency counts: match specs joined with ``and`` and ``or`` (CEP 43).

>>> condition = Condition.parse("python>=3.10 and (__unix or __win)")
>>> [spec.name for spec in condition.specs]
['python', '__unix', '__win']
>>> condition.holds(lambda spec: spec.name in {"python", "__win"})
True
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from .errors import InvalidMatchSpec

if TYPE_CHECKING:
    from .match_spec import MatchSpec

__all__ = ["Condition"]

_DEEPEST = 30
"""Deeper nesting of parentheses is refused."""

_MOST_ALTERNATIVES = 100
"""A condition that is true in more ways than this is refused."""


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

    def alternatives(self) -> list[tuple[MatchSpec, ...]]:
        """Groups of specs, of which one group must be met as a whole.

        >>> for group in Condition.parse("(a or b>=2) and c").alternatives():
        ...     print(*group)
        a c
        b>=2 c

        Raises `InvalidMatchSpec` when there are too many to be meant.
        """
        found = _alternatives(self._root)
        if found is None:
            raise InvalidMatchSpec(
                "it stands for too many cases", text=self.text, what="a condition"
            )
        return found

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


def _alternatives(node: _Node | MatchSpec) -> list[tuple[MatchSpec, ...]] | None:
    """The disjunctive normal form; None beyond `_MOST_ALTERNATIVES`."""
    if not isinstance(node, _Node):
        return [(node,)]
    parts = [_alternatives(part) for part in node.parts]
    found: list[tuple[MatchSpec, ...]] = [()] if node.join == "and" else []
    for part in parts:
        if part is None:
            return None
        if node.join == "or":
            found += part
        else:
            found = [tuple(dict.fromkeys((*left, *right))) for left in found for right in part]
        if len(found) > _MOST_ALTERNATIVES:
            return None
    return list(dict.fromkeys(found))


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
        self.tokens = [*_tokens(text), ("", len(text))]
        self.at = 0
        self.depth = 0

    def parse(self) -> _Node | MatchSpec:
        root = self.joined("or")
        token, position = self.tokens[self.at]
        if token:
            raise self.invalid(f"{token!r} where 'and' or 'or' is expected", position)
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
        token, position = self.tokens[self.at]
        if token in {"", ")", "and", "or"}:
            found = repr(token) if token else "the end"
            raise self.invalid(f"{found} where a match spec is expected", position)
        self.at += 1
        if token == "(":
            return self.group(position)
        return self.spec(token, position)

    def spec(self, token: str, position: int) -> MatchSpec:
        from .match_spec import MatchSpec

        try:
            spec = MatchSpec.parse(token)
        except InvalidMatchSpec as error:
            raise self.invalid(error.why, position + error.position, error.hint) from None
        if spec.when is not None:
            raise self.invalid("a condition inside a condition", position)
        if spec.url:
            raise self.invalid("an archive where the name of a package is expected", position)
        return spec

    def group(self, position: int) -> _Node | MatchSpec:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.invalid(f"more than {_DEEPEST} nested parentheses", position)
        inner = self.joined("or")
        if not self.take(")"):
            raise self.invalid("'(' is never closed", position)
        self.depth -= 1
        return inner

    def take(self, token: str) -> bool:
        found = self.tokens[self.at][0] == token
        self.at += found
        return found

    def invalid(self, why: str, position: int, hint: str = "") -> InvalidMatchSpec:
        hint = hint or "Join match specs with 'and', 'or' and parentheses."
        return InvalidMatchSpec(
            why, text=self.text, position=position, hint=hint, what="a condition"
        )


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    """Parentheses, ``and``, ``or`` and the specs between them, with their places."""
    place = 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        end = place + 1
        if text[place] not in "()":
            end = _end_of_join(text, place) or _end_of_spec(text, place)
        yield text[place:end].rstrip(), place
        place = end


def _end_of_join(text: str, start: int) -> int:
    """Past the ``and`` or ``or`` at *start*; 0 if there is none."""
    for join in ("and", "or"):
        end = start + len(join)
        if text.startswith(join, start) and (text[end : end + 1].strip() or "(") in "()":
            return end
    return 0


def _end_of_spec(text: str, start: int) -> int:
    """A spec may hold blanks, and anything in its brackets."""
    depth, quote = 0, ""
    for place in range(start, len(text)):
        character = text[place]
        if quote:
            quote = "" if character == quote else quote
        elif character in "[]":
            depth += 1 if character == "[" else -1
        elif depth > 0:
            quote = character if character in "\"'" else ""
        elif character in "()" or (character.isspace() and _end_of_join(text, place + 1)):
            return place
    return len(text)
