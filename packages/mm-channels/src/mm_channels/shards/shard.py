"""One shard: the records of one package name, as the server sends and as we keep them.

What arrives is checked and put in order once. What is kept has two parts: the records
that a solver reads, as rows without keys, and the full ones, of which only a few are
ever read. Each part has its checksum, and the second is not even read from the disk
unless it is asked for.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from typing import Any
from zlib import crc32

import msgspec

from mm_pkg.record import PackageRecord

__all__ = ["DamagedShard", "Shard", "kept_form", "read_details", "read_rows"]


class DamagedShard(ValueError):
    """A kept shard is not what was written: fetch it again."""


class _Row(PackageRecord, frozen=True, kw_only=True, array_like=True, omit_defaults=True, gc=False):
    """A record as an array of its fields."""


class _Rows(msgspec.Struct, array_like=True, gc=False):
    """The first part of a kept shard: records by file name, and why others are left out."""

    name: str
    records: dict[str, _Row]
    left_out: dict[str, str] = {}


class _Details(msgspec.Struct, gc=False):
    """The second part: a shard as servers have it, of which we want one record."""

    packages: dict[str, msgspec.Raw] = {}
    conda: dict[str, msgspec.Raw] = msgspec.field(name="packages.conda", default_factory=dict)


_decode_rows = msgspec.msgpack.Decoder(_Rows).decode
_FORM = crc32(",".join(_Row.__struct_fields__).encode())
"""What the rows mean: another version of us may know other fields."""

_PRELUDE = struct.Struct("=IIII")

_HASHES = frozenset({"md5", "sha256"})

_USUAL = 1 << 14
"""Bytes within which the first part mostly ends."""


class Shard:
    """The records of one package name.

    records  -- by file name; without the ``.tar.bz2`` of what is there as ``.conda``
    left_out -- why others are not: their file names, and a few words
    """

    __slots__ = ("left_out", "name", "records")

    def __init__(
        self, name: str, records: Mapping[str, PackageRecord], left_out: Mapping[str, str]
    ) -> None:
        self.name = name
        self.records = records
        self.left_out = left_out


def read_rows(read: Callable[[int], bytes]) -> Shard:
    """The shard at the beginning of what *read(size)* delivers. Raises `DamagedShard`."""
    data = read(_USUAL)
    try:
        form, length, checksum, _ = _PRELUDE.unpack_from(data)
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
    return Shard(found.name, found.records, found.left_out)


def read_details(data: bytes, fn: str) -> dict[str, Any] | None:
    """Everything that a kept shard says of one package; None if it does not have it.

    Raises `DamagedShard`.
    """
    try:
        _, length, _, checksum = _PRELUDE.unpack_from(data)
    except struct.error:
        raise DamagedShard("too short") from None
    part = memoryview(data)[_PRELUDE.size + length :]
    if crc32(part) != checksum:
        raise DamagedShard("damaged")
    try:
        sections = msgspec.msgpack.decode(part, type=_Details)
        found = sections.packages.get(fn, sections.conda.get(fn))
        if found is None:
            return None
        return _as_in_flat(msgspec.msgpack.decode(found, type=dict[str, Any]))
    except msgspec.MsgspecError as error:
        raise DamagedShard(str(error)) from None


def _as_in_flat(record: dict[str, Any]) -> dict[str, Any]:
    """A record as flat repodata has it: hashes are text, and there are no run exports."""
    record.pop("run_exports", None)
    for key, value in record.items():
        if key in _HASHES and isinstance(value, (list, msgspec.msgpack.Ext)):
            value = _bytes(value)
        record[key] = value.hex() if isinstance(value, bytes) else value
    return record


def _bytes(value: list[Any] | msgspec.msgpack.Ext) -> Any:
    """A hash that some writer did not write as bytes."""
    if isinstance(value, msgspec.msgpack.Ext):
        return bytes(value.data)
    try:
        return bytes(value)
    except (TypeError, ValueError):
        return value


def kept_form(shard: Shard, details: bytes) -> bytes:
    """What is written to the disk. *details* is msgpack as in a server's shard.

    >>> record = PackageRecord(name="a", version="1", build="0", build_number=0)
    >>> details = msgspec.msgpack.encode({"packages.conda": {"a-1-0.conda": {"size": 7}}})
    >>> data = kept_form(Shard("a", {"a-1-0.conda": record}, {}), details)
    >>> import io
    >>> read_rows(io.BytesIO(data).read).records["a-1-0.conda"].dist
    'a-1-0'
    >>> read_details(data, "a-1-0.conda"), read_details(data, "b-1-0.conda")
    ({'size': 7}, None)
    """
    from operator import attrgetter

    values = attrgetter(*_Row.__struct_fields__)
    rows = {fn: values(record) for fn, record in shard.records.items()}
    first = msgspec.msgpack.encode((shard.name, rows, shard.left_out))
    return _PRELUDE.pack(_FORM, len(first), crc32(first), crc32(details)) + first + details
