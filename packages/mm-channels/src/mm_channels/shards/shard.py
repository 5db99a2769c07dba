"""One shard: the records of one package name, as the server sends and as we keep them.

What arrives is checked and put in order once. What is kept has two parts: the records
that a solver reads, as rows without keys, and the full ones, of which only a few are
ever read. Each part has its checksum. Reading the first takes half the time of
reading the server's form.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any
from zlib import crc32

import msgspec

from mm_pkg.record import PackageRecord

__all__ = ["DamagedShard", "Shard", "build_shard"]


class DamagedShard(ValueError):
    """A kept shard is not what was written: fetch it again."""


class _Row(PackageRecord, frozen=True, kw_only=True, array_like=True, omit_defaults=True, gc=False):
    """A record as an array of its fields."""


class _Rows(msgspec.Struct, array_like=True, gc=False):
    """The first part of a kept shard: records by file name, and why others are left out."""

    records: dict[str, _Row]
    left_out: dict[str, str] = {}


_decode_rows = msgspec.msgpack.Decoder(_Rows).decode
_FORM = crc32(",".join(_Row.__struct_fields__).encode())
"""What the rows mean: another version of us may know other fields."""

_PRELUDE = struct.Struct("=IIII")


class Shard:
    """The records of one name.

    records  -- by file name; without the ``.tar.bz2`` of what is there as ``.conda``
    left_out -- why others are not: their file names, and a few words
    """

    __slots__ = ("_packed", "left_out", "records")

    def __init__(
        self, records: Mapping[str, PackageRecord], left_out: Mapping[str, str], packed: bytes
    ) -> None:
        self.records = records
        self.left_out = left_out
        self._packed = packed

    @classmethod
    def unpack(cls, data: bytes) -> Shard:
        """The shard that `pack` wrote. Raises `DamagedShard`."""
        try:
            form, length, checksum, _ = _PRELUDE.unpack_from(data)
        except struct.error:
            raise DamagedShard("too short") from None
        rows = memoryview(data)[_PRELUDE.size : _PRELUDE.size + length]
        if form != _FORM or crc32(rows) != checksum:
            raise DamagedShard("another form, or damaged")
        try:
            found = _decode_rows(rows)
        except msgspec.MsgspecError as error:
            raise DamagedShard(str(error)) from None
        return cls(found.records, found.left_out, data)

    def pack(self) -> bytes:
        """The form in which it is kept."""
        return self._packed

    def details(self, fn: str) -> dict[str, Any] | None:
        """Everything that the channel says of one package. Raises `DamagedShard`."""
        _, length, _, checksum = _PRELUDE.unpack_from(self._packed)
        part = memoryview(self._packed)[_PRELUDE.size + length :]
        if crc32(part) != checksum:
            raise DamagedShard("damaged")
        found = msgspec.msgpack.decode(part, type=dict[str, msgspec.Raw]).get(fn)
        return None if found is None else msgspec.msgpack.decode(found, type=dict[str, Any])


def build_shard(
    records: Mapping[str, PackageRecord],
    left_out: Mapping[str, str],
    full: Mapping[str, Mapping[str, Any]],
) -> Shard:
    """A shard of *records*, of which *full* says everything, by the same file names.

    >>> record = PackageRecord(name="a", version="1", build="0", build_number=0)
    >>> made = build_shard({"a-1-0.conda": record}, {}, {"a-1-0.conda": {"name": "a", "size": 7}})
    >>> kept = Shard.unpack(made.pack())
    >>> kept.records["a-1-0.conda"].dist, kept.details("a-1-0.conda"), kept.details("b-1-0.conda")
    ('a-1-0', {'name': 'a', 'size': 7}, None)
    """
    from operator import attrgetter

    values = attrgetter(*_Row.__struct_fields__)
    rows = {fn: values(record) for fn, record in records.items()}
    first = msgspec.msgpack.encode((rows, left_out))
    second = msgspec.msgpack.encode(full)
    prelude = _PRELUDE.pack(_FORM, len(first), crc32(first), crc32(second))
    return Shard(records, left_out, prelude + first + second)
