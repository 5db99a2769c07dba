"""The text of a configuration file, read as YAML with the line of every value.

Only this module and `rc_outline` import yaml. Scalars stay text: what `1` or `yes` means is for
the setting to say, not for YAML.
"""

from __future__ import annotations

import re

import yaml

from mm_config.expansion import expand
from mm_config.values import Located

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["DocumentError", "events", "parse", "parse_value"]

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

DEEPEST = 3
"""Levels below the settings' names that any setting can have."""

MOST_VALUES = 100_000
"""A document with more values is hostile: aliases multiply what a few lines hold."""

_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("str", "bool", "int", "float", "null", "seq", "map")
) | {"!"}
"""The tags that say no more than a setting knows of its value anyway."""

_BRACED = re.compile(r"\$\{([A-Za-z0-9_]+)\}")
_HIDDEN = re.compile("\ue000([A-Za-z0-9_]+)\ue001")


class DocumentError(ValueError):
    """The text is no configuration document.

    line, column -- where the trouble is, from 1; 0 when it is the whole text, or line
    """

    def __init__(self, reason: str, line: int = 0, column: int = 0) -> None:
        super().__init__(reason)
        self.line = line
        self.column = column

    @property
    def where(self) -> str:
        """The place in words, with a space before it; "" for the whole text.

        >>> DocumentError("is odd", 3, 7).where
        ' (line 3, column 7)'
        """
        column = f", column {self.column}" if self.column else ""
        return f" (line {self.line}{column})" if self.line else ""


def parse(text: str, env: Mapping[str, str]) -> tuple[dict[str, Located], tuple[str, ...]]:
    """The settings in *text* by name, and remarks on what is odd about it.

    ``$NAME`` and ``${NAME}`` are replaced by *env* in each value, after the YAML
    is understood: a variable cannot change the structure of the file.
    Raises `DocumentError`.

    >>> settings, remarks = parse("channels: [$LAB]", {"LAB": "lab"})
    >>> settings["channels"].value[0].value
    'lab'
    """
    # In a flow list the braces of ${NAME} would be YAML's own, so they are hidden from it.
    reader = _Reader(_BRACED.sub("\ue000\\1\ue001", text), env)
    root = reader.document()
    if root is None or root.is_null:
        return {}, ()
    if not isinstance(root.value, dict):
        raise DocumentError("holds no settings, which are 'name: value' lines", root.line)
    return root.value, tuple(reader.remarks)


def parse_value(text: str) -> Located:
    """One value written in YAML, as in an environment variable. Raises `DocumentError`."""
    return _Reader(text, {}).document() or Located("", 1, plain=True)


def events(text: str) -> Iterator[yaml.Event]:
    """YAML's events in *text*. Raises `DocumentError`."""
    try:
        yield from yaml.parse(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise DocumentError(
            f"is not valid YAML: {error.problem or error.context}",
            mark.line + 1 if mark else 0,
            mark.column + 1 if mark else 0,
        ) from error
    except (yaml.YAMLError, ValueError) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DocumentError(f"is not valid YAML: {first}") from error


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _column(event: yaml.Event) -> int:
    return event.start_mark.column + 1 if event.start_mark else 0


def _check_tag(event: yaml.Event) -> None:
    """Refuse tags that ask for more than text, lists and maps."""
    tag = getattr(event, "tag", None)
    if tag and tag not in _TAGS:
        raise DocumentError(
            f"holds the YAML tag {tag!r}, which no setting has", _line(event), _column(event)
        )


class _Reader:
    """Turns YAML's events into located texts.

    Not its nodes: composing them recurses once a level, and the C loader has no
    guard, so that a line of brackets would crash the process.
    """

    def __init__(self, text: str, env: Mapping[str, str]) -> None:
        self.events = events(text)
        self.env = env
        self.remarks: list[str] = []
        self.anchors: dict[str, tuple[Located, int]] = {}
        self.seen = 0

    def document(self) -> Located | None:
        """The first document; those after it are not looked at."""
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                return self.node(next(self.events), -1)
        return None

    def node(self, event: yaml.Event, depth: int) -> Located:
        """The value that begins with *event*, *depth* levels below the settings' names."""
        if isinstance(event, yaml.AliasEvent):
            return self.aliased(event)
        _check_tag(event)
        before = self.seen
        self.count(1)
        found = self.content(event, depth)
        if isinstance(event, yaml.NodeEvent) and event.anchor:
            self.anchors[event.anchor] = (found, self.seen - before)
        return found

    def content(self, event: yaml.Event, depth: int) -> Located:
        line = _line(event)
        if isinstance(event, yaml.ScalarEvent):
            text = expand(_HIDDEN.sub(r"${\1}", event.value), self.env)
            return Located(text, line, plain=not event.style)
        if depth >= DEEPEST:
            self.skip()
            return Located(None, line)
        if isinstance(event, yaml.SequenceStartEvent):
            return Located([self.node(item, depth + 1) for item in self.inside()], line)
        return Located(self.mapping(depth), line)

    def mapping(self, depth: int) -> dict[str, Located]:
        found: dict[str, Located] = {}
        for event in self.inside():
            name = self.node(event, depth + 1).value
            item = self.node(next(self.events), depth + 1)
            if not isinstance(name, str):
                continue
            if name in found:
                self.remarks.append(
                    f"{name!r} is given twice, in lines {found[name].line} and {item.line};"
                    " the latter counts"
                )
            found[name] = item
        return found

    def inside(self) -> Iterator[yaml.Event]:
        """The events that begin the parts of a list or map, up to its end."""
        for event in self.events:
            if isinstance(event, yaml.CollectionEndEvent):
                return
            yield event

    def skip(self) -> None:
        """Pass over the rest of a list or map, however deep."""
        level = 1
        while level:
            event = next(self.events)
            level += isinstance(event, yaml.CollectionStartEvent)
            level -= isinstance(event, yaml.CollectionEndEvent)

    def aliased(self, event: yaml.AliasEvent) -> Located:
        if event.anchor not in self.anchors:
            raise DocumentError("is not valid YAML: an alias of nothing", _line(event))
        found, size = self.anchors[event.anchor]
        self.count(size)
        return found

    def count(self, values: int) -> None:
        self.seen += values
        if self.seen > MOST_VALUES:
            raise DocumentError("holds too many values")
