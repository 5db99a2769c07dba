"""Transfers: what is tried again, what is followed, who gets to see credentials."""

from __future__ import annotations

import hashlib
import threading
import time
import traceback
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from mm_channels import CondaURL, Network, Transport
from mm_channels.errors import (
    AuthenticationError,
    CertificateError,
    NetworkError,
    NotFound,
    OfflineError,
)
from mm_channels.transport import Validators
from mm_channels.transport.certificates import ca_location
from mm_channels.transport.proxies import proxy_for
from mm_channels.transport.retry import backoff_delay, retry_after_seconds
from mm_pkg.cancellation import Cancellation, Cancelled

QUICK = Network(backoff=0.01, connect_timeout=5, read_timeout=5)
DATA = hashlib.shake_256(b"x").digest(300_000)


class Buffer:
    """A sink that keeps what it gets."""

    def __init__(self) -> None:
        self.data = b""
        self.resets = 0

    def write(self, data: bytes) -> None:
        self.data += data

    def reset(self) -> None:
        self.data = b""
        self.resets += 1


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "f.bin").write_bytes(DATA)
    (tmp_path / "www" / "f.json").write_bytes(b'{"a": 1}')
    return tmp_path / "www"


def fetch(url: str, network: Network = QUICK, location: str = "", **options: Any) -> Buffer:
    sink = Buffer()
    with Transport(network) as transport:
        if location:
            transport.learn(CondaURL.parse(location))
        transport.fetch(url, sink, **options)
    return sink


# Trying again -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        "status=500,times=2",
        "status=503,times=3",
        "status=429,retry_after=0,times=2",
        "drop=headers,times=2",
        "drop=status,times=2",
        "drop=10,times=3",
    ],
)
def test_passing_trouble_is_overcome(folder: Path, serve: Any, fault: str) -> None:
    server = serve(folder, faults=[fault])
    assert fetch(f"{server.url}/f.bin").data == DATA


def test_it_goes_on_where_it_stopped(folder: Path, serve: Any) -> None:
    server = serve(folder, faults=["drop=70000"])  # every time
    sink = fetch(f"{server.url}/f.bin")
    assert sink.data == DATA
    assert sink.resets == 0
    ranges = [entry["range"] for entry in server.requests()]
    assert ranges[0] is None
    assert all(ranges[1:])
    assert sum(entry["sent"] for entry in server.requests()) <= 1.05 * len(DATA)


@pytest.mark.parametrize("how", ["norange=1", "noetag=1,nodate=1"])
def test_it_begins_anew_where_it_cannot_go_on(folder: Path, serve: Any, how: str) -> None:
    server = serve(folder, faults=["drop=70000,times=2", how])
    amounts: list[int] = []
    sink = fetch(f"{server.url}/f.bin", on_bytes=amounts.append)
    assert sink.data == DATA
    assert sink.resets
    assert sum(amounts) == len(DATA)


def test_a_length_that_is_never_reached_is_a_broken_connection(folder: Path, serve: Any) -> None:
    server = serve(folder, faults=["length=5"])  # going on at the end is answered with 416
    with pytest.raises(NetworkError, match="ended too early"):
        fetch(f"{server.url}/f.bin")


def test_a_file_that_changes_between_tries_is_not_mixed(folder: Path, serve: Any) -> None:
    server = serve(folder, faults=["drop=100000,times=1", "delay=0.2,skip=1"])
    other = bytes(reversed(DATA))
    threading.Timer(0.1, lambda: (folder / "f.bin").write_bytes(other)).start()
    assert fetch(f"{server.url}/f.bin").data == other


def test_it_gives_up_in_the_end(folder: Path, serve: Any) -> None:
    server = serve(folder, faults=["status=503"])
    with pytest.raises(NetworkError) as caught:
        fetch(f"{server.url}/f.bin", Network(backoff=0, max_retries=2))
    assert len(server.requests()) == 3
    assert caught.value.status == 503
    assert f"{server.url}/f.bin" in str(caught.value)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, NotFound), (410, NotFound), (401, AuthenticationError), (403, AuthenticationError)],
)
def test_lasting_trouble_is_not_tried_again(
    folder: Path, serve: Any, status: int, kind: type[NetworkError]
) -> None:
    server = serve(folder, faults=[f"status={status}"])
    with pytest.raises(kind) as caught:
        fetch(f"{server.url}/f.bin")
    assert caught.value.status == status
    assert len(server.requests()) == 1


def test_retry_after_is_honoured(folder: Path, serve: Any) -> None:
    server = serve(folder, faults=["status=429,retry_after=1,times=1"])
    begin = time.monotonic()
    fetch(f"{server.url}/f.json")
    assert 0.9 < time.monotonic() - begin < 3


def test_slow_answers_time_out_and_are_tried_again(folder: Path, serve: Any) -> None:
    server = serve(folder, faults=["delay=3,times=1"])
    network = Network(backoff=0.01, read_timeout=0.3)
    begin = time.monotonic()
    assert fetch(f"{server.url}/f.bin", network).data == DATA
    assert time.monotonic() - begin < 2


def test_waiting_times() -> None:
    assert [retry_after_seconds(text) for text in (None, "", "x", "nan", "-3", "9e9")] == [
        None, None, None, None, 0.0, 120.0,
    ]  # fmt: skip
    assert retry_after_seconds("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0
    for attempt in (1, 2, 3):
        delays = [backoff_delay(attempt, 2.0) for _ in range(50)]
        assert all(2.0**attempt / 2 <= delay <= 2.0**attempt for delay in delays)
        assert len(set(delays)) > 10


def test_cancelling_ends_a_transfer_at_once(folder: Path, serve: Any) -> None:
    server = serve(folder, faults=["status=503"])
    stop = Cancellation()
    threading.Timer(0.2, stop.cancel).start()
    begin = time.monotonic()
    with pytest.raises(Cancelled):
        fetch(f"{server.url}/f.bin", Network(backoff=30), cancellation=stop)
    assert time.monotonic() - begin < 1


# Conditions, encodings, files -------------------------------------------------------------------


@pytest.mark.parametrize("local", [True, False])
def test_not_modified(folder: Path, serve: Any, local: bool) -> None:
    url = f"file://{folder}/f.bin" if local else f"{serve(folder).url}/f.bin"
    with Transport(QUICK) as transport:
        first = transport.fetch(url, Buffer())
        sink = Buffer()
        again = transport.fetch(url, sink, validators=Validators(first.etag, first.modified))
    assert again.not_modified
    assert sink.data == b""
    assert again.etag == first.etag


def test_files(folder: Path) -> None:
    assert fetch(f"file://{folder}/f.bin", Network(offline=True)).data == DATA
    with pytest.raises(NotFound):
        fetch(f"file://{folder}/none")
    with pytest.raises(NetworkError):
        fetch(f"file://{folder}")


def test_offline(folder: Path, serve: Any) -> None:
    server = serve(folder)
    with pytest.raises(OfflineError):
        fetch(f"{server.url}/f.bin", Network(offline=True))
    assert server.requests() == []


def test_unknown_schemes() -> None:
    with pytest.raises(NetworkError, match="s3:// is not supported"):
        fetch("s3://bucket/x")


# Redirects and credentials ----------------------------------------------------------------------


class Echo(BaseHTTPRequestHandler):
    """Answers with the request's headers; redirects where `target` says."""

    target = ""
    seen: list[tuple[str, str | None]]

    def do_GET(self) -> None:
        self.server.seen.append((self.path, self.headers.get("Authorization")))  # type: ignore[attr-defined]
        target = self.server.target  # type: ignore[attr-defined]
        if target and not self.path.startswith("/there"):
            self.send_response(302)
            self.send_header("Location", target)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = b"body"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def echo() -> Iterator[Any]:
    """Start servers that note path and Authorization of each request in `seen`."""
    running = []

    def start(target: str = "") -> Any:
        server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
        server.seen, server.target = [], target
        server.url = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        running.append(server)
        return server

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


def with_password(url: str) -> str:
    return url.replace("://", "://me:secret@")


def test_credentials_of_the_channel_are_sent(echo: Any) -> None:
    server = echo()
    location = f"{with_password(server.url)}/t/tk-1/chan"
    assert fetch(f"{server.url}/chan/noarch/x", location=location).data == b"body"
    assert server.seen == [("/t/tk-1/chan/noarch/x", "Basic bWU6c2VjcmV0")]


def test_credentials_in_the_url_are_sent(echo: Any) -> None:
    server = echo()
    fetch(f"{with_password(server.url)}/x")
    assert server.seen == [("/x", "Basic bWU6c2VjcmV0")]


def test_credentials_stay_below_their_channel(echo: Any) -> None:
    server = echo()
    fetch(f"{server.url}/other/x", location=f"{with_password(server.url)}/t/tk-1/chan")
    assert server.seen == [("/other/x", None)]


def test_credentials_follow_a_redirect_on_the_same_host_only(echo: Any) -> None:
    elsewhere = echo()
    for target, leaked in (("/there", True), (f"{elsewhere.url}/there", False)):
        server = echo(target)
        fetch(f"{server.url}/chan/x", location=f"{with_password(server.url)}/chan")
        last = (server.seen + elsewhere.seen)[-1]
        assert last == ("/there", "Basic bWU6c2VjcmV0" if leaked else None)


def test_a_proxy_gets_its_credentials_and_only_those(echo: Any) -> None:
    proxy = echo()
    network = Network(proxies={"http": with_password(proxy.url)}, backoff=0)
    assert fetch("http://channel.invalid/x", network).data == b"body"
    assert proxy.seen == [("http://channel.invalid/x", None)]


def test_redirects_end(echo: Any) -> None:
    server = echo("/again")
    with pytest.raises(NetworkError, match="redirected more than"):
        fetch(f"{server.url}/x")


SECRET = "s3cr-t"


@pytest.mark.parametrize("fault", ["status=404", "status=401", "status=503", "drop=headers"])
def test_errors_hold_no_secrets(folder: Path, serve: Any, fault: str) -> None:
    server = serve(folder, faults=[fault])
    url = server.url.replace("://", f"://me:{SECRET}@")
    for address, location in (
        (f"{url}/t/{SECRET}/f.bin", ""),
        (f"{server.url}/c/f.bin", f"{url}/t/{SECRET}/c"),
    ):
        with pytest.raises(NetworkError) as caught:
            fetch(address, Network(backoff=0, max_retries=0), location)
        error = caught.value
        assert SECRET not in f"{error} {error!r} {error.hint} {error.url} {vars(error)}"
        assert SECRET not in "".join(traceback.format_exception(error))


# Proxies ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "env", "expected"),
    [
        ("http://h/x", {"http_proxy": "http://p:1"}, "http://p:1"),
        ("http://h/x", {"HTTP_PROXY": "http://p:1"}, None),
        ("https://h/x", {"HTTPS_PROXY": "p:1"}, "http://p:1"),
        ("https://h/x", {"ALL_PROXY": "http://a:1", "https_proxy": ""}, "http://a:1"),
        ("https://h/x", {"https_proxy": "http://p", "no_proxy": "*"}, None),
        ("https://a.h.org/x", {"https_proxy": "http://p", "no_proxy": "h.org"}, None),
        ("https://a.h.org/x", {"https_proxy": "http://p", "no_proxy": "x, .h.org"}, None),
        ("https://ah.org/x", {"https_proxy": "http://p", "no_proxy": "h.org"}, "http://p"),
        ("https://h.org:8/x", {"https_proxy": "http://p", "no_proxy": "h.org:9"}, "http://p"),
        ("https://h.org:9/x", {"https_proxy": "http://p", "no_proxy": "h.org:9"}, None),
        ("https://10.1.2.3/x", {"https_proxy": "http://p", "no_proxy": "10.0.0.0/8"}, None),
        ("https://h/x", {}, None),
    ],
)
def test_proxies_of_the_environment(url: str, env: dict[str, str], expected: str | None) -> None:
    assert proxy_for(url, {}, env) == expected


def test_no_proxy_applies_to_the_setting_as_well() -> None:
    assert proxy_for("https://h/x", {"all": "http://p"}, {"no_proxy": "h"}) is None
    assert proxy_for("https://h/x", {"all": "http://p"}, {"https_proxy": "http://q"}) == "http://p"


def test_a_proxy_that_is_none(folder: Path) -> None:
    with pytest.raises(NetworkError) as caught:
        fetch("http://h.invalid/x", Network(proxies={"all": f"socks9://u:{SECRET}@h"}, backoff=0))
    assert SECRET not in str(caught.value)


# Certificates -----------------------------------------------------------------------------------


@pytest.fixture
def tls(folder: Path, serve: Any, tmp_path: Path) -> Any:
    """An https server and its CA: (url, CA file)."""
    import ssl

    import trustme

    authority = trustme.CA()
    server = serve(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server.http.socket = context.wrap_socket(server.http.socket, server_side=True)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    return server.url.replace("http://", "https://"), tmp_path / "ca.pem"


def test_unknown_certificates_are_refused_with_advice(tls: Any) -> None:
    with pytest.raises(CertificateError) as caught:
        fetch(f"{tls[0]}/f.bin")
    assert "127.0.0.1" in str(caught.value)
    assert "ssl_verify" in caught.value.hint


@pytest.mark.parametrize("off", [False, "<false>"])
def test_verification_can_be_turned_off(tls: Any, off: Any) -> None:
    assert fetch(f"{tls[0]}/f.bin", Network(ssl_verify=off)).data == DATA


def test_a_configured_authority(tls: Any) -> None:
    url, authority = tls
    assert fetch(f"{url}/f.bin", Network(ssl_verify=str(authority))).data == DATA
    assert fetch(f"{url}/f.bin", Network(cacert_path=str(authority))).data == DATA


def test_a_certificate_for_servers_that_ask_for_one(
    folder: Path, serve: Any, tmp_path: Path
) -> None:
    import ssl

    import trustme

    authority = trustme.CA()
    server = serve(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.verify_mode = ssl.CERT_REQUIRED
    authority.configure_trust(context)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server.http.socket = context.wrap_socket(server.http.socket, server_side=True)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    mine = authority.issue_cert("ada@example.org")
    mine.private_key_and_cert_chain_pem.write_to_path(tmp_path / "both.pem")
    mine.cert_chain_pems[0].write_to_path(tmp_path / "cert.pem")
    mine.private_key_pem.write_to_path(tmp_path / "key.pem")

    def ask(**more: str) -> bytes:
        paths = {name: str(tmp_path / file) for name, file in more.items()}
        network = Network(ssl_verify=str(tmp_path / "ca.pem"), max_retries=0, **paths)
        data: bytes = fetch(f"{server.url.replace('http:', 'https:')}/f.bin", network).data
        return data

    assert ask(client_cert="both.pem") == DATA
    assert ask(client_cert="cert.pem", client_key="key.pem") == DATA
    with pytest.raises(NetworkError):
        ask()
    with pytest.raises(CertificateError, match="client_ssl_cert names"):
        ask(client_cert="nowhere.pem")
    with pytest.raises(CertificateError, match="cannot be used as a client's certificate"):
        ask(client_cert="cert.pem")
    (tmp_path / "rubbish.pem").write_text("no key")
    with pytest.raises(CertificateError, match="cannot be used as a client's certificate"):
        ask(client_cert="cert.pem", client_key="rubbish.pem")


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_an_authority_of_the_environment(
    tls: Any, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, authority = tls
    monkeypatch.setenv(variable, str(authority))
    for setting in (True, "<system>"):
        assert fetch(f"{url}/f.bin", Network(ssl_verify=setting)).data == DATA


def test_cancelling_ends_a_tls_transfer(
    folder: Path, tls: Any, serve: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mm_channels import Download, download

    url, authority = tls
    stop = Cancellation()
    threading.Timer(0.3, stop.cancel).start()
    begin = time.monotonic()
    item = Download(f"{url}/f.bin?rate=1000", folder / "out.bin")
    with Transport(Network(ssl_verify=str(authority))) as transport, pytest.raises(Cancelled):
        download([item], transport, cancellation=stop)
    assert time.monotonic() - begin < 1.5
    assert sorted(path.name for path in folder.iterdir()) == ["f.bin", "f.json"]


def test_authorities_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(CertificateError, match="does not exist"):
        ca_location(Network(ssl_verify=str(tmp_path / "none.pem")))
    with pytest.raises(CertificateError, match="SSL_CERT_FILE"):
        ca_location(Network(), {"SSL_CERT_FILE": str(tmp_path / "none.pem")})
    (tmp_path / "bad.pem").write_text("no certificate")
    with pytest.raises(CertificateError, match="cannot be read"):
        fetch("https://127.0.0.1:9/x", Network(ssl_verify=str(tmp_path / "bad.pem")))


def test_https_is_not_left(tls: Any, echo: Any, folder: Path) -> None:
    url, authority = tls
    plain = echo()
    with pytest.raises(NetworkError, match="unprotected"):
        fetch(f"{url}/f.bin?redirect={plain.url}/there", Network(ssl_verify=str(authority)))
    assert plain.seen == []


def test_text_may_come_compressed(folder: Path) -> None:
    import gzip

    class Gzipped(Echo):
        def do_GET(self) -> None:
            accepted = self.headers.get("Accept-Encoding", "")
            body = gzip.compress(b"text" * 1000) if "gzip" in accepted else b"identity"
            self.send_response(200)
            if "gzip" in accepted:
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Gzipped)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_address[1]}/x"
        assert fetch(url, encoded=True).data == b"text" * 1000
        assert fetch(url).data == b"identity"
    finally:
        server.shutdown()
        server.server_close()


def test_the_operating_systems_verifier(tls: Any) -> None:
    with pytest.raises(CertificateError):
        fetch(f"{tls[0]}/f.bin", Network(ssl_verify="truststore"))


@pytest.mark.parametrize("wrong", ["bytes 0-9/20", "bytes 7-9/20", ""])
def test_a_part_that_does_not_fit_is_not_used(wrong: str) -> None:
    whole = b"0123456789abcdefghij"

    class Parts(Echo):
        def do_GET(self) -> None:
            part = self.headers.get("Range")
            self.send_response(206 if part else 200)
            if part:
                self.send_header("Content-Range", wrong)
            self.send_header("ETag", '"x"')
            self.send_header("Content-Length", str(len(whole)))
            self.end_headers()
            self.server.asked += 1  # type: ignore[attr-defined]
            broken = self.server.asked == 1  # type: ignore[attr-defined]
            self.wfile.write(whole[:5] if broken else whole)
            self.close_connection = True

    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Parts)
    server.asked = 0
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        assert fetch(f"http://127.0.0.1:{server.server_address[1]}/x").data == whole
        assert server.asked == 3
    finally:
        server.shutdown()
        server.server_close()


def test_a_redirect_to_nonsense(echo: Any) -> None:
    with pytest.raises(NetworkError, match="no URL"):
        fetch(f"{echo('http://[x').url}/x")
