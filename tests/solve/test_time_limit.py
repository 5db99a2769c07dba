"""A search that takes long: its budget, what it tells meanwhile, how it is stopped."""

from __future__ import annotations

import pytest
import sudoku
from universe_factory import MemorySource, install, run

from mm_pkg.cancellation import Cancellation, Cancelled
from mm_pkg.reporter import Reporter, Task
from mm_solve import SolveTimeout, search, solve, stalemate

PUZZLE = sudoku.PUZZLES["platinum blonde"]
REQUEST = install(*sudoku.demands(PUZZLE))


@pytest.fixture(scope="module")
def cells() -> MemorySource:
    return MemorySource(sudoku.records())


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock by which a second passes at each look."""
    seconds = iter(range(1_000_000))
    monkeypatch.setattr("time.monotonic", lambda: float(next(seconds)))


@pytest.mark.usefixtures("clock")
def test_it_tells_what_it_was_stuck_on(cells: MemorySource) -> None:
    with pytest.raises(SolveTimeout) as caught:
        run(REQUEST, cells, timeout=4)
    error = caught.value
    assert error.stalemate is not None
    assert error.stalemate.conflicts > 10
    assert error.stalemate.names == 81
    assert 0 < len(error.stalemate.packages) <= stalemate.PACKAGES
    for package in error.stalemate.packages:
        place = [sudoku.name_of(cell) for cell in sudoku.CELLS].index(package.name)
        assert PUZZLE[place] == "."  # what is given cannot be what it was stuck on
        assert package.demands == (package.name,)
        assert 1 < len(package.versions) < 9  # what no decision can change is taken off
        assert all(verb == "requires" and spec for _, verb, spec in package.rules)
        assert package.name in error.message
    first = error.stalemate.packages[0]
    assert error.message.startswith("no solution was found in 4 seconds; the search was stuck on ")
    assert f"{first.name} ({first.versions[0]} to {first.versions[-1]})" in error.hint
    assert "solver_timeout" in error.hint
    data = error.to_dict()
    assert data["advice"] == error.hint
    told = data["stalemate"]["packages"][0]
    assert (told["name"], tuple(told["versions"])) == (first.name, first.versions)
    assert tuple(map(tuple, told["rules"])) == first.rules


@pytest.mark.usefixtures("clock")
def test_without_a_conflict_there_is_nothing_to_name(
    cells: MemorySource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "CLOCK_EVERY", 1)
    with pytest.raises(SolveTimeout) as caught:
        run(install("cell-0-0"), cells, timeout=0.5)
    assert caught.value.stalemate is not None
    assert caught.value.stalemate.packages == ()
    assert caught.value.message == "no solution was found in 0.5 seconds"


@pytest.mark.usefixtures("clock")
def test_an_explanation_is_given_though_the_time_is_used_up(cells: MemorySource) -> None:
    from mm_solve import Unsolvable

    with pytest.raises(Unsolvable):
        run(install("cell-0-0=1", "cell-0-1=1", "cell-5-5"), cells, timeout=0.5)


class Listener(Reporter):
    def __init__(self, cancellation: Cancellation | None = None) -> None:
        self.steps: list[int] = []
        self.cancellation = cancellation

    def advanced(self, task: Task, amount: int) -> None:
        assert task == Task("solve", "")
        self.steps.append(amount)
        if self.cancellation is not None and len(self.steps) == 3:
            self.cancellation.cancel()


def test_a_long_search_advances_its_task(cells: MemorySource) -> None:
    listener = Listener()
    solve(REQUEST, [cells], reporter=listener)
    assert len(listener.steps) > 3
    assert set(listener.steps) == {search.CLOCK_EVERY}


def test_a_cancelled_search_stops_at_the_next_step(cells: MemorySource) -> None:
    listener = Listener(Cancellation())
    with pytest.raises(Cancelled):
        solve(REQUEST, [cells], reporter=listener, cancellation=listener.cancellation)
    assert len(listener.steps) == 3


def test_cancellation_reaches_a_search_without_conflicts(cells: MemorySource) -> None:
    stop = Cancellation()
    stop.cancel()
    with pytest.raises(Cancelled):
        solve(install(*sudoku.demands("." * 81)), [cells], cancellation=stop)
