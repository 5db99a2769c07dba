"""``create --clone`` (behaviour 33 of micromamba's tests)."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import User


@pytest.fixture
def user(user: User) -> User:
    assert user.change("create", "-n", "a", "greet<2") == 0
    return user


def clone(user: User, source: str, *words: str, name: str = "copy") -> int:
    return user.run("create", "-n", name, "--clone", source, "-y", *words)


@pytest.mark.parametrize("by", ["name", "path"])
def test_the_same_packages(user: User, by: str) -> None:
    assert clone(user, "a" if by == "name" else str(user.env("a"))) == 0
    assert "To activate this environment, use:" in user.out
    assert user.packages("copy") == user.packages("a")
    assert str(user.env("copy")) in user.data("env", "list")["envs"]


def test_base_can_be_cloned(user: User) -> None:
    assert user.change("install", "-n", "base", "greet-language") == 0
    assert clone(user, "base") == 0
    assert user.records("copy").keys() == {"greet-language"}


def test_packages_that_left_the_cache_are_fetched_without_metadata(user: User) -> None:
    shutil.rmtree(user.root_prefix / "pkgs")
    assert clone(user, "a", "--no-rc") == 0
    assert user.packages("copy") == user.packages("a")
    assert not list((user.root_prefix / "pkgs" / "cache").glob("*"))


def test_requests_variables_and_pins_are_taken_over(user: User) -> None:
    user.run("env", "config", "vars", "set", "-n", "a", "X=1")
    (user.env("a") / "conda-meta" / "pinned").write_text("greet <2\n")
    assert clone(user, "a") == 0
    assert user.data("env", "export", "-n", "copy", "--from-history")["dependencies"] == ["greet<2"]
    assert user.data("env", "config", "vars", "list", "-n", "copy")["env_vars"] == {"X": "1"}
    assert (user.env("copy") / "conda-meta" / "pinned").read_text() == "greet <2\n"
    assert user.records("copy")["greet"]["requested_specs"] == ["greet<2"]


def test_a_clone_is_an_environment_of_its_own(user: User) -> None:
    clone(user, "a")
    user.run("remove", "-n", "copy", "greet", "-y")
    assert "greet" in user.records("a")
    assert "greet" not in user.records("copy")


def test_the_platform_of_the_environment_is_kept(user: User) -> None:
    user.change("create", "-n", "mac", "--platform", "osx-arm64", "greet-language")
    assert clone(user, "mac") == 0
    assert user.data("info", "-n", "copy")["platform"] == "osx-arm64"


def test_an_empty_environment(user: User) -> None:
    user.run("create", "-n", "empty", "-y")
    assert clone(user, "empty") == 0
    assert user.env("copy").is_dir()
    assert user.records("copy") == {}


def test_a_platform_that_is_asked_for_counts(user: User) -> None:
    user.run("create", "-n", "mac", "--platform", "osx-arm64", "-y")
    assert clone(user, "mac", "--platform", "win-64") == 0
    assert user.data("info", "-n", "copy")["platform"] == "win-64"


def test_without_the_network(user: User) -> None:
    assert clone(user, "a", "--offline") == 0
    assert user.packages("copy") == user.packages("a")


def test_over_an_environment(user: User) -> None:
    user.change("create", "-n", "copy", "greet-language")
    (user.env("copy") / "stray").write_text("x")
    assert clone(user, "a") == 0
    assert user.packages("copy") == user.packages("a")
    assert not (user.env("copy") / "stray").exists()


def test_what_pip_installed_is_named(user: User) -> None:
    folder = user.env("a") / "lib" / "python3.11" / "site-packages" / "mine-1.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text("Name: mine\nVersion: 1\n")
    assert clone(user, "a") == 0
    assert "Installed by pip, and not cloned: mine" in user.err


def test_a_dry_run_makes_nothing(user: User) -> None:
    document = user.data("create", "-n", "copy", "--clone", "a", "--dry-run")
    assert [p["name"] for p in document["actions"]["LINK"]] == [
        "greet-language", "greet-phrases", "greet",
    ]  # fmt: skip
    assert not user.env("copy").exists()


def test_what_cannot_be_cloned(user: User, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    specs = tmp_path / "specs.txt"
    specs.write_text("greet\n")
    for words, reason in (
        (["nowhere"], "Could not find environment to clone: nowhere"),
        ([str(tmp_path / "folder")], "is not an environment"),
        (["a", "greet"], "without greet"),
        (["a", "-f", str(specs)], "without a file"),
        (["a", "--dry-run", "-o", str(tmp_path / "plan")], "plan"),
        (["copy"], "Could not find environment to clone"),
    ):
        assert clone(user, *words) == 1
        assert reason in user.err
        assert not user.env("copy").exists()
    assert clone(user, "a", name="a") == 1
    assert "its own clone" in user.err
    assert user.records("a")


def test_an_interrupted_change_of_the_source_is_put_right_first(user: User) -> None:
    # a journal without a plan: begun and killed
    (user.env("a") / "conda-meta" / ".mm-journal" / "stage").mkdir(parents=True)
    assert clone(user, "a") == 0
    assert "An interrupted change of" in user.err
    assert not (user.env("a") / "conda-meta" / ".mm-journal").exists()


def test_a_package_of_unknown_origin(user: User) -> None:
    path = next((user.env("a") / "conda-meta").glob("greet-language-*.json"))
    record = json.loads(path.read_text())
    path.write_text(json.dumps(record | {"url": "", "channel": ""}))
    assert clone(user, "a") == 1
    assert "not known where these packages came from: greet-language-1.0-demo_0" in user.err
    assert not user.env("copy").exists()
