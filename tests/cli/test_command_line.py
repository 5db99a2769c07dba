from __future__ import annotations

import pytest

from mm_cli.command_line import (
    Command,
    UsageError,
    Words,
    count,
    flag,
    greedy,
    natural,
    repeated,
    value,
)
from mm_cli.command_parser import parse

SUB = Command(
    "demo sub",
    "A subcommand.",
    options=(
        flag("-q,--quiet", "quiet", "Less."),
        flag("--pin", "pin", "Pin.", off="--no-pin"),
        count("-v,--verbose", "verbose", "More."),
        value("-n,--name", "name", "NAME", "Name."),
        value("--priority", "priority", "P", "P.", choices=("strict", "flexible")),
        value("--ttl", "ttl", "N", "N.", convert=natural),
        repeated("-c,--channel", "channels", "C", "C."),
        greedy("--rc-file", "rc_files", "F", "F."),
        value("-a", "a", "A", "A.", excludes=("name",)),
    ),
    positionals=Words("specs", most=3),
)
RUN = Command(
    "demo run",
    "Run.",
    options=(value("-n,--name", "name", "NAME", "Name."),),
    positionals=Words("COMMAND", verbatim=True),
)
TOP = Command(
    "demo", "Top.", options=(flag("-q,--quiet", "quiet", "Less."),), subcommands=(SUB, RUN)
)


@pytest.mark.parametrize(
    ("words", "settings", "positionals"),
    [
        (["sub", "x", "-n", "a", "y"], {"name": "a"}, ["x", "y"]),
        (["sub", "-na"], {"name": "a"}, []),
        (["sub", "--name=a=b"], {"name": "a=b"}, []),
        (["sub", "-qvvn", "a"], {"quiet": True, "verbose": 2, "name": "a"}, []),
        (["sub", "-v", "--verbose=2"], {"verbose": 3}, []),
        (["-q", "sub"], {"quiet": True}, []),
        (["sub", "--no-pin"], {"pin": False}, []),
        (["sub", "--pin=false"], {"pin": False}, []),
        (["sub", "--no-pin=false"], {"pin": True}, []),
        (["sub", "-c", "a", "x", "-c", "b"], {"channels": ["a", "b"]}, ["x"]),
        (["sub", "--rc-file", "a", "b", "-q", "x"], {"rc_files": ["a", "b"], "quiet": True}, ["x"]),
        (["sub", "--priority", "STRICT"], {"priority": "strict"}, []),
        (["sub", "--ttl", "0"], {"ttl": 0}, []),
        (["sub", "--", "-q"], {}, ["-q"]),
        (
            ["run", "-n", "a", "ls", "-n", "b", "--", "c"],
            {"name": "a"},
            ["ls", "-n", "b", "--", "c"],
        ),
        (["run", "--", "-q"], {}, ["-q"]),
    ],
)
def test_words_become_settings(
    words: list[str], settings: dict[str, object], positionals: list[str]
) -> None:
    parsed = parse(TOP, words)
    assert parsed.settings == settings
    assert parsed.words == positionals


@pytest.mark.parametrize(
    ("words", "code", "named"),
    [
        (["sbu"], 109, "sub"),
        (["sub", "--quite"], 109, "--quiet"),
        (["sub", "-x"], 109, "-x"),
        (["run", "-a", "stdout", "ls"], 109, "-a"),
        (["run", "--nam", "x", "ls"], 109, "--name"),
        (["sub", "a", "b", "c", "d"], 109, "d"),
        (["sub", "-n"], 114, "-n"),
        (["sub", "--ttl", "soon"], 104, "soon"),
        (["sub", "--ttl", "-1"], 104, "-1"),
        (["sub", "--priority", "high"], 105, "strict"),
        (["sub", "-n", "x", "-a", "y"], 108, "--name"),
        (["sub", "--pin=maybe"], 104, "maybe"),
        (["sub", "--verbose=much"], 104, "much"),
        (["sub", "--nam", "x"], 109, "--name"),
    ],
)
def test_what_does_not_fit_is_named_and_has_its_code(
    words: list[str], code: int, named: str
) -> None:
    with pytest.raises(UsageError) as caught:
        parse(TOP, words)
    assert caught.value.code == code
    assert named in f"{caught.value.message} {caught.value.hint}"


def test_help_stops_reading() -> None:
    parsed = parse(TOP, ["sub", "--help", "--nonsense"])
    assert parsed.help
    assert parsed.command is SUB


def test_every_command_has_help_with_examples_that_fits_80_columns() -> None:
    from mm_cli.main import MODULES, TOP
    from mm_cli.report.help import help_text

    def walk(command: Command) -> None:
        text = help_text(command)
        assert command.summary in text
        assert max(map(len, text.splitlines())) <= 80, command.title
        assert command.examples, command.title
        for _, sub in command.subcommands.items():
            walk(sub)

    walk(TOP)
    assert set(TOP.subcommands) == set(MODULES)
