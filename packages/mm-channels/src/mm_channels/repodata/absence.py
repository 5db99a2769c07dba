"""Subdirs that a channel does not have, remembered for as long as repodata stays fresh.

Many channels have ``noarch`` only. Without this each run would ask for the other
subdir again, and load the network to be told the same.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Sequence

from mm_channels.atomic import replace_file
from mm_channels.repodata.cache import CacheFiles
from mm_channels.repodata.state import is_fresh

__all__ = ["is_known_absent", "remember_absent"]


def _marker(folder: str | os.PathLike[str], url: str) -> str:
    return CacheFiles.of(folder, url).json.removesuffix(".json") + ".absent"


def is_known_absent(
    folders: Sequence[str | os.PathLike[str]], url: str, ttl: int, *, offline: bool
) -> bool:
    """Whether the server said, not long ago, that there is no repodata at *url*."""
    for folder in folders:
        try:
            age = time.time() - os.stat(_marker(folder, url)).st_mtime
        except OSError:
            continue
        if is_fresh(age, "", ttl, offline=offline):
            return True
    return False


def remember_absent(folders: Sequence[str | os.PathLike[str]], url: str) -> None:
    """Note that there is no repodata at *url*, in the first folder that can be written."""
    for folder in folders:
        with contextlib.suppress(OSError):
            replace_file(_marker(folder, url), f"{url}\n".encode())
            return
