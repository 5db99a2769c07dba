"""Records: what JSON and URLs say, and that nothing is lost on the way."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_pkg.errors import PackageError
from mm_pkg.record import InvalidRecord, PrefixRecord, RepodataRecord, decode_packages

BASE: dict[str, Any] = {
    "name": "demo", "version": "1.0", "build": "h0_1", "build_number": 1,
    "url": "https://host/chan/linux-64/demo-1.0-h0_1.conda",
}  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


def test_gaps_are_filled_from_the_url() -> None:
    record = RepodataRecord.from_dict(BASE)
    assert (record.fn, record.subdir) == ("demo-1.0-h0_1.conda", "linux-64")
    assert record.channel == "https://host/chan"
    assert record.platform_url == "https://host/chan/linux-64"
    assert not record.stub


@given(st.dictionaries(st.text(min_size=1, max_size=8), JSON, max_size=4))
def test_unknown_keys_survive(more: dict[str, Any]) -> None:
    known = set(RepodataRecord.__struct_fields__)
    more = {key: value for key, value in more.items() if key not in known}
    data = RepodataRecord.from_dict({**BASE, **more}).to_dict()
    assert {key: data[key] for key in more} == more
    again = RepodataRecord.from_dict(data)
    assert again.to_dict() == data


def test_what_a_url_tells_is_a_stub() -> None:
    url = "https://host/chan/noarch/a-b-1%212.0-py_0.tar.bz2"
    record = RepodataRecord.from_url(url, md5="0" * 32)
    assert (record.name, record.version, record.build) == ("a-b", "1!2.0", "py_0")
    assert record.fn == "a-b-1!2.0-py_0.tar.bz2"
    assert (record.url, record.channel, record.subdir) == (url, "https://host/chan", "noarch")
    assert (record.stub, record.md5, record.sha256) == (True, "0" * 32, None)
    assert "stub" not in record.to_dict()


@pytest.mark.parametrize(
    "url", ["https://h/c/noarch/a-1.conda", "https://h/c/noarch/a-1-0.zip", "a", "", "--.conda"]
)
def test_urls_of_no_package(url: str) -> None:
    with pytest.raises(InvalidRecord):
        RepodataRecord.from_url(url)


def test_a_channel_cannot_call_its_records_stubs() -> None:
    assert not RepodataRecord.from_dict({**BASE, "stub": True}).stub
    assert not PrefixRecord.from_dict({**BASE, "stub": True}).stub


def test_invalid_records_are_package_errors() -> None:
    with pytest.raises(PackageError, match="demo") as caught:
        RepodataRecord.from_dict({**BASE, "build_number": "one"})
    assert isinstance(caught.value, ValueError)
    assert caught.value.message == str(caught.value)


def test_one_bad_record_leaves_the_others() -> None:
    del (good := dict(BASE))["url"]
    blob = msgspec.json.encode({"a.conda": good, "b.conda": {**good, "depends": 3}})
    packages, bad = decode_packages(blob)
    assert list(packages) == ["a.conda"]
    assert "depends" in bad["b.conda"]
    with pytest.raises(InvalidRecord):
        decode_packages(b"[1]")
    with pytest.raises(InvalidRecord):
        decode_packages(b"{")


@pytest.mark.parametrize(
    ("stamps", "published"),
    [
        ({}, 0),
        ({"timestamp": 1_700_000_000_123}, 1_700_000_000_123),
        ({"timestamp": 1_700_000_000}, 1_700_000_000_000),
        ({"timestamp": 1, "indexed_timestamp": 1_700_000_000}, 1_700_000_000_000),
        ({"timestamp": 1_700_000_000, "indexed_timestamp": 0}, 1_700_000_000_000),
    ],
)
def test_when_a_package_was_published(stamps: dict[str, int], published: int) -> None:
    data = {"name": "a", "version": "1", "build": "0", "build_number": 0, **stamps}
    flat, bad = decode_packages(msgspec.json.encode({"a-1-0.conda": data}))
    assert not bad
    assert flat["a-1-0.conda"].published_ms == published
    record = RepodataRecord.from_dict(data, url="https://host/c/noarch/a-1-0.conda")
    assert record.published_ms == published
    again = RepodataRecord.from_dict(record.to_dict())
    assert again == record
    assert again.to_dict().get("indexed_timestamp") == stamps.get("indexed_timestamp")
