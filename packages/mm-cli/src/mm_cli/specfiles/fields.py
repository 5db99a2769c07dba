"""The fields of one mapping in a lock file, read as the format promises them."""

from __future__ import annotations

import re

from mm_cli.specfiles.spec_file import SpecFileError
from mm_cli.specfiles.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode

__all__ = ["Fields"]

_DIGITS = {"md5": 32, "sha256": 64}


class Fields:
    """Typed access to *node*, which *what* names in errors.

    Values keep their text: a version may look like a number.
    Every method raises `SpecFileError` where the file says something else.
    """

    __slots__ = ("label", "node", "what")

    def __init__(self, node: Node, label: str, what: str) -> None:
        self.label = label
        self.what = what
        if not isinstance(node, MappingNode):
            raise SpecFileError(
                f"{label}:{node.line}: {what} is a {node.kind}, expected a mapping",
                hint="Make the lock file anew.",
            )
        self.node = node

    def text(self, key: str) -> str:
        """The value of *key*, which must be there."""
        found = self.text_or(key, "")
        if not found:
            raise self.error(f"{self.what} has no '{key}'")
        return found

    def text_or(self, key: str, default: str) -> str:
        """The value of *key*, or *default* where it is absent."""
        node = self.node.get(key)
        if node is None:
            return default
        return scalar(node, self.label, f"'{key}' of {self.what}")

    def number_or(self, key: str, default: int) -> int:
        """A whole number."""
        found = self.text_or(key, "")
        if not found:
            return default
        try:
            return int(found)
        except ValueError:
            raise self.error(f"'{key}' of {self.what} is no whole number: {found}", key) from None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of values; empty where it is absent."""
        what = f"an entry of '{key}' of {self.what}"
        return tuple(scalar(node, self.label, what) for node in self.items(key))

    def items(self, key: str) -> list[Node]:
        """The nodes of a list; empty where it is absent."""
        node = self.node.get(key)
        if node is None:
            return []
        if not isinstance(node, SequenceNode):
            raise self.error(f"'{key}' of {self.what} is a {node.kind}, expected a list", key)
        return node.items

    def mapping(self, key: str) -> Fields:
        """A mapping, which must be there."""
        node = self.node.get(key)
        if node is None:
            raise self.error(f"{self.what} has no '{key}'")
        return Fields(node, self.label, f"'{key}' of {self.what}")

    def pairs(self, key: str) -> dict[str, str]:
        """A mapping of texts; empty where it is absent."""
        node = self.node.get(key)
        if node is None:
            return {}
        inner = Fields(node, self.label, f"'{key}' of {self.what}")
        return {name: inner.text_or(name, "") for name in inner.node.entries}

    def digest(self, algorithm: str) -> str | None:
        """A hash in hexadecimal, lower case; None where it is absent."""
        found = self.text_or(algorithm, "")
        if not found:
            return None
        if not re.fullmatch(rf"[0-9a-fA-F]{{{_DIGITS[algorithm]}}}", found):
            raise self.error(
                f"{self.what}: {found!r} is no {algorithm}", algorithm,
            )  # fmt: skip
        return found.lower()

    def error(self, problem: str, key: str = "") -> SpecFileError:
        """An error that names the line of *key*, or of the mapping."""
        line = self.node.lines.get(key, self.node.line)
        return SpecFileError(f"{self.label}:{line}: {problem}", hint="Make the lock file anew.")


def scalar(node: Node, label: str, what: str) -> str:
    """The text of a node that must be one value. Raises `SpecFileError`."""
    if not isinstance(node, ScalarNode):
        raise SpecFileError(
            f"{label}:{node.line}: {what} is a {node.kind}, expected one value",
            hint="Make the lock file anew.",
        )
    return node.text
