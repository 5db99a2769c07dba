"""The text of a configuration file, read as YAML with the line of every value.

Only this module imports yaml. Scalars stay text: what `1` or `yes` means is for
the setting to say, not for YAML.
"""

from __future__ import annotations

import re

import yaml

from mm_config.expansion import expand
from mm_config.values import Located

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DocumentError", "parse", "parse_value"]

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

DEEPEST = 3
"""Levels below the settings' names that any setting can have."""

MOST_VALUES = 100_000
"""A document with more values is hostile: aliases multiply what a few lines hold."""

_BRACED = re.compile(r"\$\{([A-Za-z0-9_]+)\}")
_HIDDEN = re.compile("\ue000([A-Za-z0-9_]+)\ue001")


class DocumentError(ValueError):
    """The text is no configuration document.

    line -- where the trouble is, from 1; 0 when it is the whole text
    """

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.line = line


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
    root = _compose(_BRACED.sub("\ue000\\1\ue001", text))
    if root is None or (isinstance(root, yaml.ScalarNode) and root.value.strip() in ("", "~")):
        return {}, ()
    if not isinstance(root, yaml.MappingNode):
        raise DocumentError("holds no settings, which are 'name: value' lines", _line(root))
    remarks: list[str] = []
    document = _Reader(env, remarks).mapping(root, 0)
    return document, tuple(remarks)


def parse_value(text: str) -> Located:
    """One value written in YAML, as in an environment variable. Raises `DocumentError`."""
    root = _compose(text)
    if root is None:
        return Located("", 1, plain=True)
    return _Reader({}, []).located(root, 1)


def _compose(text: str) -> yaml.Node | None:
    try:
        loader = _Loader(text)
        try:
            # Documents after the first are not looked at.
            return loader.get_node() if loader.check_node() else None
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise DocumentError(
            f"is not valid YAML: {error.problem or error.context}", mark.line + 1 if mark else 0
        ) from error
    except (yaml.YAMLError, ValueError) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DocumentError(f"is not valid YAML: {first}") from error
    except RecursionError as error:
        raise DocumentError("is nested too deeply") from error


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


class _Reader:
    """Turns YAML's nodes into located texts."""

    def __init__(self, env: Mapping[str, str], remarks: list[str]) -> None:
        self.env = env
        self.remarks = remarks
        self.seen = 0

    def located(self, node: yaml.Node, depth: int) -> Located:
        self.seen += 1
        if self.seen > MOST_VALUES:
            raise DocumentError("holds too many values")
        line = _line(node)
        if isinstance(node, yaml.ScalarNode):
            return Located(self.text(node), line, plain=node.style is None)
        if depth >= DEEPEST:
            return Located(None, line)
        if isinstance(node, yaml.SequenceNode):
            return Located([self.located(item, depth + 1) for item in node.value], line)
        assert isinstance(node, yaml.MappingNode)
        return Located(self.mapping(node, depth), line)

    def mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, Located]:
        found: dict[str, Located] = {}
        for name_node, item in node.value:
            if not isinstance(name_node, yaml.ScalarNode):
                continue
            name = self.text(name_node)
            if name in found:
                self.remarks.append(
                    f"'{name}' is given twice, in lines {found[name].line} and {_line(item)};"
                    " the latter counts"
                )
            found[name] = self.located(item, depth + 1)
        return found

    def text(self, node: yaml.ScalarNode) -> str:
        return expand(_HIDDEN.sub(r"${\1}", node.value), self.env)
