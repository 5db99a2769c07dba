"""HTTP and HTTPS: pools of connections, and trying again."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import urllib3
from urllib3.exceptions import InsecureRequestWarning, LocationParseError, ProxySchemeUnknown

from mm_channels.errors import NetworkError
from mm_channels.masking import mask_secrets
from mm_channels.network import Network
from mm_channels.transport.certificates import ssl_context
from mm_channels.transport.failures import PassingFailure
from mm_channels.transport.proxies import proxy_for
from mm_channels.transport.retry import backoff_delay
from mm_channels.transport.sink import Received, Sink, Validators
from mm_channels.transport.transfer import Transfer
from mm_pkg.cancellation import Cancellation

__all__ = ["HttpClient"]

_SOON = 0.1
"""Seconds before a broken connection is made anew for the first time."""

_KEPT = 64
"""Connections to a host that are kept open for further requests, at least."""

_PROGRESS = 1 << 16
"""Bytes: a try that brought less is counted as failed altogether."""


class _Sockets:
    """The open sockets, so that a blocked read can be ended from another thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: set[Any] = set()

    def add(self, sock: Any) -> None:
        with self._lock:
            self._open = {held for held in self._open if held.fileno() >= 0} | {sock}

    def shut_down(self) -> None:
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
        self._managers: dict[tuple[str | None, bool], urllib3.PoolManager] = {}
        self._lock = threading.Lock()
        self._user_agent = network.user_agent or _user_agent()

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
        retries: int | None = None,
        cancellation: Cancellation,
    ) -> Received:
        """Transfer *url* (public) by asking for *request* (URL and headers).

        Trying again is for what may pass by itself: busy servers, broken
        connections, time-outs. It goes on where the last try stopped, if the
        server can do that. Raises `NetworkError` and what *sink* raises.
        """
        most = self._network.max_retries if retries is None else retries
        transfer = Transfer(self.ask, url, request, sink, validators, encoded, on_start, on_bytes)
        attempt = 0
        while True:
            cancellation.check()
            before = transfer.taken
            try:
                return transfer.attempt(cancellation)
            except PassingFailure as failure:
                cancellation.check()
                attempt = 1 if transfer.taken >= before + _PROGRESS else attempt + 1
                if attempt > most:
                    raise failure.error from None
                cancellation.wait(self._delay(failure, attempt))

    def _delay(self, failure: PassingFailure, attempt: int) -> float:
        if failure.wait is not None:
            return failure.wait
        if attempt == 1 and failure.error.status is None:
            return _SOON
        return backoff_delay(attempt, self._network.backoff)

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
        secure = any(each.lower().startswith("https:") for each in (url, proxy or ""))
        with self._lock:
            manager = self._managers.get((proxy, secure))
            if manager is None:
                manager = self._managers[proxy, secure] = self._new_manager(proxy, secure)
            return manager

    def _new_manager(self, proxy: str | None, secure: bool) -> urllib3.PoolManager:
        """*secure* -- whether there is TLS on the way: reading certificates takes 20 ms."""
        urllib3.disable_warnings(InsecureRequestWarning)
        context = ssl_context(self._network) if secure else None
        options: dict[str, Any] = {"maxsize": max(self._network.threads, _KEPT), "block": False}
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
            except (ProxySchemeUnknown, LocationParseError):
                shown = mask_secrets(proxy)
                raise NetworkError(
                    f"{shown} cannot be used as a proxy",
                    url=shown,
                    hint="Proxies are http:// or https:// URLs; see proxy_servers.",
                ) from None
        manager.pool_classes_by_scheme = _pool_classes(self._sockets)
        return manager


def _user_agent() -> str:
    from importlib.metadata import version

    return f"mm/{version('mm-channels')} urllib3/{version('urllib3')}"


def _proxy_parts(proxy: str) -> tuple[str, dict[str, str]]:
    """A proxy's address without credentials, and the header that carries them."""
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
        ConnectionCls = Plain

    class SecurePool(urllib3.HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
