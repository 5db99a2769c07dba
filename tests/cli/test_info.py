"""``info``: its labels, the states of an environment, licences (behaviour 54)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import User

LABELS = [
    "libmamba version", "micromamba version", "curl version", "libarchive version",
    "envs directories", "package cache", "environment", "env location", "user config files",
    "populated config files", "virtual packages", "channels", "base environment", "platform",
]  # fmt: skip


def test_labels_in_order_and_as_keys(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mm_cli.commands.info.executable", lambda: "/bin/micromamba")
    assert user.run("info") == 0
    lines = user.out.splitlines()
    assert lines[0] == ""
    labels = [
        line.partition(" : ")[0].strip() for line in lines if " : " in line or line.endswith(" :")
    ]
    assert [label.removesuffix(" :") for label in labels] == LABELS
    document = user.data("info")
    assert set(LABELS) <= document.keys()
    assert isinstance(document["package cache"], list)


def test_the_states_of_an_environment(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    assert user.data("info", "-n", "e")["environment"] == "e (not found)"
    user.env("e").mkdir(parents=True)
    assert user.data("info", "-n", "e")["environment"] == "e (not env)"
    assert user.change("create", "-n", "f") == 0
    assert user.data("info", "-n", "f")["environment"] == "f"
    monkeypatch.setenv("CONDA_PREFIX", str(user.env("f")))
    assert user.data("info")["environment"] == "f (active)"
    assert user.data("info", "-n", "base")["environment"].startswith("base")


def test_parts_and_their_precedence(user: User) -> None:
    assert user.run("info", "--base", "-e") == 0
    assert user.out.split() == ["base", "environment", ":", str(user.root_prefix)]
    assert "envs" in user.data("info", "-e")
    licences = user.data("info", "--licenses", "--base")
    assert licences["mm-cli"] == "BSD-3-Clause"
    assert {"mm-pkg", "msgspec", "urllib3", "zstandard"} <= licences.keys()
    assert "base environment" not in licences
    assert all(text and "\n" not in str(text) for text in licences.values() if text != [])


def test_channels_without_secrets(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONDA_CHANNELS", "https://me:pa55@host.invalid/t/tk-123/chan")
    assert user.run("info", "--json") == 0
    assert "pa55" not in user.out
    assert "tk-123" not in user.out
    assert "https://host.invalid/chan/noarch" in user.out
