"""Every command in every outcome there may be: one valid document, and the right exit code."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import mm_config
from mm_cli.command_line import Command
from mm_cli.main import TOP

OK, FAILURE, USAGE, INTERRUPTED = 0, 1, 109, 130

CHANNEL, UNREACHABLE = ("-c", "CHANNEL", "--override-channels"), ("-c", "http://127.0.0.1:9/x")
E, NEW, NOBODY = ("-n", "e"), ("-n", "new"), ("-n", "nobody")

UNSATISFIABLE, BAD_SPEC = "greet>9", "greet >=>= 1"


class Row(NamedTuple):
    """How a command comes to each outcome: the words after it; None where it cannot.

    environment -- whether it needs one called ``e``
    """

    schema: str
    ok: tuple[str, ...] | None
    unsatisfiable: tuple[str, ...] | None = None
    network_down: tuple[str, ...] | None = None
    bad_spec: tuple[str, ...] | None = None
    no_prefix: tuple[str, ...] | None = None
    environment: bool = True


def request(target: tuple[str, ...], spec: str = "greet", schema: str = "transaction.json") -> Row:
    """Of a command that solves for specs."""
    return Row(
        schema,
        (*target, *CHANNEL, spec),
        (*target, *CHANNEL, UNSATISFIABLE),
        (*target, *UNREACHABLE, spec),
        (*target, *CHANNEL, BAD_SPEC),
        None if target in ((), NEW) else (*NOBODY, *CHANNEL, spec),
        environment=target == E,
    )


def query(schema: str = "query.json") -> Row:
    """Of a command that asks channels; that nothing is found is an answer."""
    away = ("--remote", *UNREACHABLE, "greet")
    words = ("--remote", *CHANNEL)
    return Row(schema, (*words, "greet"), None, away, (*words, BAD_SPEC), None, environment=False)


def target(schema: str, *words: str) -> Row:
    """Of a command that only needs an environment."""
    return Row(schema, (*E, *words), no_prefix=(*NOBODY, *words))


def free(*words: str, schema: str) -> Row:
    """Of a command that needs nothing."""
    return Row(schema, words, environment=False)


RC = ("--file", "TMP/rc")


def setting(*words: str) -> Row:
    """Of a command that edits a configuration file."""
    wrong = ("nonsense", "1", *RC)
    return Row("config-edit.json", (*words, *RC), None, None, wrong, environment=False)


REMOVE = Row(
    "transaction.json",
    (*E, "greet"),
    (*E, "no-such-package"),
    None,
    (*E, BAD_SPEC),
    (*NOBODY, "greet"),
)
WHY = request(E, schema="why.json")

TABLE = {
    "create": request(NEW)._replace(no_prefix=(*CHANNEL, "greet")),
    "env create": request(NEW)._replace(no_prefix=(*CHANNEL, "greet")),
    "install": request(E, "greet=1.0"),
    "update": request(E, "greet"),
    "upgrade": request(E, "greet"),
    "env update": Row(
        "transaction.json",
        (*E, "-f", "FILE"),
        (*E, "-f", "FILE", UNSATISFIABLE),
        (*E, *UNREACHABLE, "--override-channels", "greet=1"),
        (*E, "-f", "FILE", BAD_SPEC),
        (*NOBODY, "-f", "FILE"),
    ),
    "remove": REMOVE,
    "uninstall": REMOVE,
    "env lock": request((), schema="env-lock.json")._replace(no_prefix=NOBODY),
    "why": Row(
        "why.json",
        (*E, "greet-language"),
        ("greet", "--spec", UNSATISFIABLE, *CHANNEL),
        ("greet", "--spec", "greet", *UNREACHABLE),
        (*E, BAD_SPEC),
        (*NOBODY, "greet"),
    ),
    "why-not": Row(
        "why-not.json",
        (*E, *CHANNEL, "greet=1.0"),
        (*E, *CHANNEL, UNSATISFIABLE),
        (*E, *UNREACHABLE, "greet=1.0"),
        (*E, *CHANNEL, BAD_SPEC),
        (*NOBODY, "greet"),
    ),
    "search": query(),
    "repoquery search": query(),
    "repoquery depends": query(),
    "repoquery whoneeds": query(),
    "list": target("list.json"),
    "env export": target("env-export.json"),
    "env remove": target("transaction.json"),
    "env rename": target("transaction.json", "renamed"),
    "env diff": Row("env-diff.json", ("e", "e"), no_prefix=("e", "nobody")),
    "env config vars list": target("env-variables.json"),
    "env config vars set": target("env-variables.json", "A=1"),
    "env config vars unset": target("env-variables.json", "A"),
    "env list": free(schema="env-list.json"),
    "info": free(schema="info.json"),
    "clean": free("--all", schema="clean.json"),
    "config list": free("--all", schema="config-list.json"),
    "config sources": free(schema="config-sources.json"),
    "config describe": free(schema="config-list.json"),
    "config explain": Row(
        "config-explain.json", ("channels",), None, None, ("nonsense",), environment=False
    ),
    "config get": free("channels", *RC, schema="config-edit.json"),
    "config set": setting("always_yes", "true"),
    "config append": setting("channels", "x"),
    "config prepend": setting("channels", "x"),
    "config remove": setting("channels", "x"),
    "config remove-key": free("channels", *RC, schema="config-edit.json"),
    "package extract": Row("package.json", ("ARCHIVE", "TMP/out"), None, None, ("FILE", "TMP/out")),
    "package transmute": Row("package.json", ("ARCHIVE",), None, None, ("FILE",)),
    "auth list": free(schema="auth.json"),
    "auth login": free("a.org", "--token", "x", schema="auth.json"),
    "auth logout": free("--all", schema="auth.json"),
    "ps": free(schema="processes.json"),
    "ps list": free(schema="processes.json"),
    "self-update": free("--dry-run", schema="self-update.json"),
    "apply": Row("transaction.json", ("PLAN",), None, None, ("FILE",), environment=False),
}

OUTCOMES = ("unsatisfiable", "network_down", "bad_spec", "no_prefix")

ELSEWHERE = {
    "activate": "always fails: a shell handles it",
    "constructor": "reads an installer's folder",
    "package compress": "the other direction of package extract",
    "ps kill": "of processes",
    "ps stop": "of processes",
    "run": "has no --json: the output is the program's",
    "shell": "code for shells",
}
"""Commands that have their own tests of this."""


@pytest.fixture
def world(user, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A user, and files that words in the table name."""
    monkeypatch.setenv("MAMBA_REMOTE_MAX_RETRIES", "0")
    file = tmp_path / "environment.yml"
    file.write_text(f"channels: [{user.channel}]\ndependencies: [greet]\n")
    (tmp_path / "rc").write_text("channels: [x]\n")
    plan = tmp_path / "plan.json"
    user.change("create", *NEW, "greet", "--dry-run", "-o", str(plan))
    archive = next(user.channel.glob("noarch/greet-2*.conda"))
    copied = tmp_path / archive.name
    copied.write_bytes(archive.read_bytes())
    user.places = {
        "CHANNEL": user.channel, "FILE": file, "PLAN": plan, "TMP": tmp_path, "ARCHIVE": copied,
    }  # fmt: skip
    return user


def filled(user, words: tuple[str, ...]) -> list[str]:
    filled_in = []
    for word in words:
        for name, path in user.places.items():
            word = word.replace(name, str(path)) if name in word else word
        filled_in.append(word)
    return filled_in


@pytest.mark.parametrize("title", TABLE)
def test_outcomes(title: str, world) -> None:
    row = TABLE[title]
    if row.environment:
        assert world.change("create", *E, "greet") == OK, world.err
    for outcome in OUTCOMES:
        words = getattr(row, outcome)
        if words is not None:
            said = filled(world, words)
            document = world.document(row.schema, *title.split(), *said, code=FAILURE)
            error = document["error"]
            assert error["code"] == FAILURE
            assert error["message"], outcome
            assert "Internal error" not in error["message"], (outcome, error)
    assert world.document(row.schema, *title.split(), "--no-such-option", code=USAGE)
    assert row.ok is not None
    world.document(row.schema, *title.split(), *filled(world, row.ok))


@pytest.mark.parametrize("title", TABLE)
def test_interrupted(title: str, world, monkeypatch: pytest.MonkeyPatch) -> None:
    row = TABLE[title]
    assert row.ok is not None

    def interrupted(*_: object, **__: object) -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(mm_config, "load", interrupted)
    words = [*title.split(), *filled(world, row.ok)]
    document = world.document(row.schema, *words, code=INTERRUPTED)
    assert document["error"]["code"] == INTERRUPTED
    assert world.run(*words) == INTERRUPTED
    assert world.err.endswith("critical libmamba Interrupted.\n")


def leaves(command: Command, path: tuple[str, ...] = ()) -> Iterator[str]:
    for name, sub in command.subcommands.items():
        yield from leaves(sub, (*path, name))
        if sub.run is not None:
            yield " ".join((*path, name))


def test_no_command_is_forgotten() -> None:
    covered = TABLE.keys() | ELSEWHERE.keys()
    titles = list(leaves(TOP))
    missing = [t for t in titles if t not in covered and t.split()[0] not in ELSEWHERE]
    assert missing == []
