"""Text in columns."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["columns"]


def columns(
    rows: Sequence[Sequence[str]], *, align: str = "", padding: Sequence[int] | int = 2
) -> list[str]:
    """Lay *rows* out in columns as wide as their widest cell.

    align   -- one letter a column, ``<`` (default) or ``>``
    padding -- blanks before each column, or one number for all

    >>> columns([["Name", "Size"], ["zlib", "12kB"]], align="<>", padding=[0, 2])
    ['Name  Size', 'zlib  12kB']
    """
    if not rows:
        return []
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    pads = [padding] * len(widths) if isinstance(padding, int) else list(padding)
    sides = align.ljust(len(widths), "<")
    lines = []
    for row in rows:
        cells = (
            " " * pad + (cell.rjust(width) if side == ">" else cell.ljust(width))
            for cell, width, pad, side in zip(row, widths, pads, sides, strict=True)
        )
        lines.append("".join(cells).rstrip())
    return lines
