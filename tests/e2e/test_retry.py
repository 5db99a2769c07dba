"""--retry-clean-cache: where there is no solution, metadata is asked for anew."""

from __future__ import annotations

import pytest


@pytest.fixture
def grown(build_channel, mm, serve):
    """A server whose channel has got lib 2.0 since its metadata was cached, for a minute."""
    server = serve(build_channel("growing", {"lib-1.0": {}}))
    mm("create", "-y", "-q", "-n", "e", "-c", server.url, "lib")
    build_channel("growing", {"lib-2.0": {}})
    return server.url


@pytest.mark.parametrize("command", ["create", "install", "update", "why"])
def test_it_helps_where_the_cached_metadata_is_old(mm, grown: str, command: str) -> None:
    name = "f" if command == "create" else "e"
    words = [command, "-y", "-n", name, "-c", grown, "lib=2"]
    if command == "why":
        words = ["why", "lib", "--spec", "lib=2", "-c", grown]
    mm.fails(*words)
    done = mm(*words, "--retry-clean-cache")
    assert "once more, with metadata anew" in done.out
    if command != "why":
        assert mm.records(name)["lib"]["version"] == "2.0"


def test_it_is_a_setting_and_tried_once(mm, grown: str) -> None:
    words = ("create", "-n", "f", "-c", grown, "lib=3", "--json-stream")
    done = mm.run(*words, MAMBA_RETRY_CLEAN_CACHE="true")
    assert done.code == 1
    assert done.out.count('"event": "failed", ') == 2
    assert "lib 1.0|2.0" in done.out


def test_offline_there_is_nothing_to_ask(mm, grown: str) -> None:
    words = ("create", "-n", "f", "-c", grown, "lib=2", "--offline", "--retry-clean-cache")
    assert "once more" not in mm.fails(*words).out
