"""What a package cache could do without, and its removal.

Each function lists one kind of thing as `Removable` values and removes
nothing; `remove` does that. Nothing here asks or prints. Sizes are what the
disk gets back: a file that an environment shares by hard link frees nothing.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from mm_pkg.errors import PackageError
from mm_pkg.record import ARCHIVE_EXTENSIONS

from .info_files import stored_record
from .layout import INDEX_CACHE, PARTIAL
from .partial import abandoned

__all__ = [
    "Kind",
    "Removable",
    "Removal",
    "index_caches",
    "leftovers",
    "locks",
    "remove",
    "tarballs",
    "unused_packages",
    "whole_caches",
]

Kind = Literal["tarball", "package", "index", "lock", "leftover", "cache"]

_BLOCK = 512
_BYTECODE = ".pyc"
"""Where compiled modules of extracted packages are kept; it goes with the packages."""


class Removable(msgspec.Struct, frozen=True):
    """Something that can be removed.

    cache -- the package cache it is in
    size  -- bytes of disk space that its removal frees
    why   -- one phrase on why it is listed
    """

    path: Path
    size: int
    kind: Kind
    cache: Path
    why: str


class Removal(msgspec.Struct, frozen=True):
    """What `remove` did: *removed* is gone, *failed* is there still, each with the reason."""

    removed: tuple[Removable, ...] = ()
    failed: tuple[tuple[Removable, PackageError], ...] = ()

    @property
    def freed(self) -> int:
        """Bytes of disk space given back."""
        return sum(item.size for item in self.removed)


def tarballs(caches: Sequence[Path]) -> tuple[Removable, ...]:
    """All package archives, in either layout. They are needed only to extract again."""
    return tuple(
        Removable(path, _disk_usage(path), "tarball", cache, "a package archive")
        for cache in caches
        for path in _walk(cache)
        if path.name.endswith(ARCHIVE_EXTENSIONS) and path.is_file()
    )


def unused_packages(caches: Sequence[Path], in_use: Collection[str]) -> tuple[Removable, ...]:
    """Extracted packages that no environment uses, and modules compiled for them.

    in_use -- what environments use: distribution strings (``name-version-build``)
              or absolute paths of extracted packages
    """
    found: list[Removable] = []
    kept: set[str] = set()
    for cache in caches:
        for path in filter(_is_package, _walk(cache)):
            if path.name in in_use or str(path) in in_use:
                kept.add(str((stored_record(path) or {}).get("sha256")))
            else:
                why = "no known environment has it"
                found.append(Removable(path, _disk_usage(path), "package", cache, why))
    for cache in caches:
        # <cache>/.pyc/<interpreter>/<sha256 of the package>
        for path in sorted(cache.glob(f"{_BYTECODE}/*/*")):
            if path.name not in kept:
                why = "compiled modules of packages that no known environment has"
                found.append(Removable(path, _disk_usage(path), "package", cache, why))
    return tuple(found)


def index_caches(caches: Sequence[Path]) -> tuple[Removable, ...]:
    """The cached indexes of channels."""
    return tuple(
        Removable(path, _disk_usage(path), "index", cache, "channels' indexes")
        for cache in caches
        if (path := cache / INDEX_CACHE).is_dir()
    )


def locks(caches: Sequence[Path]) -> tuple[Removable, ...]:
    """Lock files, wherever they are outside of packages."""
    return tuple(
        Removable(path, _disk_usage(path), "lock", cache, "a lock file")
        for cache in caches
        for folder in (cache, cache / INDEX_CACHE)
        for path in _walk(folder)
        if path.suffix == ".lock" and path.is_file()
    )


def leftovers(caches: Sequence[Path]) -> tuple[Removable, ...]:
    """What crashed processes left half-written."""
    return tuple(
        Removable(path, _disk_usage(path), "leftover", cache, "its process is gone")
        for cache in caches
        for path in abandoned(cache)
    )


def whole_caches(caches: Sequence[Path]) -> tuple[Removable, ...]:
    """The package caches themselves, with everything in them."""
    return tuple(
        Removable(cache, _disk_usage(cache), "cache", cache, "a whole package cache")
        for cache in caches
        if cache.is_dir()
    )


def remove(items: Iterable[Removable]) -> Removal:
    """Remove *items*; one that cannot be removed does not keep the others.

    A folder is renamed before its content goes, so that nobody finds half a package.
    """
    removed: list[Removable] = []
    failed: list[tuple[Removable, PackageError]] = []
    for item in items:
        try:
            _remove(item)
        except FileNotFoundError:
            continue
        except OSError as error:
            reason = error.strerror or str(error)
            failed.append((item, PackageError(f"Cannot remove {item.path}: {reason}")))
        else:
            removed.append(item)
    return Removal(tuple(removed), tuple(failed))


def _remove(item: Removable) -> None:
    from shutil import rmtree

    if not item.path.is_dir() or item.path.is_symlink():
        item.path.unlink()
        return
    path = item.path
    if item.kind == "package":
        partial = item.cache / PARTIAL
        partial.mkdir(exist_ok=True)
        path = path.rename(partial / f"removed.0.{os.urandom(6).hex()}")
    rmtree(path)


def _is_package(path: Path) -> bool:
    return (path / "info" / "index.json").is_file()


def _walk(folder: Path) -> Iterator[Path]:
    """Files and packages below *folder*, sorted; neither packages nor links are entered."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        path = Path(entry.path)
        if not entry.is_dir(follow_symlinks=False) or _is_package(path):
            yield path
        elif entry.name not in (INDEX_CACHE, PARTIAL, _BYTECODE):
            yield from _walk(path)


def _disk_usage(path: Path) -> int:
    """Bytes of disk that removing *path* frees, files with other hard links left out.

    A file with several names counts when all of them are below *path*.
    """
    freed = 0
    shared: dict[tuple[int, int], tuple[int, int]] = {}
    for status in _statuses(path):
        size = getattr(status, "st_blocks", -(-status.st_size // _BLOCK)) * _BLOCK
        if status.st_nlink == 1 or _is_folder(status):
            freed += size
        else:
            seen, _ = shared.get((status.st_dev, status.st_ino), (0, 0))
            shared[status.st_dev, status.st_ino] = (seen + 1, size)
            if seen + 1 == status.st_nlink:
                freed += size
    return freed


def _is_folder(status: os.stat_result) -> bool:
    from stat import S_ISDIR

    return S_ISDIR(status.st_mode)


def _statuses(path: Path) -> Iterator[os.stat_result]:
    try:
        status = path.lstat()
        yield status
        if not _is_folder(status):
            return
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    yield from _statuses(Path(entry.path))
                else:
                    yield entry.stat(follow_symlinks=False)
    except OSError:
        return
