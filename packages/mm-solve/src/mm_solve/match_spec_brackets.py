"""The bracket part of a match spec: ``[key=value, key="value", key]``."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from .build_number import BuildNumberSpec
from .condition import Condition
from .errors import InvalidMatchSpec
from .string_match import StringMatch
from .version_spec import VersionSpec

__all__ = ["Item", "field_of", "invalid", "split_items"]

_KEY = re.compile(r"\s*([A-Za-z0-9_]*)\s*")
_QUOTED = re.compile(r"""\s*("[^"]*"|'[^']*')\s*""")
_LIST = re.compile(r"\s*(\[[^\[\]]*\])\s*")
# Regular expressions may hold commas and brackets, in parentheses.
_BARE = re.compile(r"""(?:\([^()'"]*\)|[^,'"\[\]()])*""")

_OPERATORS = ("=", "<", ">", "!", "~")


class Item(NamedTuple):
    """A key and its value, as text, with their places in the whole spec."""

    key: str
    value: str | None
    key_at: int
    value_at: int


def invalid(text: str, position: int, why: str, hint: str = "") -> InvalidMatchSpec:
    """The error that *text* is no match spec because of what is at *position*."""
    return InvalidMatchSpec(
        f"{text!r} is not a match spec: {why}", text=text, position=position, hint=hint
    )


def split_items(text: str, start: int, end: int) -> list[Item]:
    """The items between the brackets, which are *text* from *start* to *end*.

    Raises `InvalidMatchSpec`.
    """
    items: list[Item] = []
    position = start
    if not text[start:end].strip():
        return items
    while True:
        item, position = _item(text, position, end)
        if any(item.key == other.key for other in items):
            raise invalid(text, item.key_at, f"{item.key!r} is given twice")
        items.append(item)
        if position >= end:
            return items
        if text[position] == ",":
            position += 1
        elif not text[position - 1].isspace():
            raise invalid(text, position, f"unexpected {text[position]!r}", _QUOTE_HINT)


_QUOTE_HINT = "Put the value in quotes."


def _item(text: str, position: int, end: int) -> tuple[Item, int]:
    found = _KEY.match(text, position, end)
    key = found[1].lower() if found else ""
    if found is None or not key:
        raise invalid(text, position, "a key is missing in the brackets")
    at = found.end()
    if at >= end or text[at] == ",":
        return Item(key, None, found.start(1), at), at
    if text[at] != "=":
        hint = f"Quote the condition: {key}='{text[at:end].split(',')[0]}'."
        raise invalid(text, at, f"'=' must follow {key!r}", hint)
    at += 1
    for form in (_QUOTED, _LIST):
        if value := form.match(text, at, end):
            inner = value[1] if form is _LIST else value[1][1:-1]
            return Item(key, inner, found.start(1), value.start(1) + (form is _QUOTED)), value.end()
    value = _BARE.match(text, at, end)
    bare = value[0] if value else ""
    stripped = bare.strip()
    if key in {"version", "build_number"} and stripped.startswith(_OPERATORS):
        hint = f"Quote the condition: {key}='{stripped}'."
        raise invalid(text, at, f"the value of {key!r} needs quotes", hint)
    value_at = at + len(bare) - len(bare.lstrip())
    return Item(key, stripped, found.start(1), value_at), at + len(bare)


def field_of(item: Item, text: str) -> tuple[str, Any]:
    """The field of `MatchSpec` that *item* sets, and its value.

    Raises `InvalidMatchSpec` or `InvalidVersionSpec`, about the value.
    """
    known = _KEYS.get(item.key)
    if known is None:
        raise invalid(text, item.key_at, f"unknown key {item.key!r}", _known_keys(item.key))
    field, read = known
    if item.value is None and field != "optional":
        raise invalid(text, item.key_at, f"{item.key!r} has no value")
    value = (item.value or "true").strip() if item.value != "" else ""
    if not value:
        raise invalid(text, item.value_at, f"the value of {item.key!r} is empty")
    return field, read(value)


def _known_keys(key: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(key, _KEYS, n=1)
    return f"Did you mean {close[0]!r}?" if close else f"Known keys: {', '.join(_KEYS)}."


def _hex(digits: int) -> Callable[[str], str]:
    def read(value: str) -> str:
        if not re.fullmatch(f"[0-9a-fA-F]{{{digits}}}", value):
            raise InvalidMatchSpec(
                f"{value!r} is not {digits} hexadecimal digits", text=value, position=0
            )
        return value.lower()

    return read


def _words(value: str) -> tuple[str, ...]:
    return tuple(sorted({word for word in re.split(r"[\s,]+", value) if word}))


def _platforms(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in re.split(r"[\s,|;]+", value) if word))


def _list_of(pattern: str, what: str) -> Callable[[str], tuple[str, ...]]:
    valid = re.compile(pattern)

    def read(value: str) -> tuple[str, ...]:
        words = value[1:-1].split(",") if value.startswith("[") else [value]
        names = [word.strip().strip("'\"").strip() for word in words]
        for name in names:
            if not valid.fullmatch(name):
                raise InvalidMatchSpec(
                    f"{name!r} is not {what}", text=value, position=max(value.find(name), 0)
                )
        return tuple(dict.fromkeys(names))

    return read


_KEYS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "name": ("name", str.lower),
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
    "extras": ("extras", _list_of(r"[A-Za-z0-9_.+-]{1,64}", "the name of an extra")),
    "flags": ("flags", _list_of(r"[a-z0-9_*]+(?::[a-z0-9_*]+)?", "a flag")),
}
"""Key in brackets -> field of `MatchSpec`, and how its value is read."""
