"""One entry of a package archive: a file, a directory or a link."""

from __future__ import annotations

from enum import Enum

__all__ = ["Extent", "Kind", "Member"]

Extent = tuple[int, int]
"""Where a piece of a sparse file belongs: offset and length in bytes."""


class Kind(Enum):
    """What a member is."""

    FILE = "file"
    DIRECTORY = "directory"
    SYMLINK = "symbolic link"
    HARD_LINK = "hard link"
    SPECIAL = "device or pipe"


class Member:
    """One member of a tar file. Names are bytes, just as archived.

    size     -- bytes of content (for a sparse file, of the expanded one)
    stored   -- bytes of content in the archive
    mtime_ns -- modification time, nanoseconds since 1970
    sparse   -- where the stored bytes belong in a sparse file, else None
    """

    __slots__ = ("kind", "link", "mode", "mtime_ns", "name", "size", "sparse", "stored")

    def __init__(self, name: bytes, kind: Kind, mode: int, size: int, mtime_ns: int) -> None:
        self.name = name
        self.kind = kind
        self.mode = mode
        self.size = size
        self.stored = size
        self.mtime_ns = mtime_ns
        self.link = b""
        self.sparse: tuple[Extent, ...] | None = None
