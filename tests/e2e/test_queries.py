"""Questions to a real channel over HTTP, and what belongs to them, by the installed program."""

from __future__ import annotations

from pathlib import Path

import pytest
from harness import Micromamba


@pytest.fixture
def url(serve, small_channel: Path) -> str:
    return serve(small_channel).url


QUERIES = {
    "search": ("search", "greet"),
    "search glob": ("repoquery", "search", "greet*"),
    "depends": ("repoquery", "depends", "greet", "--tree"),
    "whoneeds": ("repoquery", "whoneeds", "greet-language", "--recursive"),
    "no match": ("repoquery", "whoneeds", "nothing"),
}


@pytest.mark.parametrize("words", QUERIES.values(), ids=QUERIES)
def test_each_query_is_answered_and_gives_one_document(mm: Micromamba, url: str, words) -> None:
    """Behaviour 61."""
    shown = mm(*words, "-c", url, "--override-channels")
    assert shown.out
    assert shown.err == ""
    document = mm(*words, "-c", url, "--override-channels", "--json", "-v").json()
    assert document["success"] is True
    assert set(document["query"]) == {"query", "type"}
    assert {"msg", "status", "pkgs"} <= set(document["result"])


FAILURES = {
    "network down": (("search", "x", "-c", "http://127.0.0.1:9/x"), 1),
    "bad spec": (("repoquery", "depends", "a =>= 1", "-c", "URL"), 1),
    "no prefix": (("repoquery", "whoneeds", "-n", "missing", "x"), 1),
    "two specs": (("repoquery", "depends", "a", "b", "-c", "URL"), 1),
    "no spec": (("search",), 106),
    "package": (("package", "extract", "missing-1-0.conda", "out"), 1),
    "transmute": (("package", "transmute", "missing.txt"), 1),
    "constructor": (("constructor", "--extract-conda-pkgs", "-p", "missing"), 1),
    "self-update": (("self-update",), 1),
    "clean": (("clean", "--budget", "lots"), 104),
}


@pytest.mark.parametrize(("words", "code"), FAILURES.values(), ids=FAILURES)
def test_each_failure_gives_one_document_and_its_code(mm, url: str, words, code: int) -> None:
    words = [url if word == "URL" else word for word in words]
    mm.fails(*words, code=code, MAMBA_REMOTE_MAX_RETRIES="0")
    done = mm.run(*words, "--json", MAMBA_REMOTE_MAX_RETRIES="0")
    assert done.code == code
    document = done.json()
    assert document["success"] is False
    assert document["error"]["code"] == code
    assert document["error"]["message"]


def test_offline_queries_take_what_is_cached(mm: Micromamba, url: str) -> None:
    channel = ("-c", url, "--override-channels")
    mm.fails("search", "greet", *channel, "--offline")
    mm("search", "greet", *channel)
    assert "greet-phrases" in mm("repoquery", "depends", "greet", *channel, "--offline").out


def test_a_misspelt_channel_is_suggested(mm: Micromamba, url: str) -> None:
    words = ("search", "x", "-c", "conda-frge", "--override-channels", "--channel-alias", url)
    assert "Did you mean 'conda-forge'?" in mm.fails(*words).err


def test_completion_knows_what_was_fetched(mm: Micromamba, url: str) -> None:
    mm("create", "-y", "-q", "-n", "e", "-c", url, "--override-channels", "greet-language")
    words = ("-c", url, "--override-channels", "greet-")
    assert mm("completer", "install", *words).out.split() == ["greet-language", "greet-phrases"]
    assert mm("completer", "activate", "").out.split() == ["base", "e"]
    assert mm("completer", "--nonsense").out == ""


def test_a_package_by_hand_is_one_that_can_be_installed(mm, small_channel: Path) -> None:
    """Behaviour 69: unpacked, packed and converted, it is still the same package."""
    archive = next((small_channel / "noarch").glob("greet-language-*.conda"))
    mm("package", "extract", archive, mm.home / "out")
    mm("package", "compress", mm.home / "out", mm.home / archive.name)
    mm("package", "transmute", mm.home / archive.name)
    (mm.home / archive.name).unlink()
    old = (mm.home / archive.name).with_suffix(".tar.bz2")
    mm("create", "-y", "-q", "-n", "e", old)
    mm("create", "-y", "-q", "-n", "f", archive)
    files = [mm.records(name)["greet-language"]["paths_data"] for name in "ef"]
    assert files[0] == files[1]


def test_a_cache_within_its_budget(mm: Micromamba, small_channel: Path) -> None:
    """The bytes told are those the disk gets back; what environments use stays."""
    mm("create", "-y", "-q", "-n", "kept", "-c", small_channel, "greet-language")
    mm("create", "-y", "-q", "-n", "gone", "-c", small_channel, "greet")
    mm("env", "remove", "-y", "-q", "-n", "gone")
    planned = mm("clean", "--unused", "--dry-run", "--json").json()
    done = mm("clean", "--budget", "0", "-y", "--json").json()
    assert done["freed"] == planned["freed"] > 0
    assert sorted(done["removed"]) == sorted(planned["removed"])
    left = {path.name.rsplit("-", 2)[0] for path in (mm.root / "pkgs").glob("*-*-*")}
    assert left == {"greet-language"}
    assert mm("clean", "--unused", "--json").json()["removed"] == []
