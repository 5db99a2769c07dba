"""Queries against brute force: random channels, the same answers."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mm_cli.operations.catalogue import Catalogue, Listed
from mm_cli.operations.dependencies import dependency_tree
from mm_cli.operations.dependents import dependent_tree, dependents
from mm_cli.operations.package_tree import CYCLE, SEEN, Branch
from mm_cli.report.tree import tree_lines
from mm_pkg.cancellation import Cancellation, Cancelled
from mm_pkg.record import PackageRecord, RepodataRecord
from mm_solve import MatchSpec, Version

NAMES = ("a", "b", "c", "d")
VERSIONS = ("1", "1.10", "1.9", "2")


class Source:
    """A subdir of a channel in memory; it can tell nothing faster than by its records."""

    subdir = "noarch"

    def __init__(self, channel: str, packages: list[tuple[str, str, list[str]]]) -> None:
        self.channel = self.channel_name = channel
        self.records: dict[str, dict[str, RepodataRecord]] = {}
        for name, version, depends in packages:
            fn = f"{name}-{version}-0.conda"
            self.records.setdefault(name, {})[fn] = RepodataRecord(
                name=name, version=version, build="0", build_number=0, depends=tuple(depends),
                fn=fn, url=f"{channel}/noarch/{fn}", channel=channel,
            )  # fmt: skip

    def names(self) -> list[str]:
        return list(self.records)

    def packages(self, name: str) -> Mapping[str, PackageRecord]:
        return self.records.get(name, {})

    def record(self, name: str, fn: str) -> RepodataRecord:
        return self.records[name][fn]


def catalogue(*sources: Source, cancellation: Cancellation | None = None) -> Catalogue:
    return Catalogue(
        sources,
        local=False,
        by_channel=False,
        label=str,
        warn=pytest.fail,
        cancellation=cancellation or Cancellation(),
    )


specs = st.builds(
    lambda name, version: f"{name}{version}",
    st.sampled_from(NAMES),
    st.sampled_from(["", " >=1.9", " <2", " 1.10.*", " 2"]),
)
packages = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(VERSIONS), st.lists(specs, max_size=3)),
    max_size=10,
    unique_by=lambda each: each[:2],
)


def everything(source: Source) -> list[RepodataRecord]:
    return [record for records in source.records.values() for record in records.values()]


@given(packages, specs)
def test_dependents_are_those_that_brute_force_finds(
    listed: list[tuple[str, str, list[str]]], text: str
) -> None:
    source, spec = Source("x", listed), MatchSpec.parse(text)
    records = everything(source)
    targets = [record for record in records if spec.matches(record)]

    def needs(record: RepodataRecord) -> bool:
        found = [MatchSpec.parse(dependency) for dependency in record.depends]
        if spec.is_name_only:
            return any(dependency.name == spec.name for dependency in found)
        return any(dependency.matches(target) for dependency in found for target in targets)

    answer = dependents(catalogue(source), spec, targets)
    assert {each.fn for group in answer for each in group} == {r.fn for r in records if needs(r)}


@given(packages, st.sampled_from(NAMES))
def test_a_tree_holds_the_newest_that_each_asks_for_and_ends(
    listed: list[tuple[str, str, list[str]]], name: str
) -> None:
    source = Source("x", listed)
    shelf = catalogue(source)
    root = shelf.newest(shelf.matching(MatchSpec.parse(name)))
    if root is None:
        assert name not in source.records
        return
    top = dependency_tree(shelf, root, {})
    waiting: list[tuple[Branch, tuple[Branch, ...]]] = [(top, ())]
    while waiting:
        branch, above = waiting.pop()
        waiting += [(child, (*above, branch)) for child in branch.children]
        if branch is top:
            continue
        further_up = {each.listed.place for each in above if each.listed is not None}
        is_cycle = branch.listed is not None and branch.listed.place in further_up
        assert (branch.state == CYCLE) == is_cycle
        asked = [MatchSpec.parse(text) for text in branch.specs]
        allowed = [r for r in everything(source) if all(spec.matches(r) for spec in asked)]
        best = max((Version.parse(record.version) for record in allowed), default=None)
        found = branch.listed and Version.parse(branch.listed.package.version)
        assert found == best
        assert not (branch.state in (CYCLE, SEEN) and branch.children)
    places = [branch.listed.place for branch in top.packages() if branch.listed is not None]
    assert len(places) == len(set(places))
    drawn = tree_lines(top, lambda branch: branch.children, lambda branch: branch.name)
    assert len(drawn) == 1 + sum(len(b.children) for b in top.packages())


@given(packages, st.sampled_from(NAMES))
def test_all_that_need_it_are_a_closure(
    listed: list[tuple[str, str, list[str]]], name: str
) -> None:
    source = Source("x", listed)
    shelf = catalogue(source)
    newest = {n: shelf.newest(shelf.matching(MatchSpec.parse(n))) for n in source.names()}
    chosen = [each.record() for each in newest.values() if each is not None]
    reached: set[str] = set()
    asked = [lambda spec: spec.name == name]
    while asked:
        wanted = asked.pop()
        for record in chosen:
            if record.fn not in reached and any(map(wanted, map(MatchSpec.parse, record.depends))):
                reached.add(record.fn)
                asked.append(lambda spec, record=record: spec.matches(record))
    root = Branch(name)
    dependent_tree(shelf, MatchSpec.parse(name), [], root)
    assert {b.listed.fn for b in root.packages() if b.listed is not None} == reached


@settings(max_examples=30)
@given(packages, packages, st.randoms())
def test_the_order_of_records_does_not_matter(
    one: list[tuple[str, str, list[str]]], two: list[tuple[str, str, list[str]]], random: object
) -> None:
    def answers(first: list[tuple[str, str, list[str]]]) -> list[list[str]]:
        shelf = catalogue(Source("x", first), Source("y", two))
        found = [shelf.newest_first(shelf.matching(MatchSpec.parse(name))) for name in NAMES]
        best = [shelf.newest(shelf.matching(MatchSpec.parse(name))) for name in NAMES]
        return [[str(each.place) for each in group] for group in found] + [
            [str(each and each.place)] for each in best
        ]

    shuffled = list(one)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert answers(one) == answers(shuffled)


def test_newest_is_by_version_build_and_time() -> None:
    def listed(version: str, number: int, stamp: int, features: str = "") -> Listed:
        package = PackageRecord(
            name="a", version=version, build=f"{number}", build_number=number, timestamp=stamp,
            track_features=features,
        )  # fmt: skip
        return Listed(Source("x", []), 0, f"a-{version}-{number}-{stamp}.conda", package)

    shelf = catalogue()
    best = listed("1.10", 2, 10)
    others = [
        listed("1.10", 2, 9),
        listed("1.10", 1, 9),
        listed("1.9", 5, 9),
        listed("2", 0, 9, "f"),
    ]
    assert shelf.newest([*others, best]) == shelf.newest([best, *others]) == best
    assert shelf.newest([]) is None
    same = listed("1.10", 2, 10)
    later = same._replace(rank=1, fn="b")
    assert shelf.newest([later, same]) == same
    assert shelf.newest_first([later, same]) == [same, later]


def test_a_query_can_be_stopped() -> None:
    cancellation = Cancellation()
    shelf = catalogue(Source("x", [("a", "1", ["b"])]), cancellation=cancellation)
    spec = MatchSpec.parse("b")
    cancellation.cancel()
    with pytest.raises(Cancelled):
        list(shelf.matching(MatchSpec.parse("a")))
    with pytest.raises(Cancelled):
        list(dependents(shelf, spec, []))
    with pytest.raises(Cancelled):  # also where nothing mentions the name
        list(dependents(catalogue(Source("x", []), cancellation=cancellation), spec, []))
