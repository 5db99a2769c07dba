"""The published schemas (docs/schemas): every document that is printed keeps to its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from harness import Micromamba, Result
from referencing import Registry, Resource

from mm_cli.command_line import Command
from mm_cli.main import TOP

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "schemas"
NAMES = sorted(path.name for path in SCHEMAS.glob("*.json"))

SHELL = (
    "activate", "completion", "deactivate", "deinit", "enable_long_path_support", "hook", "init",
    "reactivate", "reinit",
)  # fmt: skip

OF = {
    **dict.fromkeys(("create", "install", "update", "remove", "apply"), "transaction.json"),
    **dict.fromkeys(("env create", "env remove", "env rename", "env update"), "transaction.json"),
    **dict.fromkeys(("auth list", "auth login", "auth logout"), "auth.json"),
    **dict.fromkeys(("config list", "config describe"), "config-list.json"),
    **dict.fromkeys(
        ("config get", "config set", "config append", "config prepend"), "config-edit.json"
    ),
    **dict.fromkeys(("config remove", "config remove-key"), "config-edit.json"),
    **dict.fromkeys(
        (f"env config vars {each}" for each in ("list", "set", "unset")), "env-variables.json"
    ),
    **dict.fromkeys(("package extract", "package compress", "package transmute"), "package.json"),
    **dict.fromkeys(("ps", "ps list", "ps stop", "ps kill"), "processes.json"),
    **dict.fromkeys(("search", "repoquery search", "repoquery depends"), "query.json"),
    "repoquery whoneeds": "query.json",
    **dict.fromkeys((f"shell {each}" for each in SHELL), "shell.json"),
    "activate": "common.json",
    "clean": "clean.json",
    "config explain": "config-explain.json",
    "config sources": "config-sources.json",
    "constructor": "constructor.json",
    "env diff": "env-diff.json",
    "env export": "env-export.json",
    "env list": "env-list.json",
    "env lock": "env-lock.json",
    "info": "info.json",
    "list": "list.json",
    "self-update": "self-update.json",
    "shell": "common.json",
    "why": "why.json",
    "why-not": "why-not.json",
}
"""Command -> the schema of its document."""


@cache
def schemas() -> Registry[Any]:
    found = [Resource.from_contents(json.loads((SCHEMAS / name).read_text())) for name in NAMES]
    return Registry().with_resources([(each.contents["$id"], each) for each in found])


def validate(document: object, name: str) -> None:
    schema = schemas().contents(name)
    jsonschema.Draft202012Validator(schema, registry=schemas()).validate(document)


def check(result: Result, name: str, code: int = 0) -> dict[str, Any]:
    """The document of *result*, which ended with *code*, keeps to the schema *name*."""
    assert result.code == code, str(result)
    document = result.json()
    validate(document, name)
    assert document["success"] is (code == 0)
    return document


@pytest.mark.parametrize("name", NAMES)
def test_the_schemas_are_schemas(name: str) -> None:
    schema = json.loads((SCHEMAS / name).read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"] == name
    assert schema["title"]
    assert schema["description"]


def commands(command: Command) -> Iterator[Command]:
    """*command*, and all below it."""
    yield command
    for _, below in command.subcommands.items():
        yield from commands(below)


def test_every_command_with_a_document_has_a_schema() -> None:
    printing = {
        command.title.removeprefix("micromamba ")
        for command in commands(TOP)
        if command.run and any(option.key == "json" for option in command.options)
    }
    assert printing == set(OF)
    assert {*OF.values(), "event.json", "plan.json", "version.json"} == {*NAMES}


def test_the_list_of_schemas_is_complete() -> None:
    readme = (SCHEMAS / "README.md").read_text()
    for name in NAMES:
        assert f"[{name}]({name})" in readme
    for command, name in OF.items():
        row = next(line for line in readme.splitlines() if line.startswith(f"| [{name}]"))
        assert name == "common.json" or f"{command.split()[-1]}`" in row


@pytest.fixture
def channel(small_channel: Path) -> str:
    return str(small_channel)


@pytest.fixture
def json_of(mm: Micromamba) -> Callable[..., Result]:
    return lambda *words: mm.run(*words, "--json")


def test_transactions(mm: Micromamba, json_of, channel: str) -> None:
    words = ("-n", "e", "-c", channel, "--override-channels")
    check(json_of("create", *words, "greet=1.0", "--dry-run"), "transaction.json")
    made = check(json_of("create", *words, "greet=1.0"), "transaction.json")
    assert len(made["actions"]["LINK"]) == 3
    check(json_of("install", *words, "greet-language"), "transaction.json")
    changed = check(json_of("update", *words, "greet"), "transaction.json")
    assert changed["actions"]["UNLINK"]
    check(json_of("update", *words, "--all"), "transaction.json")
    check(json_of("remove", "-n", "e", "greet"), "transaction.json")
    check(json_of("install", "-n", "e"), "transaction.json")
    check(json_of("create", "-n", "empty"), "transaction.json")
    check(json_of("create", "-n", "none", "--dry-run"), "transaction.json")
    (mm.home / "environment.yml").write_text(f"channels: [{channel}]\ndependencies: [greet]\n")
    check(json_of("env", "update", "-n", "e", "-f", "environment.yml"), "transaction.json")


def test_failed_transactions(mm: Micromamba, json_of, channel: str, serve) -> None:
    words = ("-n", "e", "-c", channel, "--override-channels")
    unsolvable = check(json_of("create", *words, "greet>9"), "transaction.json", 1)
    assert unsolvable["solver_problems"]
    assert unsolvable["conflict"]["nodes"]
    check(json_of("create", *words, "greet[["), "transaction.json", 1)
    away = ("create", "-n", "e", "-c", "http://127.0.0.1:9/x", "greet", "--json")
    check(mm.run(*away, MAMBA_REMOTE_MAX_RETRIES="0"), "transaction.json", 1)
    check(json_of("create", "-n", "e", "-f", "nowhere.yml"), "transaction.json", 1)
    check(json_of("install", "-n", "nobody", "greet"), "transaction.json", 1)
    check(json_of("create", "greet"), "transaction.json", 1)
    check(json_of("create", "--no-such-option"), "transaction.json", 109)


def test_plans(mm: Micromamba, json_of, channel: str) -> None:
    words = ("-n", "e", "-c", channel, "--override-channels")
    (mm.home / "environment.yml").write_text(
        f"channels: [{channel}]\ndependencies: [greet]\nvariables: {{a: b}}\n"
    )
    plans = {
        "install": ("create", *words, "greet=1.0"),
        "empty": ("create", "-n", "e"),
        "file": ("create", "-n", "e", "-f", "environment.yml"),
    }
    for name, asked in plans.items():
        check(json_of(*asked, "--dry-run", "-o", f"{name}.json"), "transaction.json")
        validate(json.loads((mm.home / f"{name}.json").read_text()), "plan.json")
    applied = check(json_of("apply", "install.json"), "transaction.json")
    assert applied["actions"]["LINK"]
    check(json_of("apply", "install.json"), "transaction.json", 1)
    check(json_of("apply", "nowhere.json"), "transaction.json", 1)
    later = {"change": ("install", *words, "greet=2.0"), "removal": ("remove", "-n", "e", "greet")}
    for name, asked in later.items():
        check(json_of(*asked, "--dry-run", "-o", f"{name}.json"), "transaction.json")
        validate(json.loads((mm.home / f"{name}.json").read_text()), "plan.json")


def test_locks(mm: Micromamba, json_of, channel: str) -> None:
    words = ("env", "lock", "-c", channel, "--override-channels")
    for form in ("conda-lock", "pixi", "explicit"):
        document = check(json_of(*words, "greet", "--format", form), "env-lock.json")
        assert document["content"]
    platforms = ("--platform", "linux-64", "--platform", "osx-arm64")
    document = check(json_of(*words, "greet", *platforms, "-o", "l.yml"), "env-lock.json")
    assert document["files"] == [str(mm.home / "l.yml")]
    check(json_of(*words, "greet", *platforms, "-o", "l.yml", "--check"), "env-lock.json")
    check(json_of(*words, "greet=1.0", *platforms, "-o", "l.yml", "--check"), "env-lock.json", 1)
    check(json_of(*words, "greet>9"), "env-lock.json", 1)
    mm("create", "-y", "-n", "e", "-f", "l.yml", CONDA_SUBDIR="linux-64")
    check(json_of("env", "lock", "-n", "e"), "env-lock.json")
    check(json_of("env", "lock", "-n", "nobody"), "env-lock.json", 1)


def test_environments(mm: Micromamba, json_of, channel: str) -> None:
    mm("create", "-y", "-q", "-n", "e", "-c", channel, "--override-channels", "greet")
    styles = ((), ("--portable",), ("--from-history",), ("--explicit",), ("--file", "e.yml"))
    for words in styles:
        check(json_of("env", "export", "-n", "e", *words), "env-export.json")
    check(json_of("env", "export", "-n", "nobody"), "env-export.json", 1)
    vars_of = ("env", "config", "vars")
    assert check(json_of(*vars_of, "set", "-n", "e", "A=1"), "env-variables.json")["env_vars"]
    check(json_of("env", "export", "-n", "e"), "env-export.json")
    check(json_of(*vars_of, "list", "-n", "e"), "env-variables.json")
    check(json_of(*vars_of, "unset", "-n", "e", "A", "B"), "env-variables.json")
    check(json_of(*vars_of, "set", "-n", "e", "A"), "env-variables.json", 1)
    check(json_of("list", "-n", "e"), "list.json")
    check(json_of("list", "-n", "e", "--revisions"), "list.json")
    check(json_of("list", "-n", "nobody"), "list.json", 1)
    check(json_of("create", "-n", "f", "--clone", "e"), "transaction.json")
    check(json_of("remove", "-n", "f", "greet", "--force"), "transaction.json")
    check(json_of("env", "diff", "e", "f"), "env-diff.json")
    check(json_of("env", "diff", "f@0", "e"), "env-diff.json")
    check(json_of("env", "diff", "e", "f", "--exit-code"), "env-diff.json", 1)
    check(json_of("env", "diff", "e", "nobody"), "env-diff.json", 1)
    check(json_of("install", "-n", "f", "--revision", "0"), "transaction.json")
    check(json_of("install", "-n", "f", "--revision", "2"), "transaction.json")
    check(json_of("install", "-n", "f", "--revision", "9"), "transaction.json", 1)
    check(json_of("env", "rename", "-n", "f", "g", "--dry-run"), "transaction.json")
    check(json_of("env", "rename", "-n", "f", "g"), "transaction.json")
    check(json_of("env", "rename", "-n", "f", "g"), "transaction.json", 1)
    check(json_of("env", "remove", "-n", "g", "--dry-run"), "transaction.json")
    check(json_of("env", "remove", "-n", "g"), "transaction.json")
    check(json_of("env", "remove", "-n", "g"), "transaction.json", 1)
    check(json_of("env", "list"), "env-list.json")


def test_queries(json_of, channel: str) -> None:
    words = ("-c", channel, "--override-channels")
    check(json_of("search", *words, "greet"), "query.json")
    check(json_of("repoquery", "search", *words, "gret"), "query.json")
    check(json_of("repoquery", "depends", *words, "greet", "--recursive"), "query.json")
    check(json_of("repoquery", "depends", *words, "nothing"), "query.json")
    check(json_of("repoquery", "whoneeds", *words, "greet-language"), "query.json")
    check(json_of("repoquery", "whoneeds", *words, "nothing"), "query.json")
    check(json_of("repoquery", "depends", *words, "a", "b"), "query.json", 1)


def test_settings(json_of) -> None:
    check(json_of("config", "set", "always_yes", "true"), "config-edit.json")
    check(json_of("config", "append", "channels", "a,b"), "config-edit.json")
    check(json_of("config", "prepend", "channels", "c", "--dry-run"), "config-edit.json")
    check(json_of("config", "remove", "channels", "a"), "config-edit.json")
    check(json_of("config", "set", "custom_channels.lab", "file:///lab"), "config-edit.json")
    check(json_of("config", "get", "channels"), "config-edit.json")
    check(json_of("config", "get", "ssl_verify"), "config-edit.json")
    check(json_of("config", "set", "nonsense", "1"), "config-edit.json", 1)
    for words in ((), ("-a",), ("-a", "-s"), ("-a", "-d", "-g"), ("-a", "-l", "-s"), ("channels",)):
        check(json_of("config", "list", *words), "config-list.json")
    for words in ((), ("-l", "-g")):
        check(json_of("config", "describe", *words), "config-list.json")
    for key in ("channels", "always_yes", "custom_channels", "ssl_verify"):
        check(json_of("config", "explain", key), "config-explain.json")
    check(json_of("config", "explain", "nonsense"), "config-explain.json", 1)
    check(json_of("config", "sources"), "config-sources.json")
    check(json_of("config", "remove-key", "channels"), "config-edit.json")


def test_credentials(json_of) -> None:
    check(json_of("auth", "login", "a.org", "--token", "x"), "auth.json")
    check(json_of("auth", "login", "b.org", "--username", "me", "--password", "x"), "auth.json")
    listed = check(json_of("auth", "list"), "auth.json")
    assert "x" not in str(listed["credentials"])
    check(json_of("auth", "logout", "a.org"), "auth.json")
    check(json_of("auth", "logout", "a.org"), "auth.json", 1)
    check(json_of("auth", "logout", "--all"), "auth.json")
    check(json_of("auth", "login", "a.org"), "auth.json", 1)


def test_facts_about_the_installation(mm: Micromamba, json_of) -> None:
    for words in ((), ("--base",), ("--licenses",), ("-n", "nobody")):
        check(json_of("info", *words), "info.json")
    check(json_of("info", "--envs"), "env-list.json")
    check(json_of("self-update", "--dry-run"), "self-update.json")
    check(json_of("self-update"), "self-update.json", 1)
    check(json_of("--version"), "version.json")
    check(json_of("activate", "e"), "common.json", 1)
    check(json_of("activat", "e"), "common.json", 109)


def test_caches(json_of, channel: str) -> None:
    check(json_of("clean"), "clean.json")
    check(json_of("create", "-n", "e", "-c", channel, "--override-channels", "greet"), OF["create"])
    check(json_of("env", "remove", "-n", "e"), OF["env remove"])
    planned = check(json_of("clean", "--unused", "--budget", "1kB", "--dry-run"), "clean.json")
    assert planned["items"]
    assert check(json_of("clean", "--all"), "clean.json")["removed"]
    check(json_of("clean", "--budget", "much"), "clean.json", 104)


def test_archives(mm: Micromamba, json_of) -> None:
    (mm.home / "a/info").mkdir(parents=True)
    (mm.home / "a/info/index.json").write_text("{}")
    check(json_of("package", "compress", "a", "a-1-0.conda"), "package.json")
    check(json_of("package", "transmute", "a-1-0.conda"), "package.json")
    check(json_of("package", "extract", "a-1-0.conda", "b", "--dry-run"), "package.json")
    check(json_of("package", "extract", "a-1-0.tar.bz2", "b"), "package.json")
    check(json_of("package", "extract", "nothing.conda", "b"), "package.json", 1)
    (mm.home / "pkgs").mkdir()
    (mm.home / "pkgs/urls").write_text("")
    check(json_of("constructor", "-p", ".", "--extract-conda-pkgs"), "constructor.json")
    check(json_of("constructor", "--extract-conda-pkgs"), "constructor.json", 1)


def test_processes(mm: Micromamba, json_of) -> None:
    mm("create", "-y", "-q", "-n", "e")
    mm("run", "-n", "e", "--label", "sleeper", "--detach", "sleep", "60")
    assert check(json_of("ps"), "processes.json")["processes"]
    check(json_of("ps", "list"), "processes.json")
    check(json_of("ps", "stop", "sleeper"), "processes.json")
    check(json_of("ps", "kill", "nobody"), "processes.json", 1)


def test_shells(mm: Micromamba, json_of) -> None:
    mm("create", "-y", "-q", "-n", "e")
    bash = ("--shell", "bash")
    check(json_of("shell", "hook", *bash), "shell.json")
    check(json_of("shell", "completion", *bash), "shell.json")
    check(json_of("shell", "init", *bash, "--dry-run"), "shell.json")
    check(json_of("shell", "init", *bash), "shell.json")
    check(json_of("shell", "reinit"), "shell.json")
    check(json_of("shell", "deinit", *bash), "shell.json")
    check(json_of("shell", "activate", "e", *bash), "shell.json")
    active = {"CONDA_PREFIX": str(mm.env("e")), "CONDA_SHLVL": "1"}
    check(mm.run("shell", "reactivate", *bash, "--json", **active), "shell.json")
    check(mm.run("shell", "deactivate", *bash, "--json", **active), "shell.json")
    check(json_of("shell", "activate", "nobody", *bash), "shell.json", 1)


def test_a_wrong_document_is_found_out() -> None:
    good = {"success": True, "log_history": []}
    validate(good, "transaction.json")
    for wrong in (
        {**good, "success": False},
        {**good, "error": {"code": 1, "message": "x", "hint": ""}},
        {**good, "sucess": True},
        {**good, "actions": {"LINK": [{"name": "x"}], "PREFIX": "/x"}},
        {"success": True},
    ):
        with pytest.raises(jsonschema.ValidationError):
            validate(wrong, "transaction.json")
