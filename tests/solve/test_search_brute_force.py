"""The search against trying everything: 10,000 tiny problems, ten for each seed drawn."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_problem import Assignment, Task, TinyProblem, crowded_task, random_task

from mm_solve import search
from mm_solve.problem import ROOT, Fact
from mm_solve.search import Contradiction, Search

SEEDS = st.integers(0, 2**32)
PER_SEED = 10


def solve_tiny(task: Task) -> Assignment:
    found = Search(task.problem, task.roots, task.wishes, choices=task.clauses()).run()
    return tuple(found.get(name, 0) for name in range(len(task.problem.sizes)))


def best_first(task: Task, values: Assignment) -> list[int]:
    """How good *values* are where the order of decisions is known: 1 is best, absent worst."""
    return [values[name] or 99 for name in task.first_names()]


def check(task: Task) -> None:
    possible = list(task.solutions())
    if not possible:
        with pytest.raises(Contradiction) as caught:
            solve_tiny(task)
        assert not any(task.solutions(caught.value.facts)), "the proof proves nothing"
        return
    values = solve_tiny(task)
    assert values in possible
    assert {name for name, value in enumerate(values) if value} <= task.needed(values)
    assert best_first(task, values) == min(best_first(task, other) for other in possible)


@settings(max_examples=400, deadline=None)
@given(SEEDS)
def test_rules_and_constraints(seed: int) -> None:
    random = Random(seed)
    for _ in range(PER_SEED):
        check(random_task(random, conditions=False, extras=False))


@settings(max_examples=400, deadline=None)
@given(SEEDS)
def test_conditions_wishes_choices_and_pins(seed: int) -> None:
    random = Random(seed)
    for _ in range(PER_SEED):
        check(random_task(random))


@settings(max_examples=200, deadline=None)
@given(SEEDS)
def test_a_search_that_starts_over_at_every_conflict(seed: int) -> None:
    """As hard searches go: restarts, clauses forgotten, inference on level 0, busy names first."""
    random = Random(seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "RESTART_AFTER", 1)
        patch.setattr(search, "REMEMBERED", -1000)
        patch.setattr(search, "ACTIVITY_AFTER", 0)
        for _ in range(PER_SEED):
            check(random_task(random))


@settings(max_examples=100, deadline=None)
@given(SEEDS)
def test_names_that_exclude_each_other(seed: int) -> None:
    random = Random(seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "RESTART_AFTER", 1)
        for _ in range(PER_SEED):
            check(crowded_task(random))


@pytest.mark.parametrize("seed", [4826, 8407, 11010, 19609])
def test_constraints_that_come_late_outlast_a_jump_back(seed: int) -> None:
    """Rare: a name is read after a package that constrains it was taken, then some is undone."""
    with pytest.MonkeyPatch.context() as patch:
        check(random_task(Random(seed)))
        patch.setattr(search, "RESTART_AFTER", 1)
        check(random_task(Random(seed)))


def test_a_premise_is_excluded_before_it_is_tried() -> None:
    """What cannot be met if the first candidate of 1 is taken speaks against it at once."""
    premise = Fact(0, 1, "premise", "when")
    premise.mask = 0b0010
    rule = Fact(0, 2, "rule", "depends", premises=(premise,))
    rule.mask, rule.holders = 0, 0b10
    roots = [Fact(ROOT, name, f"root {name}", "install") for name in (2, 0, 1)]
    for root in roots:
        root.mask = 0b110
    run = Search(TinyProblem([1, 2, 2], [rule]), roots)
    assert run.run() == {0: 1, 1: 2, 2: 1}
    assert run.conflicts == 0
