r"""Text that comes from channels, made safe to print.

Names and specs may hold anything. What a terminal could take for a command, or
what would change the order in which the text is read, is shown by its code.

>>> printable("a\x1b[31m\u202eb")
'a\\x1b[31m\\u202eb'
"""

from __future__ import annotations

__all__ = ["printable"]


def printable(text: str) -> str:
    """*text* with an escape in place of each character that is not printable."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )
