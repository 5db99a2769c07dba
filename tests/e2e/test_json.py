"""--json prints exactly one document, whatever happens."""

from __future__ import annotations

import json

import pytest
from harness import Micromamba


def test_create_reports_prefix_and_actions(mm: Micromamba, small_channel) -> None:
    document = mm("create", "-n", "e", "-c", small_channel, "greet", "--json").json()
    assert document["success"] is True
    assert document["prefix"] == document["actions"]["PREFIX"] == str(mm.env("e"))
    assert document["dry_run"] is False
    linked = document["actions"]["LINK"]
    assert [p["name"] for p in linked] == ["greet-language", "greet-phrases", "greet"]
    assert {p["name"] for p in document["actions"]["FETCH"]} == {p["name"] for p in linked}
    greet = linked[-1]
    record = mm.records("e")["greet"]
    for key in ("version", "build", "build_number", "url", "sha256", "md5", "size", "depends"):
        assert greet[key] == record[key], key
    assert greet["build_string"] == greet["build"]


def test_dry_run_reports_what_would_happen(mm, small_channel) -> None:
    words = ("create", "-n", "e", "-c", small_channel, "greet", "--dry-run", "--json")
    document = mm(*words).json()
    assert document["dry_run"] is True
    assert document["success"] is True
    assert len(document["actions"]["LINK"]) == 3
    assert not mm.env("e").exists()


def test_dry_run_without_specs_is_the_documented_object(mm) -> None:
    prefix = str(mm.env("e"))
    assert mm("create", "-n", "e", "--dry-run", "--json").json() == {
        "actions": {"FETCH": [], "PREFIX": prefix},
        "dry_run": True,
        "log_history": [],
        "prefix": prefix,
        "success": True,
    }


def test_install_and_remove_report_link_and_unlink(mm, small_channel) -> None:
    mm("create", "-y", "-q", "-n", "e", "-c", small_channel, "greet=1.0")
    document = mm("install", "-n", "e", "-c", small_channel, "greet>=2", "--json").json()
    assert [p["version"] for p in document["actions"]["LINK"]] == ["2.0"]
    assert [p["version"] for p in document["actions"]["UNLINK"]] == ["1.0"]
    document = mm("remove", "-n", "e", "greet", "--json").json()
    assert {p["name"] for p in document["actions"]["UNLINK"]} == {
        "greet",
        "greet-phrases",
        "greet-language",
    }
    assert mm.records("e") == {}


def test_nothing_to_do_is_said(mm, small_channel) -> None:
    mm("create", "-y", "-q", "-n", "e", "-c", small_channel, "greet")
    document = mm("install", "-n", "e", "-c", small_channel, "greet", "--json").json()
    assert document["message"] == "All requested packages already installed"
    assert "actions" not in document


SUCCESSES = {
    "version": ("--version", "--json"),
    "info": ("info", "--json"),
    "list": ("list", "-n", "e", "--json"),
    "env list": ("env", "list", "--json"),
    "config list": ("config", "list", "--json"),
    "config sources": ("config", "sources", "--json"),
    "search": ("search", "-c", "CHANNEL", "greet", "--json"),
    "hook": ("shell", "hook", "-s", "bash", "--json"),
    "clean": ("clean", "--all", "-y", "--json"),
}


@pytest.mark.parametrize("words", SUCCESSES.values(), ids=SUCCESSES)
def test_one_document_on_success(mm, small_channel, words) -> None:
    mm("create", "-y", "-q", "-n", "e", "-c", small_channel, "greet-language")
    shown = mm(*[str(small_channel) if w == "CHANNEL" else w for w in words])
    assert isinstance(json.loads(shown.out), dict | list)


FAILURES = {
    "unknown option": (("create", "--no-such-option", "--json"), 109),
    "unknown command": (("frobnicate", "--json"), 109),
    "bad choice": (("install", "--channel-priority", "sometimes", "x", "--json"), 105),
    "no prefix": (("create", "greet", "--json"), 1),
    "missing prefix": (("install", "-n", "missing", "greet", "--json"), 1),
    "missing file": (("create", "-n", "e", "-f", "missing.yml", "--json"), 1),
    "bad spec": (("create", "-n", "e", "-c", "CHANNEL", "greet >=>= 1", "--json"), 1),
    "unknown package": (("create", "-n", "e", "-c", "CHANNEL", "no-such", "--json"), 1),
    "unreachable": (("create", "-n", "e", "-c", "http://127.0.0.1:9/x", "a", "--json"), 1),
    "list of nothing": (("list", "-n", "missing", "--json"), 1),
    "remove from nothing": (("remove", "-n", "missing", "x", "--json"), 1),
}


@pytest.mark.parametrize(("words", "code"), FAILURES.values(), ids=FAILURES)
def test_one_document_on_failure(mm, small_channel, words, code: int) -> None:
    done = mm.run(
        *[str(small_channel) if w == "CHANNEL" else w for w in words], MAMBA_REMOTE_MAX_RETRIES="0"
    )
    assert done.code == code, str(done)
    document = done.json()
    assert document["log_history"], str(done)
    assert document.get("success") is not True
    assert "Traceback" not in done.err
    assert not mm.env("e").exists()


def test_an_unsolvable_request_lists_its_problems(mm, build_channel) -> None:
    channel = build_channel(
        "knot",
        {"lib-1.0": {}, "a-1.0": {"depends": ["lib <1"]}, "b-1.0": {"depends": ["lib >=1"]}},
    )
    done = mm.run("create", "-n", "e", "-c", channel, "a", "b", "--json")
    assert done.code == 1
    document = done.json()
    assert document["success"] is False
    assert document["solver_problems"]
    assert all(isinstance(p, str) for p in document["solver_problems"])
