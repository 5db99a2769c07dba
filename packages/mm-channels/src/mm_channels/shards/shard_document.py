"""A shard as a server sends it (CEP 16): checked, and put in the form in which it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from mm_channels.index.preference import is_archive, preferred
from mm_channels.shards.compression import decompress
from mm_channels.shards.shard import Shard, build_shard
from mm_pkg.record import PackageRecord

__all__ = ["read_shard"]

_LIMIT = 100 << 20
"""Bytes a shard may be long when unpacked."""

_SECTIONS = ("packages.conda", "packages")
"""Where the records are, the preferred format first."""

_SIMPLE = (str, int, float, type(None))


def read_shard(data: bytes, name: str) -> Shard:
    """The shard of *name* from the compressed form that a server has.

    A record that cannot be used is left out, with a word on why. Raises ValueError
    when *data* is no shard at all.
    """
    try:
        document = msgspec.msgpack.decode(decompress(data, _LIMIT))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, OverflowError) as error:
        raise ValueError(f"it is not msgpack: {error}") from None
    if not isinstance(document, dict):
        raise ValueError("it is not a map")
    full: dict[str, dict[str, Any]] = {}
    rows: dict[str, PackageRecord] = {}
    left_out: dict[str, str] = {}
    for fn, entry in _entries(document):
        try:
            record = _plain_record(entry)
            row = msgspec.convert(record, PackageRecord)
            if row.name != name:
                raise ValueError(f"its name is {row.name!r}")
        except (ValueError, TypeError, RecursionError) as error:
            left_out[fn] = str(error)
            continue
        full[fn] = record
        rows[fn] = row
    shown = preferred(rows)
    return build_shard(shown, left_out, {fn: full[fn] for fn in shown})


def _entries(document: dict[Any, Any]) -> Iterator[tuple[str, Any]]:
    """The packages on offer: archives, and not taken back."""
    sections = {_text(key): value for key, value in document.items()}
    removed = sections.get("removed")
    gone = {_text(fn) for fn in removed} if isinstance(removed, (list, tuple)) else set()
    for key in _SECTIONS:
        section = sections.get(key)
        if not isinstance(section, dict):
            if section is not None:
                raise ValueError(f"its {key} is not a map")
            continue
        for name, entry in section.items():
            fn = _text(name)
            if is_archive(fn) and fn not in gone:
                yield fn, entry


def _plain_record(entry: Any) -> dict[str, Any]:
    """A record as flat repodata has it: hashes are text, and there are no run exports.

    Raises ValueError, TypeError.
    """
    if not isinstance(entry, dict):
        raise TypeError("it is not a map")
    record = {_text(key): value for key, value in entry.items()}
    record.pop("run_exports", None)
    for key, length in (("md5", 16), ("sha256", 32)):
        if record.get(key) is not None:
            record[key] = _hash(key, record[key], length)
    for key, value in record.items():
        if isinstance(value, bytes):
            record[key] = value.hex()
        elif not isinstance(value, _SIMPLE):
            # One day it is written as JSON.
            record[key] = msgspec.json.decode(msgspec.json.encode(value))
    return record


def _hash(kind: str, value: Any, length: int) -> str:
    if isinstance(value, msgspec.msgpack.Ext):
        value = value.data
    if isinstance(value, (list, tuple, memoryview, bytearray)):
        value = bytes(value)
    if isinstance(value, str):
        value = bytes.fromhex(value)
    if not isinstance(value, bytes) or len(value) != length:
        raise ValueError(f"its {kind} is not of {length} bytes")
    return value.hex()


def _text(key: Any) -> str:
    return key.decode("utf-8", "replace") if isinstance(key, bytes) else str(key)
