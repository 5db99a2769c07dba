"""Conditions (CEP 43), extras (CEP 44) and flags (CEP 45) in a solve."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from solution_verifier import Chosen, violations
from universe_factory import SYSTEM, MemorySource, dists, install, pkg, prefix_of, run

from mm_solve import MatchSpec, Request, Unsolvable
from mm_solve.order import install_order
from mm_solve.virtual_packages import virtual_package

PYTHONS = [pkg("python", "3.10"), pkg("python", "3.12")]


def names(source: list[dict[str, Any]], *texts: str, **more: Any) -> list[str]:
    return sorted(
        record.name for record in run(install(*texts), MemorySource(source), **more).records
    )


TOML = [*PYTHONS, pkg("toml"), pkg("app", "1", ["python", 'toml[when="python<3.11"]'])]


class TestConditions:
    def test_true_and_false(self) -> None:
        assert names(TOML, "app", "python=3.10") == ["app", "python", "toml"]
        assert names(TOML, "app", "python=3.12") == ["app", "python"]

    def test_the_preferred_version_decides_the_condition(self) -> None:
        assert names(TOML, "app") == ["app", "python"]

    def test_a_name_nobody_needs_is_absent_and_not_even_read(self) -> None:
        source = MemorySource(
            [pkg("app", "1", ['extra[when="other"]']), pkg("extra"), pkg("other")]
        )
        assert dists(run(install("app"), source)) == ["app-1-0"]
        assert not {"extra", "other"} & set(source.reads)

    def test_the_target_is_read_when_the_condition_is_true(self) -> None:
        source = MemorySource(TOML)
        run(install("app", "python=3.12"), source)
        assert "toml" not in source.reads

    @pytest.mark.parametrize(
        ("condition", "counts"),
        [
            ("__unix", True),
            ("__win", False),
            ("__glibc>=2.17", True),
            ("__glibc>=3", False),
            ("__win or __linux", True),
            ("__win and __linux", False),
            ("(__win or __unix) and __glibc>=2.17", True),
            ("__win or __unix and __glibc>=3", False),
            ("app", True),
            ("app>=2", False),
            ("dep", False),
            ("__linux[version='>=6']", True),
        ],
    )
    def test_expressions(self, condition: str, counts: bool) -> None:
        source = [pkg("app", "1", [f'dep[when="{condition}"]']), pkg("dep")]
        assert names(source, "app") == (["app", "dep"] if counts else ["app"])

    def test_what_cannot_be_met_excludes_the_condition(self) -> None:
        source = [*PYTHONS, pkg("app", "1", ["python", 'missing[when="python>=3.11"]'])]
        assert dists(run(install("app"), MemorySource(source))) == ["python-3.10-0", "app-1-0"]

    def test_an_older_package_without_the_trouble(self) -> None:
        source = [
            *PYTHONS,
            pkg("app", "2", ["python >=3.11", 'missing[when="python"]']),
            pkg("app", "1", ["python"]),
        ]
        assert dists(run(install("app"), MemorySource(source))) == ["python-3.12-0", "app-1-0"]

    def test_a_conflict_tells_of_the_condition(self) -> None:
        source = [*PYTHONS, pkg("app", "1", ['missing[when="python"]'])]
        with pytest.raises(Unsolvable) as caught:
            run(install("app", "python"), MemorySource(source))
        assert "because python" in caught.value.explanation()
        assert {d.texts[0] for d in caught.value.conflict.demands} == {"app", "python"}

    def test_conditional_constraint(self) -> None:
        source = [
            *PYTHONS,
            pkg("app", "1", ["dep"], constrains=['dep[version="<2", when="python>=3.11"]']),
            pkg("dep", "1"),
            pkg("dep", "2"),
        ]
        assert "dep-2-0" in dists(run(install("app"), MemorySource(source)))
        assert "dep-1-0" in dists(run(install("app", "python=3.12"), MemorySource(source)))

    def test_what_comes_late(self) -> None:
        """The condition becomes true by a package that is decided on after the owner."""
        source = [
            pkg("app", "1", ["b", 'c[version="1", when="d>=2"]', "c"]),
            pkg("b", "1", ["d"]),
            pkg("c", "1"),
            pkg("c", "2"),
            pkg("d", "1"),
            pkg("d", "2"),
        ]
        found = dists(run(install("app"), MemorySource(source)))
        assert ("c-1-0" in found) == ("d-2-0" in found)

    def test_a_condition_on_a_request(self) -> None:
        source = [*PYTHONS, pkg("toml")]
        assert names(source, 'toml[when="python<3.11"]', "python=3.10") == ["python", "toml"]
        assert names(source, 'toml[when="python<3.11"]', "python") == ["python"]

    def test_a_pattern_is_no_condition(self) -> None:
        warned: list[str] = []

        from mm_pkg.reporter import Reporter
        from mm_solve import solve

        class Listener(Reporter):
            def warned(self, message: str) -> None:
                warned.append(message)

        source = MemorySource([pkg("app", "1", ['dep[when="py*"]']), pkg("dep")])
        solution = solve(install("app"), [source], reporter=Listener())
        assert dists(solution) == ["app-1-0"]
        assert len(warned) == 1
        assert "py*" in warned[0]

    def test_a_condition_with_too_many_cases_is_left_out(self) -> None:
        many = " and ".join(f"(a{i} or b{i})" for i in range(12))
        source = [pkg("app", "1", [f'dep[when="{many}"]']), pkg("dep")]
        assert names(source, "app") == ["app"]

    def test_installed_packages_have_conditions_too(self) -> None:
        installed = prefix_of(*TOML[::2], TOML[3])
        solution = run(install("python=3.12"), MemorySource(TOML), installed=installed)
        assert {"app-1-0", "python-3.12-0"} <= set(dists(solution))
        back = run(
            Request(remove=(MatchSpec.parse("toml"),)), MemorySource(TOML), installed=installed
        )
        assert "toml" not in {record.name for record in back.records}
        assert not violations([], _chosen(back.records))


TORCH = [
    pkg(
        "torch",
        "2",
        [],
        extra_depends={"cuda": ["runtime"], "all": ["torch[extras=[cuda]]", "doc"]},
    ),
    pkg("torch", "1", [], extra_depends={"cuda": ["old-runtime"]}),
    pkg("runtime", "12", ["__cuda"]),
    pkg("old-runtime", "9"),
    pkg("doc"),
    pkg("model", "1", ["torch[extras=[cuda]]"]),
    pkg("plain", "1", ["torch >=2"]),
    pkg("either", "1", ['torch[extras=[cuda], when="__cuda"]', "torch"]),
]


class TestExtras:
    CUDA = (*SYSTEM, virtual_package("__cuda", "12.4"))

    @pytest.mark.parametrize(
        ("request_", "expected"),
        [
            ("torch", ["torch"]),
            ("torch[extras=[cuda]]", ["runtime", "torch"]),
            ("torch[extras=[all]]", ["doc", "runtime", "torch"]),
            ("torch[extras=[nothing]]", ["torch"]),
            ("torch[extras=[nothing,cuda]]", ["runtime", "torch"]),
            ("torch[version='<2',extras=[cuda]]", ["old-runtime", "torch"]),
            ("model", ["model", "runtime", "torch"]),
            ("plain", ["plain", "torch"]),
            ("either", ["either", "runtime", "torch"]),
        ],
    )
    def test_what_they_add(self, request_: str, expected: list[str]) -> None:
        assert names(TORCH, request_, system=self.CUDA) == expected

    def test_they_may_decide_the_version(self) -> None:
        assert names(TORCH, "torch[extras=[cuda]]") == ["old-runtime", "torch"]

    def test_a_condition_on_them(self) -> None:
        assert names(TORCH, "either") == ["either", "torch"]

    def test_they_are_in_force_while_their_owner_is(self) -> None:
        installed = prefix_of(TORCH[0], TORCH[2], TORCH[5])
        request = Request(remove=(MatchSpec.parse("model"),), keep=(MatchSpec.parse("torch"),))
        left = run(request, MemorySource(TORCH), installed=installed, system=self.CUDA)
        assert "model" not in {record.name for record in left.records}
        assert "torch" in {record.name for record in left.records}

    def test_a_conflict_tells_of_them(self) -> None:
        with pytest.raises(Unsolvable) as caught:
            run(install("torch[version='>=2',extras=[cuda]]"), MemorySource(TORCH))
        text = caught.value.explanation()
        assert "runtime" in text
        assert "__cuda" in text

    def test_a_group_is_no_package(self) -> None:
        solution = run(install("model"), MemorySource(TORCH), system=self.CUDA)
        assert all("[" not in record.name for record in solution.records)

    def test_they_count_in_the_install_order(self) -> None:
        source = [
            pkg("a", "1", [], extra_depends={"x": ["b"]}),
            pkg("b", "1"),
        ]
        plain = run(install("a", "b"), MemorySource(source))
        assert dists(plain) == ["a-1-0", "b-1-0"]
        assert install_order(plain.records) == plain.records
        assert dists(run(install("a[extras=[x]]"), MemorySource(source))) == ["b-1-0", "a-1-0"]


BUILDS = [
    pkg("blas", "2", [], build="m", flags=["blas:mkl", "cpu"]),
    pkg("blas", "1", [], build="o", flags=["blas:openblas", "cpu"]),
    pkg("app", "1", ["blas[flags=['blas:open*']]"]),
]


class TestFlags:
    @pytest.mark.parametrize(
        ("request_", "expected"),
        [
            ("blas", "blas-2-m"),
            ("blas[flags=[cpu]]", "blas-2-m"),
            ("blas[flags=['blas:open*']]", "blas-1-o"),
            ("blas[flags=['blas:*', cpu]]", "blas-2-m"),
            ("app", "blas-1-o"),
        ],
    )
    def test_every_flag_is_carried(self, request_: str, expected: str) -> None:
        assert expected in dists(run(install(request_), MemorySource(BUILDS)))

    def test_none_carries_it(self) -> None:
        with pytest.raises(Unsolvable):
            run(install("blas[flags=[gpu]]"), MemorySource(BUILDS))


# -- against trying everything -------------------------------------------------------

NAMES = "abcd"
RELATIONS = ["", ">=2", "<2", "==1", "!=1"]


def _condition(random: Random) -> str:
    def spec() -> str:
        return random.choice(("__unix", "__win", *NAMES, *NAMES)) + random.choice(("", "", ">=2"))

    shape = random.choice(("{}", "{}", "{} and {}", "{} or {}", "({} or {}) and {}"))
    return shape.format(*(spec() for _ in range(3)))


def _dependency(random: Random) -> str:
    keys = []
    relation = random.choice(RELATIONS)
    if relation:
        keys.append(f'version="{relation}"')
    if random.random() < 0.4:
        keys.append(f'when="{_condition(random)}"')
    if random.random() < 0.3:
        keys.append(f"extras=[{random.choice('xy')}]")
    return random.choice(NAMES) + (f"[{', '.join(keys)}]" if keys else "")


def _records(random: Random) -> list[dict[str, Any]]:
    def some(most: int) -> list[str]:
        return [_dependency(random) for _ in range(random.randint(0, most))]

    return [
        pkg(
            name,
            str(version),
            some(2),
            constrains=some(1),
            extra_depends={extra: some(2) for extra in "xy" if random.random() < 0.5},
        )
        for name in NAMES
        for version in range(1, random.randint(0, 2) + 1)
    ]


def _virtual() -> dict[str, Any]:
    return {r.name: {"name": r.name, "version": r.version, "build": r.build} for r in SYSTEM}


def _chosen(records: Any) -> Chosen:
    found = {
        r.name: {
            "name": r.name,
            "version": r.version,
            "build": r.build,
            "depends": r.depends,
            "constrains": r.constrains,
            "extra_depends": r.extra_depends,
        }
        for r in records
    }
    return {**_virtual(), **found}


def _every_choice(records: list[dict[str, Any]]) -> Iterator[Chosen]:
    per_name = [[None, *(r for r in records if r["name"] == name)] for name in NAMES]
    for combination in itertools.product(*per_name):
        yield {**_virtual(), **{record["name"]: record for record in combination if record}}


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_verdict_and_solution_equal_brute_force(seed: int) -> None:
    random = Random(seed)
    for _ in range(10):
        records = _records(random)
        wanted = [_dependency(random) for _ in range(random.randint(1, 2))]
        possible = any(not violations(wanted, chosen) for chosen in _every_choice(records))
        if possible:
            solution = run(install(*wanted), MemorySource(records))
            assert violations(wanted, _chosen(solution.records)) == []
        else:
            with pytest.raises(Unsolvable) as caught:
                run(install(*wanted), MemorySource(records))
            assert caught.value.explanation()
