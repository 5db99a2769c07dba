"""``self-update`` names who installed the program and what to run; it changes nothing."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from mm_cli import __version__
from mm_cli.commands import self_update

if TYPE_CHECKING:
    from conftest import User


class Distribution:
    """What is noted of an installation."""

    def __init__(self, installer: str, origin: dict[str, object] | None = None) -> None:
        self.files = {"INSTALLER": installer, "direct_url.json": json.dumps(origin or {})}

    def read_text(self, name: str) -> str:
        return self.files[name]


EDITABLE = {"url": "file:///src/mm%20cli", "dir_info": {"editable": True}}


@pytest.mark.parametrize(
    ("prefix", "installer", "origin", "command"),
    [
        ("/venv", "pip\n", None, "/py -m pip install --upgrade mm-cli"),
        ("/venv", "uv", None, "uv pip install --python /py --upgrade mm-cli"),
        ("/opt/c/envs/x", "conda", None, "conda update -p /opt/c/envs/x mm-cli"),
        ("/h/.local/share/uv/tools/mm-cli", "uv", None, "uv tool upgrade mm-cli"),
        ("/h/.local/pipx/venvs/mm-cli", "pip", None, "pipx upgrade mm-cli"),
        ("/venv", "pip", EDITABLE, "git -C '/src/mm cli' pull"),
        ("/venv", "", None, "/py -m pip install --upgrade mm-cli"),
    ],
)
def test_the_command_for_each_installer(
    user: User,
    monkeypatch: pytest.MonkeyPatch,
    prefix: str,
    installer: str,
    origin: dict[str, object] | None,
    command: str,
) -> None:
    monkeypatch.setattr(
        "importlib.metadata.distribution", lambda name: Distribution(installer, origin)
    )
    monkeypatch.setattr(sys, "prefix", prefix)
    monkeypatch.setattr(sys, "executable", "/py")
    assert user.run("self-update", "--dry-run", "-q") == 0
    assert user.out == f"{command}\n"
    assert user.run("self-update") == 1
    assert f"Run: {command}" in user.err
    document = user.data("self-update")
    assert document["command"] == command
    assert document["error"]["hint"] == f"Run: {command}"
    assert document["version"] == __version__


def test_a_version_can_be_named(user: User) -> None:
    assert user.run("self-update", "--version", __version__) == 0
    assert "up to date" in user.out
    assert user.run("self-update", "--version", "9.9", "--dry-run") == 0
    assert "9.9" in user.out.splitlines()[-1]


def test_options_of_an_installation_are_named(user: User) -> None:
    assert user.run("self-update", "--no-deps", "--dry-run") == 0
    assert "--no-deps has no effect" in user.err
    assert user.run("self-update", "numpy") == 109


def test_every_installer_can_take_a_version() -> None:
    for installer in self_update.INSTALLERS.values():
        assert "{version}" in installer.version
