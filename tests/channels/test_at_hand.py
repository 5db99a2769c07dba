"""What indexes tell besides records: who may depend on a name, and names for suggestions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_channels import names_at_hand, repodata_at_hand
from mm_channels.channel import ChannelContext, resolve_channels
from mm_channels.errors import MalformedRepodata
from mm_channels.index.mentions import mentions
from mm_channels.repodata.cache import CacheFiles

NAMES = ("numpy", "numpy-base", "base", "a.b", "NumPy", "n+1")


@given(
    st.lists(st.sampled_from(NAMES)),
    st.sampled_from(["", " >=1", "=1", "[build=x]"]),
    st.sampled_from(["", "chan::", "chan/linux-64::"]),
    st.booleans(),
)
def test_what_mentions_a_name_is_never_missed(
    depends: list[str], version: str, channel: str, ascii_only: bool
) -> None:
    record = {"name": "x", "depends": [f"{channel}{name}{version}" for name in depends]}
    text = json.dumps(record, ensure_ascii=ascii_only).encode()
    for name in NAMES:
        if name.lower() in (each.lower() for each in depends):
            assert mentions(name.lower())(text)
    escaped = text.replace(b"numpy", b"\\u006eumpy")
    if "numpy" in depends:
        assert mentions("numpy")(escaped)


def test_most_of_what_does_not_is_told_apart() -> None:
    test = mentions("numpy")
    assert not test(b'{"depends": ["python >=3", "xnumpy"], "license": "BSD: numpy"}')
    assert not mentions("a.b")(b'["axb"]')


def test_an_index_names_those_that_may_depend(tmp_path: Path, load: Any, make: Any) -> None:
    document = make.repodata("user-1.0-0.conda", "none-1.0-0.conda", "both-1.0-0.conda")
    document["packages.conda"]["user-1.0-0.conda"]["depends"] = ["lib >=1"]
    document["packages.conda"]["both-1.0-0.conda"]["depends"] = ["Lib"]
    make.subdir(tmp_path / "c/noarch", document)
    (index,) = load(f"{tmp_path}/c[noarch]")
    assert sorted(index.names_mentioning("lib")) == ["both", "user"]
    assert sorted(index.names_mentioning("none")) == ["none"]


def channels(*urls: str) -> Any:
    return resolve_channels(list(urls), ChannelContext(platforms=("noarch",)))


def test_names_of_cached_indexes(tmp_path: Path, serve: Any, load: Any, make: Any) -> None:
    make.subdir(tmp_path / "served/noarch", make.repodata("one-1.0-0.conda", "two-1.0-0.conda"))
    server = serve(tmp_path / "served")
    caches = [tmp_path / "nowhere", load.cache]
    assert list(names_at_hand(channels(server.url), caches)) == []
    load(f"{server.url}[noarch]")
    assert sorted(names_at_hand(channels(server.url), caches)) == ["one", "two"]
    for index in load.cache.glob("*.index"):
        index.write_bytes(b"damaged")
    assert list(names_at_hand(channels(server.url), caches)) == []


def test_names_of_a_sharded_channel(tmp_path: Path, serve: Any, load: Any, make: Any) -> None:
    document = make.repodata("one-1.0-0.conda")
    make.subdir(tmp_path / "served/noarch", document)
    make.shards(tmp_path / "served/noarch", document)
    server = serve(tmp_path / "served")
    load.use_shards = True
    load(f"{server.url}[noarch]")
    assert not list(load.cache.glob("*.index"))
    assert list(names_at_hand(channels(server.url), [load.cache])) == ["one"]


def test_repodata_that_somebody_put_there(tmp_path: Path, make: Any) -> None:
    url = "https://host.invalid/chan/noarch"
    assert repodata_at_hand(tmp_path, url) is None
    path = Path(CacheFiles.of(tmp_path, f"{url}/repodata.json").json)
    path.write_text(json.dumps(make.repodata("one-1.0-0.conda")))
    index = repodata_at_hand(tmp_path, url)
    assert index is not None
    assert index.record("one", "one-1.0-0.conda").url == f"{url}/one-1.0-0.conda"
    assert (index.channel, index.subdir) == ("https://host.invalid/chan", "noarch")
    assert sorted(each.name for each in tmp_path.iterdir()) == [path.name]
    path.write_text("<html>")
    with pytest.raises(MalformedRepodata, match="web page"):
        repodata_at_hand(tmp_path, url)
