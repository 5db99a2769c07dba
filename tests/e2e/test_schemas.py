"""The published schemas (docs/schemas): every document that is printed keeps to its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from harness import Micromamba, Result
from referencing import Registry, Resource

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "schemas"
NAMES = sorted(path.name for path in SCHEMAS.glob("*.json"))


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
