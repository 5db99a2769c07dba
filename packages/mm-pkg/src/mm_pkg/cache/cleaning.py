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
    "compiled_modules",
    "digests_in_use",
    "disk_usage",
    "entries_of",
    "index_caches",
    "is_package",
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
    last_used -- seconds since 1970; 0 where that was not looked for
    """

    path: Path
    size: int
    kind: Kind
    cache: Path
    why: str
    last_used: float = 0.0


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
        Removable(path, disk_usage(path), "tarball", cache, "a package archive")
        for cache in caches
        for path in entries_of(cache)
        if path.name.endswith(ARCHIVE_EXTENSIONS) and path.is_file()
    )


def unused_packages(caches: Sequence[Path], in_use: Collection[str]) -> tuple[Removable, ...]:
    """Extracted packages that no environment uses, and modules compiled for them.

    in_use -- what environments use: distribution strings (``name-version-build``)
              or absolute paths of extracted packages
    """
    found: list[Removable] = []
    for cache in caches:
        for path in filter(is_package, entries_of(cache)):
            if not _is_used(path, in_use):
                why = "no known environment has it"
                found.append(Removable(path, disk_usage(path), "package", cache, why))
    kept = digests_in_use(caches, in_use)
    why = "compiled modules of packages that no known environment has"
    for cache in caches:
        found += [
            Removable(path, disk_usage(path), "package", cache, why)
            for path in compiled_modules(cache)
            if path.name not in kept
        ]
    return tuple(found)


def digests_in_use(caches: Sequence[Path], in_use: Collection[str]) -> set[str]:
    """The sha256 of the extracted packages that are in use, as far as they are known."""
    packages = (path for cache in caches for path in filter(is_package, entries_of(cache)))
    return {
        str((stored_record(path) or {}).get("sha256"))
        for path in packages
        if _is_used(path, in_use)
    }


def compiled_modules(cache: Path) -> list[Path]:
    """The folders of what was compiled: ``.pyc/<interpreter>/<sha256 of the package>``."""
    return sorted(cache.glob(f"{_BYTECODE}/*/*"))


def _is_used(package: Path, in_use: Collection[str]) -> bool:
    return package.name in in_use or str(package) in in_use


def index_caches(caches: Sequence[Path]) -> tuple[Removable, ...]:
    """The cached indexes of channels."""
    return tuple(
        Removable(path, disk_usage(path), "index", cache, "channels' indexes")
        for cache in caches
        if (path := cache / INDEX_CACHE).is_dir()
    )


def locks(caches: Sequence[Path]) -> tuple[Removable, ...]:
    """Lock files, wherever they are outside of packages."""
    return tuple(
        Removable(path, disk_usage(path), "lock", cache, "a lock file")
        for cache in caches
        for folder in (cache, cache / INDEX_CACHE)
        for path in entries_of(folder)
        if path.suffix == ".lock" and path.is_file()
    )


def leftovers(caches: Sequence[Path]) -> tuple[Removable, ...]:
    """What crashed processes left half-written."""
    return tuple(
        Removable(path, disk_usage(path), "leftover", cache, "its process is gone")
        for cache in caches
        for path in abandoned(cache)
    )


def whole_caches(caches: Sequence[Path]) -> tuple[Removable, ...]:
    """The package caches themselves, with everything in them."""
    return tuple(
        Removable(cache, disk_usage(cache), "cache", cache, "a whole package cache")
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


def is_package(path: Path) -> bool:
    """Whether an extracted package is at *path*."""
    return (path / "info" / "index.json").is_file()


def entries_of(folder: Path) -> Iterator[Path]:
    """Files and packages below *folder*, sorted; neither packages nor links are entered."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        path = Path(entry.path)
        if not entry.is_dir(follow_symlinks=False) or is_package(path):
            yield path
        elif entry.name not in (INDEX_CACHE, PARTIAL, _BYTECODE):
            yield from entries_of(path)


def disk_usage(path: Path) -> int:
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
