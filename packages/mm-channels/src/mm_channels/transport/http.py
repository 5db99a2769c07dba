"""HTTP and HTTPS: one pool of connections, redirects, retries, resumption."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.exceptions import (
    HTTPError,
    IncompleteRead,
    LocationParseError,
    MaxRetryError,
    NewConnectionError,
    ProtocolError,
    ProxyError,
    SSLError,
    TimeoutError as HTTPTimeout,
)

from mm_channels.errors import (
    AuthenticationError,
    CertificateError,
    ChannelError,
    NetworkError,
    NotFound,
)
from mm_channels.masking import mask_secrets
from mm_channels.network import Network
from mm_channels.transport.certificates import ssl_context
from mm_channels.transport.proxies import proxy_for
from mm_channels.transport.retry import backoff_delay, is_retryable, retry_after_seconds
from mm_channels.transport.sink import Received, Sink, Validators
from mm_pkg.cancellation import Cancellation

__all__ = ["HttpClient"]

CHUNK = 1 << 18
_MAX_REDIRECTS = 10
_PROGRESS = 1 << 16
"""Bytes: a try that brought less is counted as failed altogether."""
_REDIRECTS = frozenset((301, 302, 303, 307, 308))


class _Failure(Exception):
    """A try failed in a way that a later one may not. `error` is what to raise in the end."""

    def __init__(self, error: ChannelError, wait: float | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.wait = wait


class _Sockets:
    """The open sockets, so that a blocked read can be ended from another thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: set[Any] = set()

    def add(self, sock: Any) -> None:
        with self._lock:
            self._open = {held for held in self._open if held.fileno() >= 0} | {sock}

    def shut_down(self) -> None:
        import contextlib
        import socket

        with self._lock:
            for sock in self._open:
                with contextlib.suppress(OSError):
                    # Not SSLSocket's method: the thread that reads owns the TLS state.
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)
            self._open.clear()


class HttpClient:
    """Performs requests; safe to use from several threads."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._sockets = _Sockets()
        self._managers: dict[str | None, urllib3.PoolManager] = {}
        self._lock = threading.Lock()
        version = getattr(urllib3, "__version__", "")
        self._user_agent = network.user_agent or f"mm/2.8.100 urllib3/{version}"

    def close(self) -> None:
        """Close idle connections."""
        for manager in self._managers.values():
            manager.clear()

    def abort(self) -> None:
        """End all running transfers now; they raise in their threads."""
        self._sockets.shut_down()

    def fetch(
        self,
        url: str,
        request: tuple[str, dict[str, str]],
        sink: Sink,
        *,
        validators: Validators,
        encoded: bool,
        on_start: Callable[[int | None], None],
        on_bytes: Callable[[int], None],
        cancellation: Cancellation,
    ) -> Received:
        """Transfer *url* (public) by asking for *request* (URL and headers).

        Trying again is for what may pass by itself: busy servers, broken
        connections, time-outs. It goes on where the last try stopped, if the
        server can do that. Raises `NetworkError` and what *sink* raises.
        """
        transfer = _Transfer(self, url, request, sink, validators, encoded, on_start, on_bytes)
        attempt = 0
        while True:
            cancellation.check()
            before = transfer.taken
            try:
                return transfer.attempt(cancellation)
            except _Failure as failure:
                cancellation.check()
                attempt = 1 if transfer.taken >= before + _PROGRESS else attempt + 1
                if attempt > self._network.max_retries:
                    raise failure.error from None
                delay = backoff_delay(attempt, self._network.backoff) if attempt > 1 else 0.1
                cancellation.wait(failure.wait if failure.wait is not None else delay)

    def ask(self, url: str, headers: dict[str, str]) -> urllib3.BaseHTTPResponse:
        """One GET request, no redirects; the body is not read yet."""
        return self._manager(url).request(
            "GET",
            url,
            headers={"User-Agent": self._user_agent, **headers},
            redirect=False,
            retries=False,
            preload_content=False,
            timeout=urllib3.Timeout(
                connect=self._network.connect_timeout, read=self._network.read_timeout
            ),
        )

    def _manager(self, url: str) -> urllib3.PoolManager:
        proxy = proxy_for(url, self._network.proxies)
        with self._lock:
            manager = self._managers.get(proxy)
            if manager is None:
                manager = self._managers[proxy] = self._new_manager(proxy)
            return manager

    def _new_manager(self, proxy: str | None) -> urllib3.PoolManager:
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        context = ssl_context(self._network)
        options: dict[str, Any] = {"maxsize": max(self._network.threads, 1), "block": False}
        manager: urllib3.PoolManager
        if proxy is None:
            manager = urllib3.PoolManager(ssl_context=context, **options)
        else:
            address, headers = _proxy_parts(proxy)
            try:
                manager = urllib3.ProxyManager(
                    address, proxy_headers=headers, proxy_ssl_context=context,
                    ssl_context=context, **options,
                )  # fmt: skip
            except (urllib3.exceptions.ProxySchemeUnknown, LocationParseError):
                shown = mask_secrets(proxy)
                raise NetworkError(
                    f"{shown} cannot be used as a proxy",
                    url=shown,
                    hint="Proxies are http:// or https:// URLs; see proxy_servers.",
                ) from None
        manager.pool_classes_by_scheme = _pool_classes(self._sockets)
        return manager


class _Transfer:
    """One file on its way, over as many requests as it takes."""

    def __init__(
        self,
        client: HttpClient,
        url: str,
        request: tuple[str, dict[str, str]],
        sink: Sink,
        validators: Validators,
        encoded: bool,
        on_start: Callable[[int | None], None],
        on_bytes: Callable[[int], None],
    ) -> None:
        self.client = client
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
        """One request and its redirects. Raises `_Failure` where another try makes sense."""
        try:
            response = self._open()
            try:
                return self._read(response, cancellation)
            finally:
                _let_go(response)
        except (HTTPError, OSError) as error:
            raise self._explain(error) from None

    def _open(self) -> urllib3.BaseHTTPResponse:
        url, secrets = self.request_url, self.secret_headers
        for _ in range(_MAX_REDIRECTS):
            response = self.client.ask(url, {**self._headers(), **secrets})
            target = response.headers.get("Location")
            if response.status not in _REDIRECTS or not target:
                return response
            _let_go(response)
            following = urljoin(url, target)
            if _origin(following) != _origin(url):
                secrets = {}
            if urlsplit(following).scheme != "https" and urlsplit(url).scheme == "https":
                raise NetworkError(
                    f"{self.url} was redirected from https to an unprotected address",
                    url=self.url,
                    hint="Tell the channel's owner, or use the http:// URL if you trust the network.",
                )
            url = following
        raise NetworkError(f"{self.url} was redirected more than 10 times", url=self.url)

    def _headers(self) -> dict[str, str]:
        headers = {"Accept-Encoding": "gzip, deflate" if self.encoded else "identity"}
        if self.taken and (self.etag or self.modified):
            headers["Range"] = f"bytes={self.taken}-"
            headers["If-Range"] = self.etag or self.modified
        else:
            if self.validators.etag:
                headers["If-None-Match"] = self.validators.etag
            if self.validators.modified:
                headers["If-Modified-Since"] = self.validators.modified
        return headers

    def _read(self, response: urllib3.BaseHTTPResponse, cancellation: Cancellation) -> Received:
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
        resumed = response.status == 206 and self._continues(headers.get("Content-Range", ""))
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
            length = headers.get("Content-Length", "")
            self.on_start(int(length) if length.isdigit() and not coded else None)
        for piece in response.stream(CHUNK, decode_content=self.encoded):
            cancellation.check()
            self.sink.write(piece)
            self.taken += len(piece)
            self.on_bytes(len(piece))
        return received

    def _continues(self, content_range: str) -> bool:
        """Whether a partial answer goes on exactly where we are."""
        return content_range.replace("bytes", "").strip().startswith(f"{self.taken}-")

    def _check_status(self, response: urllib3.BaseHTTPResponse) -> None:
        status = response.status
        if status in (200, 203, 304) or (status == 206 and self.taken):
            return
        if status == 416 and self.taken:
            # What is here cannot be continued: begin anew.
            self.etag = self.modified = ""
            raise _Failure(self._error(status))
        error = self._error(status)
        if is_retryable(status):
            raise _Failure(error, retry_after_seconds(response.headers.get("Retry-After")))
        raise error

    def _error(self, status: int) -> NetworkError:
        if status in (404, 410):
            return NotFound(
                f"{self.url} does not exist (HTTP {status})", url=self.url, status=status
            )
        if status in (401, 403, 407):
            who = "The proxy refuses" if status == 407 else "The server refuses"
            return AuthenticationError(
                f"{who} access to {self.url} (HTTP {status})",
                url=self.url,
                status=status,
                hint="Check the credentials for this channel.",
            )
        return NetworkError(
            f"The server answered {self.url} with HTTP {status}",
            url=self.url,
            status=status,
            hint="Try again later." if is_retryable(status) else "",
        )

    def _explain(self, error: HTTPError | OSError) -> Exception:
        """What to raise for a failed connection: mostly a reason to try again."""
        if isinstance(error, MaxRetryError) and error.reason is not None:
            error = error.reason if isinstance(error.reason, HTTPError) else error
        if isinstance(error, ProxyError):
            return _Failure(
                NetworkError(
                    f"{self.url} cannot be reached: the proxy does not answer as it should",
                    url=self.url,
                    hint="Check proxy_servers and the variables http_proxy, https_proxy, no_proxy.",
                )
            )
        if isinstance(error, SSLError):
            return self._certificate_error(error)
        why = "the connection broke"
        if isinstance(error, NewConnectionError):
            why = "no connection can be made"
        elif isinstance(error, HTTPTimeout):
            why = "the server takes too long to answer"
        elif isinstance(error, (IncompleteRead, ProtocolError)):
            why = "the connection ended too early"
        return _Failure(
            NetworkError(
                f"{self.url} cannot be fetched: {why}",
                url=self.url,
                hint="Check the network; with --offline, what is cached is used.",
            )
        )

    def _certificate_error(self, error: SSLError) -> Exception:
        text = str(error)
        if "CERTIFICATE_VERIFY_FAILED" in text or "certificate" in text:
            reason = text.split("certificate verify failed: ")[-1].split(" (_ssl")[0]
            return CertificateError(
                f"The certificate of {urlsplit(self.url).hostname} is not trusted: {reason}",
                url=self.url,
                hint="Set ssl_verify (or SSL_CERT_FILE) to your organisation's CA file, "
                "or ssl_verify to truststore to use the operating system's.",
            )
        return _Failure(NetworkError(f"{self.url} cannot be fetched: TLS failed", url=self.url))


def _let_go(response: urllib3.BaseHTTPResponse) -> None:
    """Keep the connection if it can be used again, else close it."""
    if response.status not in (200, 203, 206):
        response.drain_conn()
    response.close()


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname, port


def _proxy_parts(proxy: str) -> tuple[str, dict[str, str]]:
    """A proxy's address without credentials, and the header that carries them."""
    from urllib.parse import unquote

    scheme, _, rest = proxy.partition("://")
    credentials, at, address = rest.rpartition("@")
    if not at:
        return proxy, {}
    headers = urllib3.make_headers(proxy_basic_auth=unquote(credentials))
    return f"{scheme}://{address}", dict(headers)


def _pool_classes(sockets: _Sockets) -> dict[str, Any]:
    """urllib3's pools, with connections that report their sockets."""

    class Plain(urllib3.connection.HTTPConnection):
        def connect(self) -> None:
            super().connect()
            sockets.add(self.sock)

    class Secure(urllib3.connection.HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            sockets.add(self.sock)

    class PlainPool(urllib3.HTTPConnectionPool):
        ConnectionCls: ClassVar[Any] = Plain

    class SecurePool(urllib3.HTTPSConnectionPool):
        ConnectionCls: ClassVar[Any] = Secure

    return {"http": PlainPool, "https": SecurePool}
