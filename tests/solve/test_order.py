from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mm_pkg.record import PackageRecord
from mm_solve import install_order


def record(name: str, *depends: str, noarch: str | None = None) -> PackageRecord:
    return PackageRecord(
        name=name, version="1", build="0", build_number=0, depends=depends, noarch=noarch
    )


def order(*records: PackageRecord) -> list[str]:
    return [found.name for found in install_order(records)]


def test_dependencies_come_first() -> None:
    assert order(record("c", "b >=1"), record("b", "a=1"), record("a")) == ["a", "b", "c"]


def test_names_that_are_not_there_do_not_matter() -> None:
    assert order(record("a", "elsewhere >=2", "__glibc")) == ["a"]


def test_python_before_pip_whatever_the_edges() -> None:
    python = record("python", "pip", "openssl")
    pip = record("pip", "python", "setuptools", noarch="python")
    setuptools = record("setuptools", "python", noarch="python")
    found = order(pip, setuptools, python, record("openssl"))
    assert found.index("python") < found.index("setuptools") < found.index("pip")


def test_python_before_pip_without_an_edge() -> None:
    assert order(record("pip"), record("python")) == ["python", "pip"]


def test_noarch_python_members_of_a_cycle_come_last() -> None:
    found = order(
        record("a", "b", noarch="python"), record("b", "c"), record("c", "a"), record("d", "a")
    )
    assert found == ["c", "b", "a", "d"] or found[2:] == ["a", "d"]


def test_a_long_chain_needs_no_recursion() -> None:
    chain = [record(f"n{i:05}", f"n{i + 1:05}") for i in range(5000)]
    assert order(*chain)[-1] == "n00000"


def test_extra_depends() -> None:
    found = install_order([record("a"), record("b")], {"a": ["b"]})
    assert [r.name for r in found] == ["b", "a"]


@given(st.dictionaries(st.integers(0, 9), st.sets(st.integers(0, 9))), st.randoms())
def test_any_graph_in_any_input_order(graph: dict[int, set[int]], random: object) -> None:
    records = [record(f"p{n}", *(f"p{m}" for m in needs)) for n, needs in graph.items()]
    found = order(*records)
    assert sorted(found) == sorted(r.name for r in records)
    shuffled = list(records)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert order(*shuffled) == found


@given(st.lists(st.sets(st.integers(0, 9)), max_size=10))
def test_without_cycles_every_dependency_comes_first(needs: list[set[int]]) -> None:
    records = [
        record(f"p{n}", *(f"p{m}" for m in wanted if m < n)) for n, wanted in enumerate(needs)
    ]
    found = order(*records)
    for one in records:
        for other in one.depends:
            assert found.index(other) < found.index(one.name)
