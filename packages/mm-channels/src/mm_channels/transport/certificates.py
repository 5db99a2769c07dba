"""Which certificates are trusted: from ``ssl_verify`` to an SSL context."""

from __future__ import annotations

import os
import ssl
import sys
from collections.abc import Mapping
from pathlib import Path

from mm_channels.errors import CertificateError
from mm_channels.network import Network

__all__ = ["ca_location", "ssl_context"]

BUNDLE_VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")

SYSTEM_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/System/Library/OpenSSL/certs/cert.pem",
    "/usr/local/etc/openssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
    "/usr/local/share/certs/ca-root.crt",
)

_OFF = (False, "<false>", "false", "False")
_SYSTEM = (True, "", "<system>", "<true>", "true", "True")
_HINT = "Set ssl_verify to a CA file, to <system> or to truststore."


def ca_location(network: Network, env: Mapping[str, str] | None = None) -> str | None:
    """Path of the CA file or folder to trust; None for what OpenSSL has built in.

    The environment's bundles (``SSL_CERT_FILE``, ``REQUESTS_CA_BUNDLE``,
    ``CURL_CA_BUNDLE``) replace the system's, not a path that was configured.
    Raises `CertificateError` when the path does not exist.
    """
    env = os.environ if env is None else env
    if network.cacert_path:
        return _existing(network.cacert_path, "cacert_path")
    if network.ssl_verify not in _SYSTEM:
        return _existing(str(network.ssl_verify), "ssl_verify")
    for variable in BUNDLE_VARIABLES:
        if env.get(variable):
            return _existing(env[variable], variable)
    paths = ssl.get_default_verify_paths()
    if paths.cafile or (paths.capath and os.listdir(paths.capath)):
        return None
    return next((path for path in SYSTEM_BUNDLES if os.path.isfile(path)), None) or _certifi()


def ssl_context(network: Network) -> ssl.SSLContext:
    """The context for all TLS connections. Raises `CertificateError`."""
    context = _server_context(network)
    if network.client_cert:
        certificate = _existing(network.client_cert, "client_ssl_cert")
        key = network.client_key and _existing(network.client_key, "client_ssl_cert_key")
        try:
            # A password that somebody would have to type can only be wrong here.
            context.load_cert_chain(certificate, key or None, password=lambda: "")
        except (ssl.SSLError, OSError, ValueError) as error:
            raise CertificateError(
                f"{certificate} cannot be used as a client's certificate: "
                f"{getattr(error, 'strerror', None) or error}",
                hint="client_ssl_cert is a PEM file; client_ssl_cert_key its key, unencrypted.",
            ) from None
    return context


def _server_context(network: Network) -> ssl.SSLContext:
    """The context by which servers are judged."""
    if network.ssl_verify in _OFF:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    if network.ssl_verify == "truststore" and not network.cacert_path:
        return _truststore()
    location = ca_location(network)
    if location is None:
        return (
            _truststore() if sys.platform in ("darwin", "win32") else ssl.create_default_context()
        )
    try:
        if os.path.isdir(location):
            return ssl.create_default_context(capath=location)
        return ssl.create_default_context(cafile=location)
    except (ssl.SSLError, OSError) as error:
        raise CertificateError(
            f"{location} cannot be read as CA certificates: {error.strerror or error}", hint=_HINT
        ) from None


def _existing(path: str, origin: str) -> str:
    path = str(Path(path).expanduser())
    if not os.path.exists(path):
        raise CertificateError(f"{origin} names {path}, which does not exist", hint=_HINT)
    return path


def _certifi() -> str | None:
    try:
        from certifi import where
    except ImportError:
        return None
    return str(where())


def _truststore() -> ssl.SSLContext:
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
