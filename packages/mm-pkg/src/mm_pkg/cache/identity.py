"""Whether a cache entry is the package that is wanted.

Trust comes from hashes and from the channel's URL, never from a name alone:
two channels may have packages of one name that have nothing in common.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mm_pkg.record import RepodataRecord

__all__ = ["plain_url", "same_content", "same_source"]


def plain_url(url: str) -> str:
    """*url* without credentials and token.

    >>> plain_url("https://user:secret@host/t/tk-123/chan/noarch/a-1-0.conda")
    'https://host/chan/noarch/a-1-0.conda'
    """
    scheme, mark, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    if path.startswith("t/"):
        path = path[2:].partition("/")[2]
    return f"{scheme}{mark}{host.rpartition('@')[2]}{slash}{path}"


def _place(url: str) -> str:
    """What two spellings of one place on the network have in common.

    >>> _place("http://host/c/noarch/a-1%210-0.conda")
    'https://host/c/noarch/a-1!0-0.conda'
    """
    url = plain_url(url).rstrip("/")
    if "%" in url:
        from urllib.parse import unquote

        url = unquote(url)
    return f"https://{url[7:]}" if url.startswith("http://") else url


def same_source(wanted: RepodataRecord, stored: Mapping[str, Any]) -> bool:
    """Whether *stored*, a decoded ``repodata_record.json``, came from where *wanted* is."""
    url = stored.get("url")
    if wanted.url and isinstance(url, str) and url:
        return _place(url) == _place(wanted.url)
    channel = stored.get("channel")
    if not isinstance(channel, str):
        channel = ""
    channel = channel.rstrip("/").removesuffix(f"/{wanted.subdir}")
    return _place(channel) == _place(wanted.channel) and stored.get("fn") == wanted.fn


def same_content(wanted: RepodataRecord, stored: Mapping[str, Any]) -> bool:
    """Whether size and hash agree, as far as both know them.

    The sha256 decides where both know it, else the md5. A wanted package with
    hashes that the entry does not have is another one.
    """
    size = stored.get("size")
    if wanted.size and size and size != wanted.size:
        return False
    comparable = False
    for hash_name in ("sha256", "md5"):
        expected, actual = getattr(wanted, hash_name), stored.get(hash_name)
        if expected and actual:
            return str(expected).lower() == str(actual).lower()
        comparable = comparable or bool(expected)
    return not comparable
