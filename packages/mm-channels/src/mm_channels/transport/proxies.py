"""Which proxy a URL goes through: the setting first, then the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

__all__ = ["configured_proxy", "proxy_for"]


def configured_proxy(url: str, proxies: Mapping[str, str]) -> str | None:
    """The entry of ``proxy_servers`` for *url*, or None.

    The first of ``scheme://host``, ``scheme``, ``all://host``, ``all`` that is there counts.

    >>> configured_proxy("https://h.org/x", {"all": "http://a", "https://h.org": "http://b"})
    'http://b'
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    keys = [parts.scheme, "all"]
    if host:
        keys = [f"{parts.scheme}://{host}", parts.scheme, f"all://{host}", "all"]
    return next((proxies[key] for key in keys if key in proxies), None)


def proxy_for(
    url: str, proxies: Mapping[str, str], env: Mapping[str, str] | None = None
) -> str | None:
    """The URL of the proxy for *url*, with its credentials; None for a direct connection.

    ``no_proxy`` applies to configured proxies as well.

    >>> proxy_for("https://h.org/x", {}, {"HTTPS_PROXY": "http://p:3128"})
    'http://p:3128'
    >>> proxy_for("https://h.org/x", {}, {"all_proxy": "p:3128", "no_proxy": ".org"})
    """
    env = os.environ if env is None else env
    parts = urlsplit(url)
    if _excluded(parts.hostname or "", parts.port, _variable(env, "no_proxy")):
        return None
    found = configured_proxy(url, proxies)
    if found is None:
        # HTTP_PROXY in capitals may come from a request to a CGI script.
        own = env.get("http_proxy") if parts.scheme == "http" else None
        found = own or (_variable(env, "https_proxy") if parts.scheme == "https" else None)
        found = found or _variable(env, "all_proxy")
    if not found:
        return None
    return found if "://" in found else f"http://{found}"


def _variable(env: Mapping[str, str], name: str) -> str:
    return env.get(name) or env.get(name.upper()) or ""


def _excluded(host: str, port: int | None, no_proxy: str) -> bool:
    for entry in no_proxy.replace(",", " ").split():
        if entry == "*":
            return True
        name, colon, entry_port = entry.rpartition(":")
        if colon and name and entry_port.isdigit():
            if int(entry_port) != port:
                continue
            entry = name
        entry = entry.lstrip("*").lstrip(".").lower()
        if host == entry or host.endswith(f".{entry}") or _in_network(host, entry):
            return True
    return False


def _in_network(host: str, network: str) -> bool:
    try:
        return ip_address(host) in ip_network(network, strict=False)
    except ValueError:
        return False
