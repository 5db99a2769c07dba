"""Long lines broken for a terminal; trees and lists keep their shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import wrap

__all__ = ["wrapped"]

_MARGIN = re.compile(r"^[ │]*(?:[├└]─ )?(?:[-•] )?")
_BELOW = str.maketrans({"├": "│", "└": " ", "─": " ", "-": " ", "•": " "})


def wrapped(text: str, width: int) -> str:
    """*text* with lines of at most *width* columns, where words allow; 0 is no limit.

    >>> print(wrapped("app is here because of\\n├─ one: it requires a long list\\n└─ two", 20))
    app is here because
    of
    ├─ one: it requires
    │  a long list
    └─ two
    """
    return "\n".join(part for line in text.split("\n") for part in _broken(line, width))


def _broken(line: str, width: int) -> Iterator[str]:
    if not width or len(line) <= width:
        yield line
        return
    match = _MARGIN.match(line)
    margin = match[0] if match else ""
    below = margin.translate(_BELOW)
    yield from wrap(
        line[len(margin) :],
        width,
        initial_indent=margin,
        subsequent_indent=below,
        break_long_words=False,
        break_on_hyphens=False,
    )
