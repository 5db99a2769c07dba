"""Where the members of a stored ZIP file lie: all of ZIP that a ``.conda`` needs.

A ``.conda`` is a ZIP file whose members are stored, not compressed (CEP 35).
Finding them takes two or three small reads; their content is then read
straight from the file.
"""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from typing import BinaryIO

from mm_pkg.errors import InvalidArchive, UnsafeArchive

__all__ = ["StoredMember", "ZipMember", "read_zip_members"]

_END = struct.Struct("<4s4H2LH")
_END_MAGIC = b"PK\x05\x06"
_LOCATOR = struct.Struct("<4sLQL")
_LOCATOR_MAGIC = b"PK\x06\x07"
_END64 = struct.Struct("<4sQ2H2L4Q")
_END64_MAGIC = b"PK\x06\x06"
_ENTRY = struct.Struct("<4s6H3L5H2L")
_ENTRY_MAGIC = b"PK\x01\x02"
_LOCAL = struct.Struct("<4s5H3L2H")
_LOCAL_MAGIC = b"PK\x03\x04"
_ZIP64_EXTRA = 1
_MAX32 = 0xFFFFFFFF
_MAX16 = 0xFFFF
_STORED = 0
_ENCRYPTED = 1

MAX_DIRECTORY = 1 << 20
"""Largest directory that is read, in bytes. A ``.conda`` has three members."""


@dataclass(frozen=True, slots=True)
class ZipMember:
    """One member, as the ZIP directory describes it.

    offset -- where its local header is in the file
    size   -- bytes stored
    crc    -- CRC-32 of the content
    method, flags -- as in the ZIP format
    """

    name: str
    offset: int
    size: int
    crc: int
    method: int = _STORED
    flags: int = 0


def read_zip_members(file: BinaryIO) -> tuple[ZipMember, ...]:
    """The members of the ZIP file *file*, in the directory's order.

    Raises `InvalidArchive`, and `UnsafeArchive` for a directory of a size that no
    package needs; the message speaks of "its ZIP directory", the caller knows whose.
    """
    file_size = file.seek(0, io.SEEK_END)
    start, length = _find_directory(file, file_size)
    if start + length > file_size:
        raise InvalidArchive("its ZIP directory is cut short")
    if length > MAX_DIRECTORY:
        raise UnsafeArchive(f"its ZIP directory is {length} bytes long")
    directory = _read_at(file, start, length)
    members = []
    at = 0
    while at < length:
        if at + _ENTRY.size > length or directory[at : at + 4] != _ENTRY_MAGIC:
            raise InvalidArchive("its ZIP directory is damaged")
        entry = _ENTRY.unpack_from(directory, at)
        name_at = at + _ENTRY.size
        extra_at = name_at + entry[10]
        at = extra_at + entry[11] + entry[12]
        members.append(_member(entry, directory[name_at:extra_at], directory[extra_at:at]))
    return tuple(members)


def _find_directory(file: BinaryIO, file_size: int) -> tuple[int, int]:
    """Offset and length of the directory, from the record at the file's end."""
    tail_size = min(file_size, _LOCATOR.size + _END.size + _MAX16)
    tail = _read_at(file, file_size - tail_size, tail_size)
    at = tail.rfind(_END_MAGIC)
    if at < 0 or at + _END.size > len(tail):
        raise InvalidArchive("it has no ZIP directory: it is not a .conda file, or cut short")
    end = _END.unpack_from(tail, at)
    length, start = int(end[5]), int(end[6])
    if at >= _LOCATOR.size and tail.startswith(_LOCATOR_MAGIC, at - _LOCATOR.size):
        offset = _LOCATOR.unpack_from(tail, at - _LOCATOR.size)[2]
        record = _read_at(file, offset, _END64.size)
        if len(record) != _END64.size or not record.startswith(_END64_MAGIC):
            raise InvalidArchive("its ZIP64 directory is damaged")
        length, start = _END64.unpack(record)[8:10]
    return start, length


def _read_at(file: BinaryIO, offset: int, length: int) -> bytes:
    try:
        file.seek(offset)
    except (OSError, OverflowError):
        return b""
    return file.read(length)


def _member(entry: tuple[int, ...], name: bytes, extra: bytes) -> ZipMember:
    size, offset = _with_zip64(entry[9], entry[8], entry[16], extra)
    return ZipMember(
        name=name.decode("utf-8", "replace"),
        offset=offset,
        size=size,
        crc=entry[7],
        method=entry[4],
        flags=entry[3],
    )


def _with_zip64(size: int, stored: int, offset: int, extra: bytes) -> tuple[int, int]:
    """Stored size and offset, taken from *extra* where they overflow 32 bits."""
    values = [size, stored, offset]
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        field, field_end = at + 4, min(at + 4 + length, len(extra))
        at = field_end
        if kind != _ZIP64_EXTRA:
            continue
        for index, value in enumerate(values):
            if value == _MAX32 and field + 8 <= field_end:
                values[index] = struct.unpack_from("<Q", extra, field)[0]
                field += 8
    return values[1], values[2]


class StoredMember:
    """The content of one stored member, as something with ``read``.

    The checksum is compared when the end is reached. One file serves one
    member at a time.
    """

    def __init__(self, file: BinaryIO, member: ZipMember) -> None:
        if member.method != _STORED or member.flags & _ENCRYPTED:
            raise InvalidArchive(f"its part {member.name} is not plainly stored")
        header = _read_at(file, member.offset, _LOCAL.size)
        if len(header) != _LOCAL.size or not header.startswith(_LOCAL_MAGIC):
            raise InvalidArchive(f"its part {member.name} is not where the directory says")
        name_length, extra_length = _LOCAL.unpack(header)[9:]
        file.seek(name_length + extra_length, io.SEEK_CUR)
        self._file = file
        self._member = member
        self._left = member.size
        self._crc = 0

    def read(self, size: int = -1, /) -> bytes:
        """Up to *size* more bytes, all the rest when negative; ``b""`` at the end.

        Raises `InvalidArchive` when the content is cut short or its checksum is wrong.
        """
        wanted = self._left if size < 0 else min(size, self._left)
        data = self._file.read(wanted)
        if not data and wanted:
            raise InvalidArchive(f"its part {self._member.name} is cut short")
        self._left -= len(data)
        self._crc = zlib.crc32(data, self._crc)
        if not self._left and self._crc != self._member.crc:
            raise InvalidArchive(f"its part {self._member.name} has a wrong checksum")
        return data
