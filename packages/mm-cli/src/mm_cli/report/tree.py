"""Trees drawn with lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from mm_solve.printable import printable

__all__ = ["tree_lines"]

T = TypeVar("T")


def tree_lines(
    root: T, children: Callable[[T], Sequence[T]], label: Callable[[T], str]
) -> list[str]:
    r"""*root* and all below it, one a line; any depth. Labels may hold anything.

    >>> below = {"a": ["b", "c"], "b": ["d"]}
    >>> print(*tree_lines("a", lambda name: below.get(name, []), str), sep="\n")
    a
      ├─ b
      │  └─ d
      └─ c
    """
    lines = []
    waiting = [(root, "", "", "  ")]
    while waiting:
        node, margin, corner, below_margin = waiting.pop()
        lines.append(f"{margin}{corner}{printable(label(node))}")
        below = children(node)
        for place, child in enumerate(reversed(below)):
            corner, line = ("└─ ", "   ") if place == 0 else ("├─ ", "│  ")
            waiting.append((child, below_margin, corner, below_margin + line))
    return lines
