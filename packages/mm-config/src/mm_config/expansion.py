"""Environment variables inside the values of configuration files."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["LONGEST", "expand"]

LONGEST = 65536
"""Characters that one expanded value may have; longer ones stay as written."""

_VARIABLE = re.compile(r"\$(?:\{([A-Za-z0-9_]+)\}|([A-Za-z0-9_]+))")


def expand(text: str, env: Mapping[str, str]) -> str:
    """*text* with ``$NAME`` and ``${NAME}`` replaced by the variables that exist.

    Values may name further variables. What has no end is not followed: a
    variable inside its own value stays as written, and so does a text that
    would grow beyond `LONGEST`.

    >>> expand("${ROOT}/lab$N$", {"ROOT": "https://$HOST", "HOST": "example.org"})
    'https://example.org/lab$N$'
    >>> expand("$A", {"A": "x$A"})
    'x$A'
    """
    expanded = _expand(text, env, (), [LONGEST])
    return text if expanded is None else expanded


def _expand(
    text: str, env: Mapping[str, str], outer: tuple[str, ...], room: list[int]
) -> str | None:
    """The expansion, or None when *room* (characters left, shared by all levels) runs out."""
    pieces = []
    end = 0
    for match in _VARIABLE.finditer(text):
        name = match[1] or match[2]
        pieces.append(text[end : match.start()])
        end = match.end()
        if name in outer or name not in env:
            pieces.append(match[0])
            continue
        value = env[name]
        room[0] -= len(value) + 1
        inner = _expand(value, env, (*outer, name), room) if room[0] >= 0 else None
        if inner is None:
            return None
        pieces.append(inner)
    return "".join((*pieces, text[end:]))
