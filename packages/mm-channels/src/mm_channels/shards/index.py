"""The index of a sharded subdir: package name -> SHA-256 of the shard with its records.

The server's form is one map of tens of thousands of entries, whose decoding would be
most of the work of a small solve. So it is decoded once, and kept as an index file in
which names are found by bisection.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from mm_channels.atomic import replace_file
from mm_channels.index.names import Names
from mm_channels.index.sealed import InvalidTable, magic, seal, unseal
from mm_channels.repodata.cache import CacheFiles
from mm_channels.transport.sink import Received

__all__ = [
    "FILE",
    "Head",
    "ShardIndex",
    "build_index",
    "drop_index",
    "find_index",
    "keep_index",
    "renew_index",
]

FILE = "repodata_shards.msgpack.zst"
"""The name of the index in a subdir."""

_MAGIC = magic(b"mmshrd1")
DIGEST = 32
"""Bytes of a SHA-256."""


class Head(msgspec.Struct, frozen=True):
    """What holds for all shards of an index, and which version of it this is.

    url      -- of the index
    base_url, shards_url -- where packages and shards are, with a slash at the end
    subdir   -- ``info.subdir``, or ""
    etag, mod, cache_control -- response headers, empty where the server sent none

    All URLs are absolute and free of secrets.
    """

    url: str
    base_url: str
    shards_url: str
    subdir: str = ""
    etag: str = ""
    mod: str = ""
    cache_control: str = ""


def build_index(head: Head, digests: Mapping[str, bytes]) -> bytes:
    """The bytes of an index file. Names are one line each, digests have 32 bytes.

    >>> head = Head("https://h/c/noarch/x", "https://h/c/noarch/", "https://h/c/noarch/")
    >>> index = ShardIndex(build_index(head, {"pip": b"1" * 32, "python": b"2" * 32}))
    >>> sorted(index), index.digest("python"), index.digest("zlib")
    (['pip', 'python'], b'22222222222222222222222222222222', None)
    """
    names, sections = Names.arrange(digests)
    joined = b"".join([digests[name] for name in names])
    return seal(_MAGIC, [msgspec.json.encode(head), *sections, joined])


class ShardIndex:
    """An opened index. Raises `InvalidTable` when *data* is not one.

    checked -- when it was last known to be what the server has, in seconds since 1970
    """

    __slots__ = ("_digests", "_names", "_sections", "checked", "head")

    def __init__(self, data: bytes, checked: float = 0.0) -> None:
        self._sections = unseal(_MAGIC, data)
        try:
            head, text, starts, checksums, self._digests = self._sections
            self.head = msgspec.json.decode(head, type=Head)
            self._names = Names(text, starts, checksums)
        except (ValueError, TypeError, msgspec.MsgspecError) as error:
            raise InvalidTable(str(error)) from None
        self.checked = checked

    def __len__(self) -> int:
        return len(self._names)

    def __iter__(self) -> Iterator[str]:
        """All names, in no particular order."""
        return iter(self._names)

    def digest(self, name: str) -> bytes | None:
        """The SHA-256 of the shard of *name*, None if there is none."""
        at = self._names.find(name)
        if at < 0:
            return None
        return bytes(self._digests[at * DIGEST : (at + 1) * DIGEST])

    def age(self) -> float:
        """Seconds since it was last known to be what the server has."""
        return time.time() - self.checked

    def with_head(self, head: Head) -> bytes:
        """The bytes of the same index with another head."""
        return seal(_MAGIC, [msgspec.json.encode(head), *self._sections[1:]])


def find_index(folders: Sequence[str | os.PathLike[str]], subdir_url: str) -> ShardIndex | None:
    """The cached index of a subdir that was checked last, None if there is none."""
    found = [
        index
        for folder in folders
        if (index := _read(CacheFiles.of(folder, subdir_url).shards)) is not None
        and index.head.url == f"{subdir_url}/{FILE}"
    ]
    return max(found, key=lambda index: index.checked, default=None)


def _read(path: str) -> ShardIndex | None:
    try:
        with open(path, "rb", buffering=0) as handle:
            checked = os.fstat(handle.fileno()).st_mtime
            return ShardIndex(handle.read(), checked)
    except (OSError, InvalidTable):
        return None


def keep_index(
    folders: Sequence[str | os.PathLike[str]], subdir_url: str, data: bytes
) -> ShardIndex:
    """Put an index into the first folder that can be written, and open it."""
    for folder in folders:
        with contextlib.suppress(OSError):
            replace_file(CacheFiles.of(folder, subdir_url).shards, data)
            break
    return ShardIndex(data, time.time())


def renew_index(
    folders: Sequence[str | os.PathLike[str]], subdir_url: str, old: ShardIndex, received: Received
) -> ShardIndex:
    """The server says that *old* is still right: remember that, if possible."""
    # Such an answer need not repeat the headers of the one it stands for.
    head = msgspec.structs.replace(
        old.head,
        etag=received.etag or old.head.etag,
        mod=received.modified or old.head.mod,
        cache_control=received.cache_control or old.head.cache_control,
    )
    return keep_index(folders, subdir_url, old.with_head(head))


def drop_index(folders: Sequence[str | os.PathLike[str]], subdir_url: str) -> None:
    """Forget the index of a subdir; what cannot be removed is left."""
    from pathlib import Path

    for folder in folders:
        with contextlib.suppress(OSError):
            Path(CacheFiles.of(folder, subdir_url).shards).unlink()
