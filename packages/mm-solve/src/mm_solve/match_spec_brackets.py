"""The bracket part of a match spec: ``[key=value, key="value", key]``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from .build_number import BuildNumberSpec
from .condition import Condition
from .errors import InvalidMatchSpec, InvalidSyntax
from .package_name import why_invalid
from .string_match import StringMatch
from .version_spec import VersionSpec

__all__ = ["read_items"]

_KEY = re.compile(r"\s*([A-Za-z0-9_]*)\s*")
_QUOTED = re.compile(r"""\s*("[^"]*"|'[^']*')\s*""")
_LIST = re.compile(r"\s*(\[[^\[\]]*\])\s*")
# Regular expressions may hold commas and brackets, in parentheses.
_BARE = re.compile(r"""(?:\([^()'"]*\)|[^,'"\[\]()])*""")

_OPERATORS = ("=", "<", ">", "!", "~")

_QUOTE_HINT = "Put the value in quotes."


class _Item:
    """A key and its value, as text, with their places in the whole spec."""

    __slots__ = ("key", "key_at", "value", "value_at")

    def __init__(self, key: str, key_at: int, value: str | None, value_at: int) -> None:
        self.key = key
        self.key_at = key_at
        self.value = value
        self.value_at = value_at


def read_items(text: str, start: int, end: int) -> dict[str, Any]:
    """The fields of `MatchSpec` set between the brackets: *text* from *start* to *end*.

    Raises `InvalidMatchSpec`, about *text*.
    """
    fields: dict[str, Any] = {}
    keys: set[str] = set()
    for item in _items(text, start, end):
        if item.key in keys:
            raise _invalid(text, item.key_at, f"{item.key!r} is given twice")
        keys.add(item.key)
        field, value = _field_of(item, text)
        fields[field] = value
    return fields


def _invalid(text: str, position: int, why: str, hint: str = "") -> InvalidMatchSpec:
    return InvalidMatchSpec(why, text=text, position=position, hint=hint)


def _items(text: str, position: int, end: int) -> Iterator[_Item]:
    if not text[position:end].strip():
        return
    while True:
        item, position = _item(text, position, end)
        yield item
        if position >= end:
            return
        if text[position] == ",":
            position += 1
        elif not text[position - 1].isspace():
            why = f"{text[position]!r} where ',' or ']' is expected"
            raise _invalid(text, position, why, _QUOTE_HINT)


def _item(text: str, position: int, end: int) -> tuple[_Item, int]:
    found = _KEY.match(text, position, end)
    assert found is not None  # It takes nothing, too.
    key, key_at, at = found[1].lower(), found.start(1), found.end()
    if not key:
        character = repr(text[at]) if at < end else "']'"
        raise _invalid(text, at, f"{character} where a key is expected")
    if at >= end or text[at] == ",":
        return _Item(key, key_at, None, at), at
    if text[at] != "=":
        condition = text[at:end].split(",")[0].strip()
        hint = f"Quote the condition: {key}='{condition}'."
        raise _invalid(text, at, f"{text[at]!r} where '=' is expected after {key!r}", hint)
    at += 1
    for form in (_QUOTED, _LIST):
        if value := form.match(text, at, end):
            quotes = int(form is _QUOTED)
            inner = value[1][1:-1] if quotes else value[1]
            return _Item(key, key_at, inner, value.start(1) + quotes), value.end()
    value = _BARE.match(text, at, end)
    bare = value[0] if value else ""
    stripped = bare.strip()
    value_at = at + len(bare) - len(bare.lstrip())
    if key in {"version", "build_number"} and stripped.startswith(_OPERATORS):
        hint = f"Quote the condition: {key}='{stripped}'."
        raise _invalid(text, value_at, f"{stripped[0]!r} where a quote is expected", hint)
    return _Item(key, key_at, stripped, value_at), at + len(bare)


def _field_of(item: _Item, text: str) -> tuple[str, Any]:
    known = _KEYS.get(item.key)
    if known is None:
        raise _invalid(text, item.key_at, f"unknown key {item.key!r}", _known_keys(item.key))
    field, read = known
    if item.value is None and field != "optional":
        raise _invalid(text, item.value_at, f"'=' is expected after {item.key!r}")
    raw = "true" if item.value is None else item.value
    value = raw.strip()
    if not value:
        raise _invalid(text, item.value_at, f"the value of {item.key!r} is empty")
    try:
        return field, read(value)
    except InvalidSyntax as error:
        position = item.value_at + len(raw) - len(raw.lstrip()) + error.position
        raise _invalid(text, position, error.why, error.hint) from None


def _known_keys(key: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(key, _KEYS, n=1)
    return f"Did you mean {close[0]!r}?" if close else f"Known keys: {', '.join(_KEYS)}."


def _name(value: str) -> str:
    name = value.lower()
    if problem := why_invalid(name):
        why, position = problem
        raise _invalid(value, position, why)
    return name


def _hex(digits: int) -> Callable[[str], str]:
    def read(value: str) -> str:
        wrong = value.lstrip("0123456789abcdefABCDEF")
        if wrong:
            why = f"{wrong[0]!r} where a hexadecimal digit is expected"
            raise _invalid(value, len(value) - len(wrong), why)
        if len(value) != digits:
            why = f"{len(value)} hexadecimal digits where {digits} are expected"
            raise _invalid(value, min(len(value), digits), why)
        return value.lower()

    return read


def _words(value: str) -> tuple[str, ...]:
    return tuple(sorted(set(value.replace(",", " ").split())))


def _platforms(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value.replace(",", " ").replace("|", " ").replace(";", " ").split()))


def _list_of(pattern: str, what: str) -> Callable[[str], tuple[str, ...]]:
    """Reads a word, or words between brackets as in a flow sequence of YAML."""
    valid = re.compile(pattern)

    def read(value: str) -> tuple[str, ...]:
        names = []
        place, words = 0, [value]
        if value.startswith("["):
            place, words = 1, value[1:-1].split(",")
            if not words[-1].strip():
                words.pop()  # A comma may follow the last one, and there may be none.
        for word in words:
            name = word.strip()
            if len(name) > 1 and name[0] == name[-1] and name[0] in "\"'":
                name = name[1:-1].strip()
            if not valid.fullmatch(name):
                at = place + (word.find(name) if name else 0)
                raise _invalid(value, at, f"{name!r} is not {what}")
            names.append(name)
            place += len(word) + 1
        return tuple(dict.fromkeys(names))

    return read


_KEYS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "name": ("name", _name),
    "version": ("version", VersionSpec.parse),
    "build": ("build", StringMatch.parse),
    "build_string": ("build", StringMatch.parse),
    "build_number": ("build_number", BuildNumberSpec.parse),
    "channel": ("channel", str),
    "subdir": ("subdir", _platforms),
    "url": ("url", str),
    "fn": ("fn", StringMatch.parse_prose),
    "filename": ("fn", StringMatch.parse_prose),
    "md5": ("md5", _hex(32)),
    "sha256": ("sha256", _hex(64)),
    "license": ("license", StringMatch.parse_prose),
    "license_family": ("license_family", StringMatch.parse_prose),
    "features": ("features", _words),
    "track_features": ("track_features", _words),
    "optional": ("optional", lambda value: value[0].lower() in "yt1"),
    "when": ("when", Condition.parse),
    "extras": ("extras", _list_of(r"[a-z0-9_.+-]{1,64}", "the name of an extra")),
    "flags": ("flags", _list_of(r"[a-z0-9_*]+(?::[a-z0-9_*]+)?", "a flag")),
}
"""Key in brackets -> field of `MatchSpec`, and how its value is read."""
