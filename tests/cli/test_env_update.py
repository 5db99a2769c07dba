"""``env update`` (behaviour 58 of micromamba's tests)."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import User


@pytest.fixture
def user(user: User) -> User:
    assert user.change("create", "-n", "a", "greet=1") == 0
    return user


def file(user: User, folder: Path, *specs: str, name: str = "e.yml", more: str = "") -> str:
    path = folder / name
    listed = "".join(f"  - {spec}\n" for spec in specs)
    path.write_text(f"channels: ['{user.channel}']\ndependencies:\n{listed}{more}")
    return str(path)


def update(user: User, path: str, *words: str) -> int:
    return user.run("env", "update", "-n", "a", "-y", "--override-channels", "-f", path, *words)


def asked(user: User) -> list[str]:
    user.run("env", "export", "-n", "a", "--from-history", "--json")
    found: list[str] = json.loads(user.out)["dependencies"]
    return found


def test_what_the_file_names_is_installed(user: User, tmp_path: Path) -> None:
    assert update(user, file(user, tmp_path, "greet>=2", "greet-language")) == 0
    assert "To activate this environment, use:" in user.out
    assert user.records("a")["greet"]["version"] == "2.0"
    assert asked(user) == ["greet>=2", "greet-language"]


def test_what_satisfies_the_file_is_left_as_it_is(user: User, tmp_path: Path) -> None:
    assert update(user, file(user, tmp_path, "greet")) == 0
    assert "All requested packages already installed" in user.out
    assert user.records("a")["greet"]["version"] == "1.0"


def test_without_prune_nothing_goes(user: User, tmp_path: Path) -> None:
    assert update(user, file(user, tmp_path, "greet-language")) == 0
    assert "greet" in user.records("a")
    assert asked(user) == ["greet=1", "greet-language"]


@pytest.mark.parametrize("option", ["--prune", "--remove-missing"])
def test_prune_removes_what_is_not_in_the_file_and_what_it_needed(
    user: User, tmp_path: Path, option: str
) -> None:
    path = file(user, tmp_path, "greet-language")
    assert update(user, path, option) == 0
    assert user.records("a").keys() == {"greet-language"}
    assert asked(user) == ["greet-language"]
    assert update(user, path, option) == 0
    assert user.records("a").keys() == {"greet-language"}


def test_prune_leaves_what_others_need_but_nobody_asks_for_it(user: User, tmp_path: Path) -> None:
    user.change("install", "-n", "a", "greet-language")
    assert asked(user) == ["greet=1", "greet-language"]
    assert update(user, file(user, tmp_path, "greet"), "--prune") == 0
    assert user.records("a").keys() == {"greet", "greet-phrases", "greet-language"}
    assert asked(user) == ["greet"]
    user.run("remove", "-n", "a", "greet", "-y")
    assert user.records("a") == {}


def test_a_pattern_names_all_that_fit(user: User, tmp_path: Path) -> None:
    user.change("install", "-n", "a", "greet-language")
    assert update(user, file(user, tmp_path, "gree*", "greet-phrases"), "--prune") == 0
    assert user.records("a").keys() == {"greet", "greet-phrases", "greet-language"}
    assert {"greet=1", "greet-language"} <= set(asked(user))


def test_prune_and_install_in_one_transaction(user: User, tmp_path: Path) -> None:
    user.change("create", "-n", "a", "greet-language")
    path = file(user, tmp_path, "greet-phrases")
    document_words = ("env", "update", "-n", "a", "-f", path, "--prune", "--override-channels")
    document = user.data(*document_words, "--dry-run")
    assert [p["name"] for p in document["actions"]["LINK"]] == ["greet-phrases"]
    assert "UNLINK" not in document["actions"]  # it is needed by what comes
    assert user.data(*document_words)["success"] is True
    assert user.records("a").keys() == {"greet-language", "greet-phrases"}
    assert asked(user) == ["greet-phrases"]


def test_several_files_add_up(user: User, tmp_path: Path) -> None:
    one = file(user, tmp_path, "greet>=2", name="one.yml")
    two = file(user, tmp_path, "greet-phrases", name="two.yml")
    assert update(user, one, two, "--prune") == 0
    assert asked(user) == ["greet>=2", "greet-phrases"]


def test_the_file_may_name_the_environment(user: User, tmp_path: Path) -> None:
    path = file(user, tmp_path, "greet>=2", more="name: a\n")
    assert user.run("env", "update", "-f", path, "-y", "--override-channels") == 0
    assert user.records("a")["greet"]["version"] == "2.0"


def test_variables_of_the_file_are_stored(user: User, tmp_path: Path) -> None:
    assert update(user, file(user, tmp_path, "greet", more="variables: {x: one}\n")) == 0
    found = user.data("env", "config", "vars", "list", "-n", "a")["env_vars"]
    assert found == {"X": "one"}


def test_pip_is_told_to_upgrade_and_is_not_pruned(
    user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def run(argv: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        told.extend(argv)
        return subprocess.CompletedProcess(argv, 0)

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr("mm_cli.operations.install._with_pip", lambda _, texts: texts)
    history = user.env("a") / "conda-meta" / "history"
    history.write_text(history.read_text() + '==> 2 <==\n# update specs: ["pip"]\n')
    path = file(user, tmp_path, "greet", "pip: [x]")
    assert update(user, path, "--prune") == 0, user.err
    assert "--upgrade" in told
    assert '# remove specs: ["pip"]' not in history.read_text()


def test_a_dry_run_says_what_is_left_to_pip(
    user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mm_cli.operations.install._with_pip", lambda _, texts: texts)
    path = file(user, tmp_path, "greet", "pip: [six==1.16, x]")
    assert update(user, path, "--dry-run") == 0, user.err
    assert "Packages for pip: six==1.16, x\n" in user.out
    assert user.out.endswith("Dry run. Not executing the transaction.\n")


def test_what_cannot_be_installed_fails_and_changes_nothing(user: User, tmp_path: Path) -> None:
    before = (user.env("a") / "conda-meta" / "history").read_text()
    for specs in (["greet", "no-such-package"], ["greet>=9"]):
        assert update(user, file(user, tmp_path, *specs), "--prune") == 1
        assert specs[-1].partition(">")[0] in user.err
    assert (user.env("a") / "conda-meta" / "history").read_text() == before


def test_an_explicit_file_is_installed_but_not_pruned_by(user: User, tmp_path: Path) -> None:
    archive = next((user.channel / "noarch").glob("greet-2.0-*.conda"))
    path = tmp_path / "e.txt"
    path.write_text(f"@EXPLICIT\n{archive.as_uri()}\n")
    assert update(user, str(path), "--prune") == 1
    assert "--prune goes with match specs" in user.err
    assert update(user, str(path)) == 0
    assert user.records("a")["greet"]["version"] == "2.0"


def test_something_must_say_what_to_do(user: User, tmp_path: Path) -> None:
    assert user.run("env", "update", "-n", "a") == 1
    assert "Nothing says what" in user.err
    assert user.run("env", "update", "-n", "no", "-f", file(user, tmp_path, "greet")) == 1
    assert "No prefix found" in user.err
    assert not user.env("no").exists()
    assert update(user, str(tmp_path / "missing.yml")) == 1
