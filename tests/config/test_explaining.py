"""Who won, and who was overruled."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mm_config import explain_data, explain_text
from mm_config.keys import KEYS


def test_one_value(home: Any) -> None:
    home.write("~/.mambarc", "channels: [conda-forge]\nalways_yes: false\n")
    config = home.load(env={"MAMBA_ALWAYS_YES": "yes"})
    assert explain_text(config, "always_yes") == (
        "always_yes: true\n"
        "  * MAMBA_ALWAYS_YES  true\n"
        "    ~/.mambarc:2      false\n"
        "    default           false"
    )
    assert explain_data(config, "always_yes")["sources"] == [
        {"source": "MAMBA_ALWAYS_YES", "kind": "env", "value": True, "in_force": True},
        {
            "source": "~/.mambarc",
            "kind": "rc",
            "value": False,
            "in_force": False,
            "path": str(home.path / ".mambarc"),
            "line": 2,
        },
        {"source": "default", "kind": "default", "value": False, "in_force": False},
    ]


def test_the_items_of_a_list(home: Any) -> None:
    home.write("~/.condarc", "channels:\n  - b\n  - c\n")
    config = home.load({"channels": ["a", "b"]})
    assert explain_text(config, "channels") == (
        "channels:\n  - a\n    * CLI\n  - b\n    * CLI\n      ~/.condarc:2\n"
        "  - c\n    * ~/.condarc:3"
    )
    assert (
        explain_text(config, "channels", "b") == "channels:\n  - b\n    * CLI\n      ~/.condarc:2"
    )
    assert explain_text(config, "channels", "z") == "channels:\n  nobody says z"
    parts: Any = explain_data(config, "channels", "b")["parts"]
    assert [each["name"] for each in parts] == ["b"]
    assert [source["in_force"] for source in parts[0]["sources"]] == [True, False]


def test_items_that_are_not_in_force(home: Any) -> None:
    home.write("~/.condarc", "channels: [b]\n")
    config = home.load({"channels": ["a"], "override_channels": True})
    assert explain_text(config, "channels") == (
        "channels:\n  - a\n    * CLI\n  - b  (not in force)\n      ~/.condarc:1\n"
        "  see override_channels: true  # 'CLI'"
    )
    assert explain_data(config, "channels")["follows_from"] == ["override_channels"]


def test_the_entries_of_a_map(home: Any) -> None:
    home.write("~/.condarc", "proxy_servers:\n  http: http://u:secret@old\n  all: x\n")
    home.write("~/.mambarc", "proxy_servers:\n  http: http://new\n")
    config = home.load()
    assert explain_text(config, "proxy_servers", "http") == (
        "proxy_servers:\n  http\n    * ~/.mambarc:2  http://new\n"
        "      ~/.condarc:2  http://u:*****@old"
    )
    assert "secret" not in json.dumps(explain_data(config, "proxy_servers"))


def test_paths_are_known_in_their_canonical_form(home: Any) -> None:
    home.write("~/.condarc", "envs_dirs: [~/envs]\n")
    text = explain_text(home.load(), "envs_dirs")
    assert text == (
        f"envs_dirs:\n  - {home.path}/envs\n    * ~/.condarc:1\n  - {home.root}/envs\n    * default"
    )


def test_what_follows_from_other_settings(home: Any) -> None:
    config = home.load({"offline": True})
    assert explain_text(config, "ssl_verify") == (
        "ssl_verify: <false>\n  * default  <false>\n  see offline: true  # 'CLI'"
    )


@pytest.mark.parametrize("name", KEYS)
def test_every_setting_can_be_explained(home: Any, name: str) -> None:
    config = home.load()
    assert explain_text(config, name).startswith(f"{name}:")
    json.dumps(explain_data(config, name))


def test_no_setting(home: Any) -> None:
    with pytest.raises(KeyError):
        explain_text(home.load(), "nonsense")
