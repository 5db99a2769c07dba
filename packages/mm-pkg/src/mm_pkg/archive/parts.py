"""The tar streams that a package archive consists of.

A ``.tar.bz2`` is one; a ``.conda`` has one for the files and one for the
metadata below ``info/`` (CEP 35).
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from typing import BinaryIO, Literal

from mm_pkg.errors import InvalidArchive, UnknownArchiveFormat, UnsafeArchive
from mm_pkg.record import ARCHIVE_EXTENSIONS

from .decompression import bz2_blocks, prefetched, zstd_blocks
from .tar import TarReader
from .zip_members import StoredMember, ZipMember, read_zip_members

__all__ = ["archive_stem", "default_limit", "naming_archive", "open_parts"]

Part = Literal["pkg", "info"]

_PREFETCH_FROM = 2 << 20
"""Compressed bytes from which a thread for decompression pays for itself."""

_TAR_ZST = ".tar.zst"

_LEAST_LIMIT = 1 << 30
_MOST_EXPANSION = 256
"""Only long runs of equal bytes compress better than this. Packages stay far below."""


def default_limit(archive_size: int) -> int:
    """Bytes that an archive of *archive_size* bytes may unpack to."""
    return max(_LEAST_LIMIT, archive_size * _MOST_EXPANSION)


def archive_stem(path: str | os.PathLike[str]) -> tuple[str, str]:
    """File name without extension, and the extension.

    >>> archive_stem("/pkgs/zlib-1.3-0.tar.bz2")
    ('zlib-1.3-0', '.tar.bz2')

    Raises `UnknownArchiveFormat`.
    """
    name = os.path.basename(os.fspath(path))
    for extension in ARCHIVE_EXTENSIONS:
        if name.endswith(extension):
            return name.removesuffix(extension), extension
    raise UnknownArchiveFormat(
        f"{os.fspath(path)} is not a package: its name ends in neither .conda nor .tar.bz2",
        hint="Name a file that ends in one of them.",
    )


@contextmanager
def naming_archive(path: str | os.PathLike[str]) -> Iterator[None]:
    """Put the archive's name in front of what readers say about "its" parts.

    Raises `InvalidArchive` and `UnsafeArchive` anew, with the name and a hint.
    """
    try:
        yield
    except UnsafeArchive as error:
        raise UnsafeArchive(
            f"{os.fspath(path)} is not safe to unpack: {error.message}",
            hint="Do not use this package; tell the owner of its channel.",
            member=error.member,
        ) from None
    except InvalidArchive as error:
        raise InvalidArchive(
            f"{os.fspath(path)} cannot be unpacked: {error.message}",
            hint="The file is damaged: delete it and download it again.",
        ) from None


def open_parts(
    file: BinaryIO,
    stem: str,
    extension: str,
    *,
    parts: tuple[Part, ...] = ("pkg", "info"),
    limit: int | None = None,
) -> Iterator[TarReader]:
    """The tar streams of an archive, one after the other, in the order of *parts*.

    A ``.tar.bz2`` has but one, whatever *parts* says. Each stream is to be read
    before the next is asked for. *limit* is the number of bytes that all may
    unpack to. Raises `InvalidArchive` and `UnsafeArchive`.
    """
    size = os.fstat(file.fileno()).st_size
    budget = [default_limit(size) if limit is None else limit]
    if extension == ".tar.bz2":
        with closing(_limited(bz2_blocks(file), budget, size)) as blocks:
            yield TarReader(blocks)
        return
    members = read_zip_members(file)
    for part in parts:
        member = _find_part(members, part, stem)
        if member is not None:
            stream = zstd_blocks(StoredMember(file, member))
            with closing(_limited(stream, budget, member.size)) as blocks:
                yield TarReader(blocks)
        elif part == "info" or len(members) > 2:
            # A package without files may lack its pkg part: then nothing else is there
            # but metadata.json. With more, the name of a part is damaged.
            raise InvalidArchive(f"it has no {part} part")


def _find_part(members: tuple[ZipMember, ...], part: Part, stem: str) -> ZipMember | None:
    """The member of that part; archives may have been renamed since they were made."""
    named = {member.name: member for member in members}
    exact = named.get(f"{part}-{stem}{_TAR_ZST}")
    if exact is not None:
        return exact
    for name, member in named.items():
        if name.startswith(f"{part}-") and name.endswith(_TAR_ZST):
            return member
    return None


def _limited(
    blocks: Iterator[memoryview], budget: list[int], compressed: int
) -> Generator[memoryview]:
    if compressed >= _PREFETCH_FROM:
        blocks = prefetched(blocks)
    for block in blocks:
        budget[0] -= len(block)
        if budget[0] < 0:
            raise UnsafeArchive("it unpacks to far more than its size lets expect")
        yield block
