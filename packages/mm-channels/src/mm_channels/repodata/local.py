"""Repodata on this machine: a folder, or a ``file://`` URL."""

from __future__ import annotations

import os
from collections.abc import Sequence

from mm_channels.errors import NotFound
from mm_channels.repodata.cache import Cached, Intake, find_cached
from mm_channels.repodata.state import State

__all__ = ["open_local"]


def open_local(folder: str, url: str, cache_folders: Sequence[str | os.PathLike[str]]) -> Cached:
    """The repodata text of the subdir in *folder*.

    ``repodata.json`` is read where it is. Where there is only ``repodata.json.zst`` its
    text goes to the cache, until the file changes. Raises `NotFound`, ValueError from
    decompression, OSError.

    url -- the public URL of the ``repodata.json``
    """
    try:
        file = os.open(f"{folder}/repodata.json", os.O_RDONLY | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return _open_compressed(f"{folder}/repodata.json.zst", url, cache_folders)
    status = os.fstat(file)
    state = State(url=url, size=status.st_size, mtime_ns=status.st_mtime_ns)
    return Cached(None, state, file)


def _open_compressed(
    path: str, url: str, cache_folders: Sequence[str | os.PathLike[str]]
) -> Cached:
    try:
        source = open(path, "rb", buffering=0)
    except (FileNotFoundError, NotADirectoryError):
        raise NotFound(f"There is no repodata at {url}", url=url) from None
    with source:
        status = os.fstat(source.fileno())
        etag = f'"{status.st_mtime_ns:x}-{status.st_size:x}"'
        for cached in find_cached(cache_folders, url):
            if cached.state.etag == etag:
                return cached
        intake = Intake(cache_folders, url, compressed=True)
        try:
            while piece := source.read(1 << 18):
                intake.write(piece)
            if not intake.complete:
                raise ValueError("the compressed file is cut off")
            return intake.commit(State(url=url, etag=etag))
        finally:
            intake.close()
