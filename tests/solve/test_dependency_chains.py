"""Why a package is here: shortest chains, deterministic and bounded."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from universe_factory import MemorySource, install, pkg, prefix_of, run

from mm_pkg.record import PackageRecord
from mm_solve import InvalidMatchSpec, MatchSpec, why


def env(**depends: str) -> dict[str, PackageRecord]:
    """Packages by name; dependencies are separated by semicolons."""
    return {
        name: PackageRecord(
            name=name,
            version="1.0",
            build="0",
            build_number=0,
            depends=tuple(text.strip() for text in needs.split(";") if text.strip()),
        )
        for name, needs in depends.items()
    }


def chains(name: str, records: dict[str, PackageRecord], *requested: str, **more: Any) -> list[str]:
    return [
        " > ".join(link.name for link in chain.links)
        for chain in why(name, records, requested, **more).chains
    ]


def test_several_chains_shortest_first() -> None:
    records = env(app="lib >=1; zlib", lib="zlib <2", tool="lib", zlib="")
    assert chains("zlib", records, "app", "tool") == [
        "app > zlib",
        "app > lib > zlib",
        "tool > lib > zlib",
    ]


def test_links_say_by_which_spec() -> None:
    found = why("zlib", env(app="lib >=1", lib="zlib <2", zlib=""), ["app=1.0"])
    assert [link.spec for link in found.chains[0].links] == ["app=1.0", "lib >=1", "zlib <2"]
    assert found.chains[0].requested == "app=1.0"
    assert found.version == "1.0"


def test_what_was_asked_for_itself() -> None:
    records = env(app="zlib", zlib="")
    assert chains("zlib", records, "zlib", "app") == ["zlib", "app > zlib"]
    assert why("zlib", records, ["zlib"]).text() == (
        "zlib 1.0 is here because of\n└─ zlib is asked for."
    )


def test_not_here() -> None:
    found = why("numpy", env(zlib=""), ["zlib"])
    assert found.chains == ()
    assert found.text() == "numpy is not here."


def test_orphans_start_chains_where_nothing_asked_for_does() -> None:
    records = env(app="zlib", other="", zlib="")
    found = why("zlib", records, ["other"])
    assert found.chains[0].requested == ""
    assert "(not asked for): app 1.0 requires" in found.text()


def test_circles_end() -> None:
    records = env(a="b", b="c; a", c="b")
    assert chains("c", records, "a") == ["a > b > c"]
    assert chains("c", records) == ["c", "b > c", "a > b > c"]


def test_globs_and_pip() -> None:
    records = env(python="zlib", pip="python", zlib="")
    assert chains("zlib", records, "pyth*") == ["python > zlib"]
    assert chains("pip", records, "python") == ["python > pip"]
    assert chains("pip", records, "python", add_pip=False) == ["pip"]


def test_bounded() -> None:
    layers = 12
    texts = {"goal": ""}
    for number in range(layers):
        below = "goal" if not number else f"l{number - 1}; r{number - 1}"
        texts |= {f"l{number}": below, f"r{number}": below}
    found = why("goal", env(**texts), [f"l{layers - 1}"], chains=3)
    assert len(found.chains) == 3
    assert found.more
    assert {len(chain) for chain in found.chains} == {layers + 1}
    assert found.text().endswith("(there are more ways)")


def test_text() -> None:
    records = env(app="lib >=1; zlib", lib="zlib <2", zlib="")
    assert why("zlib", records, ["app"]).text() == "\n".join(
        [
            "zlib 1.0 is here because of",
            "└─ app: app 1.0 requires",
            "   ├─ zlib;",
            "   └─ lib >=1: lib 1.0 requires",
            "      └─ zlib <2.",
        ]
    )


def test_data() -> None:
    found = why("zlib", env(app="zlib <2", zlib=""), ["app"]).to_dict()
    assert found == {
        "name": "zlib",
        "version": "1.0",
        "more": False,
        "chains": [
            {
                "requested": "app",
                "links": [
                    {"name": "app", "version": "1.0", "build": "0", "spec": "app"},
                    {"name": "zlib", "version": "1.0", "build": "0", "spec": "zlib <2"},
                ],
            }
        ],
    }


def test_a_solution_and_a_prefix_give_the_same() -> None:
    data = [pkg("app", depends=["lib"]), pkg("lib", depends=["zlib"]), pkg("zlib")]
    solution = run(install("app"), MemorySource(data))
    of_solution = why("zlib", {r.name: r for r in solution.records}, solution.request.install)
    assert of_solution == why("zlib", prefix_of(*data), ["app"])


def test_bad_request() -> None:
    with pytest.raises(InvalidMatchSpec):
        why("a", env(a=""), ["a[nonsense"])


NAMES = "abcde"


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(NAMES), st.lists(st.sampled_from(NAMES), max_size=3), min_size=1
    ),
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=3),
    st.sampled_from(NAMES),
)
def test_equals_brute_force(graph: dict[str, list[str]], asked: list[str], goal: str) -> None:
    records = env(**{name: ";".join(needs) for name, needs in graph.items()})
    found = why(goal, records, asked, chains=1000)
    expected = set()
    starts = [name for name in set(asked) if name in records]
    for size in range(1, len(NAMES) + 1):
        for path in itertools.permutations(records, size):
            steps = itertools.pairwise(path)
            if path[-1] == goal and path[0] in starts and all(b in graph[a] for a, b in steps):
                expected.add(path)
    if not expected:
        assert all(chain.requested == "" for chain in found.chains)
        return
    paths = [tuple(link.name for link in chain.links) for chain in found.chains]
    assert set(paths) == expected
    assert len(paths) == len(expected)
    assert [len(path) for path in paths] == sorted(map(len, paths))
    assert why(goal, records, asked, chains=2).chains == found.chains[:2]
    shuffled = list(records.items())
    random.shuffle(shuffled)
    assert why(goal, dict(shuffled), reversed(asked), chains=1000) == found


def test_match_specs_are_taken_as_well() -> None:
    assert chains("a", env(a=""), *[str(MatchSpec.parse("a >=1"))]) == ["a"]
    assert why("a", env(a=""), [MatchSpec.parse("a >=1")]).chains[0].requested == "a>=1"
