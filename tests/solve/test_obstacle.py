"""The walk through a conflict ends soon, however knotted and however deep it is."""

from __future__ import annotations

import pytest
import sudoku
from universe_factory import MemorySource, install, pkg, run

from mm_solve import Conflict, MatchSpec, Unsolvable, conflict_layout, obstacle
from mm_solve.minimal_core import MANY, search_for
from mm_solve.obstacle import DEEPEST, MOST, size, walk
from mm_solve.search import OutOfTime
from mm_solve.universe import Universe


def unsolvable(source: MemorySource, *texts: str) -> Unsolvable:
    try:
        run(install(*texts), source)
    except Unsolvable as error:
        return error
    raise AssertionError("there is a solution")


def chain(length: int) -> MemorySource:
    """Each package needs the next one; the last one needs what does not exist."""
    return MemorySource(pkg(f"n{i}", "1", [f"n{i + 1}"]) for i in range(length))


def told(conflict: Conflict) -> int:
    return sum(map(size, walk(conflict)))


def test_a_knot_of_choices_is_not_told() -> None:
    """Told option by option, this takes minutes."""
    source = MemorySource(sudoku.records())
    puzzle = sudoku.PUZZLES["17 clues 5"]
    solution = run(install(*sudoku.demands(puzzle)), source)
    value = {record.name: record.version for record in solution.records}["cell-8-8"]
    wrong = "4" if value != "4" else "6"
    error = unsolvable(source, *sudoku.demands(sudoku.with_values(puzzle, [(80, wrong)])))
    assert told(error.conflict) <= MOST
    lines = error.explanation().splitlines()
    assert lines[0] == "The following packages are incompatible"
    assert len(lines) <= 15


def test_a_walk_that_is_given_up_leaves_the_demands(monkeypatch: pytest.MonkeyPatch) -> None:
    records = [pkg("one", "1", ["shared 1"]), pkg("two", "1", ["shared 2"])]
    records += [pkg("shared", v) for v in "12"]
    error = unsolvable(MemorySource(records), "one", "two")
    monkeypatch.setattr(obstacle, "MOST", 2)
    assert walk(error.conflict) == []
    assert error.explanation().splitlines() == [
        "The following packages are incompatible",
        "├─ one is installable alone;",
        "├─ two is installable alone;",
        "└─ but no choice of versions satisfies all that is required among one, shared, two.",
    ]
    nodes = error.conflict.to_dict()["nodes"]
    assert [node["name"] for node in nodes if node["kind"] == "demand"] == ["one", "two"]


def test_what_is_told_has_an_end() -> None:
    """A tree that is told, of options within options."""
    width = 6
    records = [pkg("top", str(v), [f"left {v}", f"right {v}"]) for v in range(width)] + [
        pkg(side, str(v), ["gone"]) for side in ("left", "right") for v in range(width)
    ]
    assert 0 < told(unsolvable(MemorySource(records), "top").conflict) <= MOST


def test_a_chain_is_told_to_its_end() -> None:
    error = unsolvable(chain(DEEPEST - 1), "n0")
    assert f"n{DEEPEST - 1}, which does not exist" in error.explanation()


@pytest.mark.parametrize("length", [MOST - 10, 1500])
def test_a_chain_beyond_all_measure(length: int) -> None:
    """Longer than is told, or deeper than the interpreter's own stack."""
    error = unsolvable(chain(length), "n0")
    assert error.explanation().startswith(
        "The following package could not be installed\n"
        "└─ n0 is not installable: no choice of versions satisfies all that is required among"
    )
    assert error.conflict.to_dict()["nodes"]


def test_of_many_demands_bare_names_are_left_out_at_once() -> None:
    names = [f"idle{i}" for i in range(MANY)]
    records = [*map(pkg, names), pkg("one", "1", ["shared 1"]), pkg("two", "1", ["shared 2"])]
    records += [pkg("shared", v) for v in "12"]
    error = unsolvable(MemorySource(records), *names, "one=1", "two=1")
    assert sorted(demand.spec for demand in error.conflict.demands) == ["one=1", "two=1"]
    # Also where it is bare names that exclude each other.
    error = unsolvable(MemorySource(records), *names, "one", "two")
    assert sorted(demand.spec for demand in error.conflict.demands) == ["one", "two"]


@pytest.mark.parametrize("limit", ["ENOUGH", "MOST"])
def test_what_is_not_laid_out_is_told_as_a_whole(
    limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More versions, each with a need of its own, than anybody reads."""
    monkeypatch.setattr(conflict_layout, limit, 3)
    records = [pkg("app", str(number), [f"gone{number}"]) for number in range(5)]
    error = unsolvable(MemorySource(records), "app")
    assert all(
        not option.requirements for options in error.conflict.options.values() for option in options
    )
    assert "no choice of versions satisfies" in error.explanation()


def test_a_search_that_is_too_late_does_not_begin() -> None:
    universe = Universe([chain(3)])
    with pytest.raises(OutOfTime):
        search_for(universe, [universe.job(MatchSpec.parse("n0"), "install")], (), 0.0)
