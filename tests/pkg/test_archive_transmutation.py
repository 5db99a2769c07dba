"""From one format to the other and back: the same files, modes, times and links."""

from __future__ import annotations

import io
import os
import stat
import tarfile
from pathlib import Path

import pytest

from mm_pkg.archive import create, extract, transmutation, transmute
from mm_pkg.archive.transmutation import TransmutationFailed
from mm_pkg.cancellation import Cancellation, Cancelled
from mm_pkg.errors import ExtractionFailed, UnknownArchiveFormat, UnsafeArchive

EXTENSIONS = [".conda", ".tar.bz2"]


def make_folder(root: Path) -> Path:
    (root / "info").mkdir(parents=True)
    (root / "info/index.json").write_text("{}")
    (root / "bin").mkdir()
    (root / "bin/tool").write_text("#!/bin/sh\n")
    (root / "bin/tool").chmod(0o755)
    (root / "bin/shared").write_text("for the group")
    (root / "bin/shared").chmod(0o664)
    (root / "bin/alias").symlink_to("tool")
    (root / "lib/empty").mkdir(parents=True)
    for path in root.rglob("*"):
        os.utime(path, (1_600_000_000, 1_600_000_000), follow_symlinks=False)
    return root


def members(archive: Path) -> dict[str, tuple[object, ...]]:
    """What is in an archive by our reader's account, permissions as archived."""
    from mm_pkg.archive.parts import archive_stem, open_parts

    found: dict[str, tuple[object, ...]] = {}
    with open(archive, "rb") as file:
        for tar in open_parts(file, *archive_stem(archive)):
            for member in tar:
                content = b"".join(bytes(piece) for piece in tar.content())
                name = member.name.decode().rstrip("/")
                found[name] = (member.kind, member.mode, member.link, member.mtime_ns, content)
    return found


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_there_and_back_again(tmp_path: Path, extension: str) -> None:
    before = os.umask(0o022)
    try:
        archive = create(make_folder(tmp_path / "folder"), tmp_path / f"demo-1-0{extension}")
        original = members(archive)
        other = transmute(archive)
        assert other.parent == tmp_path
        assert other.name != archive.name
        archive.unlink()
        assert transmute(other) == archive
    finally:
        os.umask(before)
    assert members(other) == members(archive) == original
    assert original["bin/shared"][1] == 0o664
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "demo-1-0.conda", "demo-1-0.tar.bz2", "folder",
    ]  # fmt: skip


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_conda_package_handling_finds_the_same_files(tmp_path: Path, extension: str) -> None:
    api = pytest.importorskip("conda_package_handling.api")
    archive = create(make_folder(tmp_path / "folder"), tmp_path / f"demo-1-0{extension}")
    api.extract(str(archive), str(tmp_path / "theirs"))
    api.extract(str(transmute(archive)), str(tmp_path / "ours"))
    assert picture(tmp_path / "ours") == picture(tmp_path / "theirs")


def picture(folder: Path) -> dict[str, tuple[object, ...]]:
    return {
        path.relative_to(folder).as_posix(): (
            stat.S_IMODE(path.lstat().st_mode),
            path.readlink() if path.is_symlink() else path.is_file() and path.read_bytes(),
        )
        for path in folder.rglob("*")
    }


def test_links_and_holes_become_plain_files(tmp_path: Path) -> None:
    archive = tmp_path / "demo-1-0.tar.bz2"
    with tarfile.open(archive, "w:bz2", format=tarfile.GNU_FORMAT) as tar:
        for name, content in (("info/index.json", b"{}"), ("a", b"one"), ("a", b"two")):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
        member = tarfile.TarInfo("b")
        member.type, member.linkname = tarfile.LNKTYPE, "a"
        tar.addfile(member)
    assert {name: facts[-1] for name, facts in members(transmute(archive)).items()} == {
        "info/index.json": b"{}", "a": b"two", "b": b"two",
    }  # fmt: skip


def test_the_level_is_used(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "folder")
    (folder / "data").write_bytes(b"".join(str(i % 7919).encode() for i in range(200_000)))
    archive = create(folder, tmp_path / "demo-1-0.tar.bz2", level=1)
    small = transmute(archive, tmp_path / "small-1-0.conda", level=19)
    assert small.stat().st_size < transmute(archive, level=1).stat().st_size


def test_a_hostile_archive_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    archive = tmp_path / "demo-1-0.tar.bz2"
    with tarfile.open(archive, "w:bz2") as tar:
        tar.addfile(tarfile.TarInfo("../outside"), io.BytesIO())
    destination = tmp_path / "demo-1-0.conda"
    destination.write_text("old")
    with pytest.raises(UnsafeArchive):
        transmute(archive)
    assert destination.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == [destination.name, archive.name]


def test_what_would_not_be_the_same_is_not_put_into_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a file system that takes ``A`` and ``a`` for one."""
    folder = make_folder(tmp_path / "folder")
    archive = create(folder, tmp_path / "demo-1-0.conda")
    really = transmutation.create

    def forgetful(files: Path, *words: object, **options: object) -> Path:
        (files / "bin/tool").write_text("another")
        return really(files, *words, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(transmutation, "create", forgetful)
    with pytest.raises(TransmutationFailed, match="'bin/tool' is not the same"):
        transmute(archive)
    assert not (tmp_path / "demo-1-0.tar.bz2").exists()


def test_what_is_no_archive_or_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnknownArchiveFormat):
        transmute(tmp_path / "demo.zip")
    with pytest.raises(ExtractionFailed):
        transmute(tmp_path / "demo-1-0.conda")


def test_it_can_be_stopped(tmp_path: Path) -> None:
    archive = create(make_folder(tmp_path / "folder"), tmp_path / "demo-1-0.conda")
    cancellation = Cancellation()
    cancellation.cancel()
    with pytest.raises(Cancelled):
        transmute(archive, cancellation=cancellation)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["demo-1-0.conda", "folder"]


def test_modes_are_those_asked_for(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "folder")
    archive = create(folder, tmp_path / "demo-1-0.conda", modes={"bin/tool": 0o700})
    extract(archive, tmp_path / "out")
    assert stat.S_IMODE((tmp_path / "out/bin/tool").stat().st_mode) == 0o700
    assert members(archive)["bin/shared"][1] == 0o664
