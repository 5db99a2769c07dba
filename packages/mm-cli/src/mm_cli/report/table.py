"""Text in columns."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["columns"]

LEAST = 8
"""Columns that a cell keeps, however narrow the table has to be."""


def columns(
    rows: Sequence[Sequence[str]],
    *,
    align: str = "",
    padding: Sequence[int] | int = 2,
    width: int = 0,
    shrink: Sequence[int] = (),
) -> list[str]:
    """Lay *rows* out in columns as wide as their widest cell.

    align   -- one letter a column, ``<`` (default) or ``>``
    padding -- blanks before each column, or one number for all
    width   -- of the place there is; 0 is no limit
    shrink  -- the columns whose cells are cut where it is too narrow, in this order

    >>> columns([["Name", "Size"], ["zlib", "12kB"]], align="<>", padding=[0, 2])
    ['Name  Size', 'zlib  12kB']
    >>> columns([["zlib", "https://host/chan"]], width=16, shrink=[1])
    ['  zlib  http…han']
    """
    if not rows:
        return []
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    pads = [padding] * len(widths) if isinstance(padding, int) else list(padding)
    excess = sum(widths) + sum(pads) - width if width else 0
    for column in shrink:
        less = max(0, min(excess, widths[column] - LEAST))
        widths[column] -= less
        excess -= less
    sides = align.ljust(len(widths), "<")
    lines = []
    for row in rows:
        cells = (
            " " * pad
            + (f"{_cut(cell, place):>{place}}" if side == ">" else f"{_cut(cell, place):<{place}}")
            for cell, place, pad, side in zip(row, widths, pads, sides, strict=True)
        )
        lines.append("".join(cells).rstrip())
    return lines


def _cut(cell: str, width: int) -> str:
    """*cell* without its middle, where it is wider than *width*: both ends tell more."""
    if len(cell) <= width:
        return cell
    tail = (width - 1) // 2
    return f"{cell[: width - 1 - tail]}…{cell[len(cell) - tail :]}"
