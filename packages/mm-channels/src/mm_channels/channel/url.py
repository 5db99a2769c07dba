"""URLs as conda uses them: with a user, a password or a token that must not be seen."""

from __future__ import annotations

import re
from typing import Self
from urllib.parse import quote, unquote

import msgspec

from mm_channels.errors import InvalidChannel
from mm_channels.masking import STARS, mask_secrets

__all__ = ["CondaURL", "has_scheme"]

_SCHEME = re.compile(r"([A-Za-z0-9._-]+)://")
_TOKEN = re.compile(r"/t/([^/]{2,})(?=/|$)")
_PORT = re.compile(r"\d{1,5}")


def has_scheme(text: str) -> bool:
    """Whether *text* begins like a URL.

    >>> has_scheme("https://host"), has_scheme("repo.anaconda.com")
    (True, False)
    """
    return _SCHEME.match(text) is not None


class CondaURL(msgspec.Struct, frozen=True, gc=False):
    """A URL in its parts. Its text, `str` and `repr`, has stars where the secrets are.

    user, password -- as written, that is percent-encoded
    token -- of a path that begins ``/t/TOKEN``; `path` is without that part
    path  -- as written, never ends in ``/`` unless that is all of it

    >>> url = CondaURL.parse("https://me:secret@Host:8080/t/ab-123/chan/")
    >>> url
    CondaURL('https://me:*****@host:8080/t/*****/chan')
    >>> url.public
    'https://host:8080/chan'
    """

    scheme: str
    host: str
    path: str
    port: int | None = None
    user: str = ""
    password: str = ""
    token: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a URL; the scheme may be missing and is then ``https``.

        Raises `InvalidChannel`.
        """
        match = _SCHEME.match(text)
        scheme = match.group(1).lower() if match else "https"
        rest = text[match.end() :] if match else text
        authority, slash, path = rest.partition("/")
        path = slash + path
        credentials, _, hostport = authority.rpartition("@")
        user, _, password = credentials.partition(":")
        host, port = _split_port(hostport, text)
        token = ""
        if scheme != "file" and (found := _TOKEN.match(path)):
            token = found.group(1)
            path = path[found.end() :]
        return cls(
            scheme=scheme,
            host=host.lower(),
            path=path.rstrip("/") or "/",
            port=port,
            user=user,
            password=password,
            token=token,
        )

    @classmethod
    def from_path(cls, path: str) -> Self:
        """The ``file://`` URL of an absolute path.

        >>> CondaURL.from_path("/some where")
        CondaURL('file:///some%20where')
        """
        drive = path[:2] if re.match(r"[A-Za-z]:", path) else ""
        encoded = drive + quote(path[len(drive) :].replace("\\", "/"))
        return cls(scheme="file", host="", path=f"/{encoded.lstrip('/')}".rstrip("/") or "/")

    def _text(self, user: str, token: str) -> str:
        host = f"{self.host}:{self.port}" if self.port is not None else self.host
        return f"{self.scheme}://{user}{host}{token}{self.path}"

    def __str__(self) -> str:
        user = f"{self.user}:{STARS}@" if self.user or self.password else ""
        return self._text(user, f"/t/{STARS}" if self.token else "")

    def __repr__(self) -> str:
        return f"CondaURL({str(self)!r})"

    @property
    def public(self) -> str:
        """The URL without user, password and token."""
        return self._text("", "")

    @property
    def pretty(self) -> str:
        """The public URL as people read it: percent-decoded, no slash at the end."""
        return unquote(self.public).rstrip("/")

    def reveal(self) -> str:
        """The URL with its secrets. For the request itself, for nothing else."""
        user = self.user + (f":{self.password}" if self.password else "")
        return self._text(f"{user}@" if user else "", f"/t/{self.token}" if self.token else "")

    @property
    def has_credentials(self) -> bool:
        """Whether there is anything to hide."""
        return bool(self.user or self.password or self.token)

    @property
    def components(self) -> tuple[str, ...]:
        """The parts of the path between slashes."""
        return tuple(part for part in self.path.split("/") if part)

    @property
    def origin(self) -> tuple[str, str, int | None]:
        """Scheme, host and port, the default port made explicit."""
        return self.scheme, self.host, self.port or {"http": 80, "https": 443}.get(self.scheme)

    def joined(self, *parts: str) -> Self:
        """With components appended to the path; they are taken as they are."""
        return msgspec.structs.replace(self, path="/".join((self.path.rstrip("/"), *parts)))

    def local_path(self) -> str:
        """The path of a ``file://`` URL on this machine."""
        path = unquote(self.path)
        if re.match(r"/[A-Za-z]:", path):
            return path[1:]
        return f"//{self.host}{path}" if self.host not in ("", "localhost") else path

    def relative_to(self, base: CondaURL) -> str | None:
        """What of the path follows *base*, or None when this URL is not below it.

        Credentials play no part.

        >>> base = CondaURL.parse("https://host/pkgs")
        >>> CondaURL.parse("https://u:p@host/pkgs/main").relative_to(base)
        'main'
        """
        own, other = self.components, base.components
        if self.origin != base.origin or own[: len(other)] != other:
            return None
        return "/".join(own[len(other) :])


def _split_port(hostport: str, text: str) -> tuple[str, int | None]:
    host, colon, port = hostport.rpartition(":")
    if not colon or hostport.endswith("]"):  # no port, or an IPv6 address
        return hostport, None
    if not port:
        return host, None
    if not _PORT.fullmatch(port):
        shown = mask_secrets(text)
        raise InvalidChannel(f"{shown!r} is not a URL: {port!r} is no port number", text=shown)
    return host, int(port)
