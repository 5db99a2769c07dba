"""Why not this version: what would change, or have to give way."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_solver_properties import NAMES, requests, universes
from universe_factory import SYSTEM, MemorySource, install, pkg, prefix_of, run, specs

from mm_solve import MatchSpec, Request, SolveOptions, Unsolvable, WhyNot, why_not


def ask(
    spec: str, request: Request, source: MemorySource, *, options: Any = None, **more: Any
) -> WhyNot:
    return why_not(spec, request, [source], virtual_packages=SYSTEM, options=options, **more)


def pythons(*minors: int) -> list[dict[str, Any]]:
    return [pkg("python", f"3.{minor}.0") for minor in minors]


def lines(answer: WhyNot) -> list[str]:
    return [str(shift) for shift in answer.shifts]


def test_there_already() -> None:
    source = MemorySource([pkg("a", "1.0")])
    answer = ask("a>=1", install("a"), source, installed=prefix_of(pkg("a", "1.0")))
    assert answer.verdict == "there"
    assert answer.text() == "a>=1 is met already."


def test_possible_says_what_would_change() -> None:
    source = MemorySource(
        [
            pkg("a", "1.0", ["lib 1.*"]),
            pkg("a", "2.0", ["lib 2.*", "new"]),
            pkg("lib", "1.0"),
            pkg("lib", "2.0"),
            pkg("new"),
        ]
    )
    installed = prefix_of(pkg("a", "1.0", ["lib 1.*"]), pkg("lib", "1.0"))
    answer = ask("a>=2", install("a"), source, installed=installed)
    assert answer.verdict == "possible"
    assert lines(answer) == ["upgrade a 1.0 -> 2.0", "upgrade lib 1.0 -> 2.0", "install new 1.0"]
    assert answer.text().splitlines() == [
        "a>=2 can be had beside everything that is asked for.",
        "It would:",
        "  upgrade a 1.0 -> 2.0",
        "  upgrade lib 1.0 -> 2.0",
        "  install new 1.0",
    ]


def test_a_solution_can_be_compared_with() -> None:
    source = MemorySource([pkg("a", "1.0"), pkg("a", "2.0")])
    solution = run(install("a"), source)
    answer = ask("a<2", install("a"), source, current={r.name: r for r in solution.records})
    assert lines(answer) == ["downgrade a 2.0 -> 1.0"]


def test_blocked_by_what_was_asked_for() -> None:
    source = MemorySource([*pythons(8, 11), pkg("numpy", "2.3", ["python >=3.11"]), pkg("zlib")])
    answer = ask("numpy>=2.3", install("python=3.8", "zlib"), source)
    assert answer.verdict == "blocked"
    assert answer.give_way == ("python=3.8",)
    assert lines(answer) == [
        "install numpy 2.3",
        "install python 3.11.0",
        "install zlib 1.0",
    ]
    text = answer.text()
    assert "python=3.8 is requested and can be installed" in text
    assert "To have it, give up: python=3.8." in text


def test_several_obstacles_are_all_found() -> None:
    source = MemorySource(
        [
            *pythons(8, 11),
            pkg("lib", "1.0"),
            pkg("lib", "2.0"),
            pkg("goal", depends=["python 3.11.*", "lib 2.*"]),
            pkg("zlib"),
        ]
    )
    request = install("python=3.8", "lib=1.0", "zlib")
    answer = ask("goal", request, source)
    assert sorted(answer.give_way) == ["lib=1.0", "python=3.8"]


@pytest.mark.parametrize(("one", "other"), [("v", "w"), ("w", "v")])
def test_no_more_gives_way_than_has_to(one: str, other: str) -> None:
    """Two conflicts share a demand: without it, what was given up before can stay."""
    source = MemorySource(
        [
            pkg("goal", depends=[f"{one} !=3", f"{other} !=3"]),
            pkg("a", depends=[f"{one} !=1"]),
            pkg("m", depends=[f"{one} !=2", f"{other} !=2"]),
            pkg("z", depends=[f"{other} !=1"]),
            *(pkg(name, str(n)) for name in (one, other) for n in (1, 2, 3)),
        ]
    )
    assert ask("goal", install("a", "m", "z"), source).give_way == ("m",)


def test_the_pin_gives_way_before_what_was_typed() -> None:
    source = MemorySource([*pythons(8, 11), pkg("goal", depends=["python >=3.11"])])
    answer = ask("goal", install("python", pins=specs("python=3.8")), source)
    assert answer.give_way == ("pin on python=3.8",)


def test_automatic_pin() -> None:
    source = MemorySource([*pythons(8, 11), pkg("goal", depends=["python >=3.11"])])
    answer = ask("goal", Request(), source, installed=prefix_of(*pythons(8)))
    assert answer.verdict == "blocked"
    assert answer.give_way == ("pin on python=3.8",)
    assert lines(answer) == ["install goal 1.0", "upgrade python 3.8.0 -> 3.11.0"]


def test_freeze_and_downgrade() -> None:
    source = MemorySource([pkg("a", "1.0"), pkg("a", "2.0"), pkg("b", depends=["a<2"])])
    installed = prefix_of(pkg("a", "2.0"))
    frozen = ask("b", Request(freeze_installed=True), source, installed=installed)
    assert frozen.give_way == ("a is frozen at its installed version",)
    held = ask(
        "b", Request(), source, installed=installed, options=SolveOptions(allow_downgrade=False)
    )
    assert held.give_way == ("a must not be downgraded",)
    assert lines(held) == ["install b 1.0", "downgrade a 2.0 -> 1.0"]


def test_impossible() -> None:
    source = MemorySource([pkg("a", "1.0")])
    answer = ask("a>=2", install("a"), source)
    assert answer.verdict == "impossible"
    assert answer.give_way == ()
    assert answer.hint == "The newest a in the channels you gave is 1.0."
    assert "does not exist (there is a 1.0)" in answer.text()


def test_data() -> None:
    source = MemorySource([pkg("a", "1.0"), pkg("a", "2.0")])
    answer = ask("a>=2", install("a<2"), source).to_dict()
    assert answer["verdict"] == "blocked"
    assert answer["give_way"] == ["a<2"]
    assert answer["changes"] == [{"kind": "install", "name": "a", "before": "", "after": "2.0"}]
    assert answer["conflict"]["nodes"]


@settings(max_examples=150, deadline=None)
@given(universes(), requests, st.sampled_from(NAMES), st.sampled_from(["", "=1", "=2"]))
def test_what_is_said_holds(
    records: list[dict[str, Any]], wanted: list[str], name: str, relation: str
) -> None:
    source, goal = MemorySource(records), name + relation
    if not solvable(wanted, source):
        return
    answer = ask(goal, install(*wanted), source)
    assert answer == ask(goal, install(*reversed(wanted)), MemorySource(reversed(records)))
    assert (answer.verdict == "possible") == solvable([*wanted, goal], source)
    assert (answer.verdict == "impossible") == (not solvable([goal], source))
    assert len(answer.text().splitlines()) <= 30
    if answer.verdict == "blocked":
        texts = {str(MatchSpec.parse(text)) for text in wanted}
        left = texts - set(answer.give_way)
        assert set(answer.give_way) <= texts
        assert solvable([*left, goal], source)
        for spec in answer.give_way:
            assert not solvable([*left, spec, goal], source)


def solvable(wanted: list[str], source: MemorySource) -> bool:
    try:
        run(install(*wanted), source)
    except Unsolvable:
        return False
    return True
