"""What this machine knows of channels already; nothing is fetched or checked for its age.

Good for suggestions, and for folders that somebody has prepared, as installers do.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from mm_channels.channel import Channel
from mm_channels.index.store import read_index
from mm_channels.repodata.cache import CacheFiles

if TYPE_CHECKING:
    from mm_channels.index import SubdirIndex

__all__ = ["names_at_hand", "repodata_at_hand"]


def names_at_hand(
    channels: Iterable[Channel], cache_dirs: Sequence[str | os.PathLike[str]]
) -> Iterator[str]:
    """The names in the cached indexes of *channels*, some of them repeatedly.

    cache_dirs -- as for `mm_channels.load_subdirs`; indexes that cannot be read are passed over
    """
    for channel in channels:
        for subdir in channel.subdirs:
            yield from _names(subdir.url, cache_dirs)


def _names(url: str, cache_dirs: Sequence[str | os.PathLike[str]]) -> Iterable[str]:
    from mm_channels.shards.index import find_index

    shards = find_index(cache_dirs, url)
    if shards is not None:
        return shards
    text = f"{url}/repodata.json"
    tables = (read_index(CacheFiles.of(folder, text).index) for folder in cache_dirs)
    return next((table.names() for table in tables if table is not None), ())


def repodata_at_hand(cache_dir: str | os.PathLike[str], subdir_url: str) -> SubdirIndex | None:
    """The records of a subdir, from its text in *cache_dir* as it is; None if there is none.

    subdir_url -- without secrets

    Raises `MalformedRepodata`.
    """
    from mm_channels.errors import MalformedRepodata
    from mm_channels.index.store import open_table
    from mm_channels.index.subdir import SubdirIndex

    url = f"{subdir_url.rstrip('/')}/repodata.json"
    path = CacheFiles.of(cache_dir, url).json
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        table = open_table(file, url, [])
    except ValueError as error:
        os.close(file)
        raise MalformedRepodata(f"{path} is not repodata: {error}", url=url) from None
    except BaseException:
        os.close(file)
        raise
    channel, _, subdir = subdir_url.rstrip("/").rpartition("/")
    return SubdirIndex(
        channel=channel, channel_name=channel, subdir=subdir, url=url, table=table, file=file
    )
