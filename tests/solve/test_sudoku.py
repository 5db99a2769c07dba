"""Hard search: Sudoku as packages, by how many conflicts each takes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sudoku
from universe_factory import SYSTEM, MemorySource, install, pkg, run

from mm_solve import Unsolvable
from mm_solve.jobs import jobs_for
from mm_solve.search import Contradiction, Search
from mm_solve.universe import Universe

MOST_CONFLICTS = 1500
"""What the hardest may take; a conflict takes a fraction of a millisecond."""

KINDS = ("depends", "constrains")
SOURCES = {kind: MemorySource(sudoku.records(kind)) for kind in KINDS}


def search_for(source: MemorySource, *texts: str) -> tuple[Search, Universe]:
    universe = Universe([source], {}, SYSTEM)
    return Search(universe, jobs_for(install(*texts), universe).roots), universe


def solved(search: Search, universe: Universe) -> str:
    versions = {
        universe.name_of(name): universe.candidates(name).record(candidate).version
        for name, candidate in search.run().items()
    }
    return sudoku.grid(versions)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("puzzle", sudoku.PUZZLES.values(), ids=list(sudoku.PUZZLES))
def test_it_is_solved(puzzle: str, kind: str) -> None:
    search, universe = search_for(SOURCES[kind], *sudoku.demands(puzzle))
    assert sudoku.is_solution(solved(search, universe), puzzle)
    assert search.conflicts < MOST_CONFLICTS


def test_easy_ones_need_no_search() -> None:
    search, universe = search_for(SOURCES["depends"], *sudoku.demands(sudoku.PUZZLES["easy"]))
    solved(search, universe)
    assert search.conflicts == search.decisions == 0


def test_the_givens_alone_lead_to_every_cell() -> None:
    puzzle = sudoku.PUZZLES["17 clues 1"]
    given = [text for text in sudoku.demands(puzzle) if "=" in text]
    search, universe = search_for(SOURCES["depends"], *given)
    assert sudoku.is_solution(solved(search, universe), puzzle)


def test_there_are_twenty_and_an_empty_one() -> None:
    assert len(set(sudoku.PUZZLES.values())) == 21


# -- without a solution ------------------------------------------------------------


def wrong_values(puzzle: str, solution: str) -> Iterator[tuple[int, str]]:
    """Values that contradict no given cell, only the one solution."""
    for place, cell in enumerate(sudoku.CELLS):
        seen = {puzzle[9 * row + column] for row, column in sudoku.peers(cell)}
        for value in sudoku.VALUES:
            if puzzle[place] == "." and value not in seen and value != solution[place]:
                yield place, value


@pytest.mark.parametrize("name", ["medium", "ai escargot", "everest", "17 clues 5", "red dwarf"])
def test_only_a_search_can_tell_that_it_is_wrong(name: str) -> None:
    puzzle = sudoku.PUZZLES[name]
    solution = solved(*search_for(SOURCES["depends"], *sudoku.demands(puzzle)))
    for place, value in list(wrong_values(puzzle, solution))[::40]:
        wrong = sudoku.with_values(puzzle, [(place, value)])
        search, _ = search_for(SOURCES["depends"], *sudoku.demands(wrong))
        with pytest.raises(Contradiction) as caught:
            search.run()
        assert search.conflicts < MOST_CONFLICTS
        core = [fact.text for fact in caught.value.facts if fact.owner < 0]
        again, _ = search_for(SOURCES["depends"], *core)
        with pytest.raises(Contradiction):
            again.run()


def test_contradictory_givens() -> None:
    puzzle = sudoku.with_values("." * 81, [(0, "1"), (8, "1")])
    with pytest.raises(Unsolvable) as caught:
        run(install(*sudoku.demands(puzzle)), SOURCES["depends"])
    texts = {text for demand in caught.value.conflict.demands for text in demand.texts}
    assert texts == {"cell-0-0=1", "cell-0-8=1"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_cell_without_a_value(kind: str) -> None:
    """Seven values in the row, the last two in the box: nothing is left for the corner."""
    row = [(place, str(place)) for place in range(2, 9)]
    puzzle = sudoku.with_values("." * 81, [*row, (9, "1"), (10, "9")])
    search, _ = search_for(SOURCES[kind], *sudoku.demands(puzzle))
    with pytest.raises(Contradiction):
        search.run()
    assert search.conflicts < MOST_CONFLICTS


# -- what learning cannot find -------------------------------------------------------


def pigeons(count: int, holes: int, kind: str = "constrains") -> MemorySource:
    return MemorySource(
        pkg(
            f"pigeon{p}",
            str(h),
            **{kind: [f"pigeon{q} !={h}" for q in range(count) if q != p]},
        )
        for p in range(count)
        for h in range(holes)
    )


@pytest.mark.parametrize("kind", KINDS)
def test_more_pigeons_than_holes(kind: str) -> None:
    search, _ = search_for(pigeons(13, 12, kind), *(f"pigeon{p}" for p in range(13)))
    with pytest.raises(Contradiction) as caught:
        search.run()
    assert search.conflicts < 2 * MOST_CONFLICTS
    assert len({fact.target for fact in caught.value.facts if fact.owner < 0}) == 13


def test_as_many_pigeons_as_holes() -> None:
    search, _ = search_for(pigeons(12, 12), *(f"pigeon{p}" for p in range(12)))
    assert sorted(search.run().values()) == list(range(1, 13))


def test_pigeons_that_nobody_asked_for() -> None:
    """They come as what every version of something else needs."""
    flock = pigeons(12, 11)
    records = [
        pkg("loft", str(version), [f"pigeon{p}" for p in range(12)]) for version in range(1, 4)
    ]
    loft = MemorySource(records)
    universe = Universe([loft, flock], {}, SYSTEM)
    search = Search(universe, jobs_for(install("loft"), universe).roots)
    with pytest.raises(Contradiction):
        search.run()
    assert search.conflicts < 2 * MOST_CONFLICTS


def test_wrong_boxes() -> None:
    """A row and a box that share nothing but exclude each other: fifteen cells, nine values."""

    def excluded(cell: tuple[int, int]) -> list[tuple[int, int]]:
        corner = [(row, column) for row in (6, 7, 8) for column in (6, 7, 8)]
        beside = {*corner, *((8, column) for column in range(9))}
        others = beside - {cell} if cell in beside else set()
        return sorted({*sudoku.peers(cell), *others})

    records = [
        pkg(
            sudoku.name_of(cell),
            value,
            [f"{sudoku.name_of(other)} !={value}" for other in excluded(cell)],
        )
        for cell in sudoku.CELLS
        for value in sudoku.VALUES
    ]
    search, _ = search_for(MemorySource(records), "cell-0-0")
    with pytest.raises(Contradiction):
        search.run()
    assert search.conflicts < MOST_CONFLICTS
