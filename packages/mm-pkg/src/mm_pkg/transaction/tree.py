"""What is on disk in an environment, read once per directory."""

# Text paths and os functions: thousands of files go through here.

from __future__ import annotations

import os
import stat
from collections.abc import Container
from typing import Literal

__all__ = ["Tree", "with_parents"]

Kind = Literal["file", "directory", "link"]


class Tree:
    """A cached view of the directories below *root*; paths are relative, with ``/``.

    It stays true only while nothing changes: a transaction reads through it
    before its first change, under the environment's lock. Paths in *gone* are
    left out, which shows the environment as it will be without them.
    """

    def __init__(self, root: str, gone: Container[str] = ()) -> None:
        self.root = root
        self._gone = gone
        self._listings: dict[str, dict[str, Kind]] = {}
        self._real: dict[str, str | None] = {"": ""}
        self._real_root = os.path.realpath(root)

    def kind(self, path: str) -> Kind | None:
        """What *path* is; links are not followed. None when there is nothing."""
        folder, _, name = path.rpartition("/")
        return self.listing(folder).get(name)

    def listing(self, folder: str) -> dict[str, Kind]:
        """Name -> kind; empty when *folder* is no directory."""
        found = self._listings.get(folder)
        if found is None:
            found = self._listings[folder] = self._scan(folder)
        return found

    def _scan(self, folder: str) -> dict[str, Kind]:
        # a folder whose parent does not list it cannot be there: saves a system call
        if folder and folder.rpartition("/")[2] not in self.listing(folder.rpartition("/")[0]):
            return {}
        try:
            with os.scandir(f"{self.root}/{folder}") as entries:
                found = {entry.name: _kind(entry) for entry in entries}
        except (FileNotFoundError, NotADirectoryError):
            return {}
        if self._gone:
            above = f"{folder}/" if folder else ""
            found = {name: kind for name, kind in found.items() if above + name not in self._gone}
        return found

    def real(self, folder: str) -> str | None:
        """*folder* without soft links on the way; None when they lead out of the root.

        Parts that do not exist stay as they are.
        """
        if folder in self._real:
            return self._real[folder]
        parent, _, name = folder.rpartition("/")
        above = self.real(parent)
        result = None if above is None else (f"{above}/{name}" if above else name)
        if result is not None and self.kind(result) == "link":
            result = self._follow(result)
        self._real[folder] = result
        return result

    def _follow(self, path: str) -> str | None:
        target = os.path.realpath(f"{self.root}/{path}")
        if target == self._real_root:
            return ""
        if not target.startswith(self._real_root + os.sep):
            return None
        return target[len(self._real_root) + 1 :].replace(os.sep, "/")

    def is_directory(self, path: str) -> bool:
        """Whether *path* is a directory or a soft link to one."""
        kind = self.kind(path) if path else "directory"
        if kind == "link":
            try:
                return stat.S_ISDIR(os.stat(f"{self.root}/{path}").st_mode)
            except OSError:
                return False
        return kind == "directory"

    def only_holds(self, folder: str, expected: Container[str]) -> bool:
        """Whether every file below the directory *folder* is among *expected*."""
        for name, kind in self.listing(folder).items():
            path = f"{folder}/{name}"
            if kind == "directory":
                if not self.only_holds(path, expected):
                    return False
            elif path not in expected:
                return False
        return True


def _kind(entry: os.DirEntry[str]) -> Kind:
    if entry.is_symlink():
        return "link"
    return "directory" if entry.is_dir(follow_symlinks=False) else "file"


def with_parents(folders: set[str]) -> None:
    """Add every directory above one of *folders*; the environment itself is left out."""
    for folder in list(folders):
        while folder := folder.rpartition("/")[0]:
            if folder in folders:
                break
            folders.add(folder)
    folders.discard("")
