"""The package cache: what it finds, what it trusts, what survives crashes and company."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import time
from pathlib import Path
from typing import Any

import pytest

from mm_pkg import CachedPackage, PackageCache
from mm_pkg.archive import create
from mm_pkg.cancellation import Cancellation, Cancelled
from mm_pkg.errors import (
    ArchiveMismatch,
    ExtractionFailed,
    InvalidArchive,
    InvalidPackage,
    NoWritableCache,
)
from mm_pkg.record import InvalidRecord, PathEntry, RepodataRecord
from mm_pkg.reporter import Reporter, Task

CHANNEL = "https://host/chan"
FILES = {"lib/data.txt": b"some content", "bin/tool": b"#!/bin/sh\n", "share/empty": b""}


def package(
    folder: Path,
    *,
    name: str = "demo",
    files: dict[str, bytes] = FILES,
    extension: str = ".conda",
    channel: str = CHANNEL,
    index: dict[str, Any] | None = None,
    paths: list[dict[str, Any]] | None = None,
    known: dict[str, Any] | None = None,
) -> tuple[Path, RepodataRecord]:
    """An archive and the record a channel has of it."""
    root = folder / f"{name}-{extension.strip('.')}-{abs(hash(channel)) % 10**6}"
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    (root / "info").mkdir(parents=True, exist_ok=True)
    about = {"name": name, "version": "1.0", "build": "0", "build_number": 0, **(index or {})}
    (root / "info/index.json").write_text(json.dumps(about))
    if paths is None:
        paths = [
            {"_path": path, "path_type": "hardlink", "size_in_bytes": len(content),
             "sha256": hashlib.sha256(content).hexdigest()}
            for path, content in files.items()
        ]  # fmt: skip
    (root / "info/paths.json").write_text(json.dumps({"paths_version": 1, "paths": paths}))
    archive = create(root, root.parent / f"{root.name}.{name}-1.0-0{extension}", level=1)
    content = archive.read_bytes()
    record = RepodataRecord.from_dict({
        "name": name, "version": "1.0", "build": "0", "build_number": 0,
        "url": f"{channel}/noarch/{name}-1.0-0{extension}", "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(), "md5": hashlib.md5(content).hexdigest(),
        **(known or {}),
    })  # fmt: skip
    return archive, record


@pytest.fixture
def cache(tmp_path: Path) -> PackageCache:
    return PackageCache([tmp_path / "pkgs"])


class Listener(Reporter):
    def __init__(self) -> None:
        self.events: list[tuple[str, str]] = []

    def started(self, task: Task) -> None:
        self.events.append(("started", task.name))

    def finished(self, task: Task, note: str = "") -> None:
        self.events.append(("finished", task.name))

    def failed(self, task: Task, reason: str) -> None:
        self.events.append(("failed", reason))

    def warned(self, message: str) -> None:
        self.events.append(("warned", message))


def content(package: CachedPackage) -> dict[str, bytes]:
    return {entry.path: (package.path / entry.path).read_bytes() for entry in package.paths()}


def test_extract_then_find(tmp_path: Path, cache: PackageCache) -> None:
    archive, record = package(tmp_path)
    assert cache.find(record) is None
    listener = Listener()
    extracted = cache.extract(archive, record, reporter=listener)
    assert extracted.path == tmp_path / "pkgs/demo-1.0-0"
    found = cache.find(record)
    assert found is not None
    assert found.path == extracted.path
    assert found.record == extracted.record
    assert content(found) == FILES
    assert (tmp_path / "pkgs/urls.txt").read_text() == f"{record.url}\n"
    assert [kind for kind, _ in listener.events] == ["started", "finished"]
    assert list((tmp_path / "pkgs/.mm-partial").iterdir()) == []


def test_repodata_record(tmp_path: Path, cache: PackageCache) -> None:
    """The channel's word comes first, the package's own fills the gaps."""
    archive, record = package(
        tmp_path,
        index={"depends": ["old"], "license": "MIT", "timestamp": 5, "arch": None, "x": [1]},
        known={"depends": ["patched"], "license": "BSD", "track_features": "", "purls": ["p"]},
    )
    path = cache.extract(archive, record).path
    text = (path / "info/repodata_record.json").read_text()
    assert text.startswith('{\n    "')
    assert json.loads(text) == {
        "name": "demo", "version": "1.0", "build": "0", "build_number": 0,
        "depends": ["patched"], "constrains": [], "license": "BSD", "timestamp": 5, "x": [1],
        "purls": ["p"], "fn": "demo-1.0-0.conda", "url": record.url, "subdir": "noarch",
        "channel": f"{CHANNEL}/noarch", "size": record.size,
        "sha256": record.sha256, "md5": record.md5,
    }  # fmt: skip


def test_a_record_from_a_url_is_completed_by_the_package(
    tmp_path: Path, cache: PackageCache
) -> None:
    archive, record = package(
        tmp_path, index={"depends": ["zlib"], "build_number": 7, "track_features": "mkl"}
    )
    stub = RepodataRecord.from_url(record.url, sha256=record.sha256)
    extracted = cache.extract(archive, stub)
    assert extracted.record.depends == ("zlib",)
    assert extracted.record.build_number == 7
    assert extracted.record.features == ("mkl",)
    assert extracted.record.md5 == record.md5
    assert extracted.record.size == record.size
    assert not extracted.record.stub
    found = cache.find(stub)
    assert found is not None
    assert found.record == extracted.record


def test_corrections_of_the_channel_after_extraction(tmp_path: Path, cache: PackageCache) -> None:
    archive, record = package(tmp_path, known={"depends": ["a"]})
    cache.extract(archive, record)
    patched = RepodataRecord.from_dict(record.to_dict(), depends=["a <2"])
    found = cache.find(patched)
    assert found is not None
    assert found.record.depends == ("a <2",)


# -- trust


def test_packages_of_one_name_from_two_channels_live_side_by_side(
    tmp_path: Path, cache: PackageCache
) -> None:
    one = package(tmp_path, channel="https://host/one")
    two = package(tmp_path, channel="https://host/two", files={"other": b"another"})
    assert one[1].fn == two[1].fn
    first, second = cache.extract(*one), cache.extract(*two)
    assert first.path != second.path
    assert content(first) == FILES
    assert content(second) == {"other": b"another"}
    for _, record in (one, two):
        found = cache.find(record)
        assert found is not None
        assert found.record.channel == record.channel
    assert second.path == tmp_path / "pkgs/https/host/two/noarch/demo-1.0-0"
    # The archives do not overwrite each other either.
    assert cache.archive_path(one[1]) == tmp_path / "pkgs/demo-1.0-0.conda"
    assert cache.archive_path(two[1]) == second.path.with_name("demo-1.0-0.conda")
    assert second.path.parent.is_dir()


def test_both_formats_of_one_package(tmp_path: Path, cache: PackageCache) -> None:
    made = [package(tmp_path, extension=extension) for extension in (".conda", ".tar.bz2")]
    paths = {cache.extract(*each).path for each in made}
    assert len(paths) == 2
    assert all(cache.find(record) is not None for _, record in made)


def test_the_same_bytes_of_another_channel_are_another_package(
    tmp_path: Path, cache: PackageCache
) -> None:
    archive, record = package(tmp_path)
    cache.extract(archive, record)
    moved = RepodataRecord.from_dict(
        record.to_dict(), url=record.url.replace("chan", "evil"), channel="https://host/evil"
    )
    assert cache.find(moved) is None


@pytest.mark.parametrize(
    ("change", "trusted"),
    [
        ({"sha256": "0" * 64}, False),
        ({"sha256": None, "md5": "0" * 32}, False),
        ({"size": 1}, False),
        ({"sha256": None}, True),
        ({"size": None}, True),
        ({"size": None, "sha256": None, "md5": None}, True),
        ({"url": "http://host/chan/noarch/demo-1.0-0.conda"}, True),
        ({"url": "https://user:pass@host/t/tk/chan/noarch/demo-1.0-0.conda"}, True),
        ({"url": "https://host/chan/noarch/demo-1.0-0.tar.bz2"}, False),
        ({"url": "https://host/chan/linux-64/demo-1.0-0.conda"}, False),
    ],
)
def test_what_is_compared(
    tmp_path: Path, cache: PackageCache, change: dict[str, Any], trusted: bool
) -> None:
    archive, record = package(tmp_path)
    cache.extract(archive, record)
    data = {**record.to_dict(), **change}
    if "url" in change:
        for key in ("fn", "channel", "subdir"):
            del data[key]
    assert (cache.find(RepodataRecord.from_dict(data)) is not None) is trusted


def test_an_entry_whose_hashes_nobody_noted_is_not_trusted_for_a_known_hash(
    tmp_path: Path, cache: PackageCache
) -> None:
    archive, record = package(tmp_path)
    noted = cache.extract(archive, record).path / "info/repodata_record.json"
    data = json.loads(noted.read_text())
    noted.write_text(json.dumps({**data, "sha256": None, "md5": ""}))
    assert cache.find(record) is None
    assert cache.find(RepodataRecord.from_url(record.url)) is not None


def test_a_rebuilt_package_at_the_same_url_replaces_the_old_one(
    tmp_path: Path, cache: PackageCache
) -> None:
    cache.extract(*package(tmp_path / "old"))
    archive, record = package(tmp_path / "new", files={"new": b"new"})
    assert cache.find(record) is None
    assert content(cache.extract(archive, record)) == {"new": b"new"}
    assert cache.find(record) is not None
    assert (tmp_path / "pkgs/demo-1.0-0/new").exists()
    assert not (tmp_path / "pkgs/demo-1.0-0/lib").exists()


def test_archives_are_found_by_their_hash(tmp_path: Path, cache: PackageCache) -> None:
    archive, record = package(tmp_path)
    assert cache.find_archive(record) is None
    destination = cache.archive_path(record)
    destination.write_bytes(archive.read_bytes())
    assert cache.find_archive(record) == destination
    md5_only = RepodataRecord.from_dict({**record.to_dict(), "sha256": None})
    assert cache.find_archive(md5_only) == destination
    destination.write_bytes(archive.read_bytes()[:-1] + b"x")
    assert cache.find_archive(record) is None


def test_an_archive_without_any_hash_is_known_by_its_url_alone(
    tmp_path: Path, cache: PackageCache
) -> None:
    archive, record = package(tmp_path)
    bare = RepodataRecord.from_url(record.url)
    (tmp_path / "pkgs").mkdir()
    (tmp_path / "pkgs" / record.fn).write_bytes(archive.read_bytes())
    assert cache.find_archive(bare) is None
    destination = cache.archive_path(bare)
    assert destination == tmp_path / "pkgs/https/host/chan/noarch" / record.fn
    destination.write_bytes(archive.read_bytes())
    assert cache.find_archive(bare) == destination


@pytest.mark.parametrize("fn", ["../../evil-1-0.conda", "a/b-1-0.conda", ".conda", "x\0-1-0.conda"])
def test_file_names_that_lead_elsewhere(cache: PackageCache, fn: str) -> None:
    record = RepodataRecord.from_dict({
        "name": "evil", "version": "1", "build": "0", "build_number": 0, "fn": fn,
        "url": f"https://host/chan/noarch/{fn}", "sha256": "0" * 64,
    })  # fmt: skip
    with pytest.raises(InvalidRecord):
        cache.archive_path(record)
    with pytest.raises(InvalidRecord):
        cache.find(record)


# -- damage


def damage_remove(path: Path) -> None:
    (path / "lib/data.txt").unlink()


def damage_truncate(path: Path) -> None:
    (path / "lib/data.txt").write_bytes(b"some")


def damage_grow(path: Path) -> None:
    (path / "bin/tool").write_bytes(b"#!/bin/sh\nrm -rf /\n")


def damage_link(path: Path) -> None:
    (path / "lib").rename(path / "elsewhere")
    (path / "lib").symlink_to("elsewhere")


def damage_paths(path: Path) -> None:
    (path / "info/paths.json").write_text('{"paths": [')


def damage_record(path: Path) -> None:
    (path / "info/repodata_record.json").write_text("")


def damage_escape(path: Path) -> None:
    listed = {"paths_version": 1, "paths": [{"_path": "../../../etc/passwd"}]}
    (path / "info/paths.json").write_text(json.dumps(listed))


DAMAGES = [damage_remove, damage_truncate, damage_grow, damage_link, damage_paths, damage_record,
           damage_escape]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("checks", ["warn", "enabled"])
def test_damaged_entries_are_not_used_and_get_replaced(
    tmp_path: Path, damage: Any, checks: Any
) -> None:
    cache = PackageCache([tmp_path / "pkgs"], safety_checks=checks)
    archive, record = package(tmp_path)
    path = cache.extract(archive, record).path
    damage(path)
    assert cache.find(record) is None
    again = cache.extract(archive, record)
    assert again.path == path
    assert content(again) == FILES
    assert cache.find(record) is not None
    assert list((tmp_path / "pkgs/.mm-partial").iterdir()) == []


def test_altered_content_of_the_same_size(tmp_path: Path) -> None:
    archive, record = package(tmp_path)
    quick = PackageCache([tmp_path / "pkgs"])
    thorough = PackageCache([tmp_path / "pkgs"], extra_safety_checks=True)
    path = quick.extract(archive, record).path
    assert thorough.find(record) is not None
    (path / "lib/data.txt").write_bytes(b"SOME CONTENT")
    assert quick.find(record) is not None
    assert thorough.find(record) is None


def test_disabled_checks_look_at_no_file(tmp_path: Path) -> None:
    cache = PackageCache([tmp_path / "pkgs"], safety_checks="disabled")
    archive, record = package(tmp_path)
    damage_remove(cache.extract(archive, record).path)
    assert cache.find(record) is not None


def test_packages_that_contradict_themselves(tmp_path: Path) -> None:
    missing = package(tmp_path, name="missing", paths=[{"_path": "not/there"}])
    longer = package(tmp_path, name="longer", paths=[{"_path": "bin/tool", "size_in_bytes": 99}])
    listener = Listener()
    warn = PackageCache([tmp_path / "warn"])
    with pytest.raises(InvalidPackage, match="not/there is missing"):
        warn.extract(*missing)
    warn.extract(*longer, reporter=listener)
    assert ("warned", listener.events[1][1]) in listener.events
    assert "wrong size" in listener.events[1][1]
    # That is how this package is: it counts as whole, until the file changes.
    found = warn.find(longer[1])
    assert found is not None
    (found.path / "bin/tool").write_bytes(b"changed")
    assert warn.find(longer[1]) is None
    enabled = PackageCache([tmp_path / "enabled"], safety_checks="enabled")
    with pytest.raises(InvalidPackage, match="wrong size"):
        enabled.extract(*longer)
    assert enabled.find(longer[1]) is None
    left = {path.name for path in (tmp_path / "enabled").iterdir()}
    assert left == {"urls.txt", ".mm-partial"}


# -- extraction that fails


def test_an_archive_that_is_not_the_wanted_one(tmp_path: Path, cache: PackageCache) -> None:
    archive, record = package(tmp_path)
    wrong = RepodataRecord.from_dict(record.to_dict(), sha256="0" * 64)
    listener = Listener()
    with pytest.raises(ArchiveMismatch) as caught:
        cache.extract(archive, wrong, reporter=listener)
    assert (caught.value.what, caught.value.expected) == ("sha256", "0" * 64)
    assert listener.events[-1][0] == "failed"
    longer = RepodataRecord.from_dict(record.to_dict(), size=1)
    with pytest.raises(ArchiveMismatch, match="size"):
        cache.extract(archive, longer, verified=True)
    assert not (tmp_path / "pkgs/demo-1.0-0").exists()


@pytest.mark.parametrize("checks", ["disabled", "warn", "enabled"])
def test_nothing_to_verify_with(tmp_path: Path, checks: Any) -> None:
    archive, record = package(tmp_path)
    cache = PackageCache([tmp_path / "pkgs"], safety_checks=checks)
    listener = Listener()
    bare = RepodataRecord.from_url(record.url)
    if checks == "enabled":
        with pytest.raises(ArchiveMismatch, match="No hash is known"):
            cache.extract(archive, bare)
    else:
        cache.extract(archive, bare, reporter=listener)
        warned = [message for kind, message in listener.events if kind == "warned"]
        assert len(warned) == (1 if checks == "warn" else 0)


def test_failures_leave_the_cache_as_it_was(tmp_path: Path, cache: PackageCache) -> None:
    archive, record = package(tmp_path)
    cache.extract(archive, record)
    before = sorted((tmp_path / "pkgs").rglob("*"))
    bad = tmp_path / "bad-1.0-0.conda"
    bad.write_bytes(b"not a package")
    with pytest.raises(InvalidArchive):
        cache.extract(bad, RepodataRecord.from_url("https://h/c/noarch/bad-1.0-0.conda"))
    with pytest.raises(ExtractionFailed):
        cache.extract(tmp_path / "gone-1-0.conda", record)
    stop = Cancellation()
    stop.cancel()
    with pytest.raises(Cancelled):
        cache.extract(archive, record, cancellation=stop)
    assert sorted((tmp_path / "pkgs").rglob("*")) == before


def test_a_shipped_repodata_record_is_replaced(tmp_path: Path, cache: PackageCache) -> None:
    shipped = {**FILES, "info/repodata_record.json": b'{"url": "https://evil"}'}
    archive, record = package(tmp_path, files=shipped, paths=[])
    path = cache.extract(archive, record).path
    assert json.loads((path / "info/repodata_record.json").read_text())["url"] == record.url


# -- several caches


def test_read_only_caches_in_either_order(tmp_path: Path) -> None:
    archive, record = package(tmp_path)
    shared, own = tmp_path / "shared", tmp_path / "own"
    PackageCache([shared]).extract(archive, record)
    (shared / "urls.txt").unlink()
    (shared / "urls.txt").mkdir()  # cannot be written to, for root either
    for dirs in ([shared, own], [own, shared]):
        cache = PackageCache(dirs)
        found = cache.find(record)
        assert found is not None
        assert found.path.parent == shared
        assert cache.writable_dir() == own
    damage_remove(found.path)
    healed = PackageCache([shared, own]).extract(archive, record)
    assert healed.path.parent == own
    assert PackageCache([shared, own]).find(record) is not None


def test_no_writable_cache_names_all(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    dirs = [tmp_path / "file", tmp_path / "file/below"]
    cache = PackageCache(dirs)
    archive, record = package(tmp_path)
    with pytest.raises(NoWritableCache) as caught:
        cache.extract(archive, record)
    assert all(str(directory) in caught.value.message for directory in dirs)
    assert caught.value.dirs == tuple(map(str, dirs))
    assert cache.find(record) is None
    assert cache.find_archive(record) is None


def test_the_layout_of_micromamba(tmp_path: Path, cache: PackageCache) -> None:
    archive, record = package(tmp_path)
    path = cache.extract(archive, record).path
    nested = tmp_path / "pkgs/https/host/chan/noarch/demo-1.0-0"
    nested.parent.mkdir(parents=True)
    path.rename(nested)
    (nested.parent / record.fn).write_bytes(archive.read_bytes())
    found = cache.find(record)
    assert found is not None
    assert found.path == nested
    assert found.archive == nested.parent / record.fn
    assert cache.find_archive(record) == nested.parent / record.fn


# -- crashes and company


def test_leftovers_of_crashes_are_harmless_and_go(tmp_path: Path) -> None:
    archive, record = package(tmp_path)
    partial = tmp_path / "pkgs/.mm-partial"
    gone = multiprocessing.get_context("fork").Process(target=int)
    gone.start()
    gone.join()
    host = os.uname().nodename
    names = {
        f"{host}.{gone.pid}.aa": 3600, f"{host}.{gone.pid}.bb": 0,
        f"{host}.{os.getpid()}.cc": 3600, "elsewhere.1.dd": 3600, "elsewhere.1.ee": 90000,
    }  # fmt: skip
    for name, age in names.items():
        (partial / name / "demo-1.0-0/info").mkdir(parents=True)
        stamp = time.time() - age
        os.utime(partial / name, (stamp, stamp))
    # And an entry that another tool began in place.
    (tmp_path / "pkgs/demo-1.0-0/info").mkdir(parents=True)
    cache = PackageCache([tmp_path / "pkgs"])
    assert cache.find(record) is None
    assert content(cache.extract(archive, record)) == FILES
    left = {path.name.rpartition(".")[2] for path in partial.iterdir()}
    assert left == {"bb", "cc", "dd"}


def extract_often(pkgs: Path, archive: Path, record: RepodataRecord, failures: Any) -> None:
    try:
        for _ in range(5):
            cache = PackageCache([pkgs])
            found = cache.find(record) or cache.extract(archive, record)
            if content(found) != FILES:
                failures.put("wrong content")
    except BaseException as error:
        failures.put(repr(error))


@pytest.mark.parametrize("begin", ["empty", "damaged"])
def test_many_processes_extract_the_same_package(tmp_path: Path, begin: str) -> None:
    archive, record = package(tmp_path)
    pkgs = tmp_path / "pkgs"
    if begin == "damaged":
        PackageCache([pkgs]).extract(archive, record)
    context = multiprocessing.get_context("fork")
    failures = context.SimpleQueue()
    for _ in range(4):
        if begin == "damaged":
            damage_record(pkgs / "demo-1.0-0")
        arguments = (pkgs, archive, record, failures)
        workers = [context.Process(target=extract_often, args=arguments) for _ in range(6)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert failures.empty(), failures.get()
        found = PackageCache([pkgs], extra_safety_checks=True).find(record)
        assert found is not None
        assert found.path == pkgs / "demo-1.0-0"
        assert list((pkgs / ".mm-partial").iterdir()) == []
        if begin == "empty":
            found.path.rename(tmp_path / f"done-{os.urandom(4).hex()}")


# -- the list of files


def write_legacy(folder: Path, **files: str) -> CachedPackage:
    (folder / "info").mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / "info" / name).write_text(text)
    return CachedPackage(folder, RepodataRecord.from_url("https://h/c/noarch/a-1-0.conda"))


def test_legacy_lists(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/link").symlink_to("target")
    found = write_legacy(
        tmp_path,
        files="bin/a\nbin/with space\nlib/link\nlib/b\nlib/c\nlib/q\ninfo/files\n\n",
        has_prefix='bin/with space\n/old/prefix binary lib/b\n"/o p" text "lib/q"\n',
        no_link="bin/a\n",
        no_softlink="lib/c\n",
    ).paths()
    default = "/opt/anaconda1anaconda2" + "anaconda3"
    assert found == (
        PathEntry(path="bin/a", no_link=True),
        PathEntry(path="bin/with space", prefix_placeholder=default, file_mode="text"),
        PathEntry(path="lib/link", path_type="softlink"),
        PathEntry(path="lib/b", prefix_placeholder="/old/prefix", file_mode="binary"),
        PathEntry(path="lib/c", no_link=True),
        PathEntry(path="lib/q", prefix_placeholder="/o p", file_mode="text"),
    )


def test_defaults_of_paths_json(tmp_path: Path) -> None:
    listed = [
        {"_path": "a"},
        {"_path": "b", "prefix_placeholder": "/p", "no_link": None, "sha256": None},
        {"_path": "c", "path_type": "directory", "unknown": 1},
    ]
    text = json.dumps({"paths": listed, "paths_version": 1})
    assert write_legacy(tmp_path, **{"paths.json": text}).paths() == (
        PathEntry(path="a", path_type="hardlink"),
        PathEntry(path="b", prefix_placeholder="/p", file_mode="text"),
        PathEntry(path="c", path_type="directory"),
    )


@pytest.mark.parametrize(
    "text",
    [
        '{"paths_version": 2, "paths": []}',
        "[]",
        "",
        '{"paths": [{"path_type": "hardlink"}], "paths_version": 1}',
        '{"paths": [{"_path": "/etc/passwd"}], "paths_version": 1}',
        '{"paths": [{"_path": "lib/../../x"}], "paths_version": 1}',
        '{"paths": [{"_path": ""}], "paths_version": 1}',
    ],
)
def test_lists_that_cannot_be_used(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidPackage, match=str(tmp_path)):
        write_legacy(tmp_path, **{"paths.json": text}).paths()


def test_metadata_behind_a_link_is_not_read(tmp_path: Path) -> None:
    found = write_legacy(tmp_path, files="a\n")
    (tmp_path / "secret").write_text('{"paths_version": 1, "paths": [{"_path": "b"}]}')
    (tmp_path / "info/paths.json").symlink_to(tmp_path / "secret")
    assert [entry.path for entry in found.paths()] == ["a"]
