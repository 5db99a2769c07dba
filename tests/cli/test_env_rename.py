"""``env rename``: at each moment one of both environments is whole."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import mm_pkg
from mm_cli.operations import disposal

if TYPE_CHECKING:
    from conftest import User


@pytest.fixture
def user(user: User) -> User:
    assert user.change("create", "-n", "old", "greet<2") == 0
    assert user.change("install", "-n", "old", "greet-language") == 0
    return user


def rename(user: User, new: str, *words: str) -> int:
    return user.run("env", "rename", "-n", "old", new, "-y", *words)


def files(prefix: Path) -> set[str]:
    return {str(p.relative_to(prefix)) for p in prefix.rglob("*") if not p.is_dir()}


def test_packages_requests_and_history_move(user: User) -> None:
    before, history = user.packages("old"), (user.env("old") / "conda-meta/history").read_text()
    assert rename(user, "new") == 0
    assert f"Environment renamed: {user.env('old')} is now {user.env('new')}" in user.out
    assert not user.env("old").exists()
    assert user.packages("new") == before
    assert (user.env("new") / "conda-meta" / "history").read_text() == history
    envs = user.data("env", "list")["envs"]
    assert str(user.env("new")) in envs
    assert str(user.env("old")) not in envs


def test_files_hold_the_new_path(user: User) -> None:
    script = user.env("old") / "bin" / "mine"
    script.write_text(f"#!{user.env('old')}/bin/python\n")
    (user.env("old") / "bin" / "alias").symlink_to(script)
    rename(user, "new")
    for path in user.env("new").rglob("*"):
        if path.is_file() and "conda-meta" not in path.parts:
            assert os.fsencode(user.env("old")) not in path.read_bytes(), path
    assert (user.env("new") / "bin" / "mine").read_text().startswith(f"#!{user.env('new')}/")
    assert os.readlink(user.env("new") / "bin" / "alias") == str(user.env("new") / "bin" / "mine")


def test_variables_pins_and_stray_files_move(user: User) -> None:
    user.run("env", "config", "vars", "set", "-n", "old", "X=1")
    (user.env("old") / "conda-meta" / "pinned").write_text("greet <2\n")
    (user.env("old") / "etc").mkdir(exist_ok=True)
    (user.env("old") / "etc" / "conf").write_text("mine")
    before = files(user.env("old"))
    assert rename(user, "new") == 0
    assert files(user.env("new")) == before


def test_to_a_path(user: User, tmp_path: Path) -> None:
    target = tmp_path / "deep" / "place"
    assert rename(user, str(target)) == 0
    assert (target / "conda-meta" / "history").exists()
    assert str(target) in user.data("env", "list")["envs"]


def test_into_a_folder_that_is_empty(user: User) -> None:
    user.env("new").mkdir()
    assert rename(user, "new") == 0
    assert user.records("new")


def test_an_environment_without_packages(user: User) -> None:
    user.run("create", "-n", "empty", "-y")
    (user.env("empty") / "mine").write_text("x")
    assert user.run("env", "rename", "-n", "empty", "full", "--dry-run") == 0
    assert "was not renamed" in user.out
    assert not user.env("full").exists()
    assert user.run("env", "rename", "-n", "empty", "full") == 0
    assert (user.env("full") / "mine").exists()
    assert not user.env("empty").exists()


def test_the_document(user: User) -> None:
    document = user.data("env", "rename", "-n", "old", "new")
    assert document["success"] is True
    assert document["old_prefix"] == str(user.env("old"))
    assert document["prefix"] == str(user.env("new"))
    assert {p["name"] for p in document["actions"]["LINK"]} == user.records("new").keys()


def test_a_dry_run_renames_nothing(user: User) -> None:
    assert rename(user, "new", "--dry-run") == 0
    assert rename(user, "new", "--download-only") == 0
    assert user.records("old")
    assert not user.env("new").exists()


def test_compiled_files_that_name_the_old_path_are_named(user: User) -> None:
    (user.env("old") / "ext.so").write_bytes(b"\0" + os.fsencode(user.env("old")) + b"\0")
    assert rename(user, "new") == 0
    assert "Compiled files that no package owns still name" in user.err
    assert "ext.so" in user.err


def test_what_fails_leaves_the_old_one_alone(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise mm_pkg.PackageError("no room")

    before = files(user.env("old"))
    monkeypatch.setattr(mm_pkg, "carry_unowned", fail)
    assert rename(user, "new") == 1
    assert "no room" in user.err
    assert files(user.env("old")) == before
    assert not user.env("new").exists()
    assert str(user.env("new")) not in user.data("env", "list")["envs"]


def test_interrupted_it_leaves_the_old_one_alone(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = files(user.env("old"))
    monkeypatch.setattr(mm_pkg, "carry_unowned", interrupt)
    assert rename(user, "new") == 130
    assert files(user.env("old")) == before
    assert not user.env("new").exists()


def test_what_another_process_does_meanwhile_is_not_lost(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    carry = mm_pkg.carry_unowned

    def meanwhile(source: Path, *rest: Any) -> mm_pkg.Carried:
        carried = carry(source, *rest)
        mm_pkg.Prefix(source).append_history(mm_pkg.HistoryEntry("another", ("x",)))
        return carried

    monkeypatch.setattr(mm_pkg, "carry_unowned", meanwhile)
    assert rename(user, "new") == 1
    assert "changed by another process" in user.err
    assert not user.env("new").exists()
    assert "x" in mm_pkg.Prefix(user.env("old")).requested_specs()


def test_killed_in_the_worst_moment_it_leaves_both_whole(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise SystemExit(9)

    before = user.packages("old")
    monkeypatch.setattr(disposal, "dispose", killed)
    with pytest.raises(SystemExit):
        rename(user, "new")
    assert user.packages("old") == user.packages("new") == before


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("old", "has that name already"),
        ("taken", "There is something at"),
        ("base", "There is something at"),
        ("..", "cannot be named"),
        ("OLD/inner", "lies in the environment itself"),
    ],
)
def test_names_that_cannot_be(user: User, new: str, said: str) -> None:
    user.run("create", "-n", "taken", "-y")
    before = files(user.env("old"))
    assert rename(user, new.replace("OLD", str(user.env("old")))) == 1
    assert said in user.err
    assert files(user.env("old")) == before


def test_environments_that_stay(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    user.change("install", "-n", "base", "greet-language")
    assert user.run("env", "rename", "-n", "base", "new", "-y") == 1
    assert "Cannot rename the root prefix" in user.err
    (user.env("old") / "conda-meta" / "frozen").touch()
    assert rename(user, "new") == 1
    assert "frozen" in user.err
    assert not user.env("new").exists()
    monkeypatch.setenv("CONDA_PREFIX", str(user.env("old")))
    assert rename(user, "new", "--override-frozen") == 1
    assert "it is active" in user.err
    assert user.run("env", "rename", "new") == 1
    assert "No target prefix" in user.err


def test_one_new_name_is_needed(user: User) -> None:
    assert user.run("env", "rename", "-n", "old") == 106
    assert user.run("env", "rename", "-n", "old", "a", "b") == 109
