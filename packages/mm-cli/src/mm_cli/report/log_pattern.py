"""``log_pattern``: the layout of messages, in the patterns of micromamba's logger.

>>> rendered("[%^%l%$] %-9!n| %v %%", "warning", "careful")
'[warning] libmamba | careful %'
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable

__all__ = ["rendered"]

_FIELD = re.compile(r"%([-=]?)(\d*)(!?)([a-zA-Z%^$+])")

_TEXTS: dict[str, Callable[[str, str], str]] = {
    "v": lambda level, message: message,
    "l": lambda level, message: level,
    "L": lambda level, message: level[:1].upper(),
    "n": lambda level, message: "libmamba",
    "t": lambda level, message: str(threading.get_ident()),
    "P": lambda level, message: str(os.getpid()),
    "e": lambda level, message: f"{time.time() * 1000 % 1000:03.0f}",
    "E": lambda level, message: f"{time.time():.0f}",
    "^": lambda level, message: "",  # where colour would begin
    "$": lambda level, message: "",  # and end
    "%": lambda level, message: "%",
}
"""Letter -> what stands for it; of other letters, what ``strftime`` makes of them."""

_CLOCK = set("YymdHMSIpTDFRrcaAbBzjZ")


def rendered(pattern: str, level: str, message: str) -> str:
    """One message laid out by *pattern*: ``%-9!l`` is the level, on the left of 9 columns,
    cut where it is longer. What is no field stays as it is.
    """

    def field(match: re.Match[str]) -> str:
        side, width, cut, letter = match.groups()
        if letter in _TEXTS:
            text = _TEXTS[letter](level, message)
        elif letter in _CLOCK:
            text = time.strftime(f"%{letter}")
        else:
            return match[0]
        columns = int(width[:3] or 0)
        text = text[:columns] if cut and columns else text
        return f"{text:{ {'-': '<', '=': '^'}.get(side, '>') }{columns or ''}}"

    return _FIELD.sub(field, pattern)
