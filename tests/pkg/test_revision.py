"""Earlier states of an environment, computed from its history."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_pkg.errors import UnknownRevision
from mm_pkg.prefix.history import HistoryEntry, format_entry, parse_history
from mm_pkg.prefix.revision import Dist, State, state_at

names = st.sampled_from(["a", "b-c", "d"])
versions = st.sampled_from(["1", "2.0", "1!3"])
wishes = st.dictionaries(names, versions, max_size=3)


def dist(name: str, version: str) -> str:
    return f"https://h/chan/noarch::{name}-{version}-0"


def played(states: list[dict[str, str]]) -> list[tuple[HistoryEntry, State]]:
    """A history that goes through *states*, and what is true after each entry."""
    told: list[tuple[HistoryEntry, State]] = []
    before: dict[str, str] = {}
    for number, after in enumerate(states):
        gone = [name for name in before if before[name] != after.get(name)]
        come = [name for name in after if before.get(name) != after[name]]
        entry = HistoryEntry(
            f"mm {number}",
            update_specs=tuple(f"{name}=={after[name]}" for name in come),
            remove_specs=tuple(name for name in gone if name not in after),
            link=tuple(dist(name, after[name]) for name in come),
            unlink=tuple(dist(name, before[name]) for name in gone),
            date=f"2026-01-01 00:00:0{number}",
        )
        packages = {name: Dist.parse(dist(name, version)) for name, version in after.items()}
        specs = {name: f"{name}=={version}" for name, version in after.items()}
        told.append((entry, State(packages, specs)))
        before = after
    return told


@given(st.lists(wishes, min_size=1, max_size=6))
def test_each_revision_is_found_again_from_the_last_one(states: list[dict[str, str]]) -> None:
    told = played(states)
    entries = parse_history("".join(format_entry(entry) for entry, _ in told))
    now = told[-1][1].packages.values()
    changed = [state for entry, state in told if entry.link or entry.unlink]
    for number, state in enumerate(changed):
        assert state_at(number, entries, now) == state


@pytest.mark.parametrize("number", [1, 7])
def test_a_revision_that_is_not_there(number: int) -> None:
    entries = parse_history("==> 1 <==\n+h/noarch::a-1-0\n==> 2 <==\n# update specs: ['a']\n")
    with pytest.raises(UnknownRevision) as caught:
        state_at(number, entries, [])
    assert f"no revision {number}" in caught.value.message
    assert "0 to 0" in caught.value.message


def test_without_a_history_there_is_none() -> None:
    with pytest.raises(UnknownRevision, match="none"):
        state_at(0, (), [])


def test_what_the_history_does_not_know_stays() -> None:
    entries = parse_history("==> 1 <==\n+h/noarch::a-1-0\n==> 2 <==\n-h/noarch::a-1-0\n")
    other = Dist.parse("h/noarch::other-1-0")
    assert state_at(0, entries, [other]).packages.keys() == {"a", "other"}


def test_what_others_put_in_its_place_stays() -> None:
    entries = parse_history("==> 1 <==\n+h/noarch::a-1-0\n==> 2 <==\n+h/noarch::b-1-0\n")
    other = Dist.parse("h/noarch::b-9-0")
    assert state_at(0, entries, [other]).packages == {"b": other}


def test_specs_that_were_only_noted_belong_to_the_revision_before() -> None:
    entries = parse_history(
        "==> 1 <==\n+h/noarch::a-1-0\n# update specs: ['a']\n"
        "==> 2 <==\n# update specs: ['b']\n"
        "==> 3 <==\n+h/noarch::c-1-0\n# update specs: ['c']\n"
    )
    assert state_at(0, entries, []).specs.keys() == {"a", "b"}
    assert state_at(1, entries, []).specs.keys() == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://h/c/linux-64::b-c-1!2-h_0", ("https://h/c", "linux-64", "b-c", "1!2", "h_0")),
        ("defaults/noarch::a-1-0", ("defaults", "noarch", "a", "1", "0")),
        ("a-1-0", ("", "", "a", "1", "0")),
    ],
)
def test_how_histories_name_packages(text: str, expected: tuple[str, ...]) -> None:
    found = Dist.parse(text)
    assert found == expected
    assert str(found) == text


@pytest.mark.parametrize("text", ["", "a", "a-1", "h/noarch::a-1-", "::-1-0"])
def test_lines_that_name_no_package_are_passed_over(text: str) -> None:
    with pytest.raises(ValueError, match="names no package"):
        Dist.parse(text)
    entries = parse_history(f"==> 1 <==\n+x/noarch::a-1-0\n==> 2 <==\n-{text}\n+y/noarch::b-1-0\n")
    assert state_at(0, entries, [Dist.parse("y/noarch::b-1-0")]).packages == {}
