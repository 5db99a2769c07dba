"""The table of an index file: package name -> where in the repodata text its records are.

One file, read in one go: a head, the sorted names, three arrays. A lookup is a
bisection over the bytes as they are, so opening builds no Python objects: about
1 ms for 25,000 names. The file is trusted only if its checksum is right.

Layout, numbers in native byte order: magic (8 bytes, tells format version and
byte order), CRC-32 of the rest, lengths of head and names, number of names and
extents; the head (JSON); the names, each followed by a line feed; offsets of
the names (n+1); number of the first extent of each name (n+1); offsets of the
extents in the text (64 bit), their lengths, their CRC-32.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal
from zlib import crc32

import msgspec

if TYPE_CHECKING:
    from mm_channels.index.scan import Extent, Scanned

__all__ = ["Head", "InvalidTable", "Table", "build_table"]

_MAGIC = b"mmindex1" if sys.byteorder == "little" else b"mmindexI"
_PRELUDE = struct.Struct("=8sIIIII")


class InvalidTable(ValueError):
    """Not an index file of this version, or a damaged one: build it anew."""


class Head(msgspec.Struct, frozen=True):
    """What an index was built from, and what holds for all its records.

    url      -- the repodata's URL, free of secrets
    size, mtime_ns -- of the text file the extents point into
    subdir   -- ``info.subdir`` of the text, or ""
    base_url -- ``info.base_url`` (CEP 15) as written, or None
    """

    url: str
    size: int
    mtime_ns: int
    subdir: str = ""
    base_url: str | None = None


def build_table(head: Head, scanned: Scanned) -> bytes:
    """The bytes of an index file.

    >>> from mm_channels.index.scan import Scanned
    >>> found = Scanned({"b": [(10, 5, 1)], "a": [(3, 7, 2), (20, 1, 3)]}, "noarch", None, 30)
    >>> table = Table(build_table(Head("https://h/c/noarch/repodata.json", 30, 0), found))
    >>> list(table.names()), table.extents("a"), table.extents("c")
    (['a', 'b'], [(3, 7, 2), (20, 1, 3)], [])
    """
    names = sorted((name.encode(), extents) for name, extents in scanned.extents.items())
    names = [(name, extents) for name, extents in names if b"\n" not in name]
    name_at, extent_at = array("I", [0]), array("I", [0])
    offsets, lengths, checksums = array("Q"), array("I"), array("I")
    for name, extents in names:
        for offset, length, checksum in extents:
            offsets.append(offset)
            lengths.append(length)
            checksums.append(checksum)
        name_at.append(name_at[-1] + len(name) + 1)
        extent_at.append(len(offsets))
    text = b"".join([name + b"\n" for name, _ in names])
    arrays = (name_at, extent_at, offsets, lengths, checksums)
    body = text + b"".join([numbers.tobytes() for numbers in arrays])
    return _assemble(head, len(text), len(names), len(offsets), body)


def _assemble(head: Head, text: int, names: int, extents: int, body: bytes | memoryview) -> bytes:
    encoded = msgspec.json.encode(head)
    rest = b"".join((struct.pack("=IIII", len(encoded), text, names, extents), encoded, body))
    return struct.pack("=8sI", _MAGIC, crc32(rest)) + rest


class Table:
    """An opened index file. Raises `InvalidTable` when *data* is not one."""

    def __init__(self, data: bytes) -> None:
        try:
            magic, checksum, *lengths = _PRELUDE.unpack_from(data)
        except struct.error:
            raise InvalidTable("too short") from None
        if magic != _MAGIC:
            raise InvalidTable("made by another version")
        if crc32(memoryview(data)[12:]) != checksum:
            raise InvalidTable("damaged")
        self._data = data
        head: int
        text: int
        names: int
        extents: int
        head, text, names, extents = lengths
        at = _PRELUDE.size
        try:
            self.head = msgspec.json.decode(data[at : at + head], type=Head)
        except msgspec.MsgspecError as error:
            raise InvalidTable(str(error)) from None
        at += head
        self._text = at
        self._text_end = at + text
        view = memoryview(data)
        self._count = names
        self._name_at, at = _numbers(view, self._text_end, "I", names + 1)
        self._extent_at, at = _numbers(view, at, "I", names + 1)
        self._offsets, at = _numbers(view, at, "Q", extents)
        self._lengths, at = _numbers(view, at, "I", extents)
        self._checksums, at = _numbers(view, at, "I", extents)

    def __len__(self) -> int:
        return self._count

    def names(self) -> Iterator[str]:
        """All names, sorted by their UTF-8 bytes."""
        return iter(self._data[self._text : self._text_end].decode().split("\n")[:-1])

    def with_head(self, head: Head) -> bytes:
        """The bytes of the same index with another head."""
        text = self._text_end - self._text
        body = memoryview(self._data)[self._text :]
        return _assemble(head, text, self._count, len(self._offsets), body)

    def extents(self, name: str) -> list[Extent]:
        """Where the records of *name* are, preferred format first; empty if there are none."""
        wanted = name.encode("utf-8", "surrogatepass")
        data, text, name_at = self._data, self._text, self._name_at
        low, high = 0, self._count
        while low < high:
            middle = (low + high) // 2
            if data[text + name_at[middle] : text + name_at[middle + 1] - 1] < wanted:
                low = middle + 1
            else:
                high = middle
        if low == self._count or data[text + name_at[low] : text + name_at[low + 1] - 1] != wanted:
            return []
        first, last = self._extent_at[low], self._extent_at[low + 1]
        return [
            (self._offsets[i], self._lengths[i], self._checksums[i]) for i in range(first, last)
        ]


def _numbers(
    view: memoryview, at: int, code: Literal["I", "Q"], count: int
) -> tuple[memoryview[int], int]:
    end = at + count * struct.calcsize(code)
    return view[at:end].cast(code), end
