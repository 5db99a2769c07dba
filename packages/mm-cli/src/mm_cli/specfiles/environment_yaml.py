"""``environment.yml`` (CEP 24): name, channels, dependencies, variables, platforms."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from mm_cli.specfiles.selector import FAMILIES, selector_of_line
from mm_cli.specfiles.spec_file import SpecFile, SpecFileError, check_spec
from mm_cli.specfiles.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode

__all__ = ["ENVIRONMENT_KEYS", "is_platform", "parse_environment"]

ENVIRONMENT_KEYS = (
    "name",
    "channels",
    "dependencies",
    "variables",
    "platforms",
    "category",
    "prefix",
)
"""Every key that an environment file may have; ``prefix`` says where it was exported."""

_SELECTOR = re.compile(rf"sel\(({'|'.join(FAMILIES)})\)")
_PLATFORM = re.compile(r"[a-z0-9]+-[a-z0-9_]+")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def is_platform(text: str) -> bool:
    """Whether *text* looks like the platform of a machine, which ``noarch`` is not.

    >>> is_platform("osx-arm64"), is_platform("noarch"), is_platform("linux")
    (True, False, False)
    """
    return _PLATFORM.fullmatch(text) is not None


def parse_environment(document: Node | None, text: str, label: str, folder: Path) -> SpecFile:
    """Read a YAML environment, *document*, which was read from *text*.

    Raises `SpecFileError`.
    """
    return _Environment(text, label, folder).read(document)


class _Environment:
    """One file on its way from nodes to a `SpecFile`."""

    def __init__(self, text: str, label: str, folder: Path) -> None:
        self._lines = text.splitlines()
        self._label = label
        self._folder = folder
        self._selectors: dict[int, str] = {}

    def read(self, document: Node | None) -> SpecFile:
        if document is None:
            raise SpecFileError(
                f"Got an empty file: {self._label}", hint="Expected 'dependencies:' and a list."
            )
        if not isinstance(document, MappingNode):
            raise self._error(
                document,
                f"expected keys such as 'dependencies:', found a {document.kind}",
                "A file of match specs, one a line, must not be called .yml or .yaml.",
            )
        self._selectors = self._comment_selectors()
        get = document.get
        entries, pip = self._dependencies(get("dependencies"))
        what = "a channel's name, URL or path"
        channels = [
            self._text(n, "channels", what) for n in self._list(get("channels"), "channels")
        ]
        environment = SpecFile(
            self._label,
            self._folder,
            "yaml",
            entries=tuple(entries),
            pip=tuple(pip),
            channels=tuple(map(os.path.expandvars, channels)),
            name=self._name(get("name")),
            variables=self._variables(get("variables")),
            platforms=tuple(self._platforms(get("platforms"))),
            category=self._category(get("category")),
            warnings=tuple(self._unknown_keys(document)),
        )
        self._check_selectors()
        return environment

    # the parts

    def _dependencies(
        self, node: Node | None
    ) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        specs: list[tuple[str, str]] = []
        pip: list[tuple[str, str]] = []
        for entry in self._list(node, "dependencies"):
            if isinstance(entry, ScalarNode):
                specs.append((self._selector(entry), self._spec(entry, "dependencies")))
            elif isinstance(entry, MappingNode):
                self._subsection(entry, specs, pip)
            else:
                raise self._error(
                    entry, "an entry of 'dependencies' is a list", "Write one match spec an entry."
                )
        return specs, pip

    def _subsection(
        self, entry: MappingNode, specs: list[tuple[str, str]], pip: list[tuple[str, str]]
    ) -> None:
        """``pip:`` and its list, or ``sel(…):`` and a spec."""
        for key, content in entry.entries.items():
            selector = _SELECTOR.fullmatch(key)
            if key == "pip":
                pip += self._requirements(content)
            elif selector and isinstance(content, ScalarNode):
                specs.append((selector[1], self._spec(content, key)))
            else:
                raise SpecFileError(
                    f"{self._label}:{entry.lines[key]}: cannot use the entry {key!r} of "
                    "'dependencies'",
                    hint="Known are 'pip:' with a list, and sel(unix|linux|osx|win) with a spec.",
                )

    def _requirements(self, node: Node) -> list[tuple[str, str]]:
        entries = self._list(node, "pip")
        return [(self._selector(n), self._text(n, "pip", "a requirement")) for n in entries]

    def _name(self, node: Node | None) -> str:
        if node is None:
            return ""
        # A name may look like a number: nobody means one.
        name = node.text.strip() if isinstance(node, ScalarNode) else ""
        if not name or any(character in "/\\ :#" for character in name):
            shown = repr(name) if name else f"a {node.kind}"
            raise self._error(
                node,
                f"'name' is not the name of an environment: {shown}",
                "A name is one word without / \\ : # or spaces; paths go with -p.",
            )
        return name

    def _variables(self, node: Node | None) -> Mapping[str, str]:
        if node is None:
            return {}
        if not isinstance(node, MappingNode):
            raise self._error(
                node,
                f"'variables' is a {node.kind}, expected a mapping",
                "Write lines of the form 'NAME: value' below it.",
            )
        found: dict[str, str] = {}
        for key, value in node.entries.items():
            where = f"{self._label}:{node.lines[key]}"
            if not _VARIABLE.fullmatch(key):
                raise SpecFileError(
                    f"{where}: {key!r} is not the name of an environment variable",
                    hint="Names are made of letters, digits and _, and begin with no digit.",
                )
            if not isinstance(value, ScalarNode):
                raise SpecFileError(
                    f"{where}: the variable {key} is a {value.kind}, expected one value",
                    hint="Quote the value to have it taken as it is.",
                )
            found[key.upper()] = self._value(value)
        return found

    @staticmethod
    def _value(node: ScalarNode) -> str:
        """A scalar as a variable holds it."""
        kind = node.kind
        return (
            node.text.lower() if kind == "truth value" else "" if kind == "nothing" else node.text
        )

    def _platforms(self, node: Node | None) -> list[str]:
        platforms = []
        for entry in self._list(node, "platforms"):
            text = self._text(entry, "platforms", "a platform such as linux-64")
            if not is_platform(text):
                raise self._error(
                    entry,
                    f"{text!r} is not a platform to install for",
                    "Platforms are called linux-64, osx-arm64, win-64, and so on.",
                )
            platforms.append(text)
        return platforms

    def _category(self, node: Node | None) -> str:
        return "main" if node is None else self._text(node, "category", "one word")

    def _unknown_keys(self, document: MappingNode) -> list[str]:
        return [
            f"{self._label}:{document.lines[key]}: {key!r} means nothing in an environment file; "
            "it is ignored"
            for key in document.entries
            if key not in ENVIRONMENT_KEYS
        ]

    # selectors in comments

    def _comment_selectors(self) -> dict[int, str]:
        """Line -> the selector that ends it."""
        numbered = enumerate(self._lines, 1)
        return {number: found for number, line in numbered if (found := selector_of_line(line))}

    def _selector(self, node: Node) -> str:
        return self._selectors.pop(node.line, "")

    def _check_selectors(self) -> None:
        """Every selector has had its effect, or it is where it has none."""
        for line, selector in self._selectors.items():
            if not self._lines[line - 1].lstrip().startswith("#"):
                raise SpecFileError(
                    f"{self._label}:{line}: the selector [{selector}] has no effect here",
                    hint="Selectors may follow entries of 'dependencies' and 'pip'.",
                )

    # values

    def _spec(self, node: ScalarNode, key: str) -> str:
        text = self._text(node, key, "a match spec; quote it if it looks like a number")
        return check_spec(text, f"{self._label}:{node.line}")

    def _text(self, node: Node, key: str, what: str) -> str:
        if isinstance(node, ScalarNode) and node.kind == "text" and node.text.strip():
            return node.text.strip()
        found = "empty" if node.kind == "text" else f"a {node.kind}"
        shown = f": {node.text}" if isinstance(node, ScalarNode) and node.text else ""
        raise self._error(node, f"an entry of '{key}' is {found}{shown}", f"Expected {what}.")

    def _list(self, node: Node | None, key: str) -> list[Node]:
        if node is None or node.kind == "nothing":
            return []
        if not isinstance(node, SequenceNode):
            raise self._error(
                node,
                f"'{key}' is a {node.kind}, expected a list",
                f"Write '{key}:' and '- …' lines.",
            )
        return node.items

    def _error(self, node: Node, problem: str, hint: str) -> SpecFileError:
        return SpecFileError(f"{self._label}:{node.line}: {problem}", hint=hint)
