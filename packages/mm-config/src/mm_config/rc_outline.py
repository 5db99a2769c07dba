"""Where the settings of a configuration file stand in its text.

Editing replaces these lines and leaves all others as they are, to the byte.
"""

from __future__ import annotations

import yaml

from mm_config.frozen import Frozen
from mm_config.rc_document import events

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Entry", "Lines", "after_comments", "outline"]


class Lines(Frozen):
    """Whole lines of a text: characters from *start* up to *end*, line ends included."""

    __slots__ = ("end", "start")
    start: int
    end: int

    def __init__(self, start: int, end: int) -> None:
        self._set(start=start, end=end)


class Entry(Frozen):
    """A setting in the text.

    name  -- as written
    lines -- from its name to the end of its value, without comments above or below
    items -- for a list of one ``- item`` a line: the lines of each
    parts -- for a map of one ``name: value`` a line: name -> its lines
    """

    __slots__ = ("items", "lines", "name", "parts")
    name: str
    lines: Lines
    items: tuple[Lines, ...]
    parts: Mapping[str, Lines]

    def __init__(
        self,
        name: str,
        lines: Lines,
        items: tuple[Lines, ...] = (),
        parts: Mapping[str, Lines] | None = None,
    ) -> None:
        self._set(name=name, lines=lines, items=items, parts=parts or {})


def outline(text: str) -> tuple[Entry, ...] | None:
    """The settings in *text*, in order.

    None when they do not stand one below the other at the margin, so that none
    has lines of its own: ``{a: 1, b: 2}``. Raises `mm_config.rc_document.DocumentError`.

    >>> text = "a: 1  # one\\n# next\\nb:\\n  - x\\n"
    >>> [text[entry.lines.start : entry.lines.end] for entry in outline(text)]
    ['a: 1  # one\\n', 'b:\\n  - x\\n']
    """
    stream = events(text)
    root = next((event for event in stream if isinstance(event, yaml.NodeEvent)), None)
    if root is None:
        return ()
    if not isinstance(root, yaml.MappingStartEvent) or root.flow_style:
        return None
    found = []
    for event in stream:
        if isinstance(event, yaml.MappingEndEvent):
            break
        if not isinstance(event, yaml.ScalarEvent) or not _at_margin(text, event):
            return None
        end, inside = _value(text, next(stream), stream)
        lines = Lines(_start(event), _line_end(text, max(end, _stop(event))))
        items = tuple(each for name, each in inside if name is None)
        parts = {name: each for name, each in inside if name is not None}
        found.append(Entry(event.value, lines, items, parts))
    return tuple(found)


def after_comments(text: str, at: int) -> int:
    """Where the indented comments end that begin in the line at *at*: they belong to what is above.

    >>> after_comments("  # to a\\n# to b\\nb: 1\\n", 0)
    9
    """
    end = at
    while at < len(text):
        stop = _line_end(text, at + 1)
        line = text[at:stop]
        if line.strip() and not (line[0] in " \t" and line.lstrip().startswith("#")):
            break
        at = stop
        end = stop if line.strip() else end
    return end


def _value(
    text: str, first: yaml.Event, stream: Iterator[yaml.Event]
) -> tuple[int, list[tuple[str | None, Lines]]]:
    """Where the value that begins with *first* ends, and the lines of its parts.

    A part is an entry of a map with its name, or an item of a list (None); there are
    none where one of them shares its line with something else.
    """
    if not isinstance(first, yaml.CollectionStartEvent) or first.flow_style:
        return _end(first, stream), []
    is_map = isinstance(first, yaml.MappingStartEvent)
    end = _start(first)
    found: list[tuple[str | None, Lines]] = []
    usual = True
    for event in stream:
        if isinstance(event, yaml.CollectionEndEvent):
            break
        start = text.rfind("\n", 0, _start(event)) + 1
        usual &= text[start : _start(event)].strip() == ("" if is_map else "-")
        usual &= not is_map or isinstance(event, yaml.ScalarEvent)
        name = str(getattr(event, "value", "")) if is_map else None
        end = max(_end(event, stream), _start(event))
        if is_map:
            end = max(_end(next(stream), stream), end)
        found.append((name, Lines(start, _line_end(text, end))))
    return end, found if usual else []


def _end(first: yaml.Event, stream: Iterator[yaml.Event]) -> int:
    """Where the node that begins with *first* ends, read to its end."""
    end = _stop(first)
    flows = [first.flow_style] if isinstance(first, yaml.CollectionStartEvent) else []
    while flows:
        event = next(stream)
        if isinstance(event, yaml.CollectionStartEvent):
            flows.append(event.flow_style)
        elif not isinstance(event, yaml.CollectionEndEvent) or flows.pop():
            # A block ends where the next token begins: what counts is what it holds.
            end = _stop(event)
    return end


def _start(event: yaml.Event) -> int:
    return event.start_mark.index if event.start_mark else 0


def _stop(event: yaml.Event) -> int:
    return event.end_mark.index if event.end_mark else 0


def _at_margin(text: str, event: yaml.Event) -> bool:
    return text[: _start(event)].endswith("\n") or not _start(event)


def _line_end(text: str, at: int) -> int:
    """Where the line of *at* ends; *at* itself where a line begins."""
    if at and text[at - 1] == "\n":
        return at
    return (text.find("\n", at) + 1) or len(text)
