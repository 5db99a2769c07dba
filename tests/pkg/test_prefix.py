from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_pkg.errors import InvalidPrefixFile
from mm_pkg.prefix import (
    HistoryEntry,
    Prefix,
    known_environments,
    register_environment,
    unregister_environment,
)
from mm_pkg.prefix.atomic_file import replace_file
from mm_pkg.prefix.history import format_entry, parse_history, spec_name
from mm_pkg.transaction import LinkItem, Plan, apply


@pytest.fixture
def meta(tmp_path: Path) -> Path:
    folder = tmp_path / "conda-meta"
    folder.mkdir()
    return folder


def write(meta: Path, **data: Any) -> None:
    data = {"name": "a", "version": "1", "build": "0", "build_number": 0, **data}
    (meta / f"{data['name']}-{data['version']}-{data['build']}.json").write_text(json.dumps(data))


# records of other tools


CHANNELS = [
    ({"channel": "https://h/c/linux-64", "subdir": "linux-64"}, "https://h/c"),
    ({"channel": "https://h/c/", "subdir": "linux-64"}, "https://h/c"),
    ({"channel": "c", "url": "https://h/c/linux-64/a-1-0.conda"}, "https://h/c"),
    ({"channel": "c", "subdir": "linux-64"}, "c"),
    ({"url": "https://h/c/noarch/a-1-0.tar.bz2"}, "https://h/c"),
]


@pytest.mark.parametrize(("data", "channel"), CHANNELS)
def test_channel_spellings(meta: Path, data: dict[str, Any], channel: str) -> None:
    write(meta, **data)
    record = Prefix(meta.parent).records()["a"]
    assert record.channel == channel


def test_record_full_of_nulls(meta: Path) -> None:
    write(
        meta,
        depends=None,
        constrains=None,
        license=None,
        link=None,
        files=["x", None],
        noarch=None,
        paths_data={
            "paths_version": 1,
            "paths": [{"_path": "x", "sha256": None, "file_mode": None}, {"_path": None}],
        },
        requested_spec="None",
        unknown={"key": 1},
        features="",
    )
    record = Prefix(meta.parent).records()["a"]
    assert record.files == ("x",)
    assert record.requested_spec is None
    assert record.paths_data is not None
    assert [entry.path for entry in record.paths_data.paths] == ["x"]


def test_record_without_paths_data(meta: Path) -> None:
    from mm_pkg.prefix.conda_meta import installed_files

    write(meta, files=["bin/x", "y"])
    record = Prefix(meta.parent).records()["a"]
    assert [entry.path for entry in installed_files(record)] == ["bin/x", "y"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"name": "a"}', "\udcff"])
def test_damaged_record_is_named(meta: Path, content: str) -> None:
    path = meta / "bad-1-0.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(InvalidPrefixFile, match=r"bad-1-0\.json"):
        Prefix(meta.parent).records()


def test_of_two_records_the_newer_counts(meta: Path) -> None:
    write(meta, version="2")
    write(meta, version="1")
    os.utime(meta / "a-2-0.json", (10, 10))
    os.utime(meta / "a-1-0.json", (20, 20))
    prefix = Prefix(meta.parent)
    assert prefix.records()["a"].version == "1"
    assert len(prefix.all_records()) == 2


def test_our_records_satisfy_rattler(make: Any, soft: Any, file: Any, prefix: Path) -> None:
    rattler = pytest.importorskip("rattler")
    place = "/build/placeholder_placeholder_placeholder_placeholder_placeholder_place"
    package = make(
        "a",
        {
            "x": b"x",
            "l": soft("x"),
            "e": None,
            "t": file(place.encode(), placeholder=place),
        },
        depends=["b >=1"],
        license="MIT",
        timestamp=1_700_000_000_000,
    )
    module = make("m", {"site-packages/m.py": b""}, noarch="python", entry_points=["m = m:main"])
    items = (LinkItem(package, ("a >=1",)), LinkItem(make.python()), LinkItem(module))
    apply(Plan(prefix, (), items))
    read = {
        record.name.normalized: record
        for record in (
            rattler.PrefixRecord.from_path(path) for path in (prefix / "conda-meta").glob("*.json")
        )
    }
    record = read["a"]
    assert [str(path.relative_path) for path in record.paths_data.paths] == ["x", "l", "e", "t"]
    assert list(map(str, record.files)) == ["x", "l", "e", "t"]
    assert str(record.channel).rstrip("/") == "https://host/chan/linux-64"
    assert len(read["m"].paths_data.paths) == 3


# history


def test_append_and_read_back(meta: Path) -> None:
    prefix = Prefix(meta.parent)
    prefix.append_history(HistoryEntry("one", ("a >=1", 'b[version="1"]'), link=("c::a-1-0",)))
    prefix.append_history(HistoryEntry("two"))
    prefix.append_history(HistoryEntry("three", (), ("a",), unlink=("c::a-1-0",)))
    assert [entry.command for entry in prefix.history()] == ["one", "two", "three"]
    assert [revision.number for revision in prefix.revisions()] == [0, 1]
    assert prefix.requested_specs() == {"b": 'b[version="1"]'}


LINE = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1)


@given(
    specs=st.lists(LINE.map(str.strip).filter(bool), max_size=5),
    command=LINE.map(str.strip),
    dists=st.lists(st.from_regex(r"[a-z:/]{1,8}::[a-z]{1,8}-1-0", fullmatch=True), max_size=3),
)
def test_entries_survive_writing(specs: list[str], command: str, dists: list[str]) -> None:
    entry = HistoryEntry(
        command, tuple(specs), tuple(specs), link=tuple(dists), unlink=tuple(dists), date="now"
    )
    read = parse_history(format_entry(entry) * 2)
    assert read == (entry, entry)


def test_command_cannot_forge_entries() -> None:
    text = format_entry(HistoryEntry("x\n==> 2000 <==\n+evil::a-1-0", date="now"))
    (entry,) = parse_history(text)
    assert entry.link == ()


def test_update_lists_a_spec_twice() -> None:
    entries = parse_history('# update specs: ["a >=2"]\n# remove specs: ["a >=2"]\n')
    from mm_pkg.prefix.history import requested_specs

    assert requested_specs(entries) == {"a": "a >=2"}


def test_old_and_broken_spec_lists() -> None:
    (entry,) = parse_history("# install specs: a, b\n# remove specs: [not a list\nrubbish\n")
    assert entry.update_specs == ("a", "b")
    assert entry.remove_specs == ()


NAMES = [
    ("numpy", "numpy"),
    ("numpy=1.2=py*_0", "numpy"),
    ("numpy>=1,<2", "numpy"),
    ("NumPy", "numpy"),
    ("conda-forge::xz 5.*", "xz"),
    ("https://h/c::xz", "xz"),
    ('pkg-a.b_c[version=">=1",channel=x]', "pkg-a.b_c"),
    ("https://h/c/linux-64/xz-5.2-h0_1.tar.bz2#abc", "xz"),
    ("/local/dir/my-pkg-5.2-h0_1.conda", ""),
    ("*", ""),
    ("", ""),
]


@pytest.mark.parametrize(("spec", "name"), NAMES)
def test_spec_names(spec: str, name: str) -> None:
    assert spec_name(spec) == name


# pins, variables, marker


def test_pins_skip_comments(meta: Path) -> None:
    (meta / "pinned").write_text("\n# comment\nnumpy 1.26.*\n  \npython 3.11.* # why\n")
    assert Prefix(meta.parent).pins() == ("numpy 1.26.*", "python 3.11.*")


def test_env_vars_keep_other_state(meta: Path) -> None:
    (meta / "state").write_text('{"version": 1, "other": [1], "env_vars": {"A": "***unset***"}}')
    prefix = Prefix(meta.parent)
    assert prefix.env_vars() == {}
    prefix.set_env_vars({"B": "2"})
    assert prefix.env_vars() == {"B": "2"}
    assert json.loads((meta / "state").read_text())["other"] == [1]
    assert sorted(os.listdir(meta)) == ["state"]


@pytest.mark.parametrize("content", ["{", "[]"])
def test_damaged_state(meta: Path, content: str) -> None:
    (meta / "state").write_text(content)
    with pytest.raises(InvalidPrefixFile, match="state"):
        Prefix(meta.parent).env_vars()


@pytest.mark.parametrize(
    ("content", "message"), [("", ""), ("{", ""), ('{"message": "do\\nnot"}', "do not"), ("[]", "")]
)
def test_frozen_marker(meta: Path, content: str, message: str) -> None:
    (meta / "frozen").write_text(content)
    marker = Prefix(meta.parent).frozen
    assert marker is not None
    assert marker.message == message


# environments.txt


def test_registry(tmp_path: Path) -> None:
    file = tmp_path / "home" / ".conda" / "environments.txt"
    one, two = Path("/envs/one"), Path("/envs/two")
    assert known_environments(file) == ()
    assert register_environment(one, file)
    assert register_environment(one, file)
    assert register_environment(two, file)
    assert file.read_text() == "/envs/one\n/envs/two\n"
    assert not register_environment(Path("/tmp/placehold_pl_placehold"), file)
    assert unregister_environment(one, file)
    assert known_environments(file) == (two,)


def test_registry_without_final_newline(tmp_path: Path) -> None:
    file = tmp_path / "environments.txt"
    file.write_text("/envs/one/")
    assert register_environment(Path("/envs/two"), file)
    assert known_environments(file) == (Path("/envs/one"), Path("/envs/two"))


def test_registry_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert not register_environment(Path("/envs/one"), tmp_path / "file" / "environments.txt")


def test_a_device_or_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    replace_file(pipe, b"content")
    assert os.read(reader, 100) == b"content"
    os.close(reader)
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]
