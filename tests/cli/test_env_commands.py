"""``env`` and its subcommands as a family: names, help, ``env create``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mm_cli.command_line import Command
from mm_cli.commands.env import COMMAND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import User


def commands(command: Command = COMMAND) -> Iterator[Command]:
    """All commands below ``env`` that do something."""
    for _, sub in command.subcommands.items():
        if sub.run is not None:
            yield sub
        yield from commands(sub)


COMMANDS = tuple(commands())


def words(command: Command) -> tuple[str, ...]:
    return tuple(command.title.split()[1:])


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.title)
def test_each_has_help_with_examples_of_itself(user: User, command: Command) -> None:
    assert user.run(*words(command), "--help") == 0
    assert command.summary.split()[0] in user.out
    assert command.examples
    for example in command.examples:
        assert example.startswith(f"{command.title}")
        assert example in user.out
    assert max(map(len, user.out.splitlines())) <= 80


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.title)
def test_each_takes_the_common_options_and_no_others(user: User, command: Command) -> None:
    names = {name for option in command.options for name in option.names}
    assert {"--json", "-n", "-p", "-r", "-y", "-q", "--no-rc"} <= names
    assert user.run(*words(command), "--frobnicate") == 109


def test_without_a_subcommand_the_help_is_shown(user: User) -> None:
    for given in (["env"], ["env", "config"], ["env", "config", "vars"]):
        assert user.run(*given) == 0
        assert "Usage:" in user.out
    assert user.run("env", "frobnicate") == 109
    assert user.run("env", "exprot") == 109
    assert "Did you mean 'export'?" in user.err


def test_env_create_is_create(user: User) -> None:
    assert user.run("env", "create", "-n", "a", "-y") == 0
    assert (user.env("a") / "conda-meta" / "history").is_file()
    channel = ("-c", str(user.channel), "--override-channels")
    assert user.run("env", "create", "-n", "b", "-y", *channel, "greet") == 0
    assert user.records("b").keys() == {"greet", "greet-phrases", "greet-language"}
    assert user.run("env", "create", "-n", "c", "--clone", "a") == 109
    assert user.run("env", "create") == 1
    assert "No target prefix specified" in user.err
