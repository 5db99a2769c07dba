"""Whether an extracted package is whole: every file there, of the right size and content.

Interrupted extractions by other tools, full disks, power cuts and people who
edit hard-linked files leave damaged packages behind. Existence and size are
looked at each time; hashes only on request.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from mm_pkg.record import PathEntry

from .info_files import read_info_file

__all__ = ["Damage", "find_damage", "remember_sizes"]

_SIZES = "mm_sizes.json"
"""Sizes of files whose package's ``paths.json`` says otherwise, seen when it was
extracted. Some packages were changed after their list of files was written."""


class Damage(msgspec.Struct, frozen=True):
    """One file that is not as listed.

    what   -- "missing", "size" or "sha256"
    actual -- what was found, as text
    """

    path: str
    what: str
    actual: str = ""

    def __str__(self) -> str:
        if self.what == "missing":
            return f"{self.path} is missing"
        return f"{self.path} has the wrong {self.what} ({self.actual})"


def find_damage(
    folder: Path, entries: Iterable[PathEntry], *, sizes: bool = True, hashes: bool = False
) -> Iterator[Damage]:
    """How the files below *folder* differ from *entries*, as a lazy sequence.

    Symbolic links are not followed: of a link only its existence counts, and a
    file behind a linked folder is missing. Files that are not listed do not count.
    """
    found = _files(os.fspath(folder))
    expected_sizes: Mapping[str, int] | None = None
    for entry in entries:
        item = found.get(entry.path)
        if item is None:
            yield Damage(entry.path, "missing")
            continue
        if (not sizes and not hashes) or not item.is_file(follow_symlinks=False):
            continue
        if sizes and entry.size_in_bytes:
            size = item.stat(follow_symlinks=False).st_size
            if size != entry.size_in_bytes:
                if expected_sizes is None:
                    expected_sizes = _remembered_sizes(folder)
                if expected_sizes.get(entry.path) != size:
                    yield Damage(entry.path, "size", str(size))
                continue
        if hashes and entry.sha256 and entry.size_in_bytes:
            from .checksums import file_hashes

            actual = file_hashes(Path(item.path), ["sha256"])["sha256"]
            if actual != entry.sha256.lower():
                yield Damage(entry.path, "sha256", actual)


def remember_sizes(folder: Path, damages: Iterable[Damage]) -> None:
    """Note at extraction that these sizes are those of the package itself."""
    sizes = {damage.path: int(damage.actual) for damage in damages if damage.what == "size"}
    if sizes:
        (folder / "info" / _SIZES).write_bytes(msgspec.json.encode(sizes))


def _remembered_sizes(folder: Path) -> dict[str, int]:
    try:
        return msgspec.json.decode(read_info_file(folder, _SIZES) or b"{}", type=dict[str, int])
    except (OSError, msgspec.MsgspecError):
        return {}


def _files(folder: str) -> dict[str, os.DirEntry[str]]:
    """Everything below *folder* by relative path; links are not followed."""
    found: dict[str, os.DirEntry[str]] = {}
    waiting = [("", folder)]
    while waiting:
        prefix, path = waiting.pop()
        try:
            with os.scandir(path) as entries:
                for entry in entries:
                    name = prefix + entry.name
                    found[name] = entry
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append((name + "/", entry.path))
        except OSError:
            # What cannot be listed is as good as missing.
            continue
    return found


def is_real_folder(path: Path) -> bool:
    """Whether *path* is a folder, and not a link to one."""
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False
