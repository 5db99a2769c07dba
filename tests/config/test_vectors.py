"""The conformance cases of the micromamba reference, as data in tests/data/vectors_config.json.

Paths in the cases are absolute; each case gets a folder of its own in their place.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

import mm_config

CASES: dict[str, dict[str, Any]] = {
    case["id"]: case
    for case in json.loads(
        (Path(__file__).parents[1] / "data" / "vectors_config.json").read_text(encoding="utf-8")
    )["cases"]
}

DIFFERENT: dict[str, tuple[str, dict[str, Any]]] = {
    "cfg-013": (
        "maps are merged by key: an environment's file can add a channel to the user's",
        {
            "values": {"custom_channels": {"a": "https://one", "b": "https://two"}},
            "sources": {"custom_channels": ["/c/1.yaml", "/c/2.yaml"]},
        },
    ),
    "cfg-022": (
        "$CONDARC adds to the search path, as in conda; it does not replace it",
        {
            "values": {"channels": ["a", "c", "b"]},
            "rc_sources": ["/c/my.yaml", "/home/u/.mambarc", "/home/u/.condarc"],
        },
    ),
    "cfg-023": (
        "$CONDARC and $MAMBARC are places in the search path, not values of rc_files",
        {
            "values": {"channels": ["m", "c"], "rc_files": []},
            "rc_sources": ["/c/m.yaml", "/c/c.yaml"],
        },
    ),
    "cfg-028": (
        "a file asked for by --rc-file is read, whatever its name",
        {"values": {"channels": ["a"]}, "rc_sources": ["/c/settings.conf"]},
    ),
    "cfg-029": ("a broken file asked for by --rc-file is an error", {"error": True}),
    "cfg-030": ("a file without settings asked for by --rc-file is an error", {"error": True}),
    "cfg-031": (
        "an empty file is not invalid",
        {"stdout": "Configuration files (by precedence order):\n/c/1.yaml\n"},
    ),
    "cfg-045": ("1 means true", {"values": {"always_yes": True}}),
    "cfg-046": (
        "an empty variable is one that is not set",
        {"values": {"always_yes": False}, "sources": {"always_yes": ["default"]}},
    ),
    "cfg-047": ("1 means true", {"values": {"always_yes": True}, "warnings": []}),
    "cfg-089": (
        "$CONDA_ENVS_DIRS keeps its order, as in conda",
        {"values": {"envs_dirs": ["/a", "/b", "/opt/mm/envs"]}},
    ),
}
"""Case -> why we differ on purpose, and what holds instead. One row each in docs/differences.md."""

EDITING = ("set", "get", "append", "prepend", "remove", "remove-key")
"""Subcommands of `config` that write; these cases belong to another test."""

ABSOLUTE = re.compile(
    r"(?<![\w/~.])/(?=(home/u|opt/mm|c|e1|e2|a|b|act|tp|p|xdg|r2|nope|work|foo|other)\b)"
)


def resolving() -> list[str]:
    return [name for name, case in CASES.items() if case["op"] == "resolve"]


def listing() -> list[str]:
    return [
        name
        for name, case in CASES.items()
        if case["op"] == "command" and case["cli"][1:2] in (["list"], ["sources"])
    ]


class Case:
    """One case, moved to a folder of its own."""

    def __init__(self, name: str, folder: Path) -> None:
        self.root = os.path.realpath(folder)
        self.data = self.moved(CASES[name])
        self.expect = self.data["expect"]
        if name in DIFFERENT:
            self.expect = self.moved(DIFFERENT[name][1])
        for path in ("/opt/mm/pkgs", "/home/u", "/work", *CASES[name].get("dirs", ())):
            Path(self.moved(path)).mkdir(parents=True, exist_ok=True)
        for path, text in self.data.get("files", {}).items():
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).write_text(text, encoding="utf-8")

    def moved(self, value: Any) -> Any:
        if isinstance(value, str):
            return ABSOLUTE.sub(lambda match: f"{self.root}/", value)
        if isinstance(value, list):
            return [self.moved(item) for item in value]
        if isinstance(value, dict):
            return {self.moved(key): self.moved(item) for key, item in value.items()}
        return value

    def load(self, cli: dict[str, Any]) -> mm_config.Config:
        env = {"HOME": "/home/u", "MAMBA_ROOT_PREFIX": "/opt/mm"} | CASES[self.name].get("env", {})
        return mm_config.load(
            cli=cli,
            api=self.data.get("api_values"),
            env=self.moved({key: value for key, value in env.items() if value is not None}),
            cwd=self.moved("/work"),
            system_dirs=(),
        )

    @property
    def name(self) -> str:
        return str(self.data["id"])


def plain(value: object) -> object:
    if isinstance(value, Path):
        return os.fspath(value)
    return [plain(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", resolving())
def test_resolves_as_the_reference(name: str, tmp_path: Path) -> None:
    case = Case(name, tmp_path)
    expect = case.expect
    if expect.get("error"):
        with pytest.raises(mm_config.ConfigError) as caught:
            case.load(case.data.get("cli_values", {}))
        assert "\n" not in caught.value.message
        return
    config = case.load(case.data.get("cli_values", {}))
    assert {key: plain(config[key]) for key in expect.get("values", {})} == expect.get("values", {})
    sources = {
        key: [source.label for source in config.setting(key).sources]
        for key in expect.get("sources", {})
    }
    assert sources == expect.get("sources", {})
    if "rc_sources" in expect:
        assert [file.path for file in config.rc_files] == expect["rc_sources"]
    if "stderr_contains" in expect:
        assert config.warnings
    if expect.get("stderr") == "" or "warnings" in expect:
        assert config.warnings == ()


LETTERS = {"s": "sources", "d": "descriptions", "l": "long_descriptions", "g": "groups"}


def parsed(words: list[str]) -> tuple[dict[str, Any], list[str], dict[str, bool]]:
    """The settings, the names and the ways of showing in the words of `config list`."""
    settings: dict[str, Any] = {}
    names: list[str] = []
    shown: dict[str, bool] = {}
    words = [piece for word in words for piece in word.split("=", 1)]
    while words:
        word = words.pop(0)
        if word == "--rc-file":
            settings["rc_files"] = [words.pop(0)]
        elif word.startswith("--"):
            settings[word[2:].replace("-", "_")] = True
        elif word.startswith("-"):
            shown[LETTERS[word[1:]]] = True
        else:
            names.append(word)
    return settings, names, shown


def matches(text: str, pattern: list[str]) -> bool:
    """Whether the lines of *text* are those of *pattern*; ``<...>`` stands for any text.

    The line ``#   ...`` stands for any number of such lines.
    """
    expressions = []
    for line in pattern:
        if line == "#   ...":
            expressions.append(r"(#   .+\n)*")
        else:
            expressions.append(re.sub("<.*>", ".+", re.escape(line)) + "\n")
    return re.fullmatch("".join(expressions), text) is not None


@pytest.mark.parametrize("name", listing())
def test_lists_as_the_reference(name: str, tmp_path: Path) -> None:
    case = Case(name, tmp_path)
    _, command, *words = case.data["cli"]
    settings, names, shown = parsed(words)
    if case.expect.get("exit"):
        with pytest.raises(mm_config.ConfigError) as caught:
            case.load(settings)
        for text in case.expect["stderr_contains"]:
            assert text in caught.value.message
        return
    config = case.load(settings)
    if "json_contains" in case.expect:
        settings.pop("json")
        assert mm_config.list_data(config, names).items() >= case.expect["json_contains"].items()
        return
    if command == "sources":
        text = mm_config.sources_text(config) + "\n"
    else:
        text = mm_config.list_text(config, names, **shown) + "\n"
    if "stdout_pattern" in case.expect:
        assert matches(text, case.expect["stdout_pattern"]), text
    else:
        assert text == case.expect["stdout"]


def test_every_case_is_run_or_has_its_reason() -> None:
    rest = set(CASES) - set(resolving()) - set(listing())
    commands = {tuple(CASES[name]["cli"][1:2]) for name in rest}
    assert commands == {(), ("-q",), *((word,) for word in EDITING)}
    assert set(DIFFERENT) <= set(CASES)
