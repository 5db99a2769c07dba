"""Shards on disk, named by the SHA-256 of what the server sent. They never grow old.

Files are written beside their place and renamed, so several processes can share the
folder without locks. Nothing here fails: what is damaged or cannot be read is missing,
and where no folder can be written memory has to do.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator, Sequence
from functools import partial
from io import BytesIO
from typing import Any

from mm_channels.atomic import replace_file
from mm_channels.shards.shard import DamagedShard, Extent, Shard, read_record, read_shard

__all__ = ["ShardStore"]

_ABANDONED = 24 * 3600
"""Seconds after which an unfinished file has no writer any more."""


class ShardStore:
    """The folders ``shards`` in *folders* (``<pkgs_dir>/cache``), best first."""

    def __init__(self, folders: Sequence[str | os.PathLike[str]]) -> None:
        self._folders = [f"{os.fspath(folder)}/shards/" for folder in folders]
        self._swept = False
        self._homeless: dict[bytes, bytes] = {}
        self._distrusted: set[bytes] = set()

    def read(self, digest: bytes) -> Shard | None:
        """The shard with that hash, None if it is not here."""
        if digest in self._distrusted:
            return None
        for file in self._open(digest):
            try:
                return read_shard(partial(os.read, file))
            except (OSError, DamagedShard):
                continue
        if digest in self._homeless:
            return read_shard(BytesIO(self._homeless[digest]).read)
        return None

    def _open(self, digest: bytes) -> Iterator[int]:
        """The files with that hash, open for reading."""
        name = digest.hex()
        for folder in self._folders:
            try:
                file = os.open(folder + name, os.O_RDONLY | os.O_CLOEXEC)
            except OSError:
                continue
            try:
                yield file
            finally:
                os.close(file)

    def record(self, digest: bytes, extent: Extent) -> dict[str, Any] | None:
        """The record at *extent* of the shard with that hash; None if that is gone or damaged.

        What is damaged is not read again until it was kept anew. Raises ValueError for what
        the server itself has written so that nobody can read it.
        """
        for file in self._open(digest):
            try:
                return read_record(os.pread(file, extent.length, extent.offset), extent)
            except OSError:
                continue
            except DamagedShard:
                self._distrusted.add(digest)
        data = self._homeless.get(digest)
        if data is None:
            return None
        return read_record(data[extent.offset : extent.offset + extent.length], extent)

    def keep(self, digest: bytes, data: bytes) -> None:
        """Put a shard in the first folder that can be written; else it stays in memory."""
        self._sweep()
        self._distrusted.discard(digest)
        for folder in self._folders:
            try:
                replace_file(folder + digest.hex(), data)
            except OSError:
                continue
            return
        self._homeless[digest] = data

    def _sweep(self) -> None:
        """Remove, once, what processes that were killed have left."""
        if self._swept:
            return
        self._swept = True
        from pathlib import Path

        for folder in self._folders:
            with contextlib.suppress(OSError):
                for entry in os.scandir(folder):
                    if entry.name.endswith(".partial"):
                        with contextlib.suppress(OSError):
                            if time.time() - entry.stat().st_mtime > _ABANDONED:
                                Path(entry.path).unlink()
