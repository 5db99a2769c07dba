"""The engine as a resolvelib resolver: over any provider, and over conda's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest
import resolvelib
from hypothesis import given, settings
from hypothesis import strategies as st
from resolvelib.resolvers import (
    InconsistentCandidate,
    ResolutionImpossible,
    ResolutionTooDeep,
)
from universe_factory import SYSTEM, MemorySource, install, pkg

from mm_solve import CondaProvider, Resolver
from mm_solve.jobs import jobs_for
from mm_solve.problem import Fact
from mm_solve.universe import Universe

Candidate = tuple[str, int]
Requirement = tuple[str, frozenset[int]]
Table = Mapping[Candidate, Iterable[Requirement]]


class TableProvider(resolvelib.AbstractProvider[Requirement, Candidate, str]):
    """A universe as a table: (name, version) -> requirements."""

    def __init__(self, table: Mapping[Candidate, Iterable[Requirement]]) -> None:
        self.table = table

    def identify(self, requirement_or_candidate: Requirement | Candidate) -> str:
        return requirement_or_candidate[0]

    def get_preference(self, identifier: str, *args: Any, **more: Any) -> str:
        return identifier

    def find_matches(
        self,
        identifier: str,
        requirements: Mapping[str, Iterator[Requirement]],
        incompatibilities: Mapping[str, Iterator[Candidate]],
    ) -> list[Candidate]:
        wanted = list(requirements[identifier])
        excluded = set(incompatibilities[identifier])
        found = [
            candidate
            for candidate in self.table
            if candidate[0] == identifier
            and candidate not in excluded
            and all(candidate[1] in versions for _, versions in wanted)
        ]
        return sorted(found, reverse=True)

    def is_satisfied_by(self, requirement: Requirement, candidate: Candidate) -> bool:
        return candidate[1] in requirement[1]

    def get_dependencies(self, candidate: Candidate) -> Iterable[Requirement]:
        return self.table[candidate]


def need(name: str, *versions: int) -> Requirement:
    return (name, frozenset(versions))


DIAMOND = {
    ("app", 1): [need("left", 1, 2), need("right", 1, 2)],
    ("left", 1): [need("base", 1)],
    ("left", 2): [need("base", 2)],
    ("right", 1): [need("base", 1)],
    ("right", 2): [need("base", 1, 2)],
    ("base", 1): [],
    ("base", 2): [],
}


def resolve(
    table: Mapping[Candidate, Iterable[Requirement]], *wanted: Requirement, **more: Any
) -> Any:
    return Resolver(TableProvider(table), resolvelib.BaseReporter()).resolve(wanted, **more)


def test_result_is_resolvelibs() -> None:
    ours = resolve(DIAMOND, need("app", 1))
    stock = resolvelib.Resolver(TableProvider(DIAMOND), resolvelib.BaseReporter()).resolve(
        [need("app", 1)]
    )
    assert ours.mapping == stock.mapping
    assert set(ours.graph.iter_edges()) == set(stock.graph.iter_edges())
    assert {k: set(c.iter_parent()) for k, c in ours.criteria.items()} == {
        k: set(c.iter_parent()) for k, c in stock.criteria.items()
    }


def test_impossible_tells_the_causes() -> None:
    table = {**DIAMOND, ("right", 2): [need("base", 1)], ("left", 1): [need("base", 2)]}
    with pytest.raises(ResolutionImpossible) as caught:
        resolve(table, need("app", 1))
    causes = {(cause.requirement[0], cause.parent) for cause in caught.value.causes}
    assert ("app", None) in causes
    assert any(name == "base" and parent is not None for name, parent in causes)


def test_too_deep() -> None:
    table = {(f"n{i}", v): [need(f"n{i + 1}", 1, 2)] for i in range(20) for v in (1, 2)}
    table |= {("n20", 1): [], ("n20", 2): []}
    with pytest.raises(ResolutionTooDeep):
        resolve(table, need("n0", 1, 2), max_rounds=5)
    assert len(resolve(table, need("n0", 1, 2), max_rounds=50).mapping) == 21


def test_inconsistent_provider() -> None:
    class Liar(TableProvider):
        def find_matches(self, identifier: str, *args: Any, **more: Any) -> list[Candidate]:
            return [(identifier, 99)]

    with pytest.raises(InconsistentCandidate):
        Resolver(Liar(DIAMOND), resolvelib.BaseReporter()).resolve([need("app", 1)])


def test_cycles_end() -> None:
    table = {("a", 1): [need("b", 1)], ("b", 1): [need("a", 1)]}
    assert resolve(table, need("a", 1)).mapping == {"a": ("a", 1), "b": ("b", 1)}


def test_a_list_of_candidates_that_grows() -> None:
    """A later requirement may name candidates the first one did not find."""
    table = {
        ("top", 1): [need("one", 1), need("two", 1)],
        ("one", 1): [need("dep", 1, 2)],
        ("two", 1): [need("three", 1)],
        ("three", 1): [need("dep", 2, 3)],
        **{("dep", v): [] for v in (1, 2, 3)},
    }
    assert resolve(table, need("top", 1)).mapping["dep"] == ("dep", 2)


def test_the_reporter_hears_of_it() -> None:
    class Listener(resolvelib.BaseReporter[Any, Any, Any]):
        def __init__(self) -> None:
            self.heard: list[str] = []

        def starting(self) -> None:
            self.heard.append("starting")

        def adding_requirement(self, requirement: Any, parent: Any) -> None:
            self.heard.append(f"wants {requirement[0]}")

        def pinning(self, candidate: Any) -> None:
            self.heard.append(f"takes {candidate[0]}")

        def ending(self, state: Any) -> None:
            self.heard.append(f"ending with {len(state.mapping)}")

    listener = Listener()
    Resolver(TableProvider(DIAMOND), listener).resolve([need("app", 1)])
    assert listener.heard[:2] == ["starting", "wants app"]
    assert "takes base" in listener.heard
    assert listener.heard[-1] == "ending with 4"


names = st.sampled_from(["a", "b", "c", "d", "e"])
versions = st.frozensets(st.integers(1, 3), min_size=1)
requirements = st.lists(st.tuples(names, versions), max_size=3)
tables = st.dictionaries(st.tuples(names, st.integers(1, 3)), requirements, max_size=12)


def solvable(table: Mapping[Candidate, list[Requirement]], wanted: list[Requirement]) -> bool:
    """By trying everything."""

    def extend(chosen: dict[str, int], todo: list[Requirement]) -> bool:
        if not todo:
            return True
        (name, allowed), *rest = todo
        if name in chosen:
            return chosen[name] in allowed and extend(chosen, rest)
        return any(
            extend({**chosen, name: version}, [*rest, *table[name, version]])
            for version in allowed
            if (name, version) in table
        )

    return extend({}, wanted)


@settings(max_examples=300, deadline=None)
@given(tables, requirements)
def test_verdict_and_solution_over_any_provider(
    table: dict[Candidate, list[Requirement]], wanted: list[Requirement]
) -> None:
    try:
        mapping = resolve(table, *wanted).mapping
    except ResolutionImpossible:
        assert not solvable(table, wanted)
        return
    for name, allowed in [*wanted, *(r for c in mapping.values() for r in table[c])]:
        assert mapping[name][1] in allowed


SCENARIOS: dict[str, tuple[Table, list[Requirement]]] = {
    "nothing": ({}, []),
    "one": ({("a", 1): []}, [need("a", 1)]),
    "the highest of all": ({("a", v): [] for v in (1, 2, 3)}, [need("a", 1, 2, 3)]),
    "the same name asked for twice": (
        {("a", v): [] for v in (1, 2, 3)},
        [need("a", 1, 2), need("a", 2, 3)],
    ),
    "two requests that exclude each other": (
        {("a", v): [] for v in (1, 2)},
        [need("a", 1), need("a", 2)],
    ),
    "unknown": ({}, [need("a", 1)]),
    "an unknown dependency": ({("a", 1): [need("b", 1)]}, [need("a", 1)]),
    "an older one without the unknown dependency": (
        {("a", 2): [need("b", 1)], ("a", 1): []},
        [need("a", 1, 2)],
    ),
    "a chain": (
        {("a", 1): [need("b", 1, 2)], ("b", 2): [need("c", 1)], ("c", 1): []},
        [need("a", 1)],
    ),
    "itself": ({("a", 1): [need("a", 1)]}, [need("a", 1)]),
    "itself in another version": ({("a", 1): [need("a", 2)], ("a", 2): []}, [need("a", 1)]),
    "a late requirement lowers an early choice": (
        {
            ("a", 1): [need("b", 1, 2, 3)],
            ("c", 1): [need("b", 1)],
            **{("b", v): [] for v in (1, 2, 3)},
        },
        [need("a", 1), need("c", 1)],
    ),
    "what an abandoned version needed is not there": (
        {
            ("a", 2): [need("only-two", 1), need("shared", 2)],
            ("a", 1): [need("shared", 1)],
            ("b", 1): [need("shared", 1)],
            ("only-two", 1): [],
            ("shared", 1): [],
            ("shared", 2): [],
        },
        [need("a", 1, 2), need("b", 1)],
    ),
    "a conflict far from its cause": (
        {
            ("a", 1): [need("x", 1, 2)],
            ("b", 1): [need("c", 1)],
            ("c", 1): [need("d", 1)],
            ("d", 1): [need("x", 1)],
            ("x", 1): [need("y", 1)],
            ("x", 2): [need("y", 2)],
            ("y", 1): [],
            ("y", 2): [],
        },
        [need("a", 1), need("b", 1)],
    ),
    "all versions of all fail": (
        {
            **{("a", v): [need("z", 1)] for v in range(1, 9)},
            **{("b", v): [need("z", 2)] for v in range(1, 9)},
            ("z", 1): [],
            ("z", 2): [],
        },
        [need("a", *range(1, 9)), need("b", *range(1, 9))],
    ),
}


def outcome(resolver: Any, table: Table, wanted: list[Requirement]) -> Any:
    try:
        return resolver(TableProvider(table), resolvelib.BaseReporter()).resolve(wanted).mapping
    except ResolutionImpossible:
        return "impossible"


@pytest.mark.parametrize("name", SCENARIOS)
def test_scenarios_end_as_with_the_stock_resolver(name: str) -> None:
    table, wanted = SCENARIOS[name]
    assert outcome(Resolver, table, wanted) == outcome(resolvelib.Resolver, table, wanted)


@settings(max_examples=300, deadline=None)
@given(tables, requirements)
def test_the_stock_resolver_agrees(
    table: dict[Candidate, list[Requirement]], wanted: list[Requirement]
) -> None:
    stock: Any
    plain = resolvelib.Resolver(TableProvider(table), resolvelib.BaseReporter())
    try:
        stock = plain.resolve(wanted, max_rounds=300).mapping
    except ResolutionImpossible:
        assert outcome(Resolver, table, wanted) == "impossible"
        return
    except (ResolutionTooDeep, RecursionError):
        return  # cycles are too much for it
    ours = outcome(Resolver, table, wanted)
    assert ours != "impossible"
    best = {name: max(v for n, v in table if n == name) for name in stock}
    if all(stock[name] == (name, best[name]) for name in stock):
        # Nothing stood in the way of the best of all, whatever is decided first.
        assert ours == stock


class TestConda:
    SOURCE = MemorySource(
        [
            pkg("app", "1.0", ["left", "right"]),
            pkg("left", "1.0", ["base <2"]),
            pkg("left", "2.0", ["base >=2"]),
            pkg("right", "1.0", ["base <2"]),
            pkg("base", "1.0", constrains=["extra <2"]),
            pkg("base", "2.0"),
            pkg("extra", "1.0"),
            pkg("extra", "2.0"),
            pkg("loose", "1.0", ["extra"]),
        ]
    )

    def _problem(self, *texts: str) -> tuple[CondaProvider, list[Fact]]:
        universe = Universe([self.SOURCE], {}, SYSTEM)
        return CondaProvider(universe), list(jobs_for(install(*texts), universe).roots)

    @pytest.mark.parametrize("texts", [("app",), ("app", "loose"), ("loose",), ("left", "extra")])
    def test_the_stock_resolver_agrees(self, texts: tuple[str, ...]) -> None:
        provider, roots = self._problem(*texts)
        stock = resolvelib.Resolver(provider, resolvelib.BaseReporter()).resolve(roots)
        ours = Resolver(provider).resolve(roots)
        present = {name: c for name, c in stock.mapping.items() if c.index}
        assert ours.mapping == present

    def test_both_find_it_impossible(self) -> None:
        provider, roots = self._problem("app", "base>=2")
        with pytest.raises(ResolutionImpossible):
            Resolver(provider).resolve(roots)
        with pytest.raises(ResolutionImpossible):
            resolvelib.Resolver(provider, resolvelib.BaseReporter()).resolve(roots)

    def test_conditions_and_extras_of_a_result(self) -> None:
        source = MemorySource(
            [
                pkg("app", "1", ['old[when="python<3"]', "lib[extras=[fast]]", "python"]),
                pkg("lib", "1", [], extra_depends={"fast": ["speed"]}),
                *(pkg(name) for name in ("old", "speed")),
                pkg("python", "3.12"),
            ]
        )
        universe = Universe([source], {}, SYSTEM)
        roots = list(jobs_for(install("app", "old"), universe).roots)
        result = Resolver(CondaProvider(universe)).resolve(roots)
        present = {name for name in result.mapping if "[" not in name}
        assert present == {"app", "lib", "old", "python", "speed"}
        edges = set(result.graph.iter_edges())
        assert ("lib[fast]", "speed") in edges
        assert ("app", "old") not in edges  # its condition is false; the user asked for it
        assert (None, "old") in edges

    def test_absence_is_a_candidate(self) -> None:
        provider, _ = self._problem("base")
        universe = provider.problem
        assert isinstance(universe, Universe)
        base = universe.id_of("base")
        (constraint,) = universe.facts(base, 2)
        found = provider.find_matches("extra", {"extra": iter([constraint])}, {"extra": iter([])})
        assert [(c.index, c.record and c.record.version) for c in found] == [(0, None), (2, "1.0")]
