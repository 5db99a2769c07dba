"""Index files: right answers, and never a reason to fail."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mm_channels.errors import MalformedRepodata
from mm_channels.index.scan import Scanned
from mm_channels.index.store import open_table
from mm_channels.index.table import Head, InvalidTable, Table, build_table
from mm_pkg.record import RecordSource

HEAD = Head("https://h/c/noarch/repodata.json", 10, 20, "noarch", "../x")
extents = st.lists(
    st.tuples(st.integers(0, 2**40), st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1)),
    min_size=1,
    max_size=3,
)
names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), min_size=1)


@given(st.dictionaries(names, extents), st.lists(names))
def test_table_holds_what_was_put_in(content: dict[str, Any], others: list[str]) -> None:
    table = Table(build_table(HEAD, Scanned(content, "noarch", None, 10)))
    assert table.head == HEAD
    assert set(table.names()) == set(content)
    assert len(table) == len(content)
    for name, where in content.items():
        assert table.extents(name) == where
    for name in others:
        assert table.extents(name) == content.get(name, [])


@settings(max_examples=200)
@given(st.dictionaries(names, extents, max_size=5), st.data())
def test_any_damage_is_noticed(content: dict[str, Any], data: st.DataObject) -> None:
    good = build_table(HEAD, Scanned(content, "noarch", None, 10))
    where = data.draw(st.integers(0, len(good) - 1))
    flipped = bytearray(good)
    flipped[where] ^= 1 << data.draw(st.integers(0, 7))
    for bad in (bytes(flipped), good[:where], good + b"x"):
        with pytest.raises(InvalidTable):
            Table(bad)


def test_a_new_head_keeps_the_content() -> None:
    table = Table(build_table(HEAD, Scanned({"a": [(1, 2, 3)]}, "noarch", None, 10)))
    other = Head("https://other", 1, 2)
    again = Table(table.with_head(other))
    assert (again.head, again.extents("a")) == (other, [(1, 2, 3)])


class Opened:
    """`open_table` over one text, counting how often it was scanned."""

    def __init__(self, folder: Path, make: Any) -> None:
        self.text = folder / "text.json"
        self.text.write_text(json.dumps(make.repodata("a-1.0-0.conda", "b-1.0-0.conda")))
        self.paths = [str(folder / "cache" / "x.index")]
        self.scans = 0
        self.url = "https://h/c/noarch/repodata.json"

    def __call__(self) -> Table:
        def count(size: int) -> None:
            self.scans += 1

        file = os.open(self.text, os.O_RDONLY)
        try:
            return open_table(file, self.url, self.paths, on_build=count)
        finally:
            os.close(file)


@pytest.fixture
def opened(tmp_path: Path, make: Any) -> Opened:
    return Opened(tmp_path, make)


def test_the_text_is_scanned_once(opened: Opened) -> None:
    assert set(opened().names()) == set(opened().names()) == {"a", "b"}
    assert opened.scans == 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-5]),
        lambda path: path.write_bytes(b"mmindex0" + path.read_bytes()[8:]),
        lambda path: path.write_bytes(b"\0" * path.stat().st_size),
        lambda path: (path.unlink(), path.mkdir()),
        lambda path: path.unlink(),
    ],
    ids=["empty", "truncated", "other version", "zeros", "a folder", "gone"],
)
def test_a_bad_index_is_built_anew(opened: Opened, spoil: Any) -> None:
    opened()
    spoil(Path(opened.paths[0]))
    assert set(opened().names()) == {"a", "b"}
    assert opened.scans == 2


def test_an_index_of_another_text_or_url_is_not_used(opened: Opened, make: Any) -> None:
    opened()
    opened.url = "https://other/c/noarch/repodata.json"
    opened()
    assert opened.scans == 2
    opened.text.write_text(json.dumps(make.repodata("c-1.0-0.conda", "d-1.0-0.conda")))
    assert set(opened().names()) == {"c", "d"}


def test_without_a_writable_folder_the_index_stays_in_memory(opened: Opened) -> None:
    blocked = opened.text.parent / "file"
    blocked.write_text("")
    opened.paths = [str(blocked / "cache" / "x.index")]
    assert set(opened().names()) == {"a", "b"}
    assert set(opened().names()) == {"a", "b"}
    assert opened.scans == 2


def test_the_second_folder_is_used_when_the_first_cannot_be_written(opened: Opened) -> None:
    blocked = opened.text.parent / "file"
    blocked.write_text("")
    opened.paths.insert(0, str(blocked / "cache" / "x.index"))
    opened()
    opened()
    assert opened.scans == 1


def test_many_at_once_do_no_harm(opened: Opened) -> None:
    errors: list[BaseException] = []

    def run() -> None:
        try:
            for _ in range(20):
                assert set(opened().names()) == {"a", "b"}
                Path(opened.paths[0]).unlink(missing_ok=True)
        except BaseException as error:
            errors.append(error)

    crew = [threading.Thread(target=run) for _ in range(4)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    assert not errors
    assert [path.name for path in (opened.text.parent / "cache").iterdir()] in ([], ["x.index"])


def test_subdir_index_reads_records(tmp_path: Path, load: Any, make: Any) -> None:
    document = make.repodata(
        "b-1.0-0.tar.bz2", "b-1.0-0.conda", "b-2.0-0.tar.bz2", "c-1!1.0-0.conda"
    )
    document["packages.conda"]["c-1!1.0-0.conda"]["license"] = "MIT"
    make.subdir(tmp_path / "chan" / "noarch", document)
    (index,) = load(f"{tmp_path}/chan[noarch]")
    source: RecordSource = index
    assert sorted(source.names()) == ["b", "c"]
    assert sorted(source.packages("b")) == ["b-1.0-0.conda", "b-2.0-0.tar.bz2"]
    assert source.packages("missing") == {}
    assert ("b" in index, "missing" in index, len(index)) == (True, False, 2)
    found = source.record("c", "c-1!1.0-0.conda")
    assert found.url == f"file://{tmp_path}/chan/noarch/c-1%211.0-0.conda"
    assert (found.channel, found.subdir) == (f"file://{tmp_path}/chan", "noarch")
    assert (found.fn, found.license, found.size) == ("c-1!1.0-0.conda", "MIT", 10)
    with pytest.raises(KeyError):
        source.record("c", "c-9-0.conda")
    with pytest.raises(KeyError):
        source.record("missing", "c-1!1.0-0.conda")


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([f"a-{i}-0{e}" for i in range(6) for e in (".conda", ".tar.bz2")]),
        st.dictionaries(st.sampled_from(["x", "a-1-0.conda", "}"]), st.text('{}"\\a', max_size=4)),
        min_size=1,
    ),
    st.sampled_from([None, 2]),
)
def test_one_record_equals_the_parsed_one(
    tmp_path_factory: Any, make: Any, extra: dict[str, Any], indent: int | None
) -> None:
    folder = tmp_path_factory.mktemp("c")
    document: dict[str, Any] = {"packages": {}, "packages.conda": {}}
    for fn, more in extra.items():
        entry = make.record("a", fn.split("-")[1], nested={"deep": more})
        document["packages.conda" if fn.endswith("a") else "packages"][fn] = entry
    path = make.subdir(folder / "noarch", json.dumps(document, indent=indent).encode())
    file = os.open(path, os.O_RDONLY)
    from mm_channels.index import SubdirIndex

    table = open_table(file, "https://h/c/noarch/repodata.json", [])
    index = SubdirIndex(
        channel="https://h/c", channel_name="c", subdir="noarch",
        url="https://h/c/noarch/repodata.json", table=table, file=file,
    )  # fmt: skip
    for fn, more in extra.items():
        assert index.record("a", fn).extra["nested"] == {"deep": more}


def test_bad_records_are_left_out_with_one_warning(tmp_path: Path, load: Any, make: Any) -> None:
    document = make.repodata("a-1.0-0.conda", "a-2.0-0.conda")
    del document["packages.conda"]["a-2.0-0.conda"]["version"]
    make.subdir(tmp_path / "chan" / "noarch", document)
    warnings: list[str] = []
    (index,) = load(f"{tmp_path}/chan[noarch]", reporter=Collector(warnings))
    assert list(index.packages("a")) == list(index.packages("a")) == ["a-1.0-0.conda"]
    assert len(warnings) == 1
    assert "a-2.0-0.conda" in warnings[0]


class Collector:
    def __init__(self, warnings: list[str]) -> None:
        self.warnings = warnings

    def __getattr__(self, name: str) -> Any:
        return lambda *args: self.warnings.append(args[0]) if name == "warned" else None


def test_text_that_changes_under_an_open_index_is_noticed(
    tmp_path: Path, load: Any, make: Any
) -> None:
    path = make.subdir(tmp_path / "chan" / "noarch", make.repodata("a-1.0-0.conda"))
    (index,) = load(f"{tmp_path}/chan[noarch]")
    path.write_bytes(path.read_bytes().replace(b"1.0", b"9.9"))
    with pytest.raises(MalformedRepodata) as caught:
        index.packages("a")
    assert caught.value.hint
    assert not list(load.cache.glob("*.index"))
    (again,) = load(f"{tmp_path}/chan[noarch]")
    assert list(again.packages("a")) == ["a-9.9-0.conda"]


def test_a_record_that_cannot_be_used_is_an_error_with_its_name(
    tmp_path: Path, load: Any, make: Any
) -> None:
    document = make.repodata("a-1.0-0.conda", "b-1.0-0.conda")
    document["packages.conda"]["a-1.0-0.conda"]["size"] = "ten"
    document["packages.conda"]["b-1.0-0.conda"]["extra"] = "text"
    make.subdir(tmp_path / "chan" / "noarch", document)
    (index,) = load(f"{tmp_path}/chan[noarch]")
    for name in "ab":
        with pytest.raises(MalformedRepodata, match=f"{name}-1.0-0.conda"):
            index.record(name, f"{name}-1.0-0.conda")
