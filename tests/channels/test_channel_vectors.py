"""The behaviour of the reference, case by case; and where ours differs on purpose."""

from __future__ import annotations

import json
import os
from base64 import b64encode
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import msgspec
import pytest

from mm_channels.channel import ChannelContext, CondaURL, UnresolvedChannel, resolve_channels
from mm_channels.credentials import CredentialLookup
from mm_channels.errors import InvalidChannel
from mm_channels.index.subdir import package_base_url
from mm_channels.masking import mask_secrets, strip_credentials
from mm_channels.repodata.state import cache_name, is_fresh
from mm_channels.transport.credentials import Credentials
from mm_channels.transport.proxies import configured_proxy
from mm_channels.transport.retry import is_retryable, is_success

VECTORS = json.loads(
    (Path(__file__).parents[1] / "data" / "vectors_channels.json").read_text("utf-8")
)
CASES: list[dict[str, Any]] = VECTORS["cases"]

DEFERRED_KINDS = {
    "valid_url_token": "in a URL any token is recognised; stored ones are percent-encoded",
    "oci_split": "no OCI mirrors yet",
    "oci_requests": "no OCI mirrors yet",
    "mirror_kind": "no mirrors yet",
    "http_mirror_url": "no mirrors yet",
    "shard_url": "no sharded repodata yet",
    "package_cache_subdir": "the package cache is mm-pkg's",
    "extracted_dir_record": "the package cache is mm-pkg's",
}

DIFFERENT = {
    "parse-030": "emscripten-wasm32 is a platform like any other",
    "parse-032": "a folder in the middle of a path keeps its name",
    "resolve-066": "a URL below a custom channel is not that channel",
    "mask-092": "the whole token is masked",
}
"""Cases with another outcome on purpose; each has a test of its own below."""


def cases(kind: str) -> list[Any]:
    chosen = [c for c in CASES if c["kind"] == kind and c["id"] not in DIFFERENT]
    return [pytest.param(case, id=case["id"]) for case in chosen]


def test_every_kind_is_covered_or_deferred() -> None:
    covered = {
        "parse", "resolve", "mask_log_text", "strip_credentials_text", "proxy_match",
        "auth_lookup", "cache_basename",
        "shard_base_url", "cache_freshness", "http_status", "format_preference",
    }  # fmt: skip
    assert covered | set(DEFERRED_KINDS) == {case["kind"] for case in CASES}
    assert not covered & set(DEFERRED_KINDS)


@pytest.mark.parametrize("case", cases("parse"))
def test_parse(case: dict[str, Any]) -> None:
    expected = case["expect"]
    if expected.get("error"):
        with pytest.raises(InvalidChannel):
            UnresolvedChannel.parse(case["input"])
        return
    parsed = UnresolvedChannel.parse(case["input"])
    assert (parsed.kind, parsed.location, list(parsed.platforms)) == (
        expected["type"],
        expected["location"],
        expected["platform_filters"],
    )


def context_of(config: dict[str, Any]) -> ChannelContext:
    defaults = VECTORS["meta"]["defaults"]
    options = {}
    if "default_channels" in config:
        options["default_channels"] = config["default_channels"]
    return ChannelContext(
        platforms=(config.get("platform", defaults["platform"]), "noarch"),
        channel_alias=config.get("channel_alias", defaults["channel_alias"]),
        custom_channels=config.get("custom_channels", {}),
        custom_multichannels=config.get("custom_multichannels", {}),
        home=Path(config.get("home", defaults["home"])),
        cwd=Path(config.get("cwd", defaults["cwd"])),
        **options,
    )


@pytest.mark.parametrize(
    "case", [p for p in cases("resolve") if "auth" not in p.values[0].get("config", {})]
)
def test_resolve(case: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    config = case["config"]
    existing = {f"{parent}/conda-bld" for parent in config.get("conda_bld_parents", ())}
    monkeypatch.setattr(os.path, "isdir", lambda path: str(path) in existing)
    channels = resolve_channels([case["input"]], context_of(config))
    expected = case["expect"]["channels"]
    assert [channel.name for channel in channels] == [want["display_name"] for want in expected]
    for channel, want in zip(channels, expected, strict=True):
        assert list(channel.platforms) == want["platforms"]
        if want["url"] is None:
            assert channel.url == ""
            continue
        assert channel.location is not None
        assert channel.location.reveal() == want["url"]
        assert str(channel.location) == want["masked_url"]
        assert channel.url == want["public_url"]
        urls = [subdir.location.reveal() for subdir in channel.subdirs]
        assert (urls or [channel.location.reveal()]) == want["platform_urls"]


@pytest.mark.parametrize(
    "case", [p for p in cases("resolve") if "auth" in p.values[0].get("config", {})]
)
def test_stored_credentials_join_those_of_the_url(case: dict[str, Any], tmp_path: Path) -> None:
    """Secrets never enter a channel: they are joined with its URL when that is asked for."""
    config = case["config"]
    stored = {key: dict(entry) for key, entry in config["auth"].items()}
    for entry in stored.values():
        if "password" in entry:
            entry["password"] = b64encode(entry["password"].encode()).decode()
    known = Credentials(store_of(tmp_path, stored))
    (channel,) = resolve_channels([case["input"]], context_of(config))
    (want,) = case["expect"]["channels"]
    assert (channel.name, channel.url) == (want["display_name"], want["public_url"])
    assert channel.location is not None
    known.learn(channel.location)
    for subdir, wanted in zip(channel.subdirs, want["platform_urls"], strict=True):
        location = CondaURL.parse(wanted)
        headers = {}
        if location.user:
            plain = f"{unquote(location.user)}:{unquote(location.password)}"
            headers["Authorization"] = f"Basic {b64encode(plain.encode()).decode()}"
        elif any(entry["type"] == "BearerToken" for entry in stored.values()):
            headers["Authorization"] = "Bearer tok"
        public = msgspec.structs.replace(location, user="", password="").reveal()
        assert known.apply(subdir.url) == (public, headers)


def store_of(home: Path, entries: dict[str, Any]) -> CredentialLookup:
    path = home / ".mamba" / "auth" / "authentication.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(entries))
    return CredentialLookup(home, {})


@pytest.mark.parametrize("case", cases("auth_lookup"))
def test_lookup(case: dict[str, Any], tmp_path: Path) -> None:
    asked = case["input"]
    stored = store_of(tmp_path, {asked["stored_key"]: {"type": "BearerToken", "token": "tok"}})
    assert (stored.find(CondaURL.parse(asked["query"])) is not None) is case["expect"]


@pytest.mark.parametrize("case", cases("mask_log_text"))
def test_mask(case: dict[str, Any]) -> None:
    assert mask_secrets(case["input"]) == case["expect"]


@pytest.mark.parametrize("case", cases("strip_credentials_text"))
def test_strip(case: dict[str, Any]) -> None:
    assert strip_credentials(case["input"]) == case["expect"]


@pytest.mark.parametrize("case", cases("proxy_match"))
def test_proxy(case: dict[str, Any]) -> None:
    assert configured_proxy(case["input"], case["config"]["proxy_servers"]) == case["expect"]


@pytest.mark.parametrize("case", cases("cache_basename"))
def test_cache_name(case: dict[str, Any]) -> None:
    assert cache_name(case["input"]) == case["expect"]


@pytest.mark.parametrize("case", cases("shard_base_url"))
def test_base_url(case: dict[str, Any]) -> None:
    given = case["input"]
    found = package_base_url(given["repodata_url"], given["base_url"])
    assert found == case["expect"].rstrip("/") + "/"


@pytest.mark.parametrize("case", cases("cache_freshness"))
def test_freshness(case: dict[str, Any]) -> None:
    given = case["input"]
    fresh = is_fresh(
        given["age_seconds"],
        given["cache_control"],
        given["local_repodata_ttl"],
        offline=given["offline"],
    )
    assert fresh is case["expect"]


@pytest.mark.parametrize("case", cases("http_status"))
def test_http_status(case: dict[str, Any]) -> None:
    assert is_success(case["input"]) is case["expect"]["success"]
    assert is_retryable(case["input"]) is case["expect"]["retryable"]


@pytest.mark.parametrize("case", cases("format_preference"))
def test_format_preference(case: dict[str, Any], tmp_path: Path, load: Any) -> None:
    fns = [*case["input"]["packages"], *case["input"]["packages.conda"]]
    document: dict[str, Any] = {"packages": {}, "packages.conda": {}}
    for fn in fns:
        section = "packages" if fn.endswith(".tar.bz2") else "packages.conda"
        name, version, build = fn.removesuffix(".tar.bz2").removesuffix(".conda").split("-")
        document[section][fn] = {
            "name": name, "version": version, "build": build, "build_number": 0,
        }  # fmt: skip
    (tmp_path / "c" / "noarch").mkdir(parents=True)
    (tmp_path / "c" / "noarch" / "repodata.json").write_text(json.dumps(document))
    (index,) = load(f"{tmp_path}/c[noarch]")
    assert sorted(index.packages("a")) == case["expect"]


# Where ours differs on purpose -----------------------------------------------------------------


def test_emscripten_is_a_platform() -> None:
    parsed = UnresolvedChannel.parse("emscripten-forge/emscripten-wasm32")
    assert (parsed.location, parsed.platforms) == ("emscripten-forge", ("emscripten-wasm32",))


@pytest.mark.parametrize(
    ("text", "location", "platforms"),
    [
        ("/data/win-64/chan", "/data/win-64/chan", ()),
        ("/data/chan/win-64", "/data/chan", ("win-64",)),
        ("/data/chan/win-64/", "/data/chan", ("win-64",)),
        ("https://h/noarch/c", "https://h/noarch/c", ()),
        ("xnoarch", "xnoarch", ()),
    ],
)
def test_a_platform_is_the_last_part_of_a_path(
    text: str, location: str, platforms: tuple[str, ...]
) -> None:
    parsed = UnresolvedChannel.parse(text)
    assert (parsed.location, parsed.platforms) == (location, platforms)


def test_a_url_below_a_custom_channel_keeps_the_rest_of_its_path() -> None:
    context = ChannelContext(platforms=("noarch",))
    (channel,) = resolve_channels(["https://repo.anaconda.com/pkgs/main/label/dev"], context)
    assert channel.name == "pkgs/main/label/dev"


def test_of_several_custom_channels_the_closest_names_a_url() -> None:
    custom = {"a": "https://h/x/a", "b": "https://h/x/a/y/b"}
    context = ChannelContext(platforms=("noarch",), custom_channels=custom)
    (channel,) = resolve_channels(["https://h/x/a/y/b/z"], context)
    assert channel.name == "b/z"


def test_whole_tokens_are_masked() -> None:
    assert mask_secrets("https://h/t/abc.def.ghi/chan") == "https://h/t/*****/chan"
    assert CondaURL.parse("https://h/t/abc.d_f~1/chan").public == "https://h/chan"


def test_a_multichannel_in_a_multichannel_gives_all_its_channels() -> None:
    multi = {"all": ["defaults", "conda-forge"]}
    context = ChannelContext(platforms=("noarch",), custom_multichannels=multi)
    found = resolve_channels(["all"], context)
    assert [channel.name for channel in found] == ["pkgs/main", "pkgs/r", "conda-forge"]


def test_a_multichannel_that_contains_itself_is_an_error() -> None:
    context = ChannelContext(
        platforms=("noarch",), custom_multichannels={"x": ["y"], "y": ["c", "x"]}
    )
    with pytest.raises(InvalidChannel, match="contains itself"):
        resolve_channels(["x"], context)


def test_channels_come_once_and_nodefaults_is_none() -> None:
    context = ChannelContext(platforms=("noarch",))
    found = resolve_channels(["c", "nodefaults", "https://conda.anaconda.org/c", "c"], context)
    assert [channel.name for channel in found] == ["c"]


def test_alias_may_be_a_folder() -> None:
    context = ChannelContext(platforms=("noarch",), channel_alias="chans", cwd=Path("/w"))
    (channel,) = resolve_channels(["a b"], context)
    assert channel.location is not None
    assert channel.location.local_path() == "/w/chans/a b"


def test_credentials_apply_below_their_channel_only() -> None:
    known = Credentials()
    known.learn(CondaURL.parse("https://me:p%40ss@h/t/ab-1/chan"))
    url, headers = known.apply("https://h/chan/noarch/x.conda")
    assert url == "https://h/t/ab-1/chan/noarch/x.conda"
    assert headers == {"Authorization": "Basic bWU6cEBzcw=="}
    for other in ("https://h/channel/x", "http://h/chan/x", "https://g/chan/x", "https://h:8/chan"):
        assert known.apply(other) == (other, {})
