"""``env config vars`` (behaviour 59 of micromamba's tests)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import User


@pytest.fixture
def user(user: User) -> User:
    assert user.run("create", "-n", "a", "-y") == 0
    return user


def variables(user: User, *words: str) -> int:
    command, *rest = words
    return user.run("env", "config", "vars", command, "-n", "a", *rest)


def test_names_become_upper_case_and_order_is_kept(user: User) -> None:
    assert variables(user, "set", "zeta=1", "Alpha=two words") == 0
    assert user.out.splitlines() == ["Set ZETA = 1", "Set ALPHA = two words"]
    variables(user, "list")
    assert user.out == "ZETA = 1\nALPHA = two words\n"


def test_a_value_may_hold_anything(user: User) -> None:
    assert variables(user, "set", "A=b=c", "E=", "Q='é\"$X") == 0
    found = user.data("env", "config", "vars", "list", "-n", "a")["env_vars"]
    assert found == {"A": "b=c", "E": "", "Q": "'é\"$X"}


def test_unset_does_not_mind_the_case(user: User) -> None:
    variables(user, "set", "A=1", "B=2")
    assert variables(user, "unset", "a", "c") == 0
    assert user.out == "Unset A\n"
    assert "C is not set" in user.err
    variables(user, "list")
    assert user.out == "B = 2\n"


def test_none_are_set(user: User) -> None:
    assert variables(user, "list") == 0
    assert user.out == "No environment variables set.\n"
    assert user.data("env", "config", "vars", "list", "-n", "a")["env_vars"] == {}


def test_other_state_is_kept_and_names_in_lower_case_are_replaced(user: User) -> None:
    state = user.env("a") / "conda-meta" / "state"
    state.write_text(json.dumps({"version": 1, "theirs": [1], "env_vars": {"low": "1", "X": "2"}}))
    assert variables(user, "set", "LOW=3") == 0
    assert json.loads(state.read_text()) == {
        "version": 1,
        "theirs": [1],
        "env_vars": {"X": "2", "LOW": "3"},
    }


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("A", "gives A no value"),
        ("=1", "cannot set the variable ''"),
        ("A B=1", "cannot set the variable 'A B'"),
        ("path=/x", "cannot set the variable 'PATH'"),
    ],
)
def test_what_cannot_be_set_changes_nothing(user: User, word: str, said: str) -> None:
    assert variables(user, "set", "GOOD=1", word) == 1
    assert said in user.err
    assert not (user.env("a") / "conda-meta" / "state").exists()


def test_without_arguments(user: User) -> None:
    assert variables(user, "set") == 106
    assert variables(user, "unset") == 106


def test_a_dry_run_stores_nothing(user: User) -> None:
    assert variables(user, "set", "A=1", "--dry-run") == 0
    assert not (user.env("a") / "conda-meta" / "state").exists()


def test_a_frozen_environment_keeps_its_variables(user: User) -> None:
    (user.env("a") / "conda-meta" / "frozen").write_text('{"message": "by order"}')
    assert variables(user, "set", "A=1") == 1
    assert "frozen: by order" in user.err
    assert variables(user, "set", "A=1", "--override-frozen") == 0


def test_an_environment_that_is_not_there(user: User) -> None:
    for command in (["list"], ["set", "A=1"], ["unset", "A"]):
        assert user.run("env", "config", "vars", command[0], "-n", "no", *command[1:]) == 1
        assert not user.env("no").exists()


def test_whoever_is_in_the_environment_is_told_to_come_in_again(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONDA_PREFIX", str(user.env("a")))
    assert user.run("env", "config", "vars", "set", "A=1") == 0
    assert "activate the environment anew" in user.out
