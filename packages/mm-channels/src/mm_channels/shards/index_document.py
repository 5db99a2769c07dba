"""The index of shards as a server sends it (``repodata_shards.msgpack.zst``, CEP 16)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

import msgspec

from mm_channels.channel.url import CondaURL
from mm_channels.errors import InvalidChannel, MalformedRepodata
from mm_channels.index.subdir import package_base_url
from mm_channels.shards.compression import decompress
from mm_channels.shards.index import DIGEST, Head, build_index
from mm_channels.transport.sink import Received

__all__ = ["read_index", "shards_base_url"]

_LIMIT = 100 << 20
"""Bytes an index may be long when unpacked."""


class _Info(msgspec.Struct, frozen=True):
    subdir: str | None = None
    base_url: str | None = None
    shards_base_url: str | None = None


class _Document(msgspec.Struct, frozen=True):
    """What the server sends; other keys are none of our business."""

    shards: dict[str, bytes]
    info: _Info = _Info()
    version: int | None = None
    repodata_version: int | None = None


def read_index(data: bytes, url: str, received: Received) -> bytes:
    """The index file for the compressed index *data* from *url* (public).

    Raises ValueError when it is not an index of version 1 with usable content.
    """
    document = _decode(decompress(data, _LIMIT))
    version = next((v for v in (document.version, document.repodata_version) if v is not None), 1)
    if version != 1:
        raise ValueError(f"its version is {version}, not 1")
    info = document.info
    try:
        head = Head(
            url=url,
            base_url=package_base_url(url, info.base_url),
            shards_url=shards_base_url(url, info.shards_base_url),
            subdir=info.subdir or "",
            etag=received.etag,
            mod=received.modified,
            cache_control=received.cache_control,
        )
    except MalformedRepodata as error:
        raise ValueError(error.message) from None
    if set(map(len, document.shards.values())) - {DIGEST}:
        raise ValueError("not every hash of it is a SHA-256")
    if "" in document.shards or "\n" in "".join(document.shards):
        raise ValueError("not every name of it is one")
    return build_index(head, document.shards)


def shards_base_url(index_url: str, base_url: str | None) -> str:
    """Where the shards of an index are, with a trailing slash; credentials are left out.

    >>> shards_base_url("https://h/c/noarch/repodata_shards.msgpack.zst", "./shards/")
    'https://h/c/noarch/shards/'
    >>> shards_base_url("https://h/c/noarch/repodata_shards.msgpack.zst", "https://cdn.h/x")
    'https://cdn.h/x/'

    Raises ValueError for what is no URL, and for one that leads to where a server's word
    does not count: to files of this machine, or from https to http.
    """
    try:
        joined = CondaURL.parse(urljoin(index_url, base_url or "./"))
    except InvalidChannel as error:
        raise ValueError(error.message) from None
    here = index_url.partition(":")[0]
    if joined.scheme not in {"http": ("http", "https"), "https": ("https",)}.get(here, (here,)):
        raise ValueError(f"its shards are at {joined}, which is not looked at from here")
    return joined.public.rstrip("/") + "/"


def _decode(data: bytes) -> _Document:
    try:
        return msgspec.msgpack.decode(data, type=_Document)
    except (msgspec.ValidationError, UnicodeDecodeError):
        pass
    except (msgspec.DecodeError, RecursionError, OverflowError) as error:
        raise ValueError(f"it is not msgpack: {error}") from None
    # Some writers make keys binary, and hashes text.
    try:
        loose: Any = _plain(msgspec.msgpack.decode(data))
        shards = {
            name: bytes.fromhex(digest) if isinstance(digest, str) else digest
            for name, digest in loose["shards"].items()
        }
        return msgspec.convert({**loose, "shards": shards}, _Document, builtin_types=(bytes,))
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"it is not an index of shards: {error}") from None


def _plain(value: Any) -> Any:
    """*value* with text for the keys of its maps, two levels deep."""
    if not isinstance(value, dict):
        return value
    return {
        _text(key): {_text(k): v for k, v in inner.items()} if isinstance(inner, dict) else inner
        for key, inner in value.items()
    }


def _text(key: Any) -> str:
    return key.decode() if isinstance(key, bytes) else str(key)
