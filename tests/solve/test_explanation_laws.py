"""Laws of explanations, over random problems that cannot be solved."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from test_solver_properties import NAMES, dependencies, requests, universes
from universe_factory import MemorySource, install, pkg, prefix_of, run, specs

from mm_solve import MatchSpec, Request, Unsolvable

LINES = 15


def failure(request: Request, source: MemorySource, **more: Any) -> Unsolvable:
    try:
        run(request, source, **more)
    except Unsolvable as error:
        return error
    assume(False)
    raise AssertionError


def everything(error: Unsolvable) -> tuple[Any, ...]:
    return error.message, error.explanation(), error.full_explanation(), error.hint, error.to_dict()


@st.composite
def knots(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Universes with conditions, extras, constraints, and names that do not exist."""
    names = [*NAMES, "nowhere", "__cuda"]
    relations = st.sampled_from(["", " 1", " 2", " >=2", " <2", " !=2", " 1 x", " * y"])
    extras = st.sampled_from(["", '[when="a>=2"]', '[when="b or c"]', "[extras=[e]]"])
    needs = st.lists(
        st.builds(
            lambda name, relation, extra: name + (extra or relation),
            st.sampled_from(names),
            relations,
            extras,
        ),
        max_size=3,
    )
    return [
        pkg(
            name,
            str(version),
            draw(needs),
            build=build,
            constrains=draw(dependencies),
            extra_depends={"e": draw(dependencies)},
        )
        for name in NAMES
        for version in range(1, draw(st.integers(0, 3)) + 1)
        for build in draw(st.sampled_from([["x"], ["x", "y"]]))
    ]


@settings(max_examples=150, deadline=None)
@given(knots(), requests, st.randoms())
def test_an_explanation_is_short_complete_and_always_the_same(
    records: list[dict[str, Any]], wanted: list[str], random: Any
) -> None:
    error = failure(install(*wanted), MemorySource(records))
    lines = error.explanation().splitlines()
    assert 1 < len(lines) <= LINES
    assert lines[0].startswith("The following package")
    whole = error.full_explanation()
    for demand in error.conflict.demands:
        assert demand.label in error.explanation()
        assert demand.label in whole
    assert len(whole.splitlines()) >= len(lines) or "left out" in lines[-1]
    assert error.hint == "" or "\n" not in error.hint
    assert json.loads(json.dumps(error.to_dict())) == error.to_dict()
    random.shuffle(records)
    random.shuffle(wanted)
    again = failure(install(*wanted), MemorySource(records))
    assert everything(again) == everything(error)


THERE_IS = re.compile(r"(\S+)[^,;]*? does not exist \(there is (\S+) ([^)]*)\)")


@settings(max_examples=150, deadline=None)
@given(knots(), requests)
def test_what_is_said_to_exist_does(records: list[dict[str, Any]], wanted: list[str]) -> None:
    source = MemorySource(records)
    error = failure(install(*wanted), source)
    for node in error.conflict.to_dict()["nodes"]:
        there = source.packages(node["name"])
        versions = {record.version for record in there.values()}
        if node["kind"] == "missing" and not node["name"].startswith("__"):
            assert bool(node["available"]) == bool(versions)
            named = set(re.findall(r"[0-9]+", node["available"]))
            assert named <= versions
            for text in node["specs"]:
                spec = MatchSpec.parse_dependency(text)
                assert not any(spec.matches(record) for record in there.values())
            assert set(node["builds"]) <= {record.build for record in there.values()}
            assert set(node["similar"]) <= set(source.names())
        if node["kind"] == "package" and node["count"]:
            assert {node["oldest"], node["newest"]} <= versions


@settings(max_examples=100, deadline=None)
@given(universes(), requests)
def test_advice_can_be_followed(records: list[dict[str, Any]], wanted: list[str]) -> None:
    source = MemorySource(records)
    error = failure(install(*wanted), source)
    specs_wanted = {str(MatchSpec.parse(text)) for text in wanted}
    for name, version, old in re.findall(r"with (\S+) (\S+) instead of ([^,]+?)[.,]", error.hint):
        rest = specs_wanted - {old}
        assert rest != specs_wanted
        solution = run(install(*rest, f"{name}=={version}"), source)
        assert version in {record.version for record in solution.records if record.name == name}
    if error.hint.startswith("It would work without "):
        for spec in (
            error.hint[len("It would work without ") : -1].replace(" or ", ", ").split(", ")
        ):
            run(install(*(specs_wanted - {spec})), source)


@settings(max_examples=100, deadline=None)
@given(universes(), requests, st.sampled_from(["a<2", "b=1", "c>=2"]))
def test_pins_and_freezes(records: list[dict[str, Any]], wanted: list[str], pin: str) -> None:
    source = MemorySource(records)
    error = failure(install(*wanted, pins=specs(pin)), source)
    demands = error.conflict.demands
    if any(demand.kind == "pin" for demand in demands):
        assert f"pin on {pin}" in error.explanation()
        run_without = [d.texts[0] for d in demands if d.kind != "pin"]
        run(install(*run_without), source)
    held = [record for record in records if record["name"] == "a"][:1]
    if held:
        frozen = failure(
            install(*wanted, freeze_installed=True), source, installed=prefix_of(*held)
        )
        assert len(frozen.explanation().splitlines()) <= LINES


@settings(max_examples=100, deadline=None)
@given(knots(), requests)
def test_the_graph_is_sound(records: list[dict[str, Any]], wanted: list[str]) -> None:
    graph = failure(install(*wanted), MemorySource(records)).conflict.to_dict()
    nodes, edges = graph["nodes"], graph["edges"]
    ids = [node["id"] for node in nodes]
    assert ids == list(range(len(nodes)))
    assert {edge["source"] for edge in edges} | {edge["target"] for edge in edges} <= set(ids)
    reached = {node["id"] for node in nodes if node["kind"] == "demand"}
    assert reached
    grown = True
    while grown:
        more = {e["target"] for e in edges if e["kind"] != "conflicts" and e["source"] in reached}
        grown = not more <= reached
        reached |= more
    assert reached == set(ids)
    by_id = {node["id"]: node for node in nodes}
    for edge in edges:
        if edge["kind"] == "conflicts":
            assert by_id[edge["source"]]["name"] == by_id[edge["target"]]["name"]
        else:
            assert edge["specs"]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=12), st.text(max_size=12), st.text(max_size=12))
def test_no_text_of_a_channel_reaches_the_terminal_as_it_is(
    build: str, dependency: str, channel: str
) -> None:
    source = MemorySource(
        [
            pkg("a", build=build, depends=[dependency, "b >=2"], fn="a.conda"),
            pkg("b", build=build, fn="b.conda"),
        ],
        f"https://host/{channel.replace('/', '')}",
    )
    for wanted in ("a", "b=1.0=z", "c", "b>=3"):
        error = failure(install(wanted), source)
        texts = (error.message, error.hint, error.full_explanation(), *error.problems)
        for text in texts:
            assert all(line.isprintable() for line in text.split("\n")), text


@pytest.mark.parametrize("count", [3, 20, 60])
def test_a_core_of_many_demands(count: int) -> None:
    """No two exclude each other; all together do: each takes one value of the last one."""
    records = [pkg("goal", str(n)) for n in range(count)]
    records += [pkg(f"wish-{n}", depends=[f"goal !={n}"]) for n in range(count)]
    error = failure(install("goal", *(f"wish-{n}" for n in range(count))), MemorySource(records))
    assert len(error.conflict.demands) == count
    text = error.explanation()
    assert len(text.splitlines()) <= LINES
    for demand in error.conflict.demands:
        assert re.search(rf"\b{demand.label}\b", text)
    assert len(error.full_explanation().splitlines()) > count
    # It takes all of them: the graph says of each that it is part of the conflict.
    edges = error.conflict.to_dict()["edges"]
    assert len([edge for edge in edges if edge["kind"] == "conflicts"]) == count - 1
