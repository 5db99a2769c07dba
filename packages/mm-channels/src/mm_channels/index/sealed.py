"""Index files: some sections under one checksum, believed as a whole or not at all.

Layout, numbers in native byte order: magic (8 bytes, tells format, version and
byte order), CRC-32 of the rest, number of sections, their lengths; the sections.
Reading one builds no objects but a view for each section.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Sequence
from zlib import crc32

__all__ = ["InvalidTable", "magic", "seal", "unseal"]

_PRELUDE = struct.Struct("=8sII")
_MOST_SECTIONS = 16


class InvalidTable(ValueError):
    """Not an index file of this version, or a damaged one: build it anew."""


def magic(name: bytes) -> bytes:
    """The first eight bytes of a kind of file; *name* has seven, its version included."""
    return name + (b"<" if sys.byteorder == "little" else b">")


def seal(kind: bytes, sections: Sequence[bytes | memoryview]) -> bytes:
    """The bytes of a file that begins with the magic *kind*.

    >>> kind = magic(b"example")
    >>> [bytes(section) for section in unseal(kind, seal(kind, [b"one", b"", b"two"]))]
    [b'one', b'', b'two']
    """
    lengths = struct.pack(f"={len(sections)}I", *map(len, sections))
    rest = b"".join((struct.pack("=I", len(sections)), lengths, *sections))
    return struct.pack("=8sI", kind, crc32(rest)) + rest


def unseal(kind: bytes, data: bytes) -> list[memoryview]:
    """The sections of a file. Raises `InvalidTable`."""
    try:
        found, checksum, count = _PRELUDE.unpack_from(data)
    except struct.error:
        raise InvalidTable("too short") from None
    if found != kind:
        raise InvalidTable("made by another version")
    view = memoryview(data)
    if crc32(view[12:]) != checksum or count > _MOST_SECTIONS:
        raise InvalidTable("damaged")
    lengths = struct.unpack_from(f"={count}I", data, _PRELUDE.size)
    at = _PRELUDE.size + 4 * count
    sections = []
    for length in lengths:
        sections.append(view[at : at + length])
        at += length
    return sections
