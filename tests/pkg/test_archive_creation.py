"""Making archives: the same bytes from the same files, and nothing lost on the way."""

from __future__ import annotations

import hashlib
import os
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest
import zstandard

from mm_pkg.archive import create, extract, read_info
from mm_pkg.archive.creation import InvalidLevel, UnsupportedFile
from mm_pkg.errors import UnknownArchiveFormat

EXTENSIONS = [".conda", ".tar.bz2"]


def make_folder(root: Path, mtime: int = 1_600_000_000) -> Path:
    (root / "info").mkdir(parents=True)
    (root / "info/index.json").write_text("{}")
    (root / "info/a-first").write_text("sorted")
    (root / "bin").mkdir()
    (root / "bin/tool").write_text("#!/bin/sh\n")
    (root / "bin/tool").chmod(0o755)
    (root / "bin/alias").symlink_to("tool")
    os.link(root / "bin/tool", root / "bin/same")
    (root / "lib/empty").mkdir(parents=True)
    (root / ("d" * 120)).mkdir()
    (root / ("d" * 120) / "long\u00e9").write_bytes(bytes(range(256)) * 9)
    for path in [*root.rglob("*"), root]:
        os.utime(path, (mtime, mtime), follow_symlinks=False)
    return root


def picture(folder: Path) -> dict[str, tuple[object, ...]]:
    found: dict[str, tuple[object, ...]] = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        name = path.relative_to(folder).as_posix()
        if stat.S_ISDIR(status.st_mode):
            found[name] = ("folder",)
        elif stat.S_ISLNK(status.st_mode):
            found[name] = ("link", os.readlink(path), status.st_mtime)
        else:
            mode = stat.S_IMODE(status.st_mode)
            found[name] = ("file", path.read_bytes(), mode, status.st_mtime)
    return found


def tar_members(path: Path) -> list[list[tarfile.TarInfo]]:
    if path.name.endswith(".tar.bz2"):
        with tarfile.open(path) as tar:
            return [tar.getmembers()]
    parts = []
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist()[1:]:
            reader = zstandard.ZstdDecompressor().stream_reader(archive.open(name))
            with tarfile.open(fileobj=reader, mode="r|") as tar:
                parts.append(list(tar))
    return parts


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_what_is_packed_comes_out_again(tmp_path: Path, extension: str) -> None:
    folder = make_folder(tmp_path / "folder")
    archive = create(folder, tmp_path / f"demo-1-0{extension}")
    extract(archive, tmp_path / "out")
    assert picture(tmp_path / "out") == picture(folder)
    assert read_info(archive, ["a-first"]) == {"a-first": b"sorted"}


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_the_same_files_give_the_same_bytes(tmp_path: Path, extension: str) -> None:
    digests = set()
    for name in ("one", "two"):
        folder = make_folder(tmp_path / name / "folder")
        archive = create(folder, tmp_path / name / f"demo-1-0{extension}")
        digests.add(hashlib.sha256(archive.read_bytes()).hexdigest())
    assert len(digests) == 1


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_order_and_owners(tmp_path: Path, extension: str) -> None:
    archive = create(make_folder(tmp_path / "folder"), tmp_path / f"demo-1-0{extension}")
    parts = tar_members(archive)
    for part in parts:
        assert {(m.uid, m.gid, m.uname, m.gname) for m in part} == {(0, 0, "", "")}
    names = [[m.name for m in part] for part in parts]
    payload = ["bin/alias", "bin/same", "bin/tool", "d" * 120 + "/long\u00e9", "lib/empty"]
    info = ["info/a-first", "info/index.json"]
    assert names == ([payload, info] if extension == ".conda" else [info + payload])
    assert all(not m.islnk() for part in parts for m in part)


def test_the_parts_of_a_conda(tmp_path: Path) -> None:
    archive = create(make_folder(tmp_path / "folder"), tmp_path / "demo-1-0.conda")
    with zipfile.ZipFile(archive) as opened:
        members = opened.infolist()
        assert [m.filename for m in members] == [
            "metadata.json", "pkg-demo-1-0.tar.zst", "info-demo-1-0.tar.zst",
        ]  # fmt: skip
        assert {m.compress_type for m in members} == {zipfile.ZIP_STORED}
        assert opened.read("metadata.json") == b'{"conda_pkg_format_version": 2}'
        # The content's size is in the frame, so that readers know what memory it takes.
        frame = zstandard.get_frame_parameters(opened.read("pkg-demo-1-0.tar.zst"))
        assert 0 < frame.content_size < 1 << 20


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_no_time_is_later_than_the_source_date(
    tmp_path: Path, extension: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_folder(tmp_path / "folder")
    os.utime(folder / "info/index.json", (1_200_000_000, 1_200_000_000))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1500000000")
    archive = create(folder, tmp_path / f"demo-1-0{extension}")
    times = {m.name: m.mtime for part in tar_members(archive) for m in part}
    assert times["bin/tool"] == 1_500_000_000
    assert times["info/index.json"] == 1_200_000_000


def test_levels(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a").write_bytes(b"".join(str(i % 7919).encode() for i in range(200_000)))
    sizes = [
        create(folder, tmp_path / "a-1-0.conda", level=level).stat().st_size for level in (1, 19)
    ]
    assert sizes[1] < sizes[0]
    for extension, level in ((".conda", 0), (".conda", 23), (".tar.bz2", 0), (".tar.bz2", 10)):
        with pytest.raises(InvalidLevel) as caught:
            create(folder, tmp_path / f"b-1-0{extension}", level=level)
        assert str(level) in caught.value.message
        assert "Levels go from 1 to" in caught.value.hint
    assert not (tmp_path / "b-1-0.conda").exists()


def test_an_existing_archive_is_replaced_only_by_a_whole_one(tmp_path: Path) -> None:
    destination = tmp_path / "demo-1-0.conda"
    destination.write_text("old")
    folder = tmp_path / "folder"
    folder.mkdir()
    os.mkfifo(folder / "pipe")
    with pytest.raises(UnsupportedFile, match="pipe"):
        create(folder, destination)
    assert destination.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["demo-1-0.conda", "folder"]
    with pytest.raises(UnknownArchiveFormat):
        create(folder, tmp_path / "demo.zip")


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_conda_package_handling_reads_ours(tmp_path: Path, extension: str) -> None:
    api = pytest.importorskip("conda_package_handling.api")
    archive = create(make_folder(tmp_path / "folder"), tmp_path / f"demo-1-0{extension}")
    api.extract(str(archive), str(tmp_path / "theirs"))
    extract(archive, tmp_path / "ours")
    assert without_link_times(tmp_path / "theirs") == without_link_times(tmp_path / "ours")


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_we_read_what_conda_package_handling_makes(tmp_path: Path, extension: str) -> None:
    api = pytest.importorskip("conda_package_handling.api")
    folder = make_folder(tmp_path / "folder")
    files = [str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_symlink() or p.is_file()]
    api.create(str(folder), files, f"demo-1-0{extension}", out_folder=str(tmp_path))
    extract(tmp_path / f"demo-1-0{extension}", tmp_path / "ours")
    expected = without_link_times(folder)
    del expected["lib"], expected["lib/empty"]
    assert without_link_times(tmp_path / "ours") == expected


def without_link_times(folder: Path) -> dict[str, tuple[object, ...]]:
    """conda-package-handling does not restore the times of links."""
    return {
        name: fields[:2] if fields[0] == "link" else fields
        for name, fields in picture(folder).items()
    }
