"""Settings that conda users expect, and what they do."""

from __future__ import annotations

import io
from typing import Any

import pytest

from mm_cli.report.console import Console
from mm_cli.report.progress import ConsoleReporter, _Lines, _Live, reporter_for


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def rc(user: Any, text: str) -> None:
    (user.root_prefix.parent / ".condarc").write_text(text)


def test_default_packages_come_with_every_new_environment(user: Any) -> None:
    rc(user, "create_default_packages: [greet-language, greet=1.0]\n")
    assert user.change("create", "-n", "a") == 0
    assert user.records("a")["greet"]["version"] == "1.0"
    assert user.change("create", "-n", "b", "greet=2.0") == 0
    assert user.records("b")["greet"]["version"] == "2.0"
    assert user.change("create", "-n", "c", "--no-default-packages", "greet-language") == 0
    assert set(user.records("c")) == {"greet-language"}


def test_default_packages_leave_lists_of_archives_and_copies_alone(user: Any) -> None:
    user.change("create", "-n", "a", "greet-language")
    rc(user, "create_default_packages: [greet=1.0]\n")
    url = user.records("a")["greet-language"]["url"]
    assert user.change("create", "-n", "b", url) == 0
    assert set(user.records("b")) == {"greet-language"}
    assert user.change("create", "-n", "c", "--clone", "a") == 0
    assert set(user.records("c")) == {"greet-language"}


def test_a_denied_channel_is_not_used(user: Any) -> None:
    rc(user, f"denylist_channels: ['{user.channel}']\n")
    assert user.change("create", "-n", "a", "greet") == 1
    assert "is denied, by denylist_channels" in user.err
    assert "~/.condarc:1 says so" in user.err
    assert not user.env("a").exists()


def test_only_allowed_channels_are_used(user: Any) -> None:
    rc(user, f"allowlist_channels: ['{user.channel}x']\n")
    assert user.change("create", "-n", "a", "greet") == 1
    assert "is not among those allowed, by allowlist_channels" in user.err
    rc(user, f"whitelist_channels: ['{user.channel}/']\n")
    assert user.change("create", "-n", "a", "greet") == 0
    assert "'whitelist_channels' is called 'allowlist_channels' now" in user.err


def test_archives_have_to_be_of_allowed_channels(user: Any) -> None:
    user.change("create", "-n", "a", "greet-language")
    url = user.records("a")["greet-language"]["url"]
    rc(user, "allowlist_channels: [conda-forge]\n")
    assert user.change("create", "-n", "b", url) == 1
    assert "is not among those allowed" in user.err
    assert not user.env("b").exists()


def test_a_file_in_the_way_prevents_what_it_is_told_to_prevent(user: Any) -> None:
    user.change("create", "-n", "a", "greet-language")
    path = user.env("a") / "bin" / "greet"
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine")
    rc(user, "path_conflict: prevent\n")
    assert user.change("install", "-n", "a", "greet=2.0") == 1
    assert path.read_text() == "mine"
    rc(user, "path_conflict: clobber\n")
    assert user.change("install", "-n", "a", "greet=2.0") == 0
    assert path.read_text() != "mine"


@pytest.mark.parametrize(
    ("progress", "terminal", "kind"),
    [
        ("auto", True, _Live),
        ("auto", False, _Lines),
        ("live", False, _Live),
        ("plain", True, _Lines),
        ("none", True, ConsoleReporter),
    ],
)
def test_how_progress_is_shown(
    progress: str, terminal: bool, kind: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    console = Console(out=Terminal() if terminal else io.StringIO())
    console.progress = progress
    assert type(reporter_for(console)) is kind


@pytest.mark.parametrize(
    ("color", "terminal", "variable", "wanted"),
    [
        ("auto", True, "", True),
        ("auto", False, "", False),
        ("auto", True, "1", False),
        ("always", False, "1", True),
        ("never", True, "", False),
    ],
)
def test_when_output_is_coloured(
    color: str, terminal: bool, variable: str, wanted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", variable)
    monkeypatch.setenv("TERM", "xterm")
    console = Console(out=Terminal() if terminal else io.StringIO())
    console.color = color
    assert console.colour is wanted


def test_progress_and_colour_by_option_and_file(user: Any) -> None:
    rc(user, "color: always\n")
    user.change("create", "-n", "a", "greet", "--dry-run")
    assert "\x1b[" in user.out
    assert "Resolving environment" in user.out
    user.change("create", "-n", "a", "greet", "--dry-run", "--color=never", "--progress=none")
    assert "\x1b[" not in user.out
    assert "Resolving environment" not in user.out
    assert user.change("create", "-n", "a", "greet", "--progress", "loud") == 105
