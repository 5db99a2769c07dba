"""Every option of micromamba's commands is accepted and has an effect, or is listed here
with the reason why it is not (tests/data/command-line-options.json has them all)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from mm_cli.command_line import Command
from mm_cli.command_line import Option as Ours
from mm_cli.command_parser import parse
from mm_cli.main import TOP
from mm_cli.operations.unheeded_settings import NEEDLESS, UNHEEDED
from mm_config import KEYS

ROOT = Path(__file__).parents[2]
TABLE = json.loads((ROOT / "tests" / "data" / "command-line-options.json").read_text())

REFUSED = {
    "--verify-artifacts": "signatures are not verified: to accept it would be a false promise",
    "--trusted-channels": "it belongs to --verify-artifacts",
}
"""Option -> why no command takes it."""

WITHOUT_EFFECT = {
    "--print-context-only": "nor has it one in micromamba",
    "--stack": "`activate` always fails: it tells how to set up a shell, which then handles it",
}
"""Option -> why it does nothing, where nothing reads it."""


class Row(NamedTuple):
    """One option of one command."""

    command: str
    names: tuple[str, ...]
    off: tuple[str, ...]
    takes: str

    def __str__(self) -> str:
        return f"{self.command or 'micromamba'} {self.names[-1]}"


def options_of(command: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name in command.get("groups", command.get("with", ())):
        yield from options_of(TABLE["groups"][name])
    yield from command["options"]


ROWS = [
    Row(name, tuple(option["names"]), tuple(option.get("off", ())), option["takes"])
    for name, command in TABLE["commands"].items()
    for option in options_of(command)
]


def our_command(title: str) -> Command | None:
    """The command called *title*; None where there is none."""
    found: Command | None = TOP
    for word in title.split():
        found = found.subcommands.get(word) if found else None
    return found


def our_option(row: Row, command: Command) -> Ours | None:
    """The option of *row*; None where it is refused."""
    options = [o for o in command.options if set(row.names) & {*o.names, *o.off}]
    if not options and row.names[-1] in REFUSED:
        return None
    assert len(options) == 1, f"{len(options)} options of {row}"
    return options[0]


def taken(title: str) -> Iterator[tuple[Row, Command, Ours]]:
    """Each option of micromamba's command *title*, with what it is here."""
    command = our_command(title)
    assert command is not None, f"there is no command '{title}'"
    for row in ROWS:
        option = our_option(row, command) if row.command == title else None
        if option is not None:
            yield row, command, option


def sample(option: Ours) -> str:
    """A value that the option takes."""
    for text in (*option.choices, "1", "linux-64", "stdout"):
        try:
            option.convert(text)
        except ValueError:
            continue
        return text
    raise AssertionError(option.spelling)


def with_option(row: Row, command: Command, *given: str) -> dict[str, object]:
    """What is stored when the words *given* follow the command."""
    words = command.positionals
    rest = ["--", *["x"] * (words.least if words else 0)]
    return parse(TOP, [*row.command.split(), *given, *rest]).settings


@pytest.mark.parametrize("title", TABLE["commands"], ids=lambda title: title or "micromamba")
def test_options_are_accepted_in_all_spellings(title: str) -> None:
    for row, command, option in taken(title):
        assert (option.takes == "flag") == (row.takes == "flag"), row
        assert {*row.names, *row.off} <= {*option.names, *option.off}, row
        text = () if option.takes in ("flag", "count") else (sample(option),)
        stored = [with_option(row, command, name, *text)[option.key] for name in row.names]
        assert all(value == stored[0] for value in stored), row
        for name in row.off:
            assert {stored[0], with_option(row, command, name)[option.key]} == {True, False}, row
        if row.takes == "words":
            both = with_option(row, command, row.names[-1], *text, *text)[option.key]
            assert both == [option.convert(*text)] * 2, row


@cache
def code() -> str:
    """All code but that which declares settings."""
    declaring = {"keys.py", "descriptions.py", "unheeded_settings.py", "options.py"}
    files = (ROOT / "packages").glob("*/src/**/*.py")
    return "\n".join(
        path.read_text(encoding="utf-8") for path in files if path.name not in declaring
    )


@cache
def is_read(key: str) -> bool:
    """Whether some code reads what an option stores."""
    if key in KEYS:
        return re.search(rf'[(\[]\s*"{key}"', code()) is not None
    if re.search(rf'f"{key.partition(".")[0]}\.\{{', code()):
        return True
    declared = 1 if f'"{key}"' in code() and key not in SHARED else 0
    return code().count(f'"{key}"') > declared


SHARED = re.findall(r'"(\w+\.\w+)"', (ROOT / "packages/mm-cli/src/mm_cli/options.py").read_text())
"""Keys of options that options.py declares."""


@pytest.mark.parametrize("title", TABLE["commands"], ids=lambda title: title or "micromamba")
def test_options_have_an_effect(title: str) -> None:
    without = [
        str(row)
        for row, _, option in taken(title)
        if option.key not in UNHEEDED | NEEDLESS
        and row.names[-1] not in WITHOUT_EFFECT
        and not is_read(option.key)
    ]
    assert without == [], "nothing reads what they store"


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_refused_everywhere(name: str) -> None:
    titles = {row.command for row in ROWS if name in row.names}
    assert titles
    for title in titles:
        command = our_command(title)
        assert command is None or all(name not in option.names for option in command.options)


def test_nothing_is_listed_in_vain() -> None:
    names = {name for row in ROWS for name in row.names}
    assert REFUSED.keys() | WITHOUT_EFFECT.keys() <= names
