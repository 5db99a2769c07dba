"""Shards and indexes as hostile servers may send them: read without surprises, or not at all."""

from __future__ import annotations

import contextlib
from io import BytesIO
from typing import Any

import msgspec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from mm_channels.shards.compression import decompress
from mm_channels.shards.index_document import read_index, shards_base_url
from mm_channels.shards.shard import DamagedShard, Shard, read_record, read_shard
from mm_channels.shards.shard_document import parse_shard
from mm_channels.transport.sink import Received

URL = "https://h/c/noarch/repodata_shards.msgpack.zst"


def packed(value: Any) -> bytes:
    return zstandard.compress(msgspec.msgpack.encode(value))


def details(data: bytes, fn: str) -> Any:
    """The whole record of a kept shard."""
    extent = read_shard(BytesIO(data).read).extent(fn)
    return read_record(data[extent.offset : extent.offset + extent.length], extent)


def entry(name: str = "b", **more: Any) -> dict[str, Any]:
    return {"name": name, "version": "1", "build": "0", "build_number": 0, **more}


def read(**sections: Any) -> tuple[Shard, bytes]:
    keys = {key.replace("conda", "packages.conda"): value for key, value in sections.items()}
    shard, data = parse_shard(packed(keys), "b")
    kept = read_shard(BytesIO(data).read)
    assert list(kept.records) == list(shard.records)
    assert kept.left_out == shard.left_out
    assert kept.name == "b"
    return kept, data


# Shards -------------------------------------------------------------------------------------------


def test_a_conda_hides_the_older_format() -> None:
    shard, _ = read(
        conda={"b-1-0.conda": entry()},
        packages={"b-1-0.tar.bz2": entry(), "b-0-0.tar.bz2": entry()},
    )
    assert list(shard.records) == ["b-1-0.conda", "b-0-0.tar.bz2"]


def test_what_was_removed_is_not_offered() -> None:
    conda = {"b-1-0.conda": entry(), "b-2-0.conda": entry(version="2")}
    assert list(read(conda=conda, removed=["b-2-0.conda"])[0].records) == ["b-1-0.conda"]
    # Also where something else in the shard is odd.
    conda["b-3-0.conda"] = {}
    assert list(read(conda=conda, removed=["b-2-0.conda"])[0].records) == ["b-1-0.conda"]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (entry(version=1), "version"), (entry(depends="python"), "depends"),
        (entry(depends=[1]), "depends"), (entry(build_number="0"), "build_number"),
        (entry(timestamp="now"), "timestamp"), ({}, "required"), (7, "not a map"),
        (None, "not a map"), (entry("c"), "its name is 'c'"),
    ],
)  # fmt: skip
def test_a_record_that_cannot_be_used_is_left_out(wrong: Any, why: str) -> None:
    shard, data = read(conda={"b-1-0.conda": entry(), "b-2-0.conda": wrong})
    assert list(shard.records) == ["b-1-0.conda"]
    assert list(shard.left_out) == ["b-2-0.conda"]
    assert why in shard.left_out["b-2-0.conda"]
    assert details(data, "b-1-0.conda") == entry()


@pytest.mark.parametrize("fn", ["../b-1-0.conda", "x\\b-1-0.conda", "b-1-py3.whl", "b", ""])
def test_what_is_no_archive_is_no_package(fn: str) -> None:
    shard, _ = read(conda={fn: entry()})
    assert not shard.records
    assert not shard.left_out


@pytest.mark.parametrize(
    "value", [b"\x0a" * 16, "0a" * 16, [10] * 16, msgspec.msgpack.Ext(5, b"\x0a" * 16)]
)
def test_hashes_become_text(value: Any) -> None:
    _, data = read(conda={"b-1-0.conda": entry(md5=value, legacy_bz2_md5=b"\1\2")})
    assert details(data, "b-1-0.conda") == entry(md5="0a" * 16, legacy_bz2_md5="0102")


def test_keys_may_be_binary() -> None:
    content = {b"packages.conda": {b"b-1-0.conda": {b"name": "b", **entry(size=7)}}}
    shard, data = parse_shard(packed(content), "b")
    assert list(shard.records) == ["b-1-0.conda"]
    assert details(data, "b-1-0.conda") == entry(size=7)


@pytest.mark.parametrize("content", [b"", [], 1, {"packages": 1}, {"packages.conda": [1]}])
def test_what_is_no_shard_is_refused(content: Any) -> None:
    with pytest.raises(ValueError, match=r"it is|its"):
        parse_shard(packed(content), "b")


def test_an_empty_map_has_no_packages() -> None:
    assert not read()[0].records
    assert not read(conda=None, packages={}, v3=[1])[0].records


def test_a_shard_with_many_records_is_read_in_two_steps() -> None:
    conda = {f"b-{n}-0.conda": entry(version=str(n), depends=["x" * 50]) for n in range(900)}
    shard, data = read(conda=conda)
    assert list(shard.records) == list(conda)
    assert details(data, "b-899-0.conda") == conda["b-899-0.conda"]


nested = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text()
    | st.binary(),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.text() | st.binary() | st.integers(0, 9), inner, max_size=4),
)  # fmt: skip
loose = st.dictionaries(
    st.sampled_from(["b-1-0.conda", "b-2-0.conda", "b-1-0.tar.bz2"]),
    st.dictionaries(
        st.sampled_from(["name", "version", "build", "build_number", "depends", "md5", "x"]),
        st.sampled_from(["b", "1", 0, [], ["a"], None, b"x"]) | nested,
    )
    | nested,
)


@given(
    st.fixed_dictionaries(
        {},
        optional={"packages": loose | nested, "packages.conda": loose | nested, "removed": nested},
    )
    | nested
)
def test_any_content_is_a_shard_or_refused(content: Any) -> None:
    try:
        shard, data = parse_shard(packed(content), "b")
    except ValueError:
        return
    kept = read_shard(BytesIO(data).read)
    assert list(kept.records) == list(shard.records)
    for fn, record in kept.records.items():
        assert record.name == "b"
        assert details(data, fn)["version"] == record.version


@given(st.binary())
def test_any_bytes_are_refused(data: bytes) -> None:
    for what in (data, zstandard.compress(data)):
        try:
            shard, _ = parse_shard(what, "b")
        except ValueError:
            continue
        assert not shard.records


@given(st.data())
def test_any_damage_of_what_is_kept_is_noticed(data: st.DataObject) -> None:
    _, kept = parse_shard(packed({"packages.conda": {"b-1-0.conda": entry(size=7)}}), "b")
    where = data.draw(st.integers(0, len(kept) - 1))
    flipped = bytearray(kept)
    flipped[where] ^= 1 << data.draw(st.integers(0, 7))
    for bad in (bytes(flipped), kept[:where]):
        with pytest.raises(DamagedShard):
            read_all(bad)


def read_all(data: bytes) -> None:
    """Both parts of what was kept."""
    read_shard(BytesIO(data).read)
    details(data, "b-1-0.conda")


# Compression --------------------------------------------------------------------------------------


def unsized(data: bytes) -> bytes:
    """A frame that does not say how long it is."""
    compressor = zstandard.ZstdCompressor(write_content_size=False).compressobj()
    return compressor.compress(data) + compressor.flush()


@pytest.mark.parametrize("form", [zstandard.compress, unsized])
@pytest.mark.parametrize("size", [0, 1, 1000, 300_000])
def test_compression_up_to_a_limit(form: Any, size: int) -> None:
    data = bytes(size)
    assert decompress(form(data), size) == data
    if size:
        with pytest.raises(ValueError, match="longer than"):
            decompress(form(data), size - 1)
    for bad in (form(data)[:-1], form(data) + b"x", form(data) * 2):
        with pytest.raises(ValueError, match=r".+"):
            decompress(bad, 1 << 20)


# Indexes ------------------------------------------------------------------------------------------


@given(nested | st.fixed_dictionaries({"shards": nested}, optional={"info": nested}))
def test_any_content_is_an_index_or_refused(content: Any) -> None:
    with contextlib.suppress(ValueError):
        assert read_index(packed(content), URL, Received())


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        (None, "https://h/c/noarch/"), ("", "https://h/c/noarch/"), ("./", "https://h/c/noarch/"),
        ("shards", "https://h/c/noarch/shards/"), ("../s/", "https://h/c/s/"),
        ("/s", "https://h/s/"), ("https://cdn.org", "https://cdn.org/"),
        ("https://me:pw@cdn.org/t/tok-1/x/", "https://cdn.org/x/"),
    ],
)  # fmt: skip
def test_where_shards_are(base: str | None, expected: str) -> None:
    assert shards_base_url(URL, base) == expected


@pytest.mark.parametrize("base", ["http://h/x", "file:///x", "ftp://h/", "https://[h/"])
def test_where_shards_may_not_be(base: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        shards_base_url(URL, base)


@pytest.mark.parametrize(
    "odd", [msgspec.msgpack.Ext(3, b"x"), {"key": [msgspec.msgpack.Ext(3, b"x")]}, b"\xff", {1: 2}]
)  # fmt: skip
def test_what_json_cannot_say_is_not_in_a_record(odd: Any) -> None:
    _, data = read(conda={"b-1-0.conda": entry(odd=odd)})
    assert msgspec.json.decode(msgspec.json.encode(details(data, "b-1-0.conda")))["name"] == "b"


def test_a_record_nested_without_end_makes_it_no_shard() -> None:
    flat = msgspec.msgpack.encode({"packages.conda": {"b-1-0.conda": entry(odd="#" * 20)}})
    deep = flat.replace(b"\xb4" + b"#" * 20, b"\x91" * 100_000 + b"\x01")
    assert len(deep) > 100_000
    with pytest.raises(ValueError, match="recursion"):
        parse_shard(zstandard.compress(deep), "b")
