"""``env remove`` (behaviour 57 of micromamba's tests)."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import User


@pytest.fixture
def user(user: User) -> User:
    assert user.change("create", "-n", "a", "greet-phrases") == 0
    return user


def remove(user: User, *words: str) -> int:
    return user.run("env", "remove", *words)


def answer(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_folder_and_registration_go(user: User) -> None:
    (user.env("a") / "mine").write_text("x")
    assert remove(user, "-n", "a", "-y") == 0
    assert f"Environment removed at prefix: {user.env('a')}" in user.out
    assert not user.env("a").exists()
    assert str(user.env("a")) not in user.data("env", "list")["envs"]
    register = Path.home() / ".conda" / "environments.txt"
    assert str(user.env("a")) not in register.read_text()
    assert not [p for p in user.env("a").parent.iterdir() if p.name.startswith(".a")]


def test_the_document_names_what_goes(user: User) -> None:
    document = user.data("env", "remove", "-n", "a")
    assert document["success"] is True
    assert document["prefix"] == str(user.env("a"))
    names = [package["name"] for package in document["actions"]["UNLINK"]]
    assert names == ["greet-phrases", "greet-language"]
    assert not user.env("a").exists()


def test_by_path_and_out_of_no_envs_dir(user: User, tmp_path: Path) -> None:
    user.run("create", "-p", str(tmp_path / "x" / "env"), "-y")
    assert remove(user, "-p", str(tmp_path / "x" / "env"), "-y") == 0
    assert (tmp_path / "x").is_dir()
    assert not (tmp_path / "x" / "env").exists()


@pytest.mark.parametrize(("text", "gone"), [("n\n", False), ("", False), ("y\n", True)])
def test_it_asks_first(user: User, monkeypatch: pytest.MonkeyPatch, text: str, gone: bool) -> None:
    answer(monkeypatch, text)
    assert remove(user, "-n", "a") == 0
    assert "Confirm changes: [Y/n]" in user.out
    assert ("The environment was not removed." in user.out) is not gone
    assert user.env("a").exists() is not gone


def test_an_empty_one_is_asked_about_as_well(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    user.run("create", "-n", "empty", "-y")
    answer(monkeypatch, "n\n")
    assert remove(user, "-n", "empty") == 0
    assert "Do you want to remove it?" in user.out
    assert user.env("empty").exists()
    assert user.data("env", "remove", "-n", "empty")["success"] is True
    assert not user.env("empty").exists()


def test_a_dry_run_removes_nothing(user: User) -> None:
    assert remove(user, "-n", "a", "--dry-run") == 0
    assert "Dry run. The environment was not removed" in user.out
    assert user.data("env", "remove", "-n", "a", "--dry-run")["dry_run"] is True
    assert remove(user, "-n", "a", "-y", "--download-only") == 0
    assert user.records("a")


def test_the_root_prefix_stays(user: User) -> None:
    user.change("install", "-n", "base", "greet-language")
    assert remove(user, "-n", "base", "-y") == 1
    assert "Cannot remove the root prefix" in user.err
    assert (user.root_prefix / "conda-meta" / "history").exists()


@pytest.mark.parametrize("variable", ["CONDA_PREFIX", "CONDA_PREFIX_1"])
def test_an_active_environment_stays(
    user: User, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, str(user.env("a")))
    assert remove(user, "-n", "a", "-y") == 1
    assert "it is active" in user.err
    assert user.records("a")


def test_an_environment_with_another_one_in_it_stays(user: User) -> None:
    inner = user.env("a") / "inner"
    user.run("create", "-p", str(inner), "-y")
    assert remove(user, "-n", "a", "-y") == 1
    assert f"{inner} lies in it" in user.err
    assert user.records("a")


def test_a_package_cache_is_no_rubbish(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONDA_PKGS_DIRS", str(user.env("a") / "pkgs"))
    (user.env("a") / "pkgs").mkdir()
    assert remove(user, "-n", "a", "-y") == 1
    assert "lies in it" in user.err


def test_what_is_no_environment_stays(user: User, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert remove(user, "-p", str(tmp_path / "folder"), "-y") == 1
    assert (tmp_path / "folder").is_dir()
    assert remove(user, "-n", "nowhere", "-y") == 1
    assert "`env list` shows the environments there are" in user.err
    assert remove(user, "-y") == 1


def test_a_frozen_environment_stays(user: User) -> None:
    (user.env("a") / "conda-meta" / "frozen").touch()
    assert remove(user, "-n", "a", "-y") == 1
    assert user.records("a")
    assert remove(user, "-n", "a", "-y", "--override-frozen") == 0


@pytest.mark.parametrize("option", ["--run-link-scripts", "--skip-run-link-scripts"])
def test_scripts_of_packages_hear_of_it(user: User, tmp_path: Path, option: str) -> None:
    script = user.env("a") / "bin" / ".greet-phrases-pre-unlink.sh"
    script.parent.mkdir(exist_ok=True)
    script.write_text(f"echo $PKG_NAME > {tmp_path}/heard\n")
    assert remove(user, "-n", "a", "-y", option) == 0
    heard = tmp_path / "heard"
    assert heard.exists() is (option == "--run-link-scripts")
    assert not user.env("a").exists()
