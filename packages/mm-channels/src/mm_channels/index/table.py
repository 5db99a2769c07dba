"""The table of an index file: package name -> where in the repodata text its records are.

One file, read in one go: a head (JSON), the names, four arrays. Lookups work on the
bytes as they are, so opening builds no Python objects: about 1 ms for 25,000 names.
The file is trusted only if its checksum is right.

Sections (see `mm_channels.index.sealed`): the head; the names (see
`mm_channels.index.names`); number of the first extent of each name (n+1); offsets of
the extents in the text (64 bit), their lengths, their CRC-32.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from mm_channels.index.names import Names
from mm_channels.index.sealed import InvalidTable, magic, seal, unseal

if TYPE_CHECKING:
    from mm_channels.index.scan import Extent, Scanned

__all__ = ["Head", "InvalidTable", "Table", "build_table"]

_MAGIC = magic(b"mmindx2")


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
    >>> sorted(table.names()), table.extents("a"), table.extents("c")
    (['a', 'b'], [(3, 7, 2), (20, 1, 3)], [])
    """
    names, sections = Names.arrange(name for name in scanned.extents if "\n" not in name)
    firsts = array("I", [0])
    offsets, lengths, checksums = array("Q"), array("I"), array("I")
    for name in names:
        for offset, length, checksum in scanned.extents[name]:
            offsets.append(offset)
            lengths.append(length)
            checksums.append(checksum)
        firsts.append(len(offsets))
    arrays = (firsts, offsets, lengths, checksums)
    return seal(
        _MAGIC,
        [
            msgspec.json.encode(head),
            *sections,
            *[numbers.tobytes() for numbers in arrays],
        ],
    )


class Table:
    """An opened index file. Raises `InvalidTable` when *data* is not one."""

    def __init__(self, data: bytes) -> None:
        self._sections = unseal(_MAGIC, data)
        try:
            head, text, starts, hashes, firsts, offsets, lengths, checksums = self._sections
            self.head = msgspec.json.decode(head, type=Head)
            self._names = Names(text, starts, hashes)
            self._firsts = firsts.cast("I")
            self._offsets = offsets.cast("Q")
            self._lengths = lengths.cast("I")
            self._checksums = checksums.cast("I")
        except (ValueError, TypeError, msgspec.MsgspecError) as error:
            raise InvalidTable(str(error)) from None

    def __len__(self) -> int:
        return len(self._names)

    def names(self) -> Iterator[str]:
        """All names, in no particular order."""
        return iter(self._names)

    def with_head(self, head: Head) -> bytes:
        """The bytes of the same index with another head."""
        return seal(_MAGIC, [msgspec.json.encode(head), *self._sections[1:]])

    def extents(self, name: str) -> list[Extent]:
        """Where the records of *name* are, preferred format first; empty if there are none."""
        at = self._names.find(name)
        if at < 0:
            return []
        first, last = self._firsts[at], self._firsts[at + 1]
        return [
            (self._offsets[i], self._lengths[i], self._checksums[i]) for i in range(first, last)
        ]
