"""``conda-meta/<name>-<version>-<build>.json``: what is installed (CEP 32).

Reading accepts what conda, micromamba and rattler have written over the years;
writing gives every key that any of them needs.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from mm_pkg.errors import InvalidPrefixFile
from mm_pkg.record import InvalidRecord, PathEntry, PrefixRecord, RepodataRecord

__all__ = [
    "encode_record",
    "installed_files",
    "read_record",
    "read_records",
    "record_paths",
    "with_paths",
]

_DECODER = msgspec.json.Decoder(PrefixRecord)


def record_paths(meta: Path) -> list[Path]:
    """The record files in *meta*, sorted by name; empty when there is no such directory."""
    try:
        names = os.listdir(meta)
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [
        meta / name for name in sorted(names) if name.endswith(".json") and not name.startswith(".")
    ]


def read_records(meta: Path) -> tuple[PrefixRecord, ...]:
    """Every record of an environment, sorted by file name.

    A file that vanishes meanwhile is left out: readers do not lock.
    Raises `InvalidPrefixFile` for one that is no package record.
    """
    records = []
    for path in record_paths(meta):
        try:
            records.append(read_record(path))
        except FileNotFoundError:
            continue
    return tuple(records)


def read_record(path: Path) -> PrefixRecord:
    """One record. Raises `InvalidPrefixFile` and OSError."""
    with open(path, "rb") as stream:
        content = stream.read()
    try:
        record = _DECODER.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        record = _read_lenient(path, content)
    return _normalised(record)


def _normalised(record: PrefixRecord) -> PrefixRecord:
    """The channel as its URL without subdir, as `RepodataRecord` has it."""
    channel, subdir = record.channel.rstrip("/"), record.subdir
    changes: dict[str, Any] = {}
    if record.url and ("://" not in channel or not subdir or not record.fn):
        base, _, fn = record.url.rpartition("/")
        root, _, last = base.rpartition("/")
        if not subdir:
            subdir = changes["subdir"] = last
        if not record.fn:
            changes["fn"] = fn
        if last == subdir and "://" in root:
            channel = root
    if subdir and channel.endswith("/" + subdir):
        channel = channel[: -len(subdir) - 1]
    if channel != record.channel:
        changes["channel"] = channel
    if record.requested_spec == "None":
        changes["requested_spec"] = None
    return msgspec.structs.replace(record, **changes) if changes else record


def _read_lenient(path: Path, content: bytes) -> PrefixRecord:
    """Read a record with nulls and ill-typed optional keys, keeping all that makes sense."""
    try:
        data = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidPrefixFile(f"{path} is not JSON: {error}", path=path) from None
    if not isinstance(data, dict):
        raise InvalidPrefixFile(f"{path} does not hold a package record", path=path)
    files = data.get("files")
    data["files"] = [name for name in files or () if isinstance(name, str)]
    data["paths_data"] = _lenient_paths(data.get("paths_data"))
    if not isinstance(data.get("link"), dict) or not isinstance(data["link"].get("type"), int):
        data.pop("link", None)
    for key in ("depends", "constrains", "requested_specs", "flags"):
        values = data.get(key)
        data[key] = [value for value in values or () if isinstance(value, str)]
    try:
        data["build_number"] = int(data.get("build_number") or 0)
        return PrefixRecord.from_dict({k: v for k, v in data.items() if v is not None})
    except (InvalidRecord, TypeError, ValueError) as error:
        raise InvalidPrefixFile(f"{path} is not a package record: {error}", path=path) from None


def _lenient_paths(paths_data: Any) -> dict[str, Any] | None:
    if not isinstance(paths_data, dict) or not isinstance(paths_data.get("paths"), list):
        return None
    paths = []
    for entry in paths_data["paths"]:
        if isinstance(entry, dict) and isinstance(entry.get("_path"), str):
            kept = {key: value for key, value in entry.items() if value is not None}
            try:
                msgspec.convert(kept, PathEntry)
            except msgspec.ValidationError:
                kept = {"_path": entry["_path"]}
            paths.append(kept)
    return {"paths_version": 1, "paths": paths}


def installed_files(record: PrefixRecord) -> Iterable[PathEntry]:
    """The paths of an installed package; from ``files`` where ``paths_data`` is missing."""
    if record.paths_data is not None and record.paths_data.paths:
        return record.paths_data.paths
    return tuple(PathEntry(path=path) for path in record.files)


def encode_record(
    record: RepodataRecord,
    entries: Sequence[PathEntry],
    *,
    extracted: Path,
    archive: Path | None,
    link_type: int,
    requested_specs: Sequence[str],
) -> bytes:
    """The content of ``conda-meta/<dist>.json`` for a package that was just linked.

    *entries* have their final paths and ``sha256_in_prefix``. ``requested_spec``
    is written besides ``requested_specs`` for tools that know only the old key.
    """
    data = record.to_dict()
    data["extracted_package_dir"] = str(extracted)
    if archive is not None:
        data["package_tarball_full_path"] = str(archive)
    data["link"] = {"source": str(extracted), "type": link_type}
    data["files"] = [entry.path for entry in entries]
    data["paths_data"] = {"paths_version": 1, "paths": [_path_json(entry) for entry in entries]}
    data["requested_spec"] = requested_specs[-1] if requested_specs else ""
    data["requested_specs"] = list(requested_specs)
    return _encode(data)


def with_paths(content: bytes, changes: Mapping[str, PathEntry]) -> bytes:
    """A stored record in which the entries at the paths *changes* names are replaced.

    Everything else, known or not, stays as it was.
    """
    data = msgspec.json.decode(content)
    new_names = {old: entry.path for old, entry in changes.items()}
    data["files"] = [new_names.get(name, name) for name in data.get("files") or ()]
    paths = (data.get("paths_data") or {}).get("paths") or []
    for index, entry in enumerate(paths):
        change = changes.get(entry.get("_path"))
        if change is not None:
            kept = {key: value for key, value in entry.items() if key != "original_path"}
            paths[index] = {**kept, **_path_json(change)}
    return _encode(data)


def _path_json(entry: PathEntry) -> dict[str, Any]:
    # path_type must be written even where it is the default: conda and rattler demand it
    data: dict[str, Any] = {"_path": entry.path, "path_type": entry.path_type}
    if entry.sha256 is not None:
        data["sha256"] = entry.sha256
    if entry.sha256_in_prefix is not None:
        data["sha256_in_prefix"] = entry.sha256_in_prefix
    if entry.size_in_bytes is not None:
        data["size_in_bytes"] = entry.size_in_bytes
    if entry.no_link:
        data["no_link"] = True
    if entry.prefix_placeholder is not None:
        data["prefix_placeholder"] = entry.prefix_placeholder
        data["file_mode"] = entry.file_mode or "text"
    if entry.original_path is not None:
        data["original_path"] = entry.original_path
    return data


def _encode(data: Mapping[str, Any]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(data), indent=2) + b"\n"
