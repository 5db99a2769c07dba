"""``list --revisions`` and ``install --revision`` (behaviours 45 and 53 of micromamba's tests)."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import User


@pytest.fixture
def user(user: User) -> User:
    """An environment of three revisions: greet 1.0, greet 2.0, nothing."""
    assert user.change("create", "-n", "a", "greet=1.0") == 0
    assert user.change("install", "-n", "a", "greet>=2") == 0
    assert user.run("remove", "-n", "a", "--all", "-y") == 0
    return user


def restore(user: User, number: int, *words: str) -> int:
    return user.run("install", "-n", "a", "--revision", str(number), "-y", *words)


def state(user: User) -> tuple[dict[str, str], str]:
    """Versions by name, and what is asked for."""
    versions = {name: record["version"] for name, record in user.records("a").items()}
    user.run("env", "export", "-n", "a", "--from-history", "--json")
    return versions, json.loads(user.out)["dependencies"]


ZERO = ({"greet": "1.0", "greet-phrases": "1.1", "greet-language": "1.0"}, ["greet=1.0"])
ONE = ({"greet": "2.0", "greet-phrases": "1.1", "greet-language": "1.0"}, ["greet>=2"])
TWO: tuple[dict[str, str], list[str]] = ({}, [])


def test_revisions_are_numbered_and_signed(user: User) -> None:
    revisions = user.data("list", "-n", "a", "--revisions")["revisions"]
    assert [each["rev"] for each in revisions] == [0, 1, 2]
    assert [len(each["install"]) for each in revisions] == [3, 1, 0]
    assert [len(each["remove"]) for each in revisions] == [0, 1, 3]
    user.run("list", "-n", "a", "--revisions")
    lines = user.out.splitlines()
    assert lines[0].endswith(" (rev 0)")
    assert f"    -{user.channel.as_uri()}/noarch::greet-1.0-demo_0" in lines
    assert f"    +{user.channel.as_uri()}/noarch::greet-2.0-demo_0" in lines


def test_forth_and_back(user: User) -> None:
    for number, expected in ((0, ZERO), (1, ONE), (2, TWO), (0, ZERO), (2, TWO), (1, ONE)):
        assert restore(user, number) == 0, user.err
        assert state(user) == expected
    # each step was a revision of its own, and can be gone back to as well
    assert restore(user, 5) == 0
    assert state(user) == TWO


def test_what_a_record_was_asked_for_by_comes_back(user: User) -> None:
    restore(user, 0)
    assert user.records("a")["greet"]["requested_specs"] == ["greet=1.0"]
    assert user.records("a")["greet-phrases"]["requested_specs"] == []


def test_a_package_that_comes_back_knows_who_asked_for_it(user: User) -> None:
    user.change("create", "-n", "a", "greet=1.0")
    user.change("install", "-n", "a", "greet")  # noted; nothing changes
    assert user.change("update", "-n", "a", "greet") == 0
    assert user.records("a")["greet"]["version"] == "2.0"
    revisions = user.data("list", "-n", "a", "--revisions")["revisions"]
    assert restore(user, revisions[-2]["rev"]) == 0
    assert user.records("a")["greet"]["version"] == "1.0"
    assert user.records("a")["greet"]["requested_specs"] == ["greet"]


def test_packages_that_left_the_cache_are_fetched(user: User) -> None:
    shutil.rmtree(user.root_prefix / "pkgs")
    # the settings need not name the channel: the history does
    assert restore(user, 1) == 0
    assert state(user) == ONE


def test_packages_that_left_the_channel_come_from_the_cache(user: User, channel: Path) -> None:
    hidden = channel.with_name("hidden")
    channel.rename(hidden)
    try:
        assert restore(user, 0) == 0, user.err
    finally:
        hidden.rename(channel)
    assert state(user) == ZERO


def test_what_is_nowhere_any_more_is_named(user: User) -> None:
    history = user.env("a") / "conda-meta" / "history"
    history.write_text(history.read_text().replace("::greet-1.0-demo_0", "::greet-0.9-demo_0"))
    before = history.read_text()
    assert restore(user, 0) == 1
    assert "No longer to be had" in user.err
    assert "noarch::greet-0.9-demo_0" in user.err
    assert history.read_text() == before
    assert user.records("a") == {}


@pytest.mark.parametrize("channel_text", ["CHANNEL", "", "my-channel"])
def test_histories_of_other_tools(user: User, channel_text: str) -> None:
    """conda writes a channel's name; old tools wrote no channel at all."""
    history = user.env("a") / "conda-meta" / "history"
    url = user.channel.as_uri()
    place = f"{channel_text.replace('CHANNEL', url)}/noarch::" if channel_text else ""
    history.write_text(history.read_text().replace(f"{url}/noarch::", place))
    rc = user.root_prefix / ".condarc"
    rc.write_text(
        f"channels: ['{url}']\ncustom_channels: {{my-channel: '{user.channel.parent}'}}\n"
    )
    if channel_text == "my-channel":
        alias = user.channel.with_name("my-channel")
        if not alias.exists():
            alias.symlink_to(user.channel)
    assert restore(user, 1) == 0, user.err
    assert state(user) == ONE


def test_a_dry_run_changes_nothing(user: User) -> None:
    document = user.data("install", "-n", "a", "--revision", "0", "--dry-run")
    assert [p["name"] for p in document["actions"]["LINK"]] == [
        "greet-language", "greet-phrases", "greet",
    ]  # fmt: skip
    assert user.records("a") == {}


def test_the_revision_that_is_there_needs_nothing(user: User) -> None:
    document = user.data("install", "-n", "a", "--revision", "2")
    assert document["message"] == "All requested packages already installed"
    assert len(user.data("list", "-n", "a", "--revisions")["revisions"]) == 3


def test_requests_are_restored_though_no_package_changes(user: User) -> None:
    restore(user, 1)
    user.change("install", "-n", "a", "greet-phrases", "--force-reinstall")
    number = len(user.data("list", "-n", "a", "--revisions")["revisions"]) - 1
    assert state(user)[1] == ["greet>=2", "greet-phrases"]
    assert restore(user, number - 1) == 0
    assert state(user) == ONE


def test_an_unknown_revision(user: User) -> None:
    assert restore(user, 9) == 1
    assert "There is no revision 9; known: 0 to 2" in user.err
    document = user.data("install", "-n", "a", "--revision", "9")
    assert document["success"] is False
    assert "no revision 9" in document["error"]["message"]


def test_a_revision_takes_no_specs(user: User) -> None:
    assert restore(user, 0, "greet") == 1
    assert "without greet" in user.err
    assert user.run("install", "-n", "a", "--revision", "x") == 104
    assert user.run("install", "-n", "nowhere", "--revision", "0") == 1


def test_specs_that_nobody_understands_do_not_stop_it(user: User) -> None:
    history = user.env("a") / "conda-meta" / "history"
    history.write_text(history.read_text().replace('"greet=1.0"', '"greet=1.0", "what >=>= 1"'))
    assert restore(user, 0) == 0, user.err
    assert state(user)[0] == ZERO[0]


@pytest.mark.parametrize("seed", range(4))
def test_wherever_an_environment_has_been_it_can_go_again(user: User, seed: int) -> None:
    """Random changes, then back to each revision: packages and requests as they were."""
    chance = random.Random(seed)
    steps = (
        ("install", "greet=1.0"), ("install", "greet>=2"), ("install", "greet-language"),
        ("install", "greet-phrases"), ("remove", "greet"), ("remove", "greet-phrases"),
        ("remove", "--force", "greet-language"), ("update", "--all"),
    )  # fmt: skip
    seen = {0: ZERO, 1: ONE, 2: TWO}
    for _ in range(5):
        command, *words = chance.choice(steps)
        if command == "remove":
            user.run(command, "-n", "a", "-y", *words)
        else:
            user.change(command, "-n", "a", *words)
        revisions = user.data("list", "-n", "a", "--revisions")["revisions"]
        seen[len(revisions) - 1] = state(user)
    for number in chance.sample(sorted(seen), k=min(4, len(seen))):
        assert restore(user, number) == 0, user.err
        assert state(user) == seen[number]
