"""One shard: the records of one package name, as the server sends and as we keep them.

What arrives is checked and put in order once. What is kept begins with what a solver
reads of each record, as rows without keys. The records themselves follow, as the server
wrote them; each is read from the disk only when it is asked for. The rows have a
checksum, and so has each record.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from itertools import accumulate
from typing import Any, NamedTuple
from zlib import crc32

import msgspec

from mm_pkg.record import PackageRecord

__all__ = ["DamagedShard", "Extent", "Shard", "build_shard", "read_record", "read_shard"]


class DamagedShard(ValueError):
    """A kept shard is not what was written: fetch it again."""


class _Row(PackageRecord, frozen=True, kw_only=True, array_like=True, omit_defaults=True, gc=False):
    """A record as an array of its fields."""


class _Rows(msgspec.Struct, array_like=True, gc=False):
    """What comes first; `extents` has three numbers of 32 bits for each record, in order."""

    name: str
    records: dict[str, _Row]
    left_out: dict[str, str]
    extents: bytes


_decode_rows = msgspec.msgpack.Decoder(_Rows).decode
_FORM = crc32(",".join(_Row.__struct_fields__).encode())
"""What the rows mean: another version of us may know other fields."""

_PRELUDE = struct.Struct("=III")

_EXTENT = struct.Struct("=III")

_HASHES = frozenset({"md5", "sha256"})

_USUAL = 1 << 14
"""Bytes within which the rows mostly end."""


class Extent(NamedTuple):
    """Where in the file a record is: offset and length in bytes, CRC-32."""

    offset: int
    length: int
    checksum: int


class Shard:
    """The records of one package name.

    records  -- by file name; without the ``.tar.bz2`` of what is there as ``.conda``
    left_out -- why others are not: their file names, and a few words
    """

    __slots__ = ("_extents", "_start", "left_out", "name", "records")

    def __init__(
        self,
        name: str,
        records: Mapping[str, PackageRecord],
        left_out: Mapping[str, str],
        extents: bytes,
        start: int,
    ) -> None:
        self.name = name
        self.records = records
        self.left_out = left_out
        self._extents = extents
        self._start = start

    def extent(self, fn: str) -> Extent:
        """Where the whole record of *fn* is. Raises KeyError."""
        if fn not in self.records:
            raise KeyError(fn)
        place = list(self.records).index(fn)
        offset, length, checksum = _EXTENT.unpack_from(self._extents, place * _EXTENT.size)
        return Extent(self._start + offset, length, checksum)


def read_shard(read: Callable[[int], bytes]) -> Shard:
    """The shard in the file that *read(size)* delivers from its beginning.

    Raises `DamagedShard`.
    """
    data = read(_USUAL)
    try:
        form, length, checksum = _PRELUDE.unpack_from(data)
    except struct.error:
        raise DamagedShard("too short") from None
    end = _PRELUDE.size + length
    if len(data) < end:
        data += read(end - len(data))
    rows = memoryview(data)[_PRELUDE.size : end]
    if form != _FORM or crc32(rows) != checksum:
        raise DamagedShard("another form, or damaged")
    try:
        found = _decode_rows(rows)
    except msgspec.MsgspecError as error:
        raise DamagedShard(str(error)) from None
    if len(found.extents) != _EXTENT.size * len(found.records):
        raise DamagedShard("rows and extents do not fit")
    return Shard(found.name, found.records, found.left_out, found.extents, end)


def read_record(data: bytes, extent: Extent) -> dict[str, Any]:
    """Everything that is said of one package: *data* is what is at *extent*.

    Raises `DamagedShard`, and other kinds of ValueError where the server's own words
    cannot be understood: fetched again they would be the same.
    """
    if len(data) != extent.length or crc32(data) != extent.checksum:
        raise DamagedShard("damaged")
    try:
        return _as_in_flat(msgspec.msgpack.decode(data, type=dict[str, Any]))
    except (RecursionError, OverflowError, TypeError) as error:
        raise ValueError(str(error)) from None


def _as_in_flat(record: dict[str, Any]) -> dict[str, Any]:
    """A record as flat repodata has it: hashes are text, and there are no run exports.

    What JSON cannot say is not in it: the records end up in files of JSON.
    """
    record.pop("run_exports", None)
    for key, value in record.items():
        if key in _HASHES and isinstance(value, (list, msgspec.msgpack.Ext)):
            value = _bytes(value)
        record[key] = value.hex() if isinstance(value, bytes) else value
    plain: dict[str, Any] = msgspec.to_builtins(record, str_keys=True, enc_hook=lambda value: None)
    return plain


def _bytes(value: list[Any] | msgspec.msgpack.Ext) -> Any:
    """A hash that some writer did not write as bytes."""
    if isinstance(value, msgspec.msgpack.Ext):
        return bytes(value.data)
    try:
        return bytes(value)
    except (TypeError, ValueError):
        return value


def build_shard(
    name: str,
    records: Mapping[str, PackageRecord],
    left_out: Mapping[str, str],
    full: Mapping[str, bytes | memoryview],
) -> tuple[Shard, bytes]:
    """A shard, and the file that keeps it. *full* has each record's msgpack, by file name.

    >>> record = PackageRecord(name="a", version="1", build="0", build_number=0)
    >>> fn, full = "a-1-0.conda", msgspec.msgpack.encode({"size": 7})
    >>> made, file = build_shard("a", {fn: record}, {}, {fn: full})
    >>> import io
    >>> kept = read_shard(io.BytesIO(file).read)
    >>> kept.records[fn].dist, kept.extent(fn) == made.extent(fn)
    ('a-1-0', True)
    >>> offset, length, _ = extent = kept.extent(fn)
    >>> read_record(file[offset : offset + length], extent)
    {'size': 7}
    """
    from operator import attrgetter

    values = attrgetter(*_Row.__struct_fields__)
    rows = {fn: values(record) for fn, record in records.items()}
    pieces = [full[fn] for fn in records]
    starts = accumulate(map(len, pieces), initial=0)
    extents = b"".join(
        [
            _EXTENT.pack(start, len(piece), crc32(piece))
            for start, piece in zip(starts, pieces, strict=False)
        ]
    )
    first = msgspec.msgpack.encode((name, rows, left_out, extents))
    prelude = _PRELUDE.pack(_FORM, len(first), crc32(first))
    shard = Shard(name, records, left_out, extents, len(prelude) + len(first))
    return shard, b"".join((prelude, first, *pieces))
