"""What shells are told while a command line is being written."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mm_cli.main import TOP
from mm_cli.operations.completion import candidates
from mm_shell.process_list import ProcessList, RunningProcess, process_start

if TYPE_CHECKING:
    from conftest import User


def complete(user: User, *words: str) -> list[str]:
    assert user.run("completer", *words) == 0
    assert user.err == ""
    return user.out.split()


def test_commands_and_their_commands(user: User) -> None:
    assert complete(user, "cr") == ["create"]
    assert {"activate", "deactivate", "install", "repoquery"} <= set(complete(user, ""))
    assert complete(user) == complete(user, "")
    assert complete(user, "repoquery", "") == ["depends", "search", "whoneeds"]
    assert complete(user, "-v", "--rc-file", "x.yml", "--no-rc", "repoquery", "wh") == ["whoneeds"]
    assert complete(user, "nonsense", "x") == []


def test_options_long_and_short(user: User) -> None:
    found = complete(user, "install", "--ch")
    assert found == ["--channel", "--channel-alias", "--channel-priority"]
    short = complete(user, "install", "-")
    assert {"-c", "-n", "--channel"} <= set(short)
    assert complete(user, "run", "--", "--ch") == []
    assert complete(user, "run", "prog", "--he") == []
    assert "--no-pin" in complete(user, "install", "--no-p")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["install", "--channel-priority", "s"], ["strict"]),
        (["install", "--channel-priority=s"], ["--channel-priority=strict"]),
        (["install", "--channel-priority", "=", "s"], ["strict"]),
        (["search", "--platform", "osx-"], ["osx-64", "osx-arm64"]),
        (["search", "-c", "conda-f"], ["conda-forge"]),
        (["shell", "hook", "--shell", "z"], ["zsh"]),
        (["config", "list", "channel_"], ["channel_alias", "channel_priority"]),
        (["config", "set", "channel_pri"], ["channel_priority"]),
        (["config", "set", "channel_priority", "s"], ["strict"]),
        (["config", "set", "--system", "offline", ""], ["false", "true"]),
        (["config", "set", "channels", "c"], []),
        (["install", "--channel", ""], candidates(TOP, ["search", "-c", ""])),
    ],
)
def test_values(user: User, words: list[str], found: list[str]) -> None:
    assert complete(user, *words) == found


def test_environments_and_what_is_in_them(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("one", "other"):
        assert user.change("create", "-n", name, "greet") == 0
    assert complete(user, "install", "-n", "o") == ["one", "other"]
    assert complete(user, "activate", "on") == ["one"]
    assert complete(user, "install", "-no") == []
    assert complete(user, "env", "list", "--name", "") == ["base", "one", "other"]
    assert complete(user, "remove", "-n", "one", "greet-") == ["greet-language", "greet-phrases"]
    (user.env("one") / "bin").mkdir(exist_ok=True)
    (user.env("one") / "bin" / "programme").touch()
    assert complete(user, "run", "-n", "one", "prog") == ["programme"]
    monkeypatch.setenv("CONDA_PREFIX", str(user.env("other")))
    assert complete(user, "list", "greet-p") == ["greet-phrases"]


def test_package_names_come_from_indexes_on_disk(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONDA_CHANNELS", str(user.channel))
    assert complete(user, "install", "greet") == []  # nothing was ever fetched
    assert user.run("search", "greet", "--json") == 0
    assert complete(user, "install", "greet-l") == ["greet-language"]
    assert complete(user, "create", "-n", "x", "numpy", "greet-l") == ["greet-language"]
    assert complete(user, "install", "") == []
    monkeypatch.delenv("CONDA_CHANNELS")
    channel = ["-c", str(user.channel), "--override-channels"]
    assert complete(user, "repoquery", "whoneeds", *channel, "greet-l") == ["greet-language"]


def test_labels_of_what_runs(user: User, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert complete(user, "ps", "stop", "") == []
    started = process_start(os.getpid()) or ""
    processes = ProcessList.of_user(os.environ)
    with processes.naming("server"):
        processes.add(RunningProcess(os.getpid(), "server", str(tmp_path), ("x",), started))
    assert complete(user, "ps", "stop", "se") == ["server"]
    assert complete(user, "ps", "kill", "") == ["server"]


def test_nothing_can_make_it_fail(user: User, tmp_path: Path) -> None:
    (tmp_path / ".condarc").write_text("channels: [")
    assert complete(user, "install", "--rc-file", "missing.yml", "-n", "x") == []
    assert complete(user, "install", "-p", "", "gre") == []
    assert complete(user, "list", "-n", "missing", "a") == []
    assert complete(user, "--json", "install", "--quie") == ["--quiet"]


def test_only_words_that_a_shell_takes_as_they_stand_are_offered(user: User) -> None:
    for name in ("plain", "p$(touch x)", "p;ls", "p\x1b[2J"):
        (user.env(name) / "conda-meta").mkdir(parents=True)
        (user.env(name) / "conda-meta/history").touch()
    assert complete(user, "activate", "p") == ["plain"]


def test_columns_are_at_most_90_wide(user: User) -> None:
    assert user.run("completer", "install", "-") == 0
    assert max(map(len, user.out.splitlines())) <= 90
    assert len(user.out.splitlines()) > 1
