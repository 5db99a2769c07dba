"""Shards on disk, named by the SHA-256 of what the server sent. They never grow old.

Files are written beside their place and renamed, so several processes can share the
folder without locks. Nothing here fails: what is damaged or cannot be read is missing,
and where no folder can be written nothing is kept.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Sequence

from mm_channels.atomic import replace_file
from mm_channels.shards.shard import DamagedShard, Shard

__all__ = ["ShardStore"]

_ABANDONED = 24 * 3600
"""Seconds after which an unfinished file has no writer any more."""


class ShardStore:
    """The folders ``shards`` in *folders* (``<pkgs_dir>/cache``), best first."""

    def __init__(self, folders: Sequence[str | os.PathLike[str]]) -> None:
        self._folders = [f"{os.fspath(folder)}/shards/" for folder in folders]
        self._swept = False

    def read(self, digest: bytes) -> Shard | None:
        """The shard with that hash, None if it is not here."""
        name = digest.hex()
        for folder in self._folders:
            try:
                file = os.open(folder + name, os.O_RDONLY | os.O_CLOEXEC)
            except OSError:
                continue
            try:
                return Shard.unpack(os.read(file, os.fstat(file).st_size))
            except (OSError, DamagedShard):
                continue
            finally:
                os.close(file)
        return None

    def keep(self, digest: bytes, shard: Shard) -> bool:
        """Put *shard* in the first folder that can be written; whether there is one."""
        self._sweep()
        for folder in self._folders:
            try:
                replace_file(folder + digest.hex(), shard.pack())
            except OSError:
                continue
            return True
        return False

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
