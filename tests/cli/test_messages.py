"""How messages are laid out, and which of those that were dropped a failure brings along."""

from __future__ import annotations

import json

import pytest

from mm_cli.main import main
from mm_cli.report.console import Console
from mm_cli.report.log_pattern import rendered


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("%^%-9!l%-8n%$ %v", "warning  libmamba careful"),
        ("[%3!l] %8l|%=9l|%L %%", "[war]  warning| warning |W %"),
        ("%q %v", "%q careful"),
        ("", ""),
        ("100%", "100%"),
    ],
)
def test_patterns(pattern: str, text: str) -> None:
    assert rendered(pattern, "warning", "careful") == text


def test_the_clock_can_be_in_them() -> None:
    assert rendered("%Y-%m-%d", "info", "").startswith("20")


@pytest.mark.usefixtures("root_prefix")
def test_the_setting(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("MAMBA_LOG_PATTERN", "<%l> %v")
    assert main(["list", "-n", "nobody"]) == 1
    first, hint = capsys.readouterr().err.splitlines()
    assert first.startswith("<critical> ")
    assert hint.startswith("   ")


def test_a_failure_shows_the_last_messages_that_were_dropped(
    capsys: pytest.CaptureFixture[str],
) -> None:
    console = Console()
    console.remember_dropped(2)
    for number in range(4):
        console.log("debug", f"step {number}")
    console.fail("It failed")
    told = capsys.readouterr().err.splitlines()
    assert [line.split(maxsplit=2)[2] for line in told] == ["step 2", "step 3", "It failed"]
    assert not console.shows("info")


@pytest.mark.usefixtures("root_prefix")
def test_debug_shows_where_a_failure_comes_from(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["list", "-n", "nobody", "--debug"]
    assert main(words) == 1
    err = capsys.readouterr().err
    assert "Debug mode" in err
    assert "Traceback" in err
    assert main([*words, "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert any("Traceback" in entry["message"] for entry in document["log_history"])


@pytest.mark.usefixtures("root_prefix")
def test_the_settings_in_place_of_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    import yaml

    words = ["create", "-n", "e", "-c", "chan", "greet", "xz", "--print-config-only", "-q"]
    assert main([*words, "--debug", "--json"]) == 0
    text = capsys.readouterr().out
    shown = yaml.safe_load(text)
    assert shown["specs"] == ["greet", "xz"]
    assert shown["channels"] == ["chan"]
    assert shown["target_prefix"].endswith("/envs/e")
    assert "# 'CLI'" in text
    assert main(words) == 1
    assert "Add --debug." in capsys.readouterr().err
    assert main(["create", "--help"]) == 0
    assert "--debug" not in capsys.readouterr().out
