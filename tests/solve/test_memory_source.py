"""Records in memory as a source."""

from __future__ import annotations

from typing import Any

import pytest

from mm_pkg.record import RecordSource, RepodataRecord
from mm_solve import InvalidPackage, MemorySource, Request, SolveError, solve

ZLIB = {"name": "zlib", "version": "1.3"}


def test_it_is_a_record_source() -> None:
    source: RecordSource = MemorySource([ZLIB], channel="https://host/chan/", subdir="linux-64")
    assert (source.channel, source.channel_name) == ("https://host/chan", "chan")
    record = source.record("zlib", "zlib-1.3-0.conda")
    assert record.url == "https://host/chan/linux-64/zlib-1.3-0.conda"
    assert (record.channel, record.subdir) == ("https://host/chan", "linux-64")
    assert not source.packages("unknown")
    with pytest.raises(KeyError):
        source.record("zlib", "unknown")


def test_what_a_dict_says_counts() -> None:
    given = {**ZLIB, "build": "h1_3", "build_number": 3, "fn": "odd-1-2.tar.bz2", "more": [1]}
    record = MemorySource([given]).record("zlib", "odd-1-2.tar.bz2")
    assert (record.build, record.build_number, record.extra) == ("h1_3", 3, {"more": [1]})


def test_records_may_be_values_and_may_repeat() -> None:
    record = RepodataRecord.from_dict(
        {**ZLIB, "build": "0", "build_number": 0, "url": "https://h/c/noarch/zlib-1.3-0.conda"}
    )
    source = MemorySource([record, record, {**ZLIB, "name": "ZLIB", "version": "1.4"}])
    assert sorted(source.packages("zlib")) == ["zlib-1.3-0.conda", "zlib-1.4-0.conda"]
    assert [r.version for r in solve(Request.of("Zlib"), [source]).records] == ["1.4"]


def test_a_whole_repodata_json() -> None:
    repodata: dict[str, Any] = {
        "info": {"subdir": "linux-64"},
        "packages": {"a-1-0.tar.bz2": {**ZLIB, "name": "a", "build": "0", "build_number": 0}},
        "packages.conda": {"b-1-0.conda": {**ZLIB, "name": "b", "build": "0", "build_number": 0}},
    }
    source = MemorySource.from_repodata(repodata, channel="https://host/chan")
    assert sorted(source.names()) == ["a", "b"]
    assert source.subdir == "linux-64"
    assert list(MemorySource.from_repodata({}).names()) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("zlib", "record 1 is of type str"),
        ({"version": "1"}, "record 1 (1) has no name"),
        ({"name": "a"}, "record 1 (a) has no version"),
        ({"name": "a", "version": 1.5}, "record 1 (a) has no version"),
        ({**ZLIB, "depends": "libc"}, "record 1: record 'zlib': Expected `array`"),
        ({**ZLIB, "build_number": "1"}, "record 1: record 'zlib': Expected `int`"),
        ({**ZLIB, "fn": "zlib.zip"}, "record 1: 'zlib.zip' is not the name of"),
        ({**ZLIB, "depends": ["libc"]}, "record 1: there is another zlib-1.3-0.conda before"),
    ],
)
def test_what_is_no_record(given: Any, said: str) -> None:
    with pytest.raises(InvalidPackage) as caught:
        MemorySource([ZLIB, given])
    assert said in caught.value.message
    assert isinstance(caught.value, SolveError)
    assert "zlib" in caught.value.hint
