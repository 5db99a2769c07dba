"""Where packages come from: schemes, several channels, caching, offline, faults."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from harness import Micromamba

CREATE = ("create", "-y", "-n", "e")


def asked(server, suffix: str = "") -> list[str]:
    return [r["path"] for r in server.requests() if r["path"].endswith(suffix)]


@pytest.mark.parametrize("form", ["folder", "file url", "relative", "http"])
def test_a_channel_may_be_a_folder_or_an_address(
    mm: Micromamba, small_channel: Path, serve, form: str
) -> None:
    (mm.home / "here").symlink_to(small_channel)
    channel = {
        "folder": lambda: str(small_channel),
        "file url": lambda: small_channel.as_uri(),
        "relative": lambda: "./here",
        "http": lambda: serve(small_channel).url,
    }[form]()
    mm(*CREATE, "-c", channel, "greet")
    records = mm.records("e")
    assert records.keys() == {"greet", "greet-phrases", "greet-language"}
    assert records["greet"]["url"].endswith("/noarch/greet-2.0-demo_0.conda")
    assert mm("run", "-n", "e", "greet", "you").out.startswith("Bonjour, you")


def test_the_compressed_repodata_is_preferred(mm, small_channel, serve) -> None:
    server = serve(small_channel)
    mm(*CREATE, "-c", server.url, "greet")
    assert asked(server, "/noarch/repodata.json.zst") or asked(server, "shards.msgpack.zst")
    assert not asked(server, "/noarch/repodata.json")


def test_plain_repodata_is_enough(mm, small_channel, serve) -> None:
    server = serve(small_channel, faults=["path=*.zst,status=404"])
    mm(*CREATE, "-c", server.url, "greet")
    assert asked(server, "/noarch/repodata.json")


def test_fresh_repodata_is_not_asked_for_again(mm, small_channel, serve) -> None:
    server = serve(small_channel)
    mm(*CREATE, "-c", server.url, "greet")
    before = len(server.requests())
    mm("search", "-c", server.url, "greet")
    assert len(server.requests()) == before


def test_stale_repodata_is_asked_about_not_fetched_again(mm, small_channel, serve) -> None:
    server = serve(small_channel)
    mm("search", "-c", server.url, "greet")
    before = len(server.requests())
    mm("search", "-c", server.url, "greet", "--repodata-ttl", "0")
    again = [r for r in server.requests()[before:] if r["path"].startswith("/noarch/")]
    assert again
    assert {r["status"] for r in again} == {304}


def test_changed_repodata_is_seen(mm, build_channel, serve) -> None:
    channel = build_channel("changing", {"tool-1.0": {}})
    server = serve(channel)
    mm(*CREATE, "-c", server.url, "tool")
    build_channel("newer", {"tool-1.0": {}, "tool-2.0": {}})
    for path in (channel.parent / "newer").rglob("*"):
        if path.is_file():
            target = channel / path.relative_to(channel.parent / "newer")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    mm("install", "-y", "-n", "e", "-c", server.url, "tool>=2", "--repodata-ttl", "0")
    assert mm.records("e")["tool"]["version"] == "2.0"


def test_the_first_channel_wins_even_with_an_older_version(mm, build_channel) -> None:
    first = build_channel("first", {"tool-1.0": {}})
    second = build_channel("second", {"tool-2.0": {}, "other-1.0": {}})
    mm(*CREATE, "-c", first, "-c", second, "tool", "other")
    records = mm.records("e")
    assert records["tool"]["version"] == "1.0"
    assert records["other"]["version"] == "1.0"


def test_without_priority_the_newest_version_wins(mm, build_channel) -> None:
    first = build_channel("first", {"tool-1.0": {}})
    second = build_channel("second", {"tool-2.0": {}})
    channels = ("-c", first, "-c", second, "--channel-priority", "disabled")
    mm(*CREATE, *channels, "tool")
    assert mm.records("e")["tool"]["version"] == "2.0"


def test_strict_priority_hides_lower_channels(mm, build_channel) -> None:
    first = build_channel("first", {"tool-1.0": {}})
    second = build_channel("second", {"tool-2.0": {}})
    channels = ("-c", first, "-c", second)
    mm.fails(*CREATE, *channels, "--strict-channel-priority", "tool>=2")
    mm(*CREATE, *channels, "--channel-priority", "flexible", "tool>=2")


def test_the_same_artifact_name_in_two_channels_never_mixes(mm, build_channel) -> None:
    one = build_channel("one", {"tool-1.0": {"files": {"share/tool.txt": "one"}}})
    two = build_channel("two", {"tool-1.0": {"files": {"share/tool.txt": "two"}}})
    mm("create", "-y", "-n", "a", "-c", one, "tool")
    mm("create", "-y", "-n", "b", "-c", two, "tool")
    assert (mm.env("a") / "share/tool.txt").read_text() == "one"
    assert (mm.env("b") / "share/tool.txt").read_text() == "two"


def test_rc_file_channels_are_used_and_overridden(mm, build_channel) -> None:
    configured = build_channel("configured", {"tool-1.0": {}})
    given = build_channel("given", {"other-1.0": {}})
    (mm.home / ".condarc").write_text(f"channels:\n  - {configured}\n")
    mm(*CREATE, "tool")
    mm("install", "-y", "-n", "e", "-c", given, "other")
    done = mm.fails("create", "-y", "-n", "f", "--override-channels", "-c", given, "tool", "other")
    assert "tool" in done.err


def test_offline_uses_what_is_cached(mm, small_channel, serve) -> None:
    server = serve(small_channel)
    mm(*CREATE, "-c", server.url, "greet")
    before = len(server.requests())
    mm("create", "-y", "-n", "f", "-c", server.url, "greet", "--offline", "--repodata-ttl", "0")
    mm("create", "-y", "-n", "g", "-c", server.url, "greet", MAMBA_OFFLINE="1")
    assert len(server.requests()) == before


def test_offline_without_a_cache_says_so(mm, small_channel, serve) -> None:
    server = serve(small_channel)
    done = mm.fails(*CREATE, "-c", server.url, "greet", "--offline")
    assert "offline" in done.err.lower()
    assert server.requests() == []
    assert not mm.env("e").exists()


def test_a_missing_platform_subdir_is_no_error(mm, small_channel, serve) -> None:
    server = serve(small_channel)  # it has noarch only
    mm(*CREATE, "-c", server.url, "greet")
    assert any(r["status"] == 404 for r in server.requests())


def test_a_server_that_fails_at_first_is_tried_again(mm, small_channel, serve) -> None:
    server = serve(small_channel, faults=["path=/noarch/*,status=503,retry_after=0,times=2"])
    mm(*CREATE, "-c", server.url, "greet")


def test_a_dropped_download_is_tried_again(mm, small_channel, serve) -> None:
    server = serve(small_channel, faults=["path=*.conda,drop=50%,times=1"])
    mm(*CREATE, "-c", server.url, "greet")


def test_redirects_are_followed(mm, small_channel, serve) -> None:
    behind = serve(small_channel)
    front = serve(
        small_channel,
        faults=[
            f"path=/noarch/greet-2.0-demo_0.conda,redirect={behind.url}/noarch/greet-2.0-demo_0.conda"
        ],
    )
    mm(*CREATE, "-c", front.url, "greet")
    assert asked(behind) == ["/noarch/greet-2.0-demo_0.conda"]


def test_a_channel_behind_a_token_works_and_the_token_stays_secret(
    mm, small_channel, serve
) -> None:
    server = serve(small_channel, auth="token:tk-secret-1")
    url = server.url.replace("http://", "http://") + "/t/tk-secret-1"
    shown = mm(*CREATE, "-c", url, "greet")
    assert "tk-secret-1" not in shown.out + shown.err
    for path in (mm.env("e") / "conda-meta").iterdir():
        assert "tk-secret-1" not in path.read_text(), path


def test_a_wrong_password_is_one_clear_error(mm, small_channel, serve) -> None:
    server = serve(small_channel, auth="basic:user:right")
    url = server.url.replace("http://", "http://user:wrong@")
    done = mm.fails(*CREATE, "-c", url, "greet")
    assert "401" in done.err
    assert "wrong@" not in done.err


def test_https_needs_a_certificate_that_is_trusted(mm, small_channel, tmp_path) -> None:
    import ssl

    import trustme

    from serve import Server

    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))
    server = Server(small_channel)
    server.http.socket = context.wrap_socket(server.http.socket, server_side=True)
    with server:
        url = server.url.replace("http://", "https://")
        done = mm.fails(*CREATE, "-c", url, "greet")
        assert "certificate" in done.err.lower()
        mm(*CREATE, "-c", url, "greet", "--cacert-path", bundle)
        mm("create", "-y", "-n", "f", "-c", url, "greet", "--ssl-verify", bundle)
        mm("create", "-y", "-n", "g", "-c", url, "greet", "--ssl-verify", "false")


def test_records_name_the_channel_they_came_from(mm, small_channel, serve) -> None:
    server = serve(small_channel)
    mm(*CREATE, "-c", server.url, "greet")
    record = mm.records("e")["greet"]
    assert record["channel"].startswith(server.url)
    assert record["url"] == f"{server.url}/noarch/greet-2.0-demo_0.conda"
    repodata = json.loads((small_channel / "noarch/repodata.json").read_text())
    assert record["sha256"] == repodata["packages.conda"]["greet-2.0-demo_0.conda"]["sha256"]
