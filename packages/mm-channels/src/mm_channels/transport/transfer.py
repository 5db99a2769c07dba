"""One file on its way over HTTP: redirects, and going on where the last try stopped."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError, ProtocolError

from mm_channels.errors import NetworkError
from mm_channels.transport.failures import PassingFailure, broken_connection, refusal
from mm_channels.transport.retry import is_retryable, retry_after_seconds
from mm_channels.transport.sink import Received, Sink, Validators
from mm_pkg.cancellation import Cancellation

__all__ = ["Transfer"]

_CHUNK = 1 << 18
_MAX_REDIRECTS = 10
_REDIRECTS = frozenset((301, 302, 303, 307, 308))


class Transfer:
    """One file on its way, over as many requests as it takes."""

    def __init__(
        self,
        ask: Callable[[str, dict[str, str]], BaseHTTPResponse],
        url: str,
        request: tuple[str, dict[str, str]],
        sink: Sink,
        validators: Validators,
        encoded: bool,
        on_start: Callable[[int | None], None],
        on_bytes: Callable[[int], None],
    ) -> None:
        self.ask = ask
        self.url = url
        self.request_url, self.secret_headers = request
        self.sink = sink
        self.validators = validators
        self.encoded = encoded
        self.on_start = on_start
        self.on_bytes = on_bytes
        self.taken = 0
        self.etag = ""
        self.modified = ""

    def attempt(self, cancellation: Cancellation) -> Received:
        """One request and its redirects. Raises `PassingFailure` where another try makes sense."""
        try:
            response = self._open()
            try:
                return self._read(response, cancellation)
            finally:
                _let_go(response)
        except (HTTPError, OSError) as error:
            raise broken_connection(self.url, error) from None

    def _open(self) -> BaseHTTPResponse:
        url, secrets = self.request_url, self.secret_headers
        for _ in range(_MAX_REDIRECTS):
            response = self.ask(url, {**self._headers(), **secrets})
            target = response.headers.get("Location")
            if response.status not in _REDIRECTS or not target:
                return response
            _let_go(response)
            following = self._redirected(url, target)
            if _origin(following) != _origin(url):
                secrets = {}
            if urlsplit(following).scheme != "https" and urlsplit(url).scheme == "https":
                raise NetworkError(
                    f"{self.url} was redirected from https to an unprotected address",
                    url=self.url,
                    hint="Tell the channel's owner; if you trust the network, use the http:// URL.",
                )
            url = following
        raise NetworkError(f"{self.url} was redirected more than 10 times", url=self.url)

    def _redirected(self, url: str, target: str) -> str:
        try:
            following = urljoin(url, target)
            _origin(following)
        except ValueError:
            raise NetworkError(f"{self.url} was redirected to no URL", url=self.url) from None
        return following

    def _headers(self) -> dict[str, str]:
        headers = {"Accept-Encoding": "gzip, deflate" if self.encoded else "identity"}
        if self.taken and (self.etag or self.modified):
            headers["Accept-Encoding"] = "identity"
            headers["Range"] = f"bytes={self.taken}-"
            headers["If-Range"] = self.etag or self.modified
        else:
            if self.validators.etag:
                headers["If-None-Match"] = self.validators.etag
            if self.validators.modified:
                headers["If-Modified-Since"] = self.validators.modified
        return headers

    def _read(self, response: BaseHTTPResponse, cancellation: Cancellation) -> Received:
        self._check_status(response)
        headers = response.headers
        received = Received(
            not_modified=response.status == 304,
            etag=headers.get("ETag", ""),
            modified=headers.get("Last-Modified", ""),
            cache_control=headers.get("Cache-Control", ""),
        )
        if received.not_modified:
            return received
        resumed = response.status == 206
        if self.taken and not resumed:
            self.sink.reset()
            self.on_bytes(-self.taken)
            self.taken = 0
        if not resumed:
            coded = headers.get("Content-Encoding", "identity") != "identity"
            # Only a strong validator says that the bytes are the same.
            strong = not coded and not received.etag.startswith("W/")
            self.etag = received.etag if strong else ""
            self.modified = received.modified if strong else ""
            self.on_start(None if coded else _count(headers.get("Content-Length", "")))
        for piece in response.stream(_CHUNK, decode_content=self.encoded):
            cancellation.check()
            self.sink.write(piece)
            self.taken += len(piece)
            self.on_bytes(len(piece))
        return received

    def _continues(self, content_range: str) -> bool:
        """Whether a partial answer goes on exactly where we are."""
        return self.taken > 0 and content_range.replace("bytes", "").strip().startswith(
            f"{self.taken}-"
        )

    def _check_status(self, response: BaseHTTPResponse) -> None:
        status = response.status
        if status in (200, 203, 304):
            return
        if status == 206 and self._continues(response.headers.get("Content-Range", "")):
            return
        if status in (206, 416) and self.taken:
            # What is here cannot be continued: begin anew. Why it had to be is what matters.
            self.etag = self.modified = ""
            raise broken_connection(self.url, ProtocolError())
        error = refusal(self.url, status)
        if is_retryable(status):
            raise PassingFailure(error, retry_after_seconds(response.headers.get("Retry-After")))
        raise error


def _let_go(response: BaseHTTPResponse) -> None:
    """Keep the connection if it can be used again, else close it."""
    if response.status not in (200, 203, 206):
        response.drain_conn()
    response.close()


def _count(length: str) -> int | None:
    """A number of bytes; None for what is no such number, whatever a server says.

    >>> _count("12"), _count("-1"), _count("²"), _count("9" * 5000)
    (12, None, None, None)
    """
    return int(length) if length.isascii() and length.isdigit() and len(length) < 20 else None


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname, port
