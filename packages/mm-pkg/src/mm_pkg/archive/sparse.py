"""Sparse files in tar archives: only the parts that are not holes are stored.

Three notations are read: GNU's own header (type ``S``) and, in pax headers,
GNU.sparse 0.1 and 1.0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mm_pkg.errors import InvalidArchive

from .member import Extent, Member
from .pax import decimal

__all__ = ["gnu_sparse", "is_pax_sparse", "pax_sparse"]

NextRecord = Callable[[], bytes | None]

_PAIR = 24
_IN_HEADER = range(386, 386 + 4 * _PAIR, _PAIR)
_IN_EXTENSION = range(0, 21 * _PAIR, _PAIR)
MAX_EXTENTS = 1 << 16
"""Pieces of one sparse file that are read at most."""


def gnu_sparse(member: Member, header: bytes, next_record: NextRecord) -> None:
    """Complete *member* from a GNU header and the records that continue it.

    Raises `InvalidArchive`.
    """
    extents = _gnu_extents(header, _IN_HEADER)
    continued = header[482]
    while continued:
        record = next_record()
        if record is None or len(extents) > MAX_EXTENTS:
            raise InvalidArchive("its tar stream is damaged (bad sparse file)")
        extents += _gnu_extents(record, _IN_EXTENSION)
        continued = record[504]
    _complete(member, extents, _gnu_number(header[483:495]))


def is_pax_sparse(records: Mapping[str, bytes]) -> bool:
    """Whether the pax header announces a sparse file."""
    return "GNU.sparse.major" in records or "GNU.sparse.size" in records


def pax_sparse(member: Member, records: Mapping[str, bytes], next_record: NextRecord) -> None:
    """Complete *member* from pax records; version 1.0 keeps the map before the content.

    Raises `InvalidArchive`.
    """
    if records.get("GNU.sparse.major") == b"1":
        numbers = _numbers_before_content(member, next_record)
    elif "GNU.sparse.map" in records:
        numbers = [decimal(digits) for digits in records["GNU.sparse.map"].split(b",") if digits]
    else:
        raise InvalidArchive("its tar stream holds a sparse file of an unknown version")
    member.name = records.get("GNU.sparse.name", member.name)
    size = records.get("GNU.sparse.realsize") or records.get("GNU.sparse.size") or b"0"
    _complete(member, list(zip(numbers[::2], numbers[1::2], strict=False)), decimal(size))


def _numbers_before_content(member: Member, next_record: NextRecord) -> list[int]:
    """The lines of the map: a count, then as many pairs, padded to whole records."""
    text = b""
    wanted = 1
    while (lines := text.count(b"\n")) < wanted:
        record = next_record()
        if record is None or lines > 2 * MAX_EXTENTS:
            raise InvalidArchive("its tar stream is damaged (bad sparse file)")
        member.stored -= len(record)
        text += record
        if wanted == 1 and b"\n" in text:
            wanted = 1 + 2 * decimal(text.partition(b"\n")[0])
    return [decimal(digits) for digits in text.split(b"\n")[1:wanted]]


def _gnu_extents(record: bytes, places: range) -> list[Extent]:
    pairs = (
        (_gnu_number(record[at : at + 12]), _gnu_number(record[at + 12 : at + _PAIR]))
        for at in places
    )
    return [(offset, length) for offset, length in pairs if offset or length]


def _gnu_number(field: bytes) -> int:
    if field[0] & 0x80:
        return int.from_bytes(field, "big") & ((1 << (8 * len(field) - 1)) - 1)
    try:
        return int(field.partition(b"\0")[0].strip() or b"0", 8)
    except ValueError:
        raise InvalidArchive("its tar stream is damaged (bad sparse file)") from None


def _complete(member: Member, extents: list[Extent], size: int) -> None:
    end = 0
    for offset, length in extents:
        if offset < end or length < 0:
            raise InvalidArchive("its tar stream is damaged (bad sparse file)")
        end = offset + length
    if end > size or sum(length for _, length in extents) != member.stored:
        raise InvalidArchive("its tar stream is damaged (bad sparse file)")
    member.sparse = tuple(extent for extent in extents if extent[1])
    member.size = size
