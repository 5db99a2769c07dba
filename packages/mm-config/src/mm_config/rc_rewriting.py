"""Writing settings as YAML: lines of a list, or one setting anew with its comments.

Only this module imports ruamel.yaml.
"""

from __future__ import annotations

import io

from mm_config.values import NULLS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, MutableMapping, Sequence
    from typing import Any

    from mm_config.rc_outline import Entry

    Value = str | list[str] | dict[str, Any]
    Document = MutableMapping[str, Any]

__all__ = ["Style", "newline", "put", "rewritten", "style_of", "with_items", "with_newlines"]

Style = tuple[int, int]
"""How far the entries of a map are indented, and the dashes of a list."""


def newline(text: str) -> str:
    """What ends the lines of *text*."""
    return "\r\n" if "\r\n" in text else "\n"


def with_newlines(new: str, text: str) -> str:
    """*new* with the line ends of *text*."""
    return new.replace("\n", newline(text)) if "\r\n" in text else new


def with_items(
    text: str,
    entry: Entry,
    before: list[str],
    gone: Collection[str],
    added: Sequence[str],
    *,
    at_end: bool,
) -> str:
    """*text* with lines of *entry*'s list taken out and added; a moved one keeps its comment."""
    lines = {item: text[at.start : at.end] for item, at in zip(before, entry.items, strict=True)}
    opening = lines[before[0]].partition("-")[0] + "- "
    pieces = [lines[item] if item in lines else opening + _one_line(item) for item in added]
    ending = newline(text)
    new = "".join(piece if piece.endswith("\n") else piece + ending for piece in pieces)
    at = entry.items[0].start
    result = text[:at] + ("" if at_end else new)
    for item, each in zip(before, entry.items, strict=True):
        result += text[at : each.start] + ("" if item in gone else text[each.start : each.end])
        at = each.end
    if at_end and new:
        result += new if result.endswith("\n") else ending + new
    return result + text[at:]


def _one_line(item: str) -> str:
    """*item* as YAML, in one line."""
    return _dumped({"item": _quoted(item)}, (2, 2)).removeprefix("item:").strip()


def style_of(text: str, entries: Iterable[Entry]) -> Style:
    """How far *text* indents the entries of maps, and the dashes of lists."""
    entries = tuple(entries)
    dashes = 2
    for entry in entries:
        if entry.items:
            dashes = len(text[entry.items[0].start :].partition("-")[0])
            break
    for entry in entries:
        below = text[entry.lines.start : entry.lines.end].splitlines()[1:]
        first = next((line for line in below if line.strip() and line.strip()[0] not in "-#"), "")
        if not entry.items and first.startswith(" "):
            return len(first) - len(first.lstrip(" ")), dashes
    return 2, dashes


def put(document: Document, place: tuple[str, ...], value: Value) -> None:
    """Set *place* in what ruamel.yaml read, with the quotes and brackets it had before."""
    *outer, last = place
    for step in outer:
        if not isinstance(document.get(step), dict):
            document[step] = {}
        document = document[step]
    old: Any = document.get(last)
    if isinstance(old, list) and old.anchor.value:  # type: ignore[attr-defined]
        old = None  # other settings refer to it: they keep what it says
    if isinstance(value, list) and isinstance(old, list):
        known = {str(item): item for item in old}
        old.clear()
        old.extend(known.get(item, _quoted(item)) for item in value)
    elif isinstance(value, list):
        document[last] = [_quoted(item) for item in value]
    elif isinstance(value, dict):
        document[last] = _quoted_map(value)
    else:
        quotes: Any = type(old)
        kept = quotes.__name__.endswith("QuotedScalarString")
        document[last] = quotes(value) if kept else _quoted(value)


def _quoted_map(value: dict[str, Any]) -> dict[str, Any]:
    return {
        _quoted(name): [_quoted(each) for each in item] if isinstance(item, list) else _quoted(item)
        for name, item in value.items()
    }


def _quoted(text: str) -> str:
    """*text*, with quotes where YAML would take it for nothing or spread it over lines."""
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString, SingleQuotedScalarString

    if text in NULLS:
        quoted: str = SingleQuotedScalarString(text)
        return quoted
    return text if text.isprintable() else DoubleQuotedScalarString(text)


def rewritten(text: str, change: Callable[[Document], None], style: Style) -> str | None:
    """*text* read and written by ruamel.yaml with *change* in between; None if it cannot.

    The lines of what comes back end in a line feed, whatever they ended in.
    """
    from ruamel.yaml.comments import CommentedMap
    from ruamel.yaml.error import YAMLError

    try:
        document = _yaml(style).load(text.replace("\r\n", "\n"))  # it takes \r for a comment's
        if document is None:
            document = CommentedMap()
        if not document:
            document.fa.set_block_style()
        change(document)
        return _dumped(document, style) if document else ""
    except (YAMLError, RecursionError, ValueError, TypeError, KeyError, AttributeError):
        return None  # in its eyes no YAML, or more than it can keep


def _dumped(document: Document, style: Style) -> str:
    stream = io.StringIO()
    _yaml(style).dump(document, stream)
    return stream.getvalue()


def _yaml(style: Style) -> Any:
    """ruamel.yaml, with every plain scalar taken for text: so it comes out as it went in."""
    from ruamel.yaml import YAML
    from ruamel.yaml.nodes import ScalarNode
    from ruamel.yaml.resolver import VersionedResolver

    class Texts(VersionedResolver):
        def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
            if kind is ScalarNode:
                return self.DEFAULT_SCALAR_TAG
            return super().resolve(kind, value, implicit)

    yaml = YAML(typ="rt", pure=True)
    yaml.Resolver = Texts
    yaml.preserve_quotes = True
    yaml.allow_duplicate_keys = True
    yaml.width = 1 << 30
    mapping, dashes = style
    yaml.indent(mapping=mapping, sequence=dashes + 2, offset=dashes)
    return yaml
