"""Names under which credentials are stored, and which of them apply to a URL."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

from mm_channels.channel.url import CondaURL
from mm_channels.errors import InvalidCredential

__all__ = ["domain_keys", "path_keys", "storage_key"]


def storage_key(host: str) -> str:
    """Where the credentials for *host*, a URL with or without scheme, are stored.

    That is host, port and path. Credentials apply to it and all below it.
    Raises `InvalidCredential` for a text without host, `InvalidChannel` for no URL.

    >>> storage_key("https://me:secret@MyServer.com:1234/"), storage_key("myserver2.com/channel")
    ('myserver.com:1234', 'myserver2.com/channel')
    """
    url = CondaURL.parse(host.strip().partition("?")[0].partition("#")[0])
    if not url.host or url.scheme == "file":
        raise InvalidCredential(
            "No host given.", hint="Name one, as in: micromamba auth login conda.example.org"
        )
    return next(path_keys(url))


def path_keys(url: CondaURL) -> Iterator[str]:
    """The keys that apply to *url*, the most specific one first.

    >>> list(path_keys(CondaURL.parse("https://h:81/a/b%20c")))
    ['h:81/a/b c', 'h:81/a', 'h:81']
    """
    host = url.host if url.port is None else f"{url.host}:{url.port}"
    parts = [host, *(unquote(part) for part in url.components)]
    while parts:
        yield "/".join(parts)
        parts.pop()


def domain_keys(host: str) -> Iterator[str]:
    """The keys that apply to *host* by rattler's rules: the host, then wildcards.

    >>> list(domain_keys("a.example.org"))
    ['a.example.org', '*.a.example.org', '*.example.org', '*.org']
    """
    yield host
    while host:
        yield f"*.{host}"
        host = host.partition(".")[2]
