"""The operating system's keychain, where the package ``keyring`` is installed.

The entries are rattler's: service ``rattler``, one for each host.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.util import find_spec

from mm_channels.credentials.keys import domain_keys
from mm_channels.credentials.kinds import Credential
from mm_channels.credentials.rattler import read_entry

__all__ = ["find_in_keychain"]

SERVICE = "rattler"


def find_in_keychain(host: str, warn: Callable[[str], None]) -> Credential | None:
    """What the keychain holds for *host* or a wildcard above it; None without keychain."""
    if find_spec("keyring") is None:
        return None
    try:
        # An extra: it may be missing where types are checked.
        from keyring import get_password  # type: ignore[import-not-found,unused-ignore]

        found = ((key, get_password(SERVICE, key)) for key in domain_keys(host))
        key, text = next(((key, text) for key, text in found if text), (host, None))
    except Exception as error:  # of backends, which raise what they like
        if type(error).__name__ != "NoKeyringError":  # a machine without one
            warn(f"The keychain cannot be read: {type(error).__name__}")
        return None
    if text is None:
        return None
    try:
        return read_entry(json.loads(text))
    except (ValueError, RecursionError):
        warn(f"The keychain's entry for {key} is not understood, and left out")
        return None
