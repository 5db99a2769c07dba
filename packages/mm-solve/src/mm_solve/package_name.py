"""Names of packages (CEP 26), and patterns of names."""

from __future__ import annotations

__all__ = ["is_pattern", "why_invalid"]

_LONGEST = 64
_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789_.*-"

# A virtual package's start, or an ordinary one's; words, each with at most one mark after it.
_NAME = r"(?:__[a-z0-9]|[a-z0-9]|_(?!_))[._-]?(?:[a-z0-9]+(?:[._-]|$))*"


def is_pattern(name: str) -> bool:
    """Whether *name* stands for all names that fit it: ``py*``."""
    return "*" in name


def why_invalid(name: str, *, lenient: bool = False) -> tuple[str, int] | None:
    """What is wrong with a name or pattern in lower case, and where; None if nothing.

    With *lenient*, only its characters matter: channels hold names from before CEP 26.

    >>> why_invalid("pack@ge")
    ("'@' is not allowed in a name", 4)
    """
    if not name:
        return "no package is named", 0
    if wrong := name.lstrip(_CHARACTERS):
        return f"{wrong[0]!r} is not allowed in a name", len(name) - len(wrong)
    if lenient or is_pattern(name):
        return None
    if len(name) > _LONGEST:
        return f"a name has at most {_LONGEST} characters", _LONGEST
    import re

    if not re.fullmatch(_NAME, name):
        return f"{name!r} is not a package's name", 0
    return None
