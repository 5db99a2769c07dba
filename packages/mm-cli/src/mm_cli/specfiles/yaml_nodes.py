"""YAML as a tree of nodes that know their lines, read without trust.

The parser's events are assembled here: so a file is refused at its first tag,
at its hundredth level or when aliases would multiply it, before memory or the
stack are gone, and every complaint can name a line. Scalars stay the text that
was written: ``1.10`` is a version, not the number 1.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from mm_cli.specfiles.spec_file import SpecFileError

if TYPE_CHECKING:
    from typing import TypeAlias

__all__ = ["MappingNode", "Node", "ScalarNode", "SequenceNode", "read_yaml"]

MAX_DEPTH = 50
"""Collections within collections; files of these formats have a handful."""

MAX_ALIASED = 100_000
"""Nodes that aliases may repeat in all."""

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = frozenset({"true", "True", "TRUE", "false", "False", "FALSE"})


class ScalarNode:
    """One value. ``plain`` is whether it stands without quotes, and may be no text."""

    __slots__ = ("line", "plain", "text")
    size = 1

    def __init__(self, text: str, plain: bool, line: int) -> None:
        self.text = text
        self.plain = plain
        self.line = line

    @property
    def kind(self) -> str:
        """ "text", "number", "truth value" or "nothing", as people call it.

        >>> [ScalarNode(text, True, 1).kind for text in ("a", "1.10", "true", "~")]
        ['text', 'number', 'truth value', 'nothing']
        """
        if not self.plain:
            return "text"
        if self.text in _NULLS:
            return "nothing"
        if self.text in _BOOLEANS:
            return "truth value"
        return "number" if _is_number(self.text) else "text"


class SequenceNode:
    """A list. ``size`` counts all nodes in it, itself included."""

    __slots__ = ("items", "line", "size")
    kind = "list"

    def __init__(self, line: int) -> None:
        self.items: list[Node] = []
        self.line = line
        self.size = 1

    def __iter__(self) -> Iterator[Node]:
        return iter(self.items)


class MappingNode:
    """Keys (always text) and their values, in order; ``lines`` tells where a key stands."""

    __slots__ = ("entries", "line", "lines", "size")
    kind = "mapping"

    def __init__(self, line: int) -> None:
        self.entries: dict[str, Node] = {}
        self.lines: dict[str, int] = {}
        self.line = line
        self.size = 1

    def get(self, key: str) -> Node | None:
        """The value of *key*; None where it is absent or nothing."""
        node = self.entries.get(key)
        return None if node is None or node.kind == "nothing" else node


if TYPE_CHECKING:
    Node: TypeAlias = ScalarNode | SequenceNode | MappingNode
else:
    Node = object


def read_yaml(text: str, label: str) -> Node | None:
    r"""The one document in *text*; None when there is nothing in it.

    *label* names the file in errors.

    >>> node = read_yaml("a:\n  - 1.10\n", "f.yml")
    >>> node.entries["a"].items[0].text, node.entries["a"].items[0].line
    ('1.10', 2)

    Raises `SpecFileError` for text that is not YAML, for tags, duplicate keys, keys that
    are no text, and for what is nested or multiplied beyond all reason.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = _Builder(label)
    try:
        for event in yaml.parse(text, Loader=loader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{label}:{mark.line + 1}:{mark.column + 1}" if mark else label
        raise SpecFileError(
            f"{where}: not valid YAML: {error.problem}",
            hint="Look for a missing quote, bracket or indentation there or just above.",
        ) from None
    except yaml.YAMLError as error:
        reason = str(error).replace("\n", " ")
        raise SpecFileError(
            f"{label}: not valid YAML: {reason}", hint="Save the file as UTF-8 text."
        ) from None
    return builder.document


class _Builder:
    """Assembles nodes from events; the open collections are its stack."""

    def __init__(self, label: str) -> None:
        self.document: Node | None = None
        self._label = label
        self._stack: list[tuple[SequenceNode | MappingNode, str | None]] = []
        self._keys: list[str | None] = []
        self._anchors: dict[str, Node] = {}
        self._aliased = 0
        self._documents = 0

    def take(self, event: Any) -> None:
        """The next event of the parser."""
        name = type(event).__name__
        if name == "ScalarEvent":
            self._check_tag(event)
            node = ScalarNode(event.value, event.implicit[0], event.start_mark.line + 1)
            self._finish(node, event.anchor)
        elif name in ("MappingStartEvent", "SequenceStartEvent"):
            self._open(event, name)
        elif name in ("MappingEndEvent", "SequenceEndEvent"):
            done, anchor = self._stack.pop()
            self._keys.pop()
            self._finish(done, anchor)
        elif name == "AliasEvent":
            self._alias(event)
        elif name == "DocumentStartEvent":
            self._documents += 1
            if self._documents > 1:
                raise self._error(event, "a second document begins", "Keep one, without '---'.")

    def _open(self, event: Any, name: str) -> None:
        self._check_tag(event)
        if len(self._stack) >= MAX_DEPTH:
            raise self._error(event, "nested too deeply", "No such file needs so many levels.")
        line = event.start_mark.line + 1
        opened = MappingNode(line) if name == "MappingStartEvent" else SequenceNode(line)
        if self._stack and isinstance(self._stack[-1][0], MappingNode) and self._keys[-1] is None:
            raise self._error(event, f"a {opened.kind} is used as a key", "Keys are text.")
        self._stack.append((opened, event.anchor))
        self._keys.append(None)

    def _finish(self, node: Node, anchor: str | None) -> None:
        if anchor is not None:
            self._anchors[anchor] = node
        self._place(node, node.line)

    def _alias(self, event: Any) -> None:
        node = self._anchors.get(event.anchor)
        if node is None:
            raise self._error(
                event, f"*{event.anchor} refers to nothing before it", "Define &NAME first."
            )
        self._aliased += node.size
        if self._aliased > MAX_ALIASED:
            raise self._error(event, "aliases multiply the content", "Write the values out.")
        self._place(node, event.start_mark.line + 1)

    def _place(self, node: Node, line: int) -> None:
        """Put a finished *node* where it belongs."""
        if not self._stack:
            self.document = None if node.kind == "nothing" else node
            return
        parent = self._stack[-1][0]
        parent.size += node.size
        if isinstance(parent, SequenceNode):
            parent.items.append(node)
            return
        key = self._keys[-1]
        if key is not None:
            parent.entries[key] = node
            self._keys[-1] = None
            return
        if not isinstance(node, ScalarNode):
            raise SpecFileError(f"{self._label}:{line}: a {node.kind} is used as a key")
        if node.text in parent.lines:
            raise SpecFileError(
                f"{self._label}:{line}: {node.text!r} is there twice, first in line "
                f"{parent.lines[node.text]}",
                hint="Merge the two, or remove one.",
            )
        parent.lines[node.text] = line
        self._keys[-1] = node.text

    def _check_tag(self, event: Any) -> None:
        # The quoted scalar's "!" is the parser's own way to say "text".
        if event.tag not in (None, "!", "tag:yaml.org,2002:str"):
            raise self._error(
                event, f"the tag {event.tag!r} is not accepted", "Values here need no tags."
            )

    def _error(self, event: Any, problem: str, hint: str) -> SpecFileError:
        return SpecFileError(f"{self._label}:{event.start_mark.line + 1}: {problem}", hint=hint)


def _is_number(text: str) -> bool:
    if text[0] not in "0123456789+-.":
        return False
    try:
        float(text.replace("_", ""))
    except ValueError:
        return text.startswith("0x")
    return True
