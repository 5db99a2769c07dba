"""Shards and their index from a server, verified."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from mm_channels.channel import Subdir
from mm_channels.errors import MalformedRepodata, VerificationError
from mm_channels.repodata.progress import TransferProgress
from mm_channels.shards.index import FILE, ShardIndex, find_index, keep_index, renew_index
from mm_channels.transport.sink import Received, Validators
from mm_pkg.cancellation import Cancellation
from mm_pkg.reporter import Reporter

if TYPE_CHECKING:
    from mm_channels.shards.fetcher import Wanted
    from mm_channels.shards.shard import Shard
    from mm_channels.transport import Transport

__all__ = ["fetch_shard", "refresh_index"]

RETRIES = 1
"""How often the index is asked for again: without one there is still the flat file."""

_TRIES = 2
"""A shard that fails verification is fetched once more: proxies do cut files short."""

_LIMIT = 100 << 20
"""Bytes that a compressed file may be long."""


def refresh_index(
    subdir: Subdir,
    transport: Transport,
    folders: Sequence[str | os.PathLike[str]],
    *,
    reporter: Reporter,
    cancellation: Cancellation,
) -> ShardIndex:
    """The current index of *subdir*, from the server or known to be unchanged.

    Raises `NetworkError` and its kinds, `MalformedRepodata` for what is no index,
    `Cancelled`.
    """
    url = f"{subdir.url}/{FILE}"
    old = find_index(folders, subdir.url)
    progress = TransferProgress(reporter, subdir.name)
    sink = _Memory(url)
    try:
        received = transport.fetch(
            url,
            sink,
            validators=Validators(old.head.etag, old.head.mod) if old else Validators(),
            on_start=progress.start,
            on_bytes=progress.advance,
            retries=RETRIES,
            cancellation=cancellation,
        )
        if received.not_modified and old is not None:
            index = renew_index(folders, subdir.url, old, received)
            progress.finish("no change")
            return index
        index = keep_index(folders, subdir.url, _read_index(sink.data(), url, received))
    except BaseException as error:
        progress.fail(str(error))
        raise
    progress.finish("")
    return index


def _read_index(data: bytes, url: str, received: Received) -> bytes:
    from mm_channels.shards.index_document import read_index

    try:
        return read_index(data, url, received)
    except ValueError as error:
        raise MalformedRepodata(f"{url} is not an index of shards: {error}", url=url) from None


def fetch_shard(
    wanted: Wanted,
    transport: Transport,
    on_bytes: Callable[[int], None],
    cancellation: Cancellation,
) -> tuple[Shard, bytes]:
    """Fetch a shard, verify and read it; and what is to be kept of it.

    Raises `NetworkError` and its kinds (`VerificationError` when it is not what the
    index promises), `MalformedRepodata` when it is that, but no shard; `Cancelled`.
    """
    from mm_channels.shards.shard_document import parse_shard

    data = _verified(wanted, transport, on_bytes, cancellation)
    try:
        return parse_shard(data, wanted.name)
    except ValueError as error:
        raise MalformedRepodata(
            f"{wanted.url} is not a shard of repodata: {error}",
            url=wanted.url,
            hint="Tell the channel's owner; set use_sharded_repodata to false until then.",
        ) from None


def _verified(
    wanted: Wanted,
    transport: Transport,
    on_bytes: Callable[[int], None],
    cancellation: Cancellation,
) -> bytes:
    from hashlib import sha256

    url = wanted.url
    for _ in range(_TRIES):
        sink = _Memory(url)
        transport.fetch(url, sink, on_bytes=on_bytes, cancellation=cancellation)
        data = sink.data()
        found = sha256(data).digest()
        if found == wanted.digest:
            return data
    from mm_channels.index.scan import describe_beginning

    why = describe_beginning(data[:200])
    problem = why if "web page" in why or "empty" in why else f"its SHA256 is {found.hex()}"
    raise VerificationError(
        f"{url} is not what the channel promises: {problem}",
        url=url,
        hint="The file on the server, or a cache in between, is damaged; "
        "if it stays so, tell the channel's owner.",
    )


class _Memory:
    """A sink that keeps everything, within limits. *url* is public."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._pieces: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> None:
        self._size += len(data)
        if self._size > _LIMIT:
            raise VerificationError(f"{self._url} is too long to be what it should be")
        self._pieces.append(data)

    def reset(self) -> None:
        self._pieces.clear()
        self._size = 0

    def data(self) -> bytes:
        """All bytes so far."""
        return b"".join(self._pieces)
