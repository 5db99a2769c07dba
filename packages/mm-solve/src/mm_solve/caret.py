"""Showing a place in a text: the text, and a caret under the place.

>>> print(point_at("numpy >=1..2", 10))
  numpy >=1..2
            ^
"""

from __future__ import annotations

__all__ = ["point_at", "quoted"]

_BEFORE, _AFTER = 50, 20
"""How much of a long text is shown on either side of the place, in characters."""

_INDENT = "  "
_CUT = "..."


def point_at(text: str, position: int) -> str:
    """*text* on one line, and on the next a caret under the character at *position*.

    Of a long text only the neighbourhood is shown. What cannot be printed is
    shown as ``?``, a character that takes two columns counts as two.
    """
    text = _without_secrets(text)
    start, end = max(position - _BEFORE, 0), position + _AFTER
    before = _printable(text[start:position])
    after = _printable(text[position:end])
    if start:
        before = _CUT + before
    if end < len(text):
        after += _CUT
    return f"{_INDENT}{before}{after}\n{_INDENT}{' ' * _columns(before)}^"


def quoted(text: str) -> str:
    """*text* in quotes for a message of one line; the end of a long text is left out.

    >>> quoted("a\\nb")
    "'a\\\\nb'"
    """
    text = _without_secrets(text)
    longest = _BEFORE + _AFTER
    return repr(text) if len(text) <= longest else repr(text[:longest]) + _CUT


def _without_secrets(text: str) -> str:
    """*text* with a star for each character of what a URL should keep to itself."""
    if "://" not in text:
        return text
    import re

    secrets = r"(?<=://)[^/@\s]+(?=@)|(?<=/t/)[^/\s]+(?=/)"
    return re.sub(secrets, lambda found: "*" * len(found[0]), text)


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)


def _columns(text: str) -> int:
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(
        0 if combining(character) else 1 + (east_asian_width(character) in "WF")
        for character in text
    )
