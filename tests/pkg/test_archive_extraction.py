"""Unpacking: every tar dialect in either format gives the files that were put in."""

from __future__ import annotations

import bz2
import io
import os
import stat
import tarfile
import threading
import zipfile
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mm_pkg.archive import extract, read_info
from mm_pkg.archive.decompression import BLOCK, SPARE, prefetched
from mm_pkg.archive.tar import TarReader
from mm_pkg.cancellation import Cancellation, Cancelled
from mm_pkg.errors import (
    ExtractionFailed,
    InvalidArchive,
    PackageError,
    UnknownArchiveFormat,
    UnsafeArchive,
)

STEM = "demo-1.0-0"
INDEX = b'{"name": "demo", "version": "1.0", "build": "0", "build_number": 0}'
FORMATS = {"ustar": tarfile.USTAR_FORMAT, "gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}


def member(name: str, content: bytes = b"", **fields: object) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    info.mtime = 1_700_000_000
    for key, value in fields.items():
        setattr(info, key, value)
    return info, content


def tar_bytes(
    members: list[tuple[tarfile.TarInfo, bytes]], dialect: int = tarfile.PAX_FORMAT
) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=dialect) as tar:
        for info, content in members:
            tar.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def write_conda(path: Path, payload: bytes, info: bytes | None = None, **zip_options: bool) -> Path:
    info = tar_bytes([member("info/index.json", INDEX)]) if info is None else info
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("metadata.json", '{"conda_pkg_format_version": 2}')
        for part, content in (("pkg", payload), ("info", info)):
            with archive.open(f"{part}-{STEM}.tar.zst", "w", **zip_options) as stream:
                stream.write(zstandard.compress(content))
    return path


def write(folder: Path, extension: str, members: list[tuple[tarfile.TarInfo, bytes]],
          dialect: int = tarfile.PAX_FORMAT) -> Path:  # fmt: skip
    path = folder / f"{STEM}{extension}"
    if extension == ".conda":
        return write_conda(path, tar_bytes(members, dialect))
    members = [member("info/index.json", INDEX), *members]
    path.write_bytes(bz2.compress(tar_bytes(members, dialect)))
    return path


def tree(folder: Path) -> dict[str, object]:
    found: dict[str, object] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = ("link", os.readlink(path))
        elif path.is_dir():
            found[name] = "folder"
        else:
            found[name] = path.read_bytes()
    return found


@pytest.mark.parametrize("extension", [".conda", ".tar.bz2"])
@pytest.mark.parametrize("dialect", FORMATS)
def test_every_kind_of_member_in_every_dialect(
    tmp_path: Path, extension: str, dialect: str
) -> None:
    long = "share/" + "/".join(["a" * 30] * (4 if dialect == "ustar" else 9)) + "/file.txt"
    members = [
        member("bin", type=tarfile.DIRTYPE, mode=0o755),
        member("bin/tool", b"#!/bin/sh\n", mode=0o755),
        member("bin/alias", type=tarfile.SYMTYPE, linkname="tool"),
        member("lib/tool-copy", type=tarfile.LNKTYPE, linkname="bin/tool"),
        member(long, b"long"),
        member("share/dangling", type=tarfile.SYMTYPE, linkname="../nowhere"),
        member("share/empty", b""),
        member("share/nothing", type=tarfile.DIRTYPE, mode=0o755),
        member("share/exact", b"x" * 512),
        member("share/\u00fcml\u00e4ut \u65e5", b"unicode"),
    ]
    archive = write(tmp_path, extension, members, FORMATS[dialect])
    extract(archive, tmp_path / "out")
    found = tree(tmp_path / "out")
    assert {name: value for name, value in found.items() if value != "folder"} == {
        "bin/tool": b"#!/bin/sh\n",
        "bin/alias": ("link", "tool"),
        "lib/tool-copy": b"#!/bin/sh\n",
        long: b"long",
        "share/dangling": ("link", "../nowhere"),
        "share/empty": b"",
        "share/exact": b"x" * 512,
        "share/\u00fcml\u00e4ut \u65e5": b"unicode",
        "info/index.json": INDEX,
    }
    assert found["share/nothing"] == "folder"
    out = tmp_path / "out"
    assert (out / "bin/tool").stat().st_ino == (out / "lib/tool-copy").stat().st_ino


@pytest.mark.parametrize("size", [BLOCK - 512, BLOCK, 3 * BLOCK + 77, 9 * BLOCK + 1])
def test_files_that_span_blocks(tmp_path: Path, size: int) -> None:
    content = os.urandom(1 << 16) * (size // (1 << 16) + 1)
    archive = write(tmp_path, ".conda", [
        member("lib/big", content[:size]), member("lib/after", b"after"),
    ])  # fmt: skip
    extract(archive, tmp_path / "out")
    assert (tmp_path / "out/lib/big").read_bytes() == content[:size]
    assert (tmp_path / "out/lib/after").read_bytes() == b"after"


def test_archives_large_enough_for_a_thread(tmp_path: Path) -> None:
    contents = [os.urandom(BLOCK // 2 + 13 * i) for i in range(2 * SPARE)]
    members = [member(f"lib/{i}", content) for i, content in enumerate(contents)]
    archive = write(tmp_path, ".conda", members)
    extract(archive, tmp_path / "out")
    assert [(tmp_path / f"out/lib/{i}").read_bytes() for i in range(len(contents))] == contents


def test_prefetching_stops_its_thread_when_the_reader_stops() -> None:
    before = threading.active_count()
    blocks = prefetched(memoryview(bytes([i % 256])) for i in range(10_000))
    assert bytes(next(blocks)) == b"\0"
    blocks.close()
    assert threading.active_count() == before


def test_modes_lose_the_umask_and_special_bits_times_are_kept(tmp_path: Path) -> None:
    archive = write(tmp_path, ".tar.bz2", [
        member("a/exe", b"x", mode=0o777, mtime=1_600_000_001),
        member("a/suid", b"x", mode=0o6755),
        member("a/read-only", b"x", mode=0o444),
        member("a/closed", b"x", mode=0o000),
        member("a/link", type=tarfile.SYMTYPE, linkname="exe", mtime=1_500_000_000),
        # After its files, as some writers order it.
        member("a", type=tarfile.DIRTYPE, mode=0o555, mtime=1_400_000_000),
        member("sticky", type=tarfile.DIRTYPE, mode=0o1777, mtime=-5),
    ])  # fmt: skip
    old = os.umask(0o027)
    try:
        extract(archive, tmp_path / "out")
    finally:
        os.umask(old)
    out = tmp_path / "out"
    modes = {path.name: stat.S_IMODE(path.lstat().st_mode) for path in out.rglob("*")}
    assert modes["exe"] == 0o750
    assert modes["suid"] == 0o750
    assert modes["read-only"] == 0o440
    assert modes["closed"] == 0o400
    # Folders stay removable for their owner.
    assert modes["a"] == 0o750
    assert modes["sticky"] == 0o750
    assert (out / "a/exe").stat().st_mtime == 1_600_000_001
    assert (out / "a/link").lstat().st_mtime == 1_500_000_000
    assert (out / "a").stat().st_mtime == 1_400_000_000
    assert (out / "sticky").stat().st_mtime == -5


def test_fractional_times_of_pax(tmp_path: Path) -> None:
    archive = write(tmp_path, ".conda", [member("a", b"x", mtime=1_700_000_000.25)])
    extract(archive, tmp_path / "out")
    assert (tmp_path / "out/a").stat().st_mtime_ns == 1_700_000_000_250_000_000


def test_the_last_of_several_members_wins(tmp_path: Path) -> None:
    archive = write(tmp_path, ".conda", [
        member("file", b"first"),
        member("other", b"untouched"),
        member("same", type=tarfile.LNKTYPE, linkname="file"),
        member("file", b"second"),
        member("link", type=tarfile.SYMTYPE, linkname="other"),
        member("link", b"a file now"),
        member("turned", b"x"),
        member("turned", type=tarfile.SYMTYPE, linkname="other"),
    ])  # fmt: skip
    extract(archive, tmp_path / "out")
    found = tree(tmp_path / "out")
    assert found["file"] == b"second"
    assert found["same"] == b"first"
    assert found["other"] == b"untouched"
    assert found["link"] == b"a file now"
    assert found["turned"] == ("link", "other")


def test_compressed_streams_of_several_parts(tmp_path: Path) -> None:
    payload = tar_bytes([member("a", b"x" * 5000)])
    halves = payload[:3000], payload[3000:]
    path = tmp_path / f"{STEM}.tar.bz2"
    path.write_bytes(b"".join(bz2.compress(half) for half in halves))
    extract(path, tmp_path / "bz2")
    assert (tmp_path / "bz2/a").read_bytes() == b"x" * 5000
    path = tmp_path / f"{STEM}.conda"
    with zipfile.ZipFile(path, "w") as archive:
        frames = b"".join(zstandard.compress(half) for half in halves)
        archive.writestr(f"pkg-{STEM}.tar.zst", frames)
        archive.writestr(f"info-{STEM}.tar.zst", zstandard.compress(tar_bytes([])))
    extract(path, tmp_path / "zst")
    assert (tmp_path / "zst/a").read_bytes() == b"x" * 5000


def test_zip_variations(tmp_path: Path) -> None:
    payload = tar_bytes([member("a", b"content")])
    zip64 = write_conda(tmp_path / f"{STEM}.conda", payload, force_zip64=True)
    renamed = zip64.rename(tmp_path / "renamed-9-9.conda")
    with zipfile.ZipFile(renamed, "a") as archive:
        archive.writestr("extra.txt", "ignored")
        archive.comment = b"PK a comment"
    extract(renamed, tmp_path / "out")
    assert tree(tmp_path / "out")["a"] == b"content"


def test_a_package_without_payload(tmp_path: Path) -> None:
    path = tmp_path / f"{STEM}.conda"
    with zipfile.ZipFile(path, "w") as archive:
        info = zstandard.compress(tar_bytes([member("info/index.json", INDEX)]))
        archive.writestr(f"info-{STEM}.tar.zst", info)
    extract(path, tmp_path / "out")
    assert tree(tmp_path / "out") == {"info": "folder", "info/index.json": INDEX}


def gnu_sparse_tar() -> bytes:
    """A file of 8192 bytes: 'A' * 512 at 1024, 'B' * 100 at 8092."""
    header = bytearray(tarfile.TarInfo("sparse").tobuf(tarfile.GNU_FORMAT))
    header[124:136] = b"%011o\0" % 612
    header[156:157] = b"S"
    header[386:410] = b"%011o\0%011o\0" % (1024, 512)
    header[410:434] = b"%011o\0%011o\0" % (8092, 100)
    header[483:495] = b"%011o\0" % 8192
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    content = b"A" * 512 + b"B" * 100
    return bytes(header) + content + bytes(-len(content) % 512) + bytes(1024)


def pax_sparse_tar() -> bytes:
    numbers = b"2\n1024\n512\n8092\n100\n"
    content = numbers + bytes(512 - len(numbers)) + b"A" * 512 + b"B" * 100
    info, _ = member("GNUSparseFile.0/sparse", content)
    info.pax_headers = {
        "GNU.sparse.major": "1", "GNU.sparse.minor": "0",
        "GNU.sparse.name": "sparse", "GNU.sparse.realsize": "8192",
    }  # fmt: skip
    return tar_bytes([(info, content)])


@pytest.mark.parametrize("payload", [gnu_sparse_tar(), pax_sparse_tar()], ids=["gnu", "pax"])
def test_sparse_files(tmp_path: Path, payload: bytes) -> None:
    extract(write_conda(tmp_path / f"{STEM}.conda", payload), tmp_path / "out")
    expected = bytes(1024) + b"A" * 512 + bytes(8092 - 1536) + b"B" * 100
    assert (tmp_path / "out/sparse").read_bytes() == expected


def test_merging_into_a_folder_keeps_what_is_there(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "lib").mkdir(parents=True)
    (out / "lib/mine").write_text("mine")
    (out / "lib/theirs").write_text("old")
    extract(write(tmp_path, ".conda", [member("lib/theirs", b"new")]), out)
    assert (out / "lib/mine").read_text() == "mine"
    assert (out / "lib/theirs").read_text() == "new"


def test_a_failure_in_a_folder_that_was_there_removes_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine").write_text("mine")
    archive = write(tmp_path, ".conda", [member("a", b"x" * 9000)])
    archive.write_bytes(archive.read_bytes()[:-40])
    with pytest.raises(InvalidArchive):
        extract(archive, out)
    assert (out / "mine").read_text() == "mine"


@pytest.mark.parametrize("extension", [".conda", ".tar.bz2"])
def test_truncated_archives_leave_nothing(tmp_path: Path, extension: str) -> None:
    archive = write(tmp_path, extension, [member("a", os.urandom(3000)), member("b", b"x")])
    whole = archive.read_bytes()
    for length in range(0, len(whole), 41):
        archive.write_bytes(whole[:length])
        with pytest.raises(InvalidArchive, match="demo-1"):
            extract(archive, tmp_path / "out")
        assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("extension", [".conda", ".tar.bz2"])
def test_flipped_bits_are_noticed_or_harmless(tmp_path: Path, extension: str) -> None:
    archive = write(tmp_path, extension, [member("a", os.urandom(700)), member("b", b"x" * 99)])
    whole = archive.read_bytes()
    extract(archive, tmp_path / "good")
    good = tree(tmp_path / "good")
    noticed = 0
    for at in range(0, len(whole), 7):
        archive.write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :])
        out = tmp_path / f"out{at}"
        try:
            extract(archive, out)
        except InvalidArchive:
            noticed += 1
            assert not out.exists()
        else:
            # In fields that no reader needs: dates, comments, the format's number.
            assert tree(out) == good
    assert noticed > len(whole) // 7 // 2


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=3000))
@example(b"\x80" * 512)
@example(gnu_sparse_tar()[:482] + b"\1" + gnu_sparse_tar()[483:])
def test_any_bytes_are_refused_or_read_but_never_crash(data: bytes) -> None:
    try:
        for item in TarReader([memoryview(data)]):
            assert item.stored >= 0
    except PackageError:
        pass


NAMES = st.lists(
    st.text(st.characters(codec="utf-8", exclude_characters="/\0\\:"), min_size=1, max_size=60)
    .filter(lambda part: part not in (".", "..")),
    min_size=1, max_size=6,
).map("/".join)  # fmt: skip


@settings(max_examples=60)
@given(
    st.dictionaries(NAMES, st.binary(max_size=1600), max_size=6),
    st.sampled_from([tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]),
)
@example({"long": b"x" * 1600, "longer": b"y" * 5000, "end": b""}, tarfile.PAX_FORMAT)
def test_the_reader_agrees_with_tarfile(files: dict[str, bytes], dialect: int) -> None:
    data = tar_bytes([member(name, content) for name, content in files.items()], dialect)
    # Blocks of any multiple of 512 give the same members.
    for block in (512, 1536, len(data)):
        pieces = [memoryview(data)[at : at + block] for at in range(0, len(data), block)]
        reader = TarReader(pieces)
        found = {
            item.name.decode(): b"".join(bytes(piece) for piece in reader.content())
            for item in reader
        }
        assert found == files
        # What is not read is skipped, over any number of blocks.
        assert [item.name.decode() for item in TarReader(pieces)] == list(files)


def test_numbers_beyond_octal(tmp_path: Path) -> None:
    info, _ = member("a", b"x", mtime=2**36)
    payload = tar_bytes([(info, b"x")], tarfile.GNU_FORMAT)
    assert next(iter(TarReader([memoryview(payload)]))).mtime_ns == 2**36 * 10**9


def test_cancelling_leaves_nothing(tmp_path: Path) -> None:
    archive = write(tmp_path, ".conda", [member("a", b"x")])
    stop = Cancellation()
    stop.cancel()
    with pytest.raises(Cancelled):
        extract(archive, tmp_path / "out", cancellation=stop)
    assert not (tmp_path / "out").exists()


def test_errors_name_the_file(tmp_path: Path) -> None:
    with pytest.raises(UnknownArchiveFormat, match=r"x\.zip"):
        extract(tmp_path / "x.zip", tmp_path / "out")
    with pytest.raises(ExtractionFailed, match=r"gone-1-0\.conda.*No such file"):
        extract(tmp_path / "gone-1-0.conda", tmp_path / "out")
    (tmp_path / "file").write_text("")
    archive = write(tmp_path, ".conda", [member("a", b"x")])
    with pytest.raises(ExtractionFailed, match="file"):
        extract(archive, tmp_path / "file")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("extension", [".conda", ".tar.bz2"])
def test_reading_the_metadata_alone(tmp_path: Path, extension: str) -> None:
    archive = write(tmp_path, extension, [member("a", b"x")])
    assert read_info(archive) == {"index.json": INDEX}
    assert read_info(archive, ["index.json", "paths.json"]) == {"index.json": INDEX}
    assert read_info(archive, []) == {}


def test_a_limit_on_what_comes_out(tmp_path: Path) -> None:
    archive = write(tmp_path, ".conda", [member("a", bytes(5 * BLOCK))])
    extract(archive, tmp_path / "fine", limit=6 * BLOCK)
    with pytest.raises(UnsafeArchive, match="unpacks to far more"):
        extract(archive, tmp_path / "out", limit=4 * BLOCK)
    assert not (tmp_path / "out").exists()
