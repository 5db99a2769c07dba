"""A proxy that wants credentials: for http:// it gets requests, for https:// it makes tunnels."""

from __future__ import annotations

import select
import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from mm_channels import CredentialLookup, CredentialStore, Network, Transport
from mm_channels.credentials import BearerToken, storage_key
from mm_channels.errors import AuthenticationError

SECRET = "s3cr-t"
GOOD = "Basic bWU6czNjci10"


class Proxy(BaseHTTPRequestHandler):
    """Lets those in who know the password; notes what it was asked for, and with what."""

    def do_CONNECT(self) -> None:
        if not self._allowed():
            return
        host, _, port = self.path.partition(":")
        self.send_response(200)
        self.end_headers()
        with socket.create_connection((host, int(port))) as there:
            ends = [self.connection, there]
            while True:
                for end in select.select(ends, [], [], 5)[0] or [None]:
                    data = end.recv(65536) if end else b""
                    if not data:
                        return
                    (there if end is self.connection else self.connection).sendall(data)

    def do_GET(self) -> None:
        if self._allowed():
            self.send_response(200)
            self.send_header("Content-Length", "4")
            self.end_headers()
            self.wfile.write(b"body")

    def _allowed(self) -> bool:
        given = self.headers.get("Proxy-Authorization")
        self.server.seen.append((self.path, given, self.headers.get("Authorization")))  # type: ignore[attr-defined]
        if given == GOOD:
            return True
        self.send_response(407)
        self.send_header("Proxy-Authenticate", "Basic realm=x")
        self.send_header("Content-Length", "0")
        self.end_headers()
        return False

    def log_message(self, *args: Any) -> None:
        pass


class Origin(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.seen.append(dict(self.headers))  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"body")

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def listen() -> Iterator[Any]:
    running = []

    def start(handler: type[BaseHTTPRequestHandler], context: ssl.SSLContext | None = None) -> Any:
        server: Any = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        server.seen = []
        server.address = f"127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        running.append(server)
        return server

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


@pytest.fixture
def origin(listen: Any, tmp_path: Path) -> Any:
    """A server with a certificate of our own authority, at `url`; its CA file is `ca`."""
    import trustme

    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server = listen(Origin, context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    server.ca, server.url = str(tmp_path / "ca.pem"), f"https://{server.address}"
    return server


def get(url: str, home: Path, **settings: Any) -> bytes:
    class Sink:
        data = b""

        def write(self, data: bytes) -> None:
            self.data += data

        def reset(self) -> None:
            self.data = b""

    sink = Sink()
    network = Network(backoff=0, connect_timeout=5, read_timeout=5, max_retries=1, **settings)
    with Transport(network, CredentialLookup(home, {})) as transport:
        transport.fetch(url, sink)
    return sink.data


def test_each_gets_its_own_credentials(listen: Any, origin: Any, tmp_path: Path) -> None:
    proxy = listen(Proxy)
    CredentialStore.of_user(tmp_path).put(storage_key(origin.url), BearerToken("tk"))
    proxies = {"https": f"http://me:{SECRET}@{proxy.address}"}
    data = get(f"{origin.url}/f", tmp_path, proxies=proxies, ssl_verify=origin.ca)
    assert data == b"body"
    assert proxy.seen == [(origin.address, GOOD, None)]
    (headers,) = origin.seen
    assert headers["Authorization"] == "Bearer tk"
    assert "Proxy-Authorization" not in headers


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("credentials", ["", f"me:{SECRET}x@"])
def test_a_proxy_that_is_not_content(
    listen: Any, origin: Any, tmp_path: Path, scheme: str, credentials: str
) -> None:
    proxy = listen(Proxy)
    url = f"{origin.url if scheme == 'https' else 'http://h.invalid'}/f"
    proxies = {"all": f"http://{credentials}{proxy.address}"}
    with pytest.raises(AuthenticationError, match="The proxy refuses") as caught:
        get(url, tmp_path, proxies=proxies, ssl_verify=origin.ca)
    assert "proxy_servers" in caught.value.hint
    assert SECRET not in f"{caught.value} {caught.value.hint} {caught.value.url}"
    assert len(proxy.seen) == 1  # asking again would change nothing
    assert origin.seen == []
