"""Where things are in a package cache.

The flat layout of conda comes first: ``<dir>/<name-version-build>``, the
archive beside it. Where that place belongs to another package, and for
packages that nothing but their URL identifies, there is the layout of
micromamba 2.6, which mirrors the URL: ``<dir>/https/host/channel/subdir/...``.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from mm_pkg.record import InvalidRecord, RepodataRecord, strip_archive_extension

from .identity import plain_url

__all__ = ["INDEX_CACHE", "PARTIAL", "URLS", "archive_name", "entry_name", "url_folder"]

URLS = "urls.txt"
"""The file that marks a package cache and lists what was put into it."""

INDEX_CACHE = "cache"
"""The folder of a package cache that holds channels' indexes, not packages."""

PARTIAL = ".mm-partial"
"""The folder for what is being written; ready entries are renamed out of it."""

_LONGEST = 255


def archive_name(record: RepodataRecord) -> str:
    """The archive's file name. Raises `InvalidRecord` when it is none."""
    fn = record.fn or f"{record.dist}.conda"
    if fn != fn.strip(". ") or len(fn) > _LONGEST or any(c in fn for c in "/\\:\0\n"):
        raise InvalidRecord(f"{fn!r} is not a usable file name of a package")
    return fn


def entry_name(record: RepodataRecord) -> str:
    """The name of the extracted package's folder. Raises `InvalidRecord`."""
    return strip_archive_extension(archive_name(record))


def url_folder(record: RepodataRecord) -> Path:
    """The folder that mirrors the record's URL, relative to the cache.

    >>> url_folder(RepodataRecord.from_url("http://localhost:8000/c/noarch/a-1-0.conda"))
    PosixPath('http/localhost_8000/c/noarch')
    """
    if record.url:
        folder = plain_url(record.url).rpartition("/")[0]
    else:
        folder = f"{record.channel or 'no_channel'}/{record.subdir or 'noarch'}"
    return _mirrored(folder)


@lru_cache(maxsize=64)
def _mirrored(folder: str) -> Path:
    """The same for every package of a subdir."""
    folder = folder.replace("://", "/").replace(":", "_").replace("\\", "_").replace("\0", "_")
    parts = [part for part in folder.split("/") if part not in ("", ".")]
    return Path(*("_" if part == ".." else part[:_LONGEST] for part in parts))
