"""Sharded repodata over HTTP: what is asked, what is kept, what happens when it goes wrong."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import threading
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zstandard

from mm_channels.errors import (
    MalformedRepodata,
    NetworkError,
    NotFound,
    OfflineError,
    SubdirNotFound,
    VerificationError,
)
from mm_channels.repodata import load_subdirs
from mm_channels.shards.subdir import ShardedSubdir
from mm_channels.transport import Transport
from mm_pkg.cancellation import Cancellation, Cancelled
from mm_pkg.record import PackageRecord, Prefetching, RecordSource

INDEX = "repodata_shards.msgpack.zst"
FLAT = "*/repodata.json*"


@pytest.fixture
def sharded(load: Any) -> Any:
    load.use_shards = True
    return load


@pytest.fixture
def documents(make: Any) -> dict[str, Any]:
    """A small channel: a chain of dependencies over both subdirs."""
    arch = make.repodata("a-1.0-h1_0.conda", "a-0.9-h1_0.tar.bz2", subdir="linux-64")
    arch["packages.conda"]["a-1.0-h1_0.conda"] |= {
        "depends": ["b >=1", "__glibc >=2.17"],
        "md5": "0f" * 16,
        "timestamp": 1700000000000,
        "license": "MIT",
        "track_features": "x y",
        "odd": {"key": [1]},
    }
    noarch = make.repodata("b-1.0-0.tar.bz2", "b-1.0-0.conda", "b-0.1-0.tar.bz2", "c-1.0-0.conda")
    noarch["packages.conda"]["b-1.0-0.conda"]["depends"] = ["c"]
    return {"linux-64": arch, "noarch": noarch}


@pytest.fixture
def channel(tmp_path: Path, make: Any, documents: dict[str, Any]) -> Path:
    """Both forms of the small channel."""
    folder = tmp_path / "chan"
    for subdir, document in documents.items():
        make.subdir(folder / subdir, document, zst=True)
        make.shards(folder / subdir, document)
    return folder


def without_flat(channel: Path) -> Path:
    for path in channel.glob(FLAT):
        path.unlink()
    return channel


def asked(server: Any) -> list[tuple[str, int]]:
    """What was asked for; of shards only that they were."""
    return sorted(
        (e["path"].partition("/shards/")[0] + "/shards" * ("/shards/" in e["path"]), e["status"])
        for e in server.requests()
    )


def content(sources: Any) -> dict[str, Any]:
    """Everything that can be read of the sources, full records included."""
    found: dict[str, Any] = {}
    for source in sources:
        for name in source.names():
            for fn, package in source.packages(name).items():
                fields = {f: getattr(package, f) for f in PackageRecord.__struct_fields__}
                found[f"{source.subdir}/{fn}"] = fields, source.record(name, fn)
    return found


def age(cache: Path, seconds: float) -> None:
    """Let the cached shard indexes be that old."""
    for path in cache.glob("*.shards"):
        when = time.time() - seconds
        os.utime(path, (when, when))


# The same as flat ---------------------------------------------------------------------------------


def test_records_are_those_of_the_flat_form(channel: Path, serve: Any, sharded: Any) -> None:
    server = serve(channel, max_age=3600)
    sources = sharded(server.url)
    assert [type(source) for source in sources] == [ShardedSubdir] * 2
    assert [(s.channel, s.channel_name, s.subdir) for s in sources] == [
        (s.channel, s.channel_name, s.subdir) for s in sharded(server.url, use_shards=False)
    ]
    found = content(sources)
    assert sorted(found) == [
        "linux-64/a-0.9-h1_0.tar.bz2",
        "linux-64/a-1.0-h1_0.conda",
        "noarch/b-0.1-0.tar.bz2",
        "noarch/b-1.0-0.conda",
        "noarch/c-1.0-0.conda",
    ]
    assert found == content(sharded(server.url, use_shards=False))


def test_they_are_what_a_solver_reads(channel: Path, serve: Any, sharded: Any) -> None:
    source: RecordSource = sharded(serve(channel).url)[0]
    assert isinstance(source, Prefetching)
    assert source.packages("none of that name") == {}
    with pytest.raises(KeyError):
        source.record("a", "a-7-0.conda")
    with pytest.raises(KeyError):
        source.record("none of that name", "a-1.0-h1_0.conda")


def test_run_exports_are_left_to_those_who_want_them(
    tmp_path: Path, make: Any, serve: Any, sharded: Any
) -> None:
    document = make.repodata("b-1.0-0.conda")
    document["packages.conda"]["b-1.0-0.conda"]["run_exports"] = {"weak": ["b >=1"]}
    make.shards(tmp_path / "chan" / "noarch", document)
    (source,) = sharded(f"{serve(tmp_path / 'chan').url}[noarch]")
    assert "run_exports" not in source.record("b", "b-1.0-0.conda").to_dict()


@pytest.mark.parametrize(
    ("base_url", "expected"),
    [
        ("./", "{}/noarch/b-1.0-0.conda"),
        ("../files", "{}/files/b-1.0-0.conda"),
        ("https://other.org/x/", "https://other.org/x/b-1.0-0.conda"),
    ],
)
def test_base_url(
    tmp_path: Path, make: Any, serve: Any, sharded: Any, base_url: str, expected: str
) -> None:
    make.shards(tmp_path / "chan" / "noarch", make.repodata("b-1.0-0.conda"), base_url=base_url)
    server = serve(tmp_path / "chan")
    (source,) = sharded(f"{server.url}[noarch]")
    assert source.record("b", "b-1.0-0.conda").url == expected.format(server.url)


# What is asked ------------------------------------------------------------------------------------


def test_only_what_is_read_is_fetched_and_only_once(
    channel: Path, serve: Any, sharded: Any, told: Any
) -> None:
    server = serve(without_flat(channel), max_age=3600)
    _, noarch = sharded(server.url, reporter=told)
    assert noarch.packages("c").keys() == {"c-1.0-0.conda"}
    expected = [(f"/linux-64/{INDEX}", 200), (f"/noarch/{INDEX}", 200), ("/noarch/shards", 200)]
    assert asked(server) == expected
    again = sharded(server.url, reporter=told)
    assert again[1].packages("c").keys() == {"c-1.0-0.conda"}
    assert again[1].record("c", "c-1.0-0.conda").sha256 == "0" * 64
    assert asked(server) == expected
    assert told.warnings == []
    assert [task[::2] for task in told.tasks] == [
        *[("repodata", "")] * 2, ("shards", "c"), *[("repodata", "cached")] * 2,
    ]  # fmt: skip


def test_an_index_grows_old_and_shards_do_not(channel: Path, serve: Any, sharded: Any) -> None:
    server = serve(without_flat(channel), max_age=60)
    content(sharded(server.url))
    before = len(server.requests())
    age(sharded.cache, 61)
    content(sharded(server.url))
    assert [e["status"] for e in server.requests()[before:]] == [304, 304]
    content(sharded(server.url))
    assert len(server.requests()) == before + 2


def test_a_changed_index_is_seen(channel: Path, make: Any, serve: Any, sharded: Any) -> None:
    server = serve(without_flat(channel), max_age=60)
    content(sharded(server.url))
    make.shards(channel / "noarch", make.repodata("z-1.0-0.conda"))
    assert "z" not in sharded(server.url)[1]
    age(sharded.cache, 61)
    noarch = sharded(server.url)[1]
    assert sorted(noarch.names()) == ["z"]
    assert list(noarch.packages("z")) == ["z-1.0-0.conda"]


@pytest.mark.parametrize(
    ("ttl", "shards_ttl", "seconds", "requests"),
    [
        (1, 500, 59, 0),
        (1, 500, 61, 2),
        (1, 50, 51, 2),
        (0, 500, 0, 2),
        (1, 0, 0, 2),
        (90, 99, 80, 0),
    ],
)
def test_the_shorter_of_both_times_counts(
    channel: Path, serve: Any, sharded: Any, ttl: int, shards_ttl: int, seconds: int, requests: int
) -> None:
    server = serve(without_flat(channel), max_age=60)
    sharded(server.url)
    age(sharded.cache, seconds)
    sharded(server.url, ttl=ttl, shards_ttl=shards_ttl)
    assert len(server.requests()) == 2 + requests


def test_a_channel_without_shards_is_asked_once_and_without_a_word(
    channel_dir: Path, serve: Any, sharded: Any, told: Any
) -> None:
    server = serve(channel_dir, max_age=0)
    sharded(server.url, reporter=told)
    assert asked(server) == [
        ("/linux-64/repodata.json.zst", 200), (f"/linux-64/{INDEX}", 404),
        ("/noarch/repodata.json.zst", 200), (f"/noarch/{INDEX}", 404),
    ]  # fmt: skip
    sharded(server.url, reporter=told)
    assert [e["status"] for e in server.requests()[4:]] == [304, 304]
    assert told.warnings == []
    # Some day it may have them.
    for path in sharded.cache.glob("*.state.json"):
        state = msgspec.json.decode(path.read_bytes())
        state["has_shards"]["last_checked"] = "2020-01-01T00:00:00Z"
        path.write_bytes(msgspec.json.encode(state))
    sharded(server.url)
    assert [e["status"] for e in server.requests()[6:] if INDEX in e["path"]] == [404, 404]


def test_fresh_flat_repodata_needs_no_question(channel: Path, serve: Any, sharded: Any) -> None:
    server = serve(channel, max_age=3600)
    sharded(server.url, use_shards=False)
    before = len(server.requests())
    content(sharded(server.url))
    assert len(server.requests()) == before


def test_a_folder_is_read_flat(channel: Path, sharded: Any) -> None:
    assert not [s for s in sharded(str(channel)) if isinstance(s, ShardedSubdir)]


def test_a_folder_with_shards_only(channel: Path, sharded: Any) -> None:
    found = content(sharded(str(without_flat(channel))))
    assert found["noarch/c-1.0-0.conda"][1].url == f"file://{channel}/noarch/c-1.0-0.conda"


def test_a_subdir_may_be_flat_and_another_sharded(channel: Path, serve: Any, sharded: Any) -> None:
    (channel / "noarch" / INDEX).unlink()
    found = sharded(serve(channel).url)
    assert [isinstance(source, ShardedSubdir) for source in found] == [True, False]
    assert len(content(found)) == 5


# Beforehand ---------------------------------------------------------------------------------------


def until(server: Any, shards: int) -> None:
    """Wait until so many shards were asked for."""
    end = time.monotonic() + 10
    while sum("/shards/" in e["path"] for e in server.requests()) < shards:
        assert time.monotonic() < end, asked(server)
        time.sleep(0.01)


def test_dependencies_are_fetched_before_they_are_asked_for(
    channel: Path, serve: Any, sharded: Any
) -> None:
    server = serve(without_flat(channel))
    linux, _ = sharded(server.url)
    linux.packages("a")
    until(server, 3)  # a, and what it needs, and what that needs


def test_what_a_solver_expects_is_fetched_with_the_first_that_is_missing(
    channel: Path, serve: Any, sharded: Any
) -> None:
    server = serve(without_flat(channel))
    linux, noarch = sharded(server.url)
    linux.prefetch(["c", "no such name"])
    assert not [e for e in server.requests() if "/shards/" in e["path"]]
    noarch.packages("b")
    until(server, 2)
    noarch.prefetch(["a"])
    until(server, 3)
    assert len(content([linux, noarch])) == 5
    assert sum("/shards/" in e["path"] for e in server.requests()) == 3


def test_many_at_a_time(tmp_path: Path, make: Any, serve: Any, sharded: Any) -> None:
    names = [f"n{number}" for number in range(12)]
    make.shards(tmp_path / "chan" / "noarch", make.repodata(*(f"{n}-1-0.conda" for n in names)))
    server = serve(tmp_path / "chan", faults=["path=*/shards/*,delay=0.05"])
    (source,) = sharded(f"{server.url}[noarch]", shards_threads=6)
    source.prefetch(names)
    for name in names:
        source.packages(name)
    assert 2 < server.http.totals["peak"] <= 6


# Faults of the index ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault", ["status=404", "status=403", "status=503", "html=1", "drop=headers", "truncate=50%"]
)
def test_without_an_index_the_flat_form_is_read_quietly(
    channel: Path, serve: Any, sharded: Any, told: Any, fault: str
) -> None:
    server = serve(channel, faults=[f"path=*/{INDEX},{fault}"])
    assert len(content(sharded(server.url, reporter=told))) == 5
    assert told.warnings == []


def test_a_broken_index_is_asked_for_once_more(channel: Path, serve: Any, sharded: Any) -> None:
    server = serve(without_flat(channel), faults=[f"path=/noarch/{INDEX},status=503,times=1"])
    assert len(content(sharded(server.url))) == 5


HASH = bytes(32)


@pytest.mark.parametrize(
    "index",
    [
        b"\xc1", b"", {"version": 2, "shards": {}}, {"version": 1}, [1], {"shards": [1]},
        {"shards": {"a": b"short"}}, {"shards": {"a": 1}}, {"shards": {"": HASH}},
        {"shards": {"a\nb": HASH}}, {"shards": {}, "info": {"base_url": 1}},
        {"shards": {}, "info": {"shards_base_url": "file:///etc/"}},
        {"shards": {}, "info": {"shards_base_url": "s3://bucket/"}},
        {"shards": {}, "info": {"shards_base_url": "http://[bad/"}},
        {"shards": {}, "info": {"base_url": "file:///etc/"}}, {"repodata_version": 7, "shards": {}},
        {"version": True, "shards": {}}, {"shards": {"a": HASH}, "info": []},
    ],
)  # fmt: skip
def test_an_index_that_cannot_be_used_is_none(
    channel: Path, make: Any, serve: Any, sharded: Any, told: Any, index: Any
) -> None:
    make.shard_index(channel / "noarch", index)
    found = sharded(serve(channel).url, reporter=told)
    assert [isinstance(source, ShardedSubdir) for source in found] == [True, False]
    assert told.warnings == []


def test_an_index_too_long_to_be_one(
    channel: Path, make: Any, serve: Any, sharded: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mm_channels.shards.index_document._LIMIT", 1000)
    make.shard_index(channel / "noarch", bytes(1001))
    found = sharded(serve(channel).url)
    assert [isinstance(source, ShardedSubdir) for source in found] == [True, False]


def test_keys_may_be_binary_and_others_unknown(
    channel: Path, make: Any, serve: Any, sharded: Any
) -> None:
    paths = make.shards(channel / "noarch", make.repodata("b-1.0-0.conda"))
    digest = paths["b"].name.split(".")[0]
    index = {b"shards": {b"b": digest}, b"info": {b"shards_base_url": "shards"}, b"new": 1}
    make.shard_index(channel / "noarch", index)
    assert list(sharded(serve(channel).url)[1].packages("b")) == ["b-1.0-0.conda"]


def test_an_index_that_is_gone_is_forgotten(channel: Path, serve: Any, sharded: Any) -> None:
    server = serve(channel)
    sharded(server.url)
    (channel / "noarch" / INDEX).unlink()
    found = sharded(server.url, ttl=0)
    assert [isinstance(source, ShardedSubdir) for source in found] == [True, False]
    found = sharded(server.url)
    assert [isinstance(source, ShardedSubdir) for source in found] == [True, False]


# Faults of shards ---------------------------------------------------------------------------------

PASSING = [
    "status=503,times=1", "status=429,retry_after=0,times=1", "drop=headers,times=1",
    "drop=50%,times=1", "corrupt=1,times=1", "html=1,times=1", "truncate=50%,times=1",
]  # fmt: skip


@pytest.mark.parametrize("fault", PASSING)
def test_what_passes_is_tried_again(
    channel: Path, serve: Any, sharded: Any, told: Any, fault: str
) -> None:
    server = serve(without_flat(channel), faults=[f"path=*/shards/*,{fault}"])
    assert len(content(sharded(server.url, reporter=told))) == 5
    assert told.warnings == []


LASTING = ["status=404", "status=500", "drop=headers", "corrupt=1", "html=1", "truncate=50%"]


@pytest.mark.parametrize("fault", LASTING)
def test_what_does_not_pass_makes_the_subdir_flat(
    channel: Path, serve: Any, sharded: Any, told: Any, fault: str
) -> None:
    server = serve(channel, faults=[f"path=/noarch/shards/*,{fault}"], max_age=3600)
    found = content(sharded(server.url, reporter=told))
    assert len(found) == 5
    (warning,) = told.warnings
    assert f"{server.url}/noarch/shards/" in warning
    assert "flat repodata" in warning
    assert "\n" not in warning
    # The index is not believed a second time, while the flat form is fresh.
    before = server.requests()
    assert content(sharded(server.url)) == found
    assert not [e for e in server.requests()[len(before) :] if "/shards/" not in e["path"]]


@pytest.mark.parametrize(
    ("fault", "kind"),
    [("status=404", NotFound), ("status=500", NetworkError), ("corrupt=1", VerificationError)],
)
def test_without_a_flat_form_it_is_an_error_that_names_the_shard(
    channel: Path, serve: Any, sharded: Any, fault: str, kind: type[NetworkError]
) -> None:
    server = serve(without_flat(channel), faults=[f"path=/noarch/shards/*,{fault}"])
    _, noarch = sharded(server.url)
    with pytest.raises(kind) as caught:
        noarch.packages("b")
    assert f"{server.url}/noarch/shards/" in caught.value.message
    assert "\n" not in caught.value.message


def test_a_web_page_instead_of_a_shard_is_called_one(
    channel: Path, serve: Any, sharded: Any
) -> None:
    server = serve(without_flat(channel), faults=["path=*/shards/*,html=1"])
    with pytest.raises(VerificationError, match="web page"):
        sharded(server.url)[1].packages("b")


def test_what_was_answered_is_not_taken_back(
    channel: Path, serve: Any, sharded: Any, make: Any
) -> None:
    server = serve(channel)
    _, noarch = sharded(server.url)
    first = noarch.packages("c")
    make.subdir(channel / "noarch", make.repodata("b-9.0-0.conda", "c-9.0-0.conda"), zst=True)
    for path in (channel / "noarch" / "shards").iterdir():
        path.unlink()
    assert list(noarch.packages("b")) == ["b-9.0-0.conda"]
    assert noarch.record("b", "b-9.0-0.conda").version == "9.0"
    assert noarch.packages("c").keys() == first.keys()
    assert noarch.record("c", "c-1.0-0.conda").version == "1.0"


def test_a_shard_that_is_none_though_its_hash_is_right(
    tmp_path: Path, make: Any, serve: Any, sharded: Any
) -> None:
    folder = tmp_path / "chan" / "noarch"
    path = make.shard(folder / "shards", [1, 2, 3])
    digest = bytes.fromhex(path.name.split(".")[0])
    make.shard_index(folder, {"shards": {"b": digest}, "info": {"shards_base_url": "shards"}})
    (source,) = sharded(f"{serve(tmp_path / 'chan').url}[noarch]")
    with pytest.raises(MalformedRepodata, match="it is not a map") as caught:
        source.packages("b")
    assert path.name in caught.value.message


def test_two_names_that_claim_one_shard(
    tmp_path: Path, make: Any, serve: Any, sharded: Any, told: Any
) -> None:
    folder = tmp_path / "chan" / "noarch"
    path = make.shards(folder, make.repodata("b-1.0-0.conda"))["b"]
    digest = bytes.fromhex(path.name.split(".")[0])
    info = {"shards_base_url": "shards"}
    make.shard_index(folder, {"shards": {"b": digest, "x": digest}, "info": info})
    url = f"{serve(tmp_path / 'chan').url}[noarch]"
    for _ in range(2):
        (source,) = sharded(url, reporter=told)
        assert source.packages("x") == {}
        assert list(source.packages("b")) == ["b-1.0-0.conda"]
        assert source.packages("x") == {}
    assert "its name is 'b'" in told.warnings[0]


def test_a_cancelled_wait_ends(channel: Path, serve: Any, sharded: Any) -> None:
    server = serve(without_flat(channel), faults=["path=*/shards/*,delay=600"])
    stop = Cancellation()
    _, noarch = sharded(server.url, cancellation=stop)
    threading.Timer(0.2, stop.cancel).start()
    with pytest.raises(Cancelled):
        noarch.packages("b")


# A channel that changes ---------------------------------------------------------------------------


def change(channel: Path, make: Any, *fns: str) -> None:
    """Let noarch have these packages, and its former shards be gone."""
    shutil.rmtree(channel / "noarch" / "shards")
    make.shards(channel / "noarch", make.repodata(*fns))


def test_a_shard_that_is_gone_means_that_there_is_a_new_index(
    channel: Path, make: Any, serve: Any, sharded: Any, told: Any
) -> None:
    server = serve(without_flat(channel), max_age=3600)
    sharded(server.url)
    change(channel, make, "b-2.0-0.conda", "d-1.0-0.conda")
    _, noarch = sharded(server.url, reporter=told)
    assert list(noarch.packages("b")) == ["b-2.0-0.conda"]
    assert noarch.record("b", "b-2.0-0.conda").version == "2.0"
    assert list(noarch.packages("d")) == ["d-1.0-0.conda"]
    assert noarch.packages("c") == {}
    assert told.warnings == []
    before = len(server.requests())
    assert sorted(sharded(server.url)[1].names()) == ["b", "d"]
    assert len(server.requests()) == before


def test_what_was_answered_stays_when_the_index_is_new(
    channel: Path, make: Any, serve: Any, sharded: Any
) -> None:
    server = serve(without_flat(channel), max_age=3600)
    _, noarch = sharded(server.url)
    first = noarch.packages("c")
    assert noarch.packages("d") == {}
    change(channel, make, "b-2.0-0.conda", "c-2.0-0.conda", "d-1.0-0.conda")
    assert list(noarch.packages("b")) == ["b-2.0-0.conda"]
    assert noarch.packages("c") is first
    assert noarch.record("c", "c-1.0-0.conda").version == "1.0"
    with pytest.raises(KeyError):
        noarch.record("c", "c-2.0-0.conda")
    assert noarch.packages("d") == {}


def test_an_index_that_never_holds_is_not_asked_for_without_end(
    channel: Path, make: Any, serve: Any, sharded: Any
) -> None:
    server = serve(without_flat(channel), faults=["path=*/shards/*,status=404"], max_age=0)
    index = channel / "noarch" / INDEX
    _, noarch = sharded(server.url)
    stop = threading.Event()

    def keep_changing() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            hashes = {"b": number.to_bytes(32, "big")}
            path = make.shard_index(channel / "new", {"shards": hashes})
            os.utime(path, (number, number))
            path.replace(index)

    thread = threading.Thread(target=keep_changing)
    thread.start()
    try:
        with pytest.raises(NotFound):
            noarch.packages("b")
    finally:
        stop.set()
        thread.join()
    assert sum(e["path"] == f"/noarch/{INDEX}" for e in server.requests()) <= 4


def test_an_index_that_still_stands_makes_the_subdir_flat(
    channel: Path, serve: Any, sharded: Any, told: Any
) -> None:
    server = serve(channel, faults=["path=/noarch/shards/*,status=404"], max_age=3600)
    _, noarch = sharded(server.url, reporter=told)
    assert list(noarch.packages("c")) == ["c-1.0-0.conda"]
    found = [e["status"] for e in server.requests() if e["path"] == f"/noarch/{INDEX}"]
    assert found == [200, 304]
    assert len(told.warnings) == 1


# Shards as the last resort ------------------------------------------------------------------------


def test_who_reads_everything_gets_the_flat_form(channel: Path, serve: Any, sharded: Any) -> None:
    server = serve(channel, max_age=3600)
    expected = content(sharded(server.url))
    for _ in range(2):
        found = sharded(server.url, prefer_flat=True)
        assert not [source for source in found if isinstance(source, ShardedSubdir)]
        assert content(found) == expected


def test_who_reads_everything_of_a_channel_with_shards_only(
    channel: Path, serve: Any, sharded: Any, told: Any
) -> None:
    server = serve(without_flat(channel), max_age=3600)
    expected = content(sharded(server.url))
    for _ in range(2):
        found = sharded(server.url, prefer_flat=True, reporter=told)
        assert [type(source) for source in found] == [ShardedSubdir] * 2
        assert content(found) == expected
    assert content(sharded(server.url, prefer_flat=True, offline=True)) == expected
    assert told.warnings == []
    with pytest.raises(SubdirNotFound):
        sharded(server.url, prefer_flat=True, use_shards=False)


def crew() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name == "mm-shards"}


@pytest.mark.parametrize("closed", ["source", "transport"])
def test_no_thread_is_left_when_all_is_over(
    channel: Path, serve: Any, sharded: Any, closed: str
) -> None:
    server = serve(without_flat(channel), faults=["path=*/shards/*,delay=600,skip=1"])
    before = crew()
    with Transport(sharded.network) as transport:
        linux, _ = load_subdirs(
            sharded.channels(server.url), cache_dirs=[sharded.cache], transport=transport
        )
        assert linux.packages("a")
        assert crew() - before
        if closed == "source":
            linux.close()
            assert not crew() - before
    assert not crew() - before


def test_a_source_can_be_read_after_its_transport_was_closed(
    channel: Path, serve: Any, sharded: Any
) -> None:
    server = serve(without_flat(channel))
    with Transport(sharded.network) as transport:
        sources = load_subdirs(
            sharded.channels(server.url), cache_dirs=[sharded.cache], transport=transport
        )
        sources[0].packages("a")
    assert len(content(sources)) == 5


# On disk ------------------------------------------------------------------------------------------


def kept(cache: Path) -> list[Path]:
    return [path for path in (cache / "shards").iterdir() if not path.name.endswith(".partial")]


@pytest.mark.parametrize("damage", ["empty", "truncated", "zeros", "flipped", "foreign", "folder"])
@pytest.mark.parametrize("what", ["index", "shard"])
def test_damage_is_a_miss(
    channel: Path, serve: Any, sharded: Any, told: Any, damage: str, what: str
) -> None:
    server = serve(without_flat(channel), max_age=3600)
    expected = content(sharded(server.url))
    for path in kept(sharded.cache) if what == "shard" else sharded.cache.glob("*.shards"):
        data = path.read_bytes()
        if damage == "folder":
            path.unlink()
            path.mkdir()
            continue
        path.write_bytes(
            {
                "empty": b"",
                "truncated": data[:-20],
                "zeros": bytes(len(data)),
                "flipped": data[:-9] + bytes([data[-9] ^ 4]) + data[-8:],
                "foreign": b"x" * 2000,
            }[damage]
        )
    assert content(sharded(server.url, reporter=told)) == expected
    assert told.warnings == []
    before = len(server.requests())
    assert content(sharded(server.url)) == expected
    if damage != "folder":
        assert len(server.requests()) == before


def test_the_second_part_of_a_shard_is_not_needed_to_solve(
    channel: Path, serve: Any, sharded: Any
) -> None:
    server = serve(without_flat(channel), max_age=3600)
    content(sharded(server.url))
    before = len(server.requests())
    for path in kept(sharded.cache):
        path.write_bytes(path.read_bytes()[:-1])
    linux, noarch = sharded(server.url)
    assert [len(s.packages(n)) for s, n in ((linux, "a"), (noarch, "b"), (noarch, "c"))] == [
        2,
        2,
        1,
    ]
    assert len(server.requests()) == before
    assert noarch.record("c", "c-1.0-0.conda").version == "1.0"
    assert len(server.requests()) == before + 1


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    """A cache folder in which nothing can be written, not even by root: it is a file."""
    path = tmp_path / "locked"
    path.write_text("")
    return path


def test_without_a_folder_to_write_to_memory_has_to_do(
    channel: Path, serve: Any, sharded: Any, locked: Path
) -> None:
    server = serve(without_flat(channel))
    assert len(content(sharded(server.url, cache_dirs=[locked]))) == 5
    assert sum("/shards/" in e["path"] for e in server.requests()) == 3


def test_a_shared_cache_is_read_and_ones_own_is_written(
    channel: Path, serve: Any, sharded: Any, tmp_path: Path, locked: Path
) -> None:
    server = serve(without_flat(channel), max_age=3600)
    linux, _ = sharded(server.url, cache_dirs=[locked, tmp_path / "shared"])
    linux.packages("a")
    until(server, 3)
    own = tmp_path / "own"
    before = len(server.requests())
    assert len(content(sharded(server.url, cache_dirs=[own, tmp_path / "shared"]))) == 5
    assert len(server.requests()) <= before + 3
    assert not own.exists() or not list(own.glob("*.shards"))


def test_another_host_has_another_index(
    channel: Path, make: Any, serve: Any, sharded: Any, tmp_path: Path
) -> None:
    one = serve(without_flat(channel), max_age=3600)
    make.shards(tmp_path / "other" / "noarch", make.repodata("z-1.0-0.conda"))
    other = serve(tmp_path / "other", max_age=3600)
    sharded(one.url)
    assert [sorted(s.names()) for s in sharded(other.url)] == [["z"]]
    # Nor is a file believed that was put in the other's place.
    files = sorted(sharded.cache.glob("*.shards"), key=lambda path: path.stat().st_size)
    for path in files[1:]:
        shutil.copyfile(files[0], path)
    assert len(content(sharded(one.url))) == 5


def test_several_at_once(channel: Path, serve: Any, sharded: Any) -> None:
    server = serve(without_flat(channel))
    results: list[Any] = []

    def run() -> None:
        results.append(content(sharded(server.url)))

    crew = [threading.Thread(target=run) for _ in range(6)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    assert len(results) == 6
    assert all(found == results[0] for found in results)
    # What was fetched beforehand may still be on its way.
    end = time.monotonic() + 10
    while left := list((sharded.cache / "shards").glob("*.partial")):
        assert time.monotonic() < end, left
        time.sleep(0.01)


def test_what_killed_processes_left_is_swept(channel: Path, serve: Any, sharded: Any) -> None:
    folder = sharded.cache / "shards"
    folder.mkdir(parents=True)
    for name, seconds in (("old", 2 * 24 * 3600), ("new", 60)):
        path = folder / f"{name}.1-1.partial"
        path.write_bytes(b"x")
        os.utime(path, (time.time() - seconds,) * 2)
    content(sharded(serve(channel).url))
    assert [path.name for path in folder.glob("*.partial")] == ["new.1-1.partial"]


def unreadable(make: Any, folder: Path) -> None:
    """A shard with a record of which no more can be read than a solver wants to know."""
    record = make.record("b") | {"sha256": bytes(32), "odd": "#" * 20}
    content = msgspec.msgpack.encode({"packages.conda": {"b-1.0-0.conda": record}})
    data = zstandard.compress(content.replace(b"#" * 20, b"\xff" * 20))
    digest = hashlib.sha256(data)
    (folder / "shards").mkdir(parents=True)
    (folder / "shards" / f"{digest.hexdigest()}.msgpack.zst").write_bytes(data)
    index = {"shards": {"b": digest.digest()}, "info": {"shards_base_url": "shards"}}
    make.shard_index(folder, index)


@pytest.mark.parametrize("writable", [True, False])
def test_a_record_that_nobody_can_read_is_said_to_be_one(
    tmp_path: Path, make: Any, serve: Any, sharded: Any, locked: Path, writable: bool
) -> None:
    unreadable(make, tmp_path / "chan" / "noarch")
    server = serve(tmp_path / "chan")
    cache = sharded.cache if writable else locked
    (source,) = sharded(f"{server.url}[noarch]", cache_dirs=[cache])
    assert list(source.packages("b")) == ["b-1.0-0.conda"]
    before = len(server.requests())
    with pytest.raises(MalformedRepodata, match=r"b-1\.0-0\.conda") as caught:
        source.record("b", "b-1.0-0.conda")
    assert f"{server.url}/noarch/shards/" in caught.value.message
    assert "\n" not in caught.value.message
    assert len(server.requests()) == before


def test_details_that_are_gone_are_fetched_again(channel: Path, serve: Any, sharded: Any) -> None:
    server = serve(without_flat(channel), max_age=3600)
    content(sharded(server.url))
    _, noarch = sharded(server.url)
    packages = noarch.packages("c")
    shutil.rmtree(sharded.cache / "shards")
    assert noarch.record("c", *packages).version == "1.0"
    _, noarch = sharded(server.url, offline=True)
    packages = noarch.packages("c")
    shutil.rmtree(sharded.cache / "shards")
    with pytest.raises(OfflineError, match="not cached any more"):
        noarch.record("c", *packages)


def test_a_full_disk_is_no_obstacle(
    channel: Path, serve: Any, sharded: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even one that is full half-way through a file."""

    def full(self: Path, data: bytes) -> int:
        with self.open("wb") as handle:
            handle.write(data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    server = serve(without_flat(channel))
    assert len(content(sharded(server.url))) == 5
    assert not [path for path in sharded.cache.rglob("*") if path.is_file()]


def test_a_clock_that_was_wrong_does_not_keep_an_index_for_ever(
    channel: Path, serve: Any, sharded: Any
) -> None:
    server = serve(without_flat(channel), max_age=60)
    sharded(server.url)
    age(sharded.cache, -1_000_000)
    sharded(server.url)
    assert [e["status"] for e in server.requests()] == [200, 200, 304, 304]


# Offline ------------------------------------------------------------------------------------------


def test_offline_what_is_not_here_does_not_exist(
    channel: Path, serve: Any, sharded: Any, told: Any
) -> None:
    server = serve(without_flat(channel), max_age=0)
    _, noarch = sharded(server.url)
    noarch.packages("c")
    before = len(server.requests())
    linux, noarch = sharded(server.url, offline=True, reporter=told)
    assert list(noarch.packages("c")) == ["c-1.0-0.conda"]
    assert linux.packages("a") == noarch.packages("b") == {}
    assert len(told.warnings) == 1
    assert "offline" in told.warnings[0]
    assert len(server.requests()) == before


def test_offline_the_younger_form_counts(channel: Path, serve: Any, sharded: Any) -> None:
    server = serve(channel, max_age=0)
    sharded(server.url)
    age(sharded.cache, 60)
    sharded(server.url, use_shards=False)
    assert not [s for s in sharded(server.url, offline=True) if isinstance(s, ShardedSubdir)]
    for path in sharded.cache.glob("*.shards"):
        os.utime(path)
    assert all(isinstance(s, ShardedSubdir) for s in sharded(server.url, offline=True))


# Secrets ------------------------------------------------------------------------------------------


def test_the_token_goes_with_index_and_shards_and_nowhere_else(
    channel: Path, serve: Any, sharded: Any, told: Any
) -> None:
    server = serve(without_flat(channel), auth="token:s3cr-t")
    host = server.url.removeprefix("http://")
    assert len(content(sharded(f"http://{host}/t/s3cr-t", reporter=told))) == 5
    assert {e["auth"] for e in server.requests()} == {"token"}
    for path in sharded.cache.rglob("*"):
        assert "s3cr-t" not in path.name
        if path.is_file():
            assert b"s3cr-t" not in path.read_bytes()
    assert "s3cr-t" not in repr(told.tasks) + repr(told.warnings)
    for path in (channel / "noarch" / "shards").iterdir():
        path.unlink()
    shutil.rmtree(sharded.cache / "shards")
    with pytest.raises(NotFound) as caught:
        sharded(f"http://{host}/t/s3cr-t")[1].packages("b")
    assert "s3cr-t" not in caught.value.message + caught.value.hint + caught.value.url


@pytest.mark.parametrize(("relative", "sent"), [(True, True), (False, False)])
def test_credentials_follow_the_channels_own_word_on_its_host_only(
    tmp_path: Path, make: Any, serve: Any, sharded: Any, relative: bool, sent: bool
) -> None:
    """Shards beside the channel, by a relative reference, or on another server."""
    make.shards(tmp_path / "web" / "chan" / "noarch", make.repodata("b-1.0-0.conda"))
    shutil.move(tmp_path / "web" / "chan" / "noarch" / "shards", tmp_path / "web" / "shards")
    server, other = serve(tmp_path / "web"), serve(tmp_path / "web")
    base = "../../shards" if relative else f"{other.url}/shards"
    make.shards(
        tmp_path / "web" / "chan" / "noarch", make.repodata("b-1.0-0.conda"), shards_base_url=base
    )
    host = server.url.removeprefix("http://")
    (source,) = sharded(f"http://me:pw@{host}/chan[noarch]")
    assert list(source.packages("b")) == ["b-1.0-0.conda"]
    found = [e for e in (server if relative else other).requests() if "/shards/" in e["path"]]
    assert [bool(e.get("auth")) for e in found] == [sent]
