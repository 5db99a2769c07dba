"""Archives made to do harm: refused, and not a byte lands outside the destination."""

from __future__ import annotations

import bz2
import io
import os
import struct
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import zstandard

from mm_pkg.archive import extract, parts, read_info
from mm_pkg.archive.zip_members import MAX_DIRECTORY
from mm_pkg.errors import InvalidArchive, UnsafeArchive

SYMLINK, HARD_LINK, FOLDER = tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE


def file(name: str, content: bytes = b"evil", **fields: object) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    for key, value in fields.items():
        setattr(info, key, value)
    return info, content


def other(name: str, kind: bytes, target: str = "") -> tuple[tarfile.TarInfo, bytes]:
    return file(name, b"", type=kind, linkname=target)


def tar(members: list[tuple[tarfile.TarInfo, bytes]]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for info, content in members:
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


@pytest.fixture
def yard(tmp_path: Path) -> Iterator[Path]:
    """A folder with a neighbour that must stay as it is; the destination is yard/out."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "target").write_text("precious")
    yard = tmp_path / "yard"
    yard.mkdir()
    yield yard
    assert sorted(path.name for path in tmp_path.iterdir()) == ["outside", "yard"]
    assert [path.name for path in outside.iterdir()] == ["target"]
    assert (outside / "target").read_text() == "precious"
    assert not (yard / "out").exists()
    assert {path.name for path in yard.iterdir()} <= {"evil-1-0.conda", "evil-1-0.tar.bz2"}


def write(yard: Path, extension: str, payload: bytes) -> Path:
    path = yard / f"evil-1-0{extension}"
    if extension == ".tar.bz2":
        path.write_bytes(bz2.compress(payload))
        return path
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("pkg-evil-1-0.tar.zst", zstandard.compress(payload))
        archive.writestr("info-evil-1-0.tar.zst", zstandard.compress(tar([])))
    return path


OUTSIDE = "../../outside"
HOSTILE = {
    "deep": [file("a/" * 1500 + "b")],
    "parent": [file("../evil")],
    "parent inside": [file("lib/../../evil")],
    "parent at the end": [other("lib/..", FOLDER)],
    "absolute": [file("/tmp/mm-test-evil")],
    "backslashes": [file("..\\evil")],
    "absolute backslash": [file("\\evil")],
    "drive letter": [file("C:evil")],
    "drive letter and slash": [file("c:/evil")],
    "NUL": [file("good\0/../../evil", pax_headers={"path": "good\0evil"})],
    "link outside": [other("link", SYMLINK, "../evil")],
    "link far outside": [other("lib/deep/link", SYMLINK, "../../../../evil")],
    "noarch link outside": [other("site-packages/link", SYMLINK, "../../../../evil")],
    "through a link": [other("lib", SYMLINK, "/tmp"), file("lib/mm-test-evil")],
    "through a relative link": [
        other("a", FOLDER), other("a/b", SYMLINK, ".."), file("a/b/evil"),
    ],
    "through links in a row": [
        other("x", SYMLINK, "."), other("y", SYMLINK, "x"), file("y/evil"),
    ],
    "through a link made late": [
        file("lib/first"), other("bin", SYMLINK, "lib"), file("bin/second"),
    ],
    "folder below a link": [other("lib", SYMLINK, "/tmp"), other("lib/mm-test-evil", FOLDER)],
    "link below a link": [other("lib", SYMLINK, "/tmp"), other("lib/mm-test-evil", SYMLINK, "x")],
    "below a file": [file("lib"), file("lib/evil")],
    "hard link to an absolute path": [other("passwd", HARD_LINK, "/etc/passwd")],
    "hard link outside": [other("copy", HARD_LINK, f"{OUTSIDE}/target")],
    "hard link to nothing": [other("copy", HARD_LINK, "nothing")],
    "hard link to a folder": [other("lib", FOLDER), other("copy", HARD_LINK, "lib")],
    "hard link through a link": [
        other("lib", SYMLINK, "/etc"), other("copy", HARD_LINK, "lib/passwd"),
    ],
    "character device": [other("null", tarfile.CHRTYPE)],
    "block device": [other("disk", tarfile.BLKTYPE)],
    "pipe": [other("pipe", tarfile.FIFOTYPE)],
}  # fmt: skip


@pytest.mark.parametrize("extension", [".conda", ".tar.bz2"])
@pytest.mark.parametrize("name", HOSTILE)
def test_refused(yard: Path, name: str, extension: str) -> None:
    archive = write(yard, extension, tar([file("good", b"good"), *HOSTILE[name]]))
    with pytest.raises(UnsafeArchive) as caught:
        extract(archive, yard / "out")
    assert str(archive) in caught.value.message
    assert caught.value.member
    assert caught.value.hint
    assert "\n" not in caught.value.message
    assert "\0" not in caught.value.message


def test_a_link_that_turns_into_a_folder_of_its_own(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    archive = write(tmp_path, ".conda", tar([
        other("lib", SYMLINK, str(outside)), other("lib", FOLDER), file("lib/a", b"inside"),
    ]))  # fmt: skip
    extract(archive, tmp_path / "out")
    assert (tmp_path / "out/lib/a").read_bytes() == b"inside"
    assert not (tmp_path / "out/lib").is_symlink()
    assert list(outside.iterdir()) == []


def test_a_hard_link_is_not_a_way_to_write_into_its_target(tmp_path: Path) -> None:
    """Replacing a name makes a new file: the other names keep the old content."""
    archive = write(tmp_path, ".conda", tar([
        file("a", b"first"), other("b", HARD_LINK, "a"), file("b", b"second"),
    ]))  # fmt: skip
    extract(archive, tmp_path / "out")
    assert (tmp_path / "out/a").read_bytes() == b"first"


def test_links_of_the_destination_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").write_text("precious")
    out = tmp_path / "out"
    out.mkdir()
    (out / "lib").symlink_to(outside)
    (out / "file").symlink_to(outside / "file")
    with pytest.raises(UnsafeArchive):
        extract(write(tmp_path, ".conda", tar([file("lib/evil")])), out)
    extract(write(tmp_path, ".conda", tar([file("file")])), out)
    assert (out / "file").read_bytes() == b"evil"
    assert not (out / "file").is_symlink()
    assert [path.name for path in outside.iterdir()] == ["file"]
    assert (outside / "file").read_text() == "precious"


def test_absolute_links_are_kept_and_not_followed(tmp_path: Path) -> None:
    """Packages point to the system so; who links them into a prefix decides."""
    archive = write(tmp_path, ".conda", tar([
        other("etc/localtime", SYMLINK, "/etc/localtime"),
        other("site-packages/pkg/tool", SYMLINK, "../../../../bin/tool"),
    ]))  # fmt: skip
    extract(archive, tmp_path / "out")
    assert os.readlink(tmp_path / "out/etc/localtime") == "/etc/localtime"
    assert os.readlink(tmp_path / "out/site-packages/pkg/tool") == "../../../../bin/tool"


def test_a_folder_in_place_of_a_file(yard: Path) -> None:
    archive = write(yard, ".conda", tar([file("lib/a"), file("lib")]))
    with pytest.raises(InvalidArchive, match="both a folder and a file"):
        extract(archive, yard / "out")


@pytest.mark.parametrize("extension", [".conda", ".tar.bz2"])
def test_decompression_bombs(yard: Path, extension: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert parts.default_limit(1000) == 1 << 30
    monkeypatch.setattr(parts, "_LEAST_LIMIT", 64 << 20)
    zeros = bytes(1 << 20)
    header = tarfile.TarInfo("zeros")
    header.size = 2 << 30
    path = yard / f"evil-1-0{extension}"
    if extension == ".conda":
        compressor = zstandard.ZstdCompressor().compressobj()
        pieces = [compressor.compress(header.tobuf())]
        pieces += [compressor.compress(zeros) for _ in range(100)]
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("pkg-evil-1-0.tar.zst", b"".join([*pieces, compressor.flush()]))
            archive.writestr("info-evil-1-0.tar.zst", zstandard.compress(tar([])))
        assert path.stat().st_size < 1 << 20
    else:
        # Many members of a stream that has been compressed but once.
        part = bz2.compress(zeros * 8)
        path.write_bytes(bz2.compress(header.tobuf()) + part * 10)
    with pytest.raises(UnsafeArchive, match="unpacks to far more"):
        extract(path, yard / "out")


def test_a_name_of_a_gigabyte(yard: Path) -> None:
    header = tarfile.TarInfo("././@LongLink")
    header.type = tarfile.GNUTYPE_LONGNAME
    header.size = 1 << 30
    archive = write(yard, ".conda", header.tobuf() + bytes(4096))
    with pytest.raises(UnsafeArchive, match="member name of 1073741824 bytes"):
        extract(archive, yard / "out")


def test_a_sparse_file_of_an_exabyte(yard: Path) -> None:
    info, _ = file("huge", b"")
    info.pax_headers = {
        "GNU.sparse.major": "0", "GNU.sparse.minor": "1", "GNU.sparse.size": str(1 << 60),
        "GNU.sparse.map": "",
    }  # fmt: skip
    archive = write(yard, ".conda", tar([(info, b"")]))
    with pytest.raises(UnsafeArchive, match="bytes long"):
        extract(archive, yard / "out")


def test_a_zip_directory_that_lies(yard: Path) -> None:
    archive = write(yard, ".conda", tar([file("good")]))
    data = bytearray(archive.read_bytes())
    end = data.rindex(b"PK\5\6")
    struct.pack_into("<L", data, end + 12, MAX_DIRECTORY + 1)
    archive.write_bytes(data)
    with pytest.raises(InvalidArchive, match="cut short"):
        extract(archive, yard / "out")
    struct.pack_into("<L", data, end + 16, len(data) - 3)
    archive.write_bytes(data)
    with pytest.raises(InvalidArchive):
        read_info(archive)
