"""Making package archives: the same folder gives the same bytes, wherever made.

Members are sorted, ``info/`` comes first, owners are dropped, modes and times
are kept. With ``SOURCE_DATE_EPOCH`` set, no time is later than that.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from mm_pkg.errors import PackageError

from .parts import archive_stem

if TYPE_CHECKING:
    from tarfile import TarInfo

__all__ = ["InvalidLevel", "UnsupportedFile", "create"]

LEVELS = {".conda": (1, 22, 15), ".tar.bz2": (1, 9, 9)}
"""Extension -> least, greatest and default compression level."""

_METADATA = b'{"conda_pkg_format_version": 2}'
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
"""Readers ignore it; a fixed one keeps archives reproducible."""


class InvalidLevel(PackageError):
    """A compression level that the format does not have."""


class UnsupportedFile(PackageError):
    """A file that a package cannot hold, such as a pipe or a device."""


def create(
    folder: str | os.PathLike[str],
    destination: str | os.PathLike[str],
    *,
    level: int | None = None,
    threads: int = 1,
    modes: Mapping[str, int] | None = None,
) -> Path:
    """Make the package archive *destination* from the files below *folder*.

    The format is that of the destination's name. Symbolic links are stored as
    links, hard links as files; of folders only empty ones are stored. An
    existing archive is replaced, at the very end.

    level   -- 1 to 22 for ``.conda`` (default 15), 1 to 9 for ``.tar.bz2`` (9)
    threads -- for zstandard; more than one changes the bytes
    modes   -- permissions by name, in place of those that the files have

    Returns the destination. Raises `UnknownArchiveFormat`, `InvalidLevel`,
    `UnsupportedFile`, and OSError when a file cannot be read or written.
    """
    destination = Path(destination)
    stem, extension = archive_stem(destination)
    least, greatest, usual = LEVELS[extension]
    level = usual if level is None else level
    if not least <= level <= greatest:
        raise InvalidLevel(
            f"{level} is no compression level of {extension} packages",
            hint=f"Levels go from {least} to {greatest}.",
        )
    tree = _Tree(Path(folder), modes or {})
    info, payload = _names(Path(folder))
    temporary = destination.with_name(f".{destination.name}.{os.getpid()}.partial")
    try:
        with open(temporary, "wb") as file:
            if extension == ".conda":
                _write_conda(file, stem, tree, info, payload, level, threads)
            else:
                _write_bz2(file, tree, info + payload, level)
        temporary.replace(destination)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return destination


class _Tree(NamedTuple):
    """Files on disk, and what they are to be in the archive."""

    folder: Path
    modes: Mapping[str, int]


def _names(folder: Path) -> tuple[list[str], list[str]]:
    """Names below ``info/`` and all others, each sorted."""
    names = sorted(_walk(os.fspath(folder), ""))
    info = [name for name in names if name.startswith("info/")]
    return info, [name for name in names if not name.startswith("info/")]


def _walk(root: str, relative: str) -> Iterator[str]:
    with os.scandir(os.path.join(root, relative)) as entries:
        found = list(entries)
    if not found and relative:
        yield relative.removesuffix("/")
    for entry in found:
        name = relative + entry.name
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(root, name + "/")
        else:
            yield name


def _write_conda(
    file: IO[bytes],
    stem: str,
    tree: _Tree,
    info: list[str],
    payload: list[str],
    level: int,
    threads: int,
) -> None:
    from zipfile import ZIP_STORED, ZipFile, ZipInfo

    with ZipFile(file, "w", ZIP_STORED) as archive:
        archive.writestr(ZipInfo("metadata.json", _ZIP_TIME), _METADATA)
        # The info part comes last, so that a tail request over HTTP gets it.
        for part, names in (("pkg", payload), ("info", info)):
            member = ZipInfo(f"{part}-{stem}.tar.zst", _ZIP_TIME)
            member.external_attr = 0o644 << 16
            with archive.open(member, "w", force_zip64=True) as stream:
                _write_zstd(stream, tree, names, level, threads)


def _write_zstd(stream: IO[bytes], tree: _Tree, names: list[str], level: int, threads: int) -> None:
    from tempfile import TemporaryFile

    from zstandard import ZstdCompressor

    # First the tar, then its compression: the frame records its content's size,
    # with which readers need less memory.
    with TemporaryFile() as tar:
        _write_tar(tar, tree, names)
        size = tar.tell()
        tar.seek(0)
        ZstdCompressor(level=level, threads=threads if threads > 1 else 0).copy_stream(
            tar, stream, size=size
        )


def _write_bz2(file: IO[bytes], tree: _Tree, names: list[str], level: int) -> None:
    from bz2 import BZ2File

    with BZ2File(file, "wb", compresslevel=level) as stream:
        _write_tar(stream, tree, names)


def _write_tar(stream: IO[bytes], tree: _Tree, names: list[str]) -> None:
    from tarfile import PAX_FORMAT, TarFile

    latest = os.environ.get("SOURCE_DATE_EPOCH")
    with TarFile(fileobj=stream, mode="w", format=PAX_FORMAT, encoding="utf-8") as tar:
        for name in names:
            path = tree.folder / name
            member = _describe(path, name, int(latest) if latest else None)
            member.mode = tree.modes.get(name, member.mode)
            if member.isreg():
                with open(path, "rb") as source:
                    tar.addfile(member, source)
            else:
                tar.addfile(member)


def _describe(path: Path, name: str, latest: int | None) -> TarInfo:
    from tarfile import DIRTYPE, SYMTYPE, TarInfo

    status = path.lstat()
    member = TarInfo(name)
    member.mode = stat.S_IMODE(status.st_mode)
    member.mtime = int(status.st_mtime) if latest is None else min(int(status.st_mtime), latest)
    if stat.S_ISLNK(status.st_mode):
        member.type, member.linkname = SYMTYPE, str(path.readlink())
    elif stat.S_ISDIR(status.st_mode):
        member.type = DIRTYPE
    elif stat.S_ISREG(status.st_mode):
        member.size = status.st_size
    else:
        raise UnsupportedFile(f"{path} is neither a file, a folder nor a link: it cannot be packed")
    return member
