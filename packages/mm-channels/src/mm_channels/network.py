"""How the network may be used, as one plain value."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

__all__ = ["Network"]


class Network(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of all transfers.

    offline    -- no network at all; ``file://`` still works
    ssl_verify -- True or ``"<system>"``: the machine's certificates; False or ``"<false>"``: none
        are checked; ``"truststore"``: the operating system's own verifier; else the path of a
        CA file or folder
    cacert_path -- path of a CA file or folder; wins over *ssl_verify*, unless that is False
    client_cert, client_key -- paths of the certificate (PEM) to show to servers that ask, and of
        its key; empty for none, and where the certificate's file holds the key
    proxies    -- ``scheme://host``, ``scheme``, ``all://host`` or ``all`` -> proxy URL. Where none
        matches the environment decides (``https_proxy``, ``all_proxy``, ...)
    connect_timeout, read_timeout -- seconds; the latter between two pieces of an answer
    max_retries -- how often a failed transfer is tried again without any progress
    backoff    -- seconds before a retry, at most; doubled for each further one
    user_agent -- what servers are told; empty for the default
    threads    -- transfers at a time
    """

    offline: bool = False
    ssl_verify: bool | str = True
    cacert_path: str = ""
    client_cert: str = ""
    client_key: str = ""
    proxies: Mapping[str, str] = {}
    connect_timeout: float = 10.0
    read_timeout: float = 60.0
    max_retries: int = 3
    backoff: float = 1.0
    user_agent: str = ""
    threads: int = 5
