"""``conda-meta/pinned``: specs that every solve in this environment must respect."""

from __future__ import annotations

import re

__all__ = ["parse_pinned"]


def parse_pinned(text: str) -> tuple[str, ...]:
    """The specs of a ``pinned`` file, one a line; blank lines and comments are skipped.

    >>> parse_pinned("# keep\\n\\nnumpy 1.26.*  # for scipy\\npython 3.11.*\\n")
    ('numpy 1.26.*', 'python 3.11.*')
    """
    lines = (re.split(r"(?:^|\s)#", line, maxsplit=1)[0].strip() for line in text.splitlines())
    return tuple(line for line in lines if line)
