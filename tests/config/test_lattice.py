"""Every source against every other, for every type of value."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

import mm_config
from mm_config.keys import KEYS

FILES = (
    "etc/conda/.condarc",
    "etc/conda/condarc",
    "etc/conda/condarc.d/1.yml",
    "etc/conda/condarc.d/2.yml",
    "etc/conda/.mambarc",
    "var/lib/conda/.condarc",
    "var/lib/conda/.mambarc",
    "ROOT/.condarc",
    "ROOT/condarc",
    "ROOT/condarc.d/1.yml",
    "ROOT/.mambarc",
    "~/.config/conda/.condarc",
    "~/.config/conda/condarc.d/1.yml",
    "~/.conda/.condarc",
    "~/.conda/condarc",
    "~/.conda/condarc.d/1.yml",
    "~/.condarc",
    "~/.config/mamba/mambarc",
    "~/.mamba/.mambarc",
    "~/.mambarc",
    "target/.condarc",
    "target/condarc",
    "target/condarc.d/1.yml",
    "target/.mambarc",
    "condarc-variable.yml",
    "mambarc-variable.yml",
)
"""The configuration files, the weakest first: the order of the user guide."""

SOURCES = (*FILES, "variable", "CLI", "API")

TYPES: dict[str, tuple[str, tuple[Any, Any], tuple[str, str]]] = {
    "bool": ("changeps1", (True, False), ("true", "no")),
    "int": ("extract_threads", (-3, 4), ("-3", "4")),
    "uint": ("download_threads", (1, 2), ("1", "2")),
    "float": ("remote_connect_timeout_secs", (1.5, 2.0), ("1.5", "2")),
    "str": ("env_prompt", ("one", "two"), ("one", "two")),
    "enum": ("channel_priority", ("strict", "disabled"), ("strict", "disabled")),
    "strings": ("default_channels", (["a", "b"], ["b", "c"]), ("a, b", "b, c")),
    "map": ("custom_channels", ({"x": "1", "y": "1"}, {"y": "2"}), ("x: 1, y: 1", "y: 2")),
    "lists": (
        "mirrored_channels",
        ({"x": ["1"], "y": ["1"]}, {"y": ["2", "3"]}),
        ("x: [1], y: [1]", "y: [2, 3]"),
    ),
}
"""Kind -> a setting, two values of it, and their texts."""

MERGED = {
    "strings": lambda strong, weak: list(dict.fromkeys([*strong, *weak])),
    "map": lambda strong, weak: {**weak, **strong},
    "lists": lambda strong, weak: {**weak, **strong},
}


class World:
    """A user's machine with one value in each of some sources."""

    def __init__(self, home: Any) -> None:
        self.home = home
        self.env = {
            "CONDARC": str(home.folder / "condarc-variable.yml"),
            "MAMBARC": str(home.folder / "mambarc-variable.yml"),
        }
        self.cli: dict[str, Any] = {"target_prefix": str(home.folder / "target")}
        self.api: dict[str, Any] = {}

    def say(self, source: str, kind: str, which: int) -> None:
        name, values, texts = TYPES[kind]
        flow = {"strings": f"[{texts[which]}]", "map": f"{{{texts[which]}}}"}
        flow["lists"] = flow["map"]
        if source == "CLI":
            self.cli[name] = values[which]
        elif source == "API":
            self.api[name] = values[which]
        elif source == "variable":
            text = texts[which] if kind == "strings" else flow.get(kind, texts[which])
            self.env[KEYS[name].env[0]] = text
        else:
            self.home.write(source, f"{name}: {flow.get(kind, texts[which])}\n")

    def load(self) -> mm_config.Config:
        for name in ("CONDARC", "MAMBARC"):
            if not Path(self.env[name]).exists():
                del self.env[name]
        folder = self.home.folder
        config: mm_config.Config = self.home.load(
            self.cli,
            api=self.api,
            env=self.env,
            system_dirs=[folder / "etc" / "conda", folder / "var" / "lib" / "conda"],
        )
        return config

    def label(self, source: str, kind: str) -> str:
        if source in ("CLI", "API"):
            return source
        if source == "variable":
            return KEYS[TYPES[kind][0]].env[0]
        path = str(self.home.folder / source.replace("~", "home").replace("ROOT", "root"))
        return path.replace(str(self.home.path), "~")


def pairs() -> list[tuple[str, str]]:
    return list(itertools.combinations(SOURCES, 2))


@pytest.mark.parametrize("kind", TYPES)
def test_every_kind_is_tested(kind: str) -> None:
    assert KEYS[TYPES[kind][0]].kind == kind
    assert set(TYPES) | {"path", "paths"} == {key.kind for key in KEYS.values()}


@pytest.mark.parametrize(("weak", "strong"), pairs())
def test_the_stronger_wins_for_a_value_and_a_list_and_a_map(
    home: Any, weak: str, strong: str
) -> None:
    kinds = TYPES if SOURCES.index(strong) - SOURCES.index(weak) == 1 else ("bool", "strings")
    world = World(home)
    texts: dict[str, list[str]] = {}
    for kind in kinds:
        name, _, (one, two) = TYPES[kind]
        for source, text in ((weak, one), (strong, two)):
            if source in ("variable", "CLI", "API"):
                world.say(source, kind, 0 if source == weak else 1)
                continue
            brackets = {"strings": "[]", "map": "{}", "lists": "{}"}.get(kind, ("", ""))
            texts.setdefault(source, []).append(
                f"{name}: {brackets[0]}{text}{brackets[1]}" if brackets[0] else f"{name}: {text}"
            )
    for source, lines in texts.items():
        home.write(source, "\n".join(lines) + "\n")
    config = world.load()
    assert config.warnings == ()
    for kind in kinds:
        name, (one, two), _ = TYPES[kind]
        expected = MERGED[kind](two, one) if kind in MERGED else two
        assert config[name] == expected, kind
        setting = config.setting(name)
        said = [candidate.source.label for candidate in setting.candidates]
        assert said == [world.label(strong, kind), world.label(weak, kind)]
        assert len(setting.losers) == (0 if kind in MERGED else 1)


@pytest.mark.parametrize("kind", TYPES)
def test_all_sources_at_once_are_in_order(home: Any, kind: str) -> None:
    world = World(home)
    for number, source in enumerate(SOURCES):
        world.say(source, kind, number % 2)
    setting = world.load().setting(TYPES[kind][0])
    said = [candidate.source.label for candidate in setting.candidates]
    assert said == [world.label(source, kind) for source in reversed(SOURCES)]


@pytest.mark.parametrize("way", ["no_rc", "no_env", "rc_files"])
def test_what_is_ruled_out_says_nothing(home: Any, way: str) -> None:
    world = World(home)
    for source in SOURCES:
        world.say(source, "uint", 0)
    other = home.write("other.yml", "download_threads: 9\n")
    world.cli[way] = [str(other)] if way == "rc_files" else True
    candidates = world.load().setting("download_threads").candidates
    labels = [candidate.source.label for candidate in candidates]
    expected = [world.label(source, "uint") for source in reversed(SOURCES)]
    if way == "no_rc":
        expected = expected[:3]
    elif way == "rc_files":
        expected = [*expected[:3], str(other)]
    else:
        expected = [*expected[:2], *expected[5:]]
    assert labels == expected
