"""Names of packages that this machine knows of already: for suggestions, not for answers.

Nothing is fetched, built or checked for its age; what cannot be read is passed over.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

from mm_channels.channel import Channel
from mm_channels.index.store import read_index
from mm_channels.repodata.cache import CacheFiles

__all__ = ["names_at_hand"]


def names_at_hand(
    channels: Iterable[Channel], cache_dirs: Sequence[str | os.PathLike[str]]
) -> Iterator[str]:
    """The names in the cached indexes of *channels*, some of them repeatedly.

    cache_dirs -- as for `mm_channels.load_subdirs`
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
