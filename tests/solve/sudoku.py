"""Sudoku as packages: a cell is a name, its value a version, its peers are excluded.

The puzzles are well-known ones, from easy to those found hardest for people
and for programs; ``.`` is an empty cell, rows follow each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from universe_factory import pkg

VALUES = "123456789"
CELLS = [(row, column) for row in range(9) for column in range(9)]

PUZZLES = {
    "easy": "..3.2.6..9..3.5..1..18.64....81.29..7.......8..67.82....26.95..8..2.3..9..5.1.3..",
    "easy 2": "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79",
    "medium": "4.....8.5.3..........7......2.....6.....8.4......1.......6.3.7.5..2.....1.4......",
    "norvig 2": "85...24..72......9..4.........1.7..23.5...9...4...........8..7..17..........36.4.",
    "norvig 3": "..53.....8......2..7..1.5..4....53...1..7...6..32...8..6.5....9..4....3......97..",
    "norvig 4": "12..4......5.69.1...9...5.........7.7...52.9..3......2.9.6...5.4..9..8.1..3...9.4",
    "norvig 5": "...57..3.1......2.7...234......8...4..7..4...49....6.5.42...3.....7..9....18.....",
    "norvig 6": "7..1523........92....3.....1....47.8.......6............9...5.6.4.9.7...8....6.1.",
    "golden nugget": (
        ".......39.....1..5..3.5.8....8.9...6.7...2...1..4.......9.8..5..2....6..4..7....."
    ),
    "ai escargot": (
        "1....7.9..3..2...8..96..5....53..9...1..8...26....4...3......1..4......7..7...3.."
    ),
    "everest": "8..........36......7..9.2...5...7.......457.....1...3...1....68..85...1..9....4..",
    "easter monster": (
        "1.......2.9.4...5...6...7...5.9.3.......7.......85..4.7.....6...3...9.8...2.....1"
    ),
    "platinum blonde": (
        ".......12........3..23..4....18....5.6..7.8.......9.....85.....9...4.5..47...6..."
    ),
    "red dwarf": (
        "12.3....435....1....4........54..2..6...7.........8.9...31..5.......9.7.....6...8"
    ),
    "17 clues 1": (
        ".......1.4.........2...........5.4.7..8...3....1.9....3..4..2...5.1........8.6..."
    ),
    "17 clues 2": (
        ".......1.4.........2...........5.6.4..8...3....1.9....3..4..2...5.1........8.7..."
    ),
    "17 clues 3": (
        ".......12....35......6...7.7.....3.....4..8..1...........12.....8.....4..5....6.."
    ),
    "17 clues 4": (
        ".......12..36..........7...41..2.......5..3..7.....6..28.....4....3..5..........."
    ),
    "17 clues 5": (
        ".......12..8.3...........4.12.5..........47...6.......5.7...3.....62.......1....."
    ),
    "17 clues 6": (
        ".......12.4..5.........9....7.6..4.....1............5.....875..6.1...3..2........"
    ),
    "empty": "." * 81,
}


def name_of(cell: tuple[int, int]) -> str:
    """The package of a cell."""
    return f"cell-{cell[0]}-{cell[1]}"


def peers(cell: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """The cells that must differ from *cell*."""
    row, column = cell
    for other in CELLS:
        same_box = (other[0] // 3, other[1] // 3) == (row // 3, column // 3)
        if other != cell and (other[0] == row or other[1] == column or same_box):
            yield other


def records(kind: str = "depends") -> list[dict[str, Any]]:
    """The universe of all puzzles; *kind* is the field that excludes peers."""
    return [
        pkg(name_of(cell), value, **{kind: [f"{name_of(peer)} !={value}" for peer in peers(cell)]})
        for cell in CELLS
        for value in VALUES
    ]


def demands(puzzle: str) -> list[str]:
    """What to ask for: every cell, with its value where it is given."""
    return [
        f"{name_of(cell)}={value}" if value in VALUES else name_of(cell)
        for cell, value in zip(CELLS, puzzle, strict=True)
    ]


def grid(versions: dict[str, str]) -> str:
    """The solution as a puzzle without gaps."""
    return "".join(versions[name_of(cell)] for cell in CELLS)


def is_solution(text: str, puzzle: str) -> bool:
    """Whether every row, column and box of *text* is complete, and the givens are kept."""
    value = dict(zip(CELLS, text, strict=True))
    differs = all(value[cell] != value[peer] for cell in CELLS for peer in peers(cell))
    return differs and all(p in (".", v) for v, p in zip(text, puzzle, strict=True))


def with_values(puzzle: str, givens: Iterable[tuple[int, str]]) -> str:
    """*puzzle* with further givens: place in the text, value."""
    cells = list(puzzle)
    for place, value in givens:
        cells[place] = value
    return "".join(cells)
