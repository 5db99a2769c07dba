"""Solving from shards (CEP 16), with the real program."""

from __future__ import annotations

import json

CREATE = ("create", "-y", "-n", "e")


def asked(server, part: str) -> list[str]:
    return [r["path"] for r in server.requests() if part in r["path"]]


def test_an_environment_from_shards_alone(mm, small_channel, serve) -> None:
    server = serve(small_channel, faults=["path=*/repodata.json*,status=404"])
    mm(*CREATE, "-c", server.url, "greet")
    assert mm.records("e").keys() == {"greet", "greet-phrases", "greet-language"}
    assert mm("run", "-n", "e", "greet", "you").out.startswith("Bonjour, you")
    assert len(asked(server, "/shards/")) >= 3
    # All of it is known now: a further solve asks for nothing, offline or not.
    before = len(server.requests())
    mm("create", "-n", "f", "--dry-run", "-c", server.url, "greet")
    mm("create", "-n", "f", "--dry-run", "--offline", "-c", server.url, "greet")
    assert len(server.requests()) == before
    listed = json.loads(mm("clean", "--index-cache", "--dry-run", "--json").out)
    assert any(path.endswith("/cache") for path in listed["removed"])
    mm("clean", "-y", "--index-cache")
    assert not list((mm.home / "..").glob("**/cache/shards"))


def test_the_settings_have_effect(mm, small_channel, serve) -> None:
    server = serve(small_channel)
    (mm.home / ".condarc").write_text("use_sharded_repodata: false\n")
    mm("create", "-n", "e", "--dry-run", "-c", server.url, "greet")
    assert not asked(server, "shards")
    assert asked(server, "/noarch/repodata.json.zst")
    (mm.home / ".condarc").write_text("repodata_shards_ttl: 0\nrepodata_shards_threads: 1\n")
    mm("clean", "-y", "--index-cache")
    for _ in range(2):
        mm("create", "-n", "e", "--dry-run", "-c", server.url, "greet")
    assert len(asked(server, "/noarch/repodata_shards.msgpack.zst")) == 2


def test_shards_that_are_gone_are_said_once_and_done_without(mm, small_channel, serve) -> None:
    server = serve(small_channel, faults=["path=*/shards/*,status=404"])
    result = mm(*CREATE, "-c", server.url, "greet")
    assert mm.records("e").keys() == {"greet", "greet-phrases", "greet-language"}
    assert result.err.count("flat repodata is used") == 1


def test_a_pattern_is_looked_for_in_the_flat_form(mm, small_channel, serve) -> None:
    server = serve(small_channel)
    mm("search", "-c", server.url, "greet*")
    # linux-64 is not there in either form; only then is the second one asked for
    assert asked(server, "shards") == ["/linux-64/repodata_shards.msgpack.zst"]
