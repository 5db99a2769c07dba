"""What a package cache can give back, the longest unused first.

Nothing is written down when a package is used. But linking a file changes its inode,
looking a package up reads its record, and file systems keep the times of both (the
latter to the day, by default): the latest of these is when it was last of use.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import msgspec

from mm_pkg.record import ARCHIVE_EXTENSIONS, strip_archive_extension

from .cleaning import (
    Kind,
    Removable,
    compiled_modules,
    digests_in_use,
    disk_usage,
    entries_of,
    is_package,
)
from .info_files import RECORD

__all__ = ["Excess", "excess"]

_RECORD = f"info/{RECORD}"
PACKAGE: Kind = "package"
TARBALL: Kind = "tarball"


class Excess(msgspec.Struct, frozen=True):
    """What to remove so that caches keep within a budget.

    size  -- bytes of disk that the caches take which no environment needs as well
    items -- what can go, the longest unused first; no more of it than is needed
    """

    size: int
    items: tuple[Removable, ...]

    @property
    def left(self) -> int:
        """The bytes that the caches take without *items*."""
        return self.size - sum(item.size for item in self.items)


def excess(caches: Sequence[Path], in_use: Collection[str], budget: int = 0) -> Excess:
    """What of *caches* to remove so that at most *budget* bytes are left.

    in_use -- what environments use: distribution strings (``name-version-build``) or
              absolute paths of extracted packages; these, and their archives, stay

    Where more is in use than the budget allows, more is left.
    """
    size = sum(disk_usage(cache) for cache in caches)
    left, chosen = size, []
    for item in sorted(_unused(caches, in_use), key=lambda item: (item.last_used, item.path)):
        if left <= budget:
            break
        chosen.append(item)
        left -= item.size
    return Excess(size, tuple(chosen))


def _unused(caches: Sequence[Path], in_use: Collection[str]) -> Iterator[Removable]:
    """Packages, archives and compiled modules that no environment uses."""
    for cache in caches:
        for path in entries_of(cache):
            if is_package(path):
                package, kind = path, PACKAGE
            elif path.name.endswith(ARCHIVE_EXTENSIONS) and path.is_file():
                package, kind = path.with_name(strip_archive_extension(path.name)), TARBALL
            else:
                continue
            if package.name not in in_use and str(package) not in in_use:
                yield _removable(path, cache, kind)
    kept = digests_in_use(caches, in_use)
    for cache in caches:
        for path in compiled_modules(cache):
            if path.name not in kept:
                yield _removable(path, cache, PACKAGE)


def _removable(path: Path, cache: Path, kind: Kind) -> Removable:
    why = "no known environment has it"
    used = _last_used(path)  # before anything else reads it
    return Removable(path, disk_usage(path), kind, cache, why, last_used=used)


def _last_used(path: Path) -> float:
    """Seconds since 1970."""
    times = [0.0]
    if path.is_dir():
        names = [os.path.join(folder, name) for folder, _, files in os.walk(path) for name in files]
        times += [_status_time(name) for name in names]
        times.append(_read_time(path / _RECORD))
    else:
        times += [path.lstat().st_mtime, _read_time(path)]
    return max(times)


def _status_time(path: str) -> float:
    try:
        return os.lstat(path).st_ctime
    except OSError:
        return 0.0


def _read_time(path: Path) -> float:
    try:
        return path.lstat().st_atime
    except OSError:
        return 0.0
