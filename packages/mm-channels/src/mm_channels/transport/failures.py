"""From failed requests to the errors that users read."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from urllib3.exceptions import (
    HTTPError,
    IncompleteRead,
    MaxRetryError,
    NewConnectionError,
    ProtocolError,
    ProxyError,
    SSLError,
)
from urllib3.exceptions import TimeoutError as HTTPTimeout

from mm_channels.errors import (
    AuthenticationError,
    CertificateError,
    NetworkError,
    NotFound,
)
from mm_channels.transport.retry import is_retryable

__all__ = ["PassingFailure", "broken_connection", "refusal"]

_WANTS_CREDENTIALS = re.compile(r"Tunnel connection failed: 407\b")
"""How the standard library tells that a proxy wants other credentials than it got."""


class PassingFailure(Exception):
    """A try failed in a way that a later one may not.

    error -- what to raise in the end
    wait  -- seconds the server asks to wait, or None
    """

    def __init__(self, error: NetworkError, wait: float | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.wait = wait


def refusal(url: str, status: int) -> NetworkError:
    """The error for an HTTP *status* that brings no content. *url* is public."""
    if status in (404, 410):
        return NotFound(f"{url} does not exist (HTTP {status})", url=url, status=status)
    if status == 407:
        return AuthenticationError(
            f"The proxy refuses access to {url} (HTTP {status})",
            url=url,
            status=status,
            hint="Write user and password into proxy_servers, or into the variable https_proxy.",
        )
    if status in (401, 403):
        return AuthenticationError(
            f"The server refuses access to {url} (HTTP {status})",
            url=url,
            status=status,
            hint="`micromamba auth login "
            f"{url.split('/', 3)[2]}` stores credentials for it, or others than it has now.",
        )
    return NetworkError(
        f"The server answered {url} with HTTP {status}",
        url=url,
        status=status,
        hint="Try again later." if is_retryable(status) else "",
    )


def broken_connection(url: str, error: HTTPError | OSError) -> Exception:
    """What to raise for a failed connection: mostly a `PassingFailure`. *url* is public."""
    if isinstance(error, MaxRetryError) and isinstance(error.reason, HTTPError):
        error = error.reason
    if isinstance(error, ProxyError):
        if _WANTS_CREDENTIALS.search(str(error)):  # said by no status: there is no answer yet
            return refusal(url, 407)
        return PassingFailure(
            NetworkError(
                f"{url} cannot be reached: the proxy does not answer as it should",
                url=url,
                hint="Check proxy_servers and the variables http_proxy, https_proxy, no_proxy.",
            )
        )
    if isinstance(error, SSLError):
        return _tls_failure(url, error)
    why = "the connection broke"
    if isinstance(error, NewConnectionError):
        why = "no connection can be made"
    elif isinstance(error, HTTPTimeout):
        why = "the server takes too long to answer"
    elif isinstance(error, (IncompleteRead, ProtocolError)):
        why = "the connection ended too early"
    return PassingFailure(
        NetworkError(
            f"{url} cannot be fetched: {why}",
            url=url,
            hint="Check the network; with --offline, what is cached is used.",
        )
    )


def _tls_failure(url: str, error: SSLError) -> Exception:
    text = str(error)
    if "certificate" not in text.lower():
        return PassingFailure(NetworkError(f"{url} cannot be fetched: TLS failed", url=url))
    reason = text.split("certificate verify failed: ")[-1].split(" (_ssl")[0]
    return CertificateError(
        f"The certificate of {urlsplit(url).hostname} is not trusted: {reason}",
        url=url,
        hint="Set ssl_verify (or SSL_CERT_FILE) to your organisation's CA file, "
        "or ssl_verify to truststore to use the operating system's.",
    )
