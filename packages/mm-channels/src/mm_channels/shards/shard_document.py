"""A shard as a server sends it (CEP 16): checked, and put in the form in which it is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from mm_channels.index.preference import is_archive, preferred
from mm_channels.shards.compression import decompress
from mm_channels.shards.shard import Shard, build_shard
from mm_pkg.record import PackageRecord

__all__ = ["parse_shard"]

_LIMIT = 100 << 20
"""Bytes a shard may be long when unpacked."""

_SECTIONS = ("packages.conda", "packages")
"""Where the records are, the preferred format first."""


class _Document(msgspec.Struct, gc=False):
    """A shard without faults."""

    packages: dict[str, PackageRecord] = {}
    conda: dict[str, PackageRecord] = msgspec.field(name="packages.conda", default_factory=dict)
    removed: list[str] = []


class _Full(msgspec.Struct, gc=False):
    """The same, without a look into the records."""

    packages: dict[str, msgspec.Raw] = {}
    conda: dict[str, msgspec.Raw] = msgspec.field(name="packages.conda", default_factory=dict)


_decode = msgspec.msgpack.Decoder(_Document).decode
_decode_full = msgspec.msgpack.Decoder(_Full).decode


def parse_shard(data: bytes, name: str) -> tuple[Shard, bytes]:
    """The shard of *name* from the compressed form that a server has, and what is kept of it.

    A record that cannot be used is left out, with a word on why. Raises ValueError
    when *data* is no shard at all.
    """
    text = decompress(data, _LIMIT)
    left_out: dict[str, str] = {}
    try:
        document = _decode(text)
        records = {**document.conda, **document.packages}
        gone = set(document.removed)
        whole = _decode_full(text)
        full: dict[str, Any] = {**whole.conda, **whole.packages}
    except (msgspec.ValidationError, UnicodeDecodeError):
        records, full = _usable(_loose(text), left_out)
        gone = set()
    except (msgspec.DecodeError, RecursionError, OverflowError) as error:
        raise ValueError(f"it is not msgpack: {error}") from None
    for fn, record in list(records.items()):
        if not is_archive(fn) or fn in gone:
            del records[fn]
        elif record.name != name:
            del records[fn]
            left_out[fn] = f"its name is {record.name!r}"
    return build_shard(name, preferred(records), left_out, full)


def _loose(text: bytes) -> dict[str, Any]:
    """The document as it is, with text for keys, which some writers make binary."""
    try:
        document = msgspec.msgpack.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, OverflowError) as error:
        raise ValueError(f"it is not msgpack: {error}") from None
    if not isinstance(document, dict):
        raise ValueError("it is not a map")
    return {_text(key): value for key, value in document.items()}


def _usable(
    document: Mapping[str, Any], left_out: dict[str, str]
) -> tuple[dict[str, PackageRecord], dict[str, bytes]]:
    """The records that have the right types, and the msgpack of each.

    *left_out* is told about the others.
    """
    records: dict[str, PackageRecord] = {}
    full: dict[str, bytes] = {}
    for fn, entry in _entries(document):
        try:
            if not isinstance(entry, dict):
                raise TypeError("it is not a map")
            plain = {_text(key): value for key, value in entry.items()}
            full[fn] = msgspec.msgpack.encode(plain)
            records[fn] = msgspec.convert(plain, PackageRecord)
        except (ValueError, TypeError, OverflowError, RecursionError) as error:
            left_out[fn] = str(error)
    return records, full


def _entries(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The packages on offer: those that are not taken back."""
    removed = document.get("removed")
    gone = {_text(fn) for fn in removed} if isinstance(removed, list) else set()
    for key in _SECTIONS:
        section = document.get(key)
        if section is None:
            continue
        if not isinstance(section, dict):
            raise ValueError(f"its {key} is not a map")
        for name, entry in section.items():
            fn = _text(name)
            if fn not in gone:
                yield fn, entry


def _text(key: Any) -> str:
    return key.decode("utf-8", "replace") if isinstance(key, bytes) else str(key)
