"""Configuration files of the plain kind, read without YAML.

Importing yaml takes longer than all else that reading settings needs, and most
files hold ``name: value`` lines and lists only. Whatever is not certain to mean
the same in YAML is left to it: this reader then says nothing.
"""

from __future__ import annotations

from mm_config.values import Located

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["parse_plain"]

_WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
_NAME = _WORD | {"-"}
_FIRST = _WORD | frozenset("./~$<")
_TEXT = _FIRST | frozenset("+%@=>!*^&;?,(){}|-: ")
_INSIDE = _FIRST | frozenset("+%@=>!*^;- ")
"""The characters of a name, of a text (first, others), and of a text in brackets."""

LONGEST_NAME = 100


def parse_plain(text: str, env: Mapping[str, str]) -> dict[str, Located] | None:
    """The settings in *text* by name, as `rc_document.parse` has them; None where that must see it.

    >>> parse_plain("offline: true  # today\\n", {})["offline"].value
    'true'
    >>> parse_plain("offline: &anchor true\\n", {}) is None
    True
    """
    lines = text.replace("\r\n", "\n").split("\n")
    if not text.isascii() or not all(map(str.isprintable, lines)):
        return None
    reader = _Reader(env)
    for number, line in enumerate(lines, 1):
        content = line.lstrip(" ")
        if content and content[0] != "#" and not reader.line(line, content, number):
            return None
    return reader.found


class _Reader:
    """Reads line by line; knows the setting whose list or map is open.

    found  -- the settings so far
    name   -- of the last one
    open   -- whether what belongs to it may follow
    indent -- of the parts of its value; -1 before the first
    """

    def __init__(self, env: Mapping[str, str]) -> None:
        self.env = env
        self.found: dict[str, Located] = {}
        self.name = ""
        self.open = False
        self.indent = -1

    def line(self, line: str, content: str, number: int) -> bool:
        """Take in one line that says something; False if it is not of the plain kind."""
        indent = len(line) - len(content)
        if content.startswith("- "):
            return self.item(content[2:].strip(" "), indent, number)
        name, colon, rest = content.partition(":")
        if not colon or rest[:1] not in ("", " ") or not 0 < len(name) <= LONGEST_NAME:
            return False
        if not _NAME.issuperset(name) or name[0] == "-":
            return False
        return (
            self.entry(name, rest.strip(" "), indent, number)
            if indent
            else self.setting(name, rest.strip(" "), number)
        )

    def setting(self, name: str, text: str, number: int) -> bool:
        if name in self.found:
            return False
        self.name, self.indent = name, -1
        self.open = not text or text[0] == "#"
        value = Located("", number, plain=True) if self.open else self.value(text, number)
        if value is None:
            return False
        self.found[name] = value
        return True

    def item(self, text: str, indent: int, number: int) -> bool:
        if not self.fits(indent):
            return False
        value = self.scalar(text, number)
        items = self.found[self.name].value
        if value is None or isinstance(items, dict):
            return False
        if isinstance(items, list):
            items.append(value)
        else:
            self.found[self.name] = Located([value], number)
        return True

    def entry(self, name: str, text: str, indent: int, number: int) -> bool:
        if not self.fits(indent):
            return False
        value = self.scalar(text, number)
        entries = self.found[self.name].value
        if value is None or isinstance(entries, list):
            return False
        if not isinstance(entries, dict):
            self.found[self.name] = Located({name: value}, number)
        elif name in entries:
            return False
        else:
            entries[name] = value
        return True

    def fits(self, indent: int) -> bool:
        """Whether a part with *indent* belongs to the setting that is open."""
        if not self.open or self.indent not in (-1, indent):
            return False
        self.indent = indent
        return True

    def value(self, text: str, number: int) -> Located | None:
        """A text, or a list of plain texts in brackets."""
        if text[0] != "[":
            return self.scalar(text, number)
        text = text.partition(" #")[0].rstrip(" ")
        if not text.endswith("]") or not (_INSIDE | {","}).issuperset(text[1:-1]):
            return None
        inside = text[1:-1].strip(" ")
        items = [item.strip(" ") for item in inside.split(",")] if inside else []
        if not all(item and item[0] in _FIRST for item in items):
            return None
        return Located([self.plain(item, number) for item in items], number)

    def scalar(self, text: str, number: int) -> Located | None:
        quote = text[:1]
        if quote in ("'", '"'):
            inside, closing, rest = text[1:].partition(quote)
            rest = rest.lstrip(" ") if rest[:1] == " " else rest or "#"
            usual = closing and rest[:1] == "#" and "\\" not in inside
            return Located(self.expanded(inside), number) if usual else None
        text = text.partition(" #")[0].rstrip(" ")
        if not text or text[0] not in _FIRST or not _TEXT.issuperset(text):
            return None
        return None if ": " in text or text[-1] == ":" else self.plain(text, number)

    def plain(self, text: str, number: int) -> Located:
        return Located(self.expanded(text), number, plain=True)

    def expanded(self, text: str) -> str:
        if "$" not in text:
            return text
        from mm_config.expansion import expand

        return expand(text, self.env)
