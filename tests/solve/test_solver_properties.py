"""Laws of the solver over random small universes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from universe_factory import MemorySource, dists, install, pkg, prefix_of, run, specs

from mm_pkg.record import PackageRecord
from mm_solve import MatchSpec, Request, Unsolvable, changes

NAMES = ["a", "b", "c", "d"]
relations = st.sampled_from(["", " 1", " 2", " >=2", " <2", " !=2", " 3", " <1"])
dependencies = st.lists(
    st.builds(lambda name, relation: name + relation, st.sampled_from(NAMES), relations), max_size=2
)


@st.composite
def universes(draw: st.DrawFn) -> list[dict[str, Any]]:
    return [
        pkg(
            name,
            str(version),
            draw(dependencies),
            constrains=draw(st.one_of(st.just([]), dependencies)),
            track_features="slow" if draw(st.integers(0, 6)) == 0 else "",
        )
        for name in NAMES
        for version in range(1, draw(st.integers(0, 3)) + 1)
    ]


requests = st.lists(
    st.builds(
        lambda name, relation: name + relation.replace(" ", "="),
        st.sampled_from(NAMES),
        st.sampled_from(["", " 1", " 2"]),
    ),
    min_size=1,
    max_size=3,
)


def holds(text: str, chosen: dict[str, PackageRecord], optional: bool) -> bool:
    spec = MatchSpec.parse_dependency(text)
    record = chosen.get(spec.name)
    return optional if record is None else spec.matches(record)


def valid(chosen: dict[str, PackageRecord]) -> bool:
    return all(
        all(holds(text, chosen, False) for text in record.depends)
        and all(
            holds(text, {n: r for n, r in chosen.items() if n != record.name}, True)
            for text in record.constrains
        )
        for record in chosen.values()
    )


def every_choice(source: MemorySource) -> Iterator[dict[str, PackageRecord]]:
    per_name = [[None, *source.packages(name).values()] for name in NAMES]
    for combination in itertools.product(*per_name):
        yield {record.name: record for record in combination if record is not None}


def satisfies(wanted: list[str], chosen: dict[str, PackageRecord]) -> bool:
    return all(
        spec.name in chosen and spec.matches(chosen[spec.name])
        for spec in map(MatchSpec.parse, wanted)
    )


@settings(max_examples=400, deadline=None)
@given(universes(), requests)
def test_verdict_equals_brute_force(records: list[dict[str, Any]], wanted: list[str]) -> None:
    source = MemorySource(records)
    possible = any(satisfies(wanted, c) and valid(c) for c in every_choice(source))
    if not possible:
        with pytest.raises(Unsolvable) as caught:
            run(install(*wanted), source)
        assert caught.value.full_explanation().endswith(".")
        assert caught.value.problems
        return
    solution = run(install(*wanted), source)
    chosen: dict[str, PackageRecord] = {record.name: record for record in solution.records}
    assert satisfies(wanted, chosen)
    assert valid(chosen)


@settings(max_examples=150, deadline=None)
@given(universes(), requests)
def test_a_core_cannot_be_made_smaller(records: list[dict[str, Any]], wanted: list[str]) -> None:
    source = MemorySource(records)
    try:
        run(install(*wanted), source)
    except Unsolvable as error:
        texts = [demand.texts[0] for demand in error.conflict.demands]
        with pytest.raises(Unsolvable):
            run(install(*texts), source)
        for left_out in range(len(texts)):
            run(install(*texts[:left_out], *texts[left_out + 1 :]), source)


@settings(max_examples=150, deadline=None)
@given(universes(), requests, st.randoms())
def test_the_order_of_arguments_and_records_is_no_matter(
    records: list[dict[str, Any]], wanted: list[str], random: Any
) -> None:
    def outcome(records: list[dict[str, Any]], wanted: list[str]) -> list[str] | None:
        try:
            return dists(run(install(*wanted), MemorySource(records)))
        except Unsolvable:
            return None

    shuffled, other = list(records), list(wanted)
    random.shuffle(shuffled)
    random.shuffle(other)
    assert outcome(records, wanted) == outcome(shuffled, other)


@settings(max_examples=150, deadline=None)
@given(universes(), requests, st.sampled_from(NAMES))
def test_changes_of_an_environment_keep_it_consistent(
    records: list[dict[str, Any]], wanted: list[str], name: str
) -> None:
    source = MemorySource(records)
    try:
        first = run(install(*wanted), source)
    except Unsolvable:
        return
    by_name = {
        record["name"]: [r for r in records if r["name"] == record["name"]] for record in records
    }
    installed = prefix_of(
        *(
            next(r for r in by_name[record.name] if r["version"] == record.version)
            for record in first.records
        )
    )
    again = run(install(*wanted), source, installed=installed)
    assert not changes(installed, again)
    for request in (
        Request(remove=specs(name)),
        *([Request(update=specs(name))] if name in installed else []),
        Request(update_all=True),
        Request(update_all=True, prune=False),
    ):
        after = {r.name: r for r in run(request, source, installed=installed).records}
        assert valid(dict(after))
        if request.remove:
            assert name not in after
        if request.update_all and not request.prune:
            assert set(installed) <= set(after)
