"""Sizes and hashes of archives."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mm_pkg.errors import ArchiveMismatch
from mm_pkg.record import RepodataRecord

__all__ = ["archive_matches", "check_archive", "file_hashes"]

_CHUNK = 1 << 20


def file_hashes(path: Path, names: Sequence[str]) -> dict[str, str]:
    """Hashes of a file by algorithm, in hex, from reading it once."""
    import hashlib

    hashes = [hashlib.new(name, usedforsecurity=False) for name in names]
    buffer = bytearray(_CHUNK)
    view = memoryview(buffer)
    with open(path, "rb", buffering=0) as file:
        while count := file.readinto(buffer):
            for digest in hashes:
                digest.update(view[:count])
    return {name: digest.hexdigest() for name, digest in zip(names, hashes, strict=True)}


def check_archive(path: Path, record: RepodataRecord, *, only_size: bool = False) -> None:
    """See that the archive at *path* is *record*'s: by size, then sha256, else md5.

    What the record does not know is not compared. Raises `ArchiveMismatch`, OSError.
    """
    if record.size:
        _compare(path, "size", str(record.size), str(path.stat().st_size))
    if only_size:
        return
    name = "sha256" if record.sha256 else "md5" if record.md5 else None
    if name is not None:
        expected = str(getattr(record, name)).lower()
        _compare(path, name, expected, file_hashes(path, [name])[name])


def archive_matches(path: Path, record: RepodataRecord) -> bool:
    """Whether there is an archive at *path* and it is *record*'s."""
    try:
        check_archive(path, record)
        return path.is_file()
    except (ArchiveMismatch, OSError):
        return False


def _compare(path: Path, what: str, expected: str, actual: str) -> None:
    if expected == actual:
        return
    raise ArchiveMismatch(
        f"{path} has the {what} {actual}, but its channel says {expected}",
        hint="Delete it and try again; if that does not help, refresh the channel's "
        "index with clean --index-cache.",
        what=what,
        expected=expected,
        actual=actual,
    )
