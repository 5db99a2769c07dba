"""What kind of file a text is: by its content, and only then by its name."""

from __future__ import annotations

import re

__all__ = ["is_explicit", "kind_of"]

_KEYS = (
    "name|channels|dependencies|variables|platforms|category|prefix"  # environments
    "|version|metadata|package|environments|packages"  # locks
)
_FIRST_LINE = rf"""(?:["']?(?:{_KEYS})["']?\s*:(?:\s|$)|---(?:\s|$)|%YAML\s|\{{)"""


def kind_of(text: str, name: str) -> str:
    r""" "explicit", "yaml" (of JSON, too, which is YAML) or "text".

    *name* counts where the text could be either. No match spec looks like a
    key of the YAML formats, and no YAML begins a line with ``@EXPLICIT``.

    >>> kind_of("name: x\n", "specs.txt"), kind_of("numpy\n", "specs"), kind_of("", "a.yml")
    ('yaml', 'text', 'yaml')
    """
    if is_explicit(text):
        return "explicit"
    if name.endswith((".yml", ".yaml", ".json")):
        return "yaml"
    return "yaml" if re.match(_FIRST_LINE, _first_meaningful(text)) else "text"


def is_explicit(text: str) -> bool:
    """Whether a line of *text* begins with the mark of explicit files.

    >>> is_explicit("# platform: linux-64\\n @EXPLICIT\\n"), is_explicit("numpy # not @EXPLICIT")
    (True, False)
    """
    if "@EXPLICIT" not in text:
        return False
    return any(line.lstrip().startswith("@EXPLICIT") for line in text.splitlines())


def _first_meaningful(text: str) -> str:
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            return line.strip() if line.lstrip().startswith("{") else line
    return ""
