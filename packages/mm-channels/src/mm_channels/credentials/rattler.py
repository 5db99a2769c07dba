"""Credentials of rattler's tools (pixi, rattler-build): read, never written."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from mm_channels.credentials.kinds import (
    BasicAuth,
    BearerToken,
    CondaToken,
    Credential,
    S3Keys,
)
from mm_channels.errors import InvalidCredential

__all__ = ["read_entry", "read_rattler_store"]


def _oauth(content: Mapping[str, Any]) -> BearerToken | None:
    """The access token, unless it has expired: renewing it is up to who obtained it."""
    expires = content.get("expires_at")
    if expires is not None and expires <= time.time():
        return None
    return BearerToken(content["access_token"])


_READERS: dict[str, Callable[[Any], Credential | None]] = {
    "CondaToken": lambda content: CondaToken(content),
    "BearerToken": lambda content: BearerToken(content),
    "BasicHTTP": lambda content: BasicAuth(content["username"], content["password"]),
    "OAuth": _oauth,
    "S3Credentials": lambda content: S3Keys(
        content["access_key_id"], content["secret_access_key"], content.get("session_token") or ""
    ),
}
"""Kind of an entry -> what reads its content."""


def read_entry(entry: Any) -> Credential | None:
    """The credential of one entry, ``{"BearerToken": "…"}``; None if it has expired.

    Raises ValueError when it is not understood.

    >>> read_entry({"BasicHTTP": {"username": "me", "password": "secret"}})
    BasicAuth('me', *****)
    """
    try:
        ((kind, content),) = entry.items()
        return _READERS[kind](content)
    except (InvalidCredential, AttributeError, KeyError, TypeError, ValueError):
        raise ValueError("not an entry of rattler's store") from None


def read_rattler_store(path: Path, warn: Callable[[str], None]) -> dict[str, Credential]:
    """All credentials in the file at *path* by key; *warn* is told what is not understood."""
    try:
        document = json.loads(path.read_bytes())
        entries = dict(document)
    except FileNotFoundError:
        return {}
    except (OSError, TypeError, ValueError, RecursionError):
        warn(f"Could not read authentication information from {path}")
        return {}
    found: dict[str, Credential] = {}
    for key, entry in entries.items():
        try:
            credential = read_entry(entry)
        except ValueError:
            warn(f"The entry for {key} in {path} is not understood, and left out")
            continue
        if credential is not None:
            found[key] = credential
    return found
