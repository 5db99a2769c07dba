"""Who may read private channels: stored credentials, and which URL gets which.

Names are imported when they are first used: most runs need no credentials.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mm_channels.credentials.keys import storage_key
    from mm_channels.credentials.kinds import (
        BasicAuth,
        BearerToken,
        CondaToken,
        Credential,
        S3Keys,
    )
    from mm_channels.credentials.lookup import CredentialLookup
    from mm_channels.credentials.store import CredentialStore

__all__ = [
    "BasicAuth",
    "BearerToken",
    "CondaToken",
    "Credential",
    "CredentialLookup",
    "CredentialStore",
    "S3Keys",
    "storage_key",
]

_HOMES = {
    "CredentialLookup": "lookup",
    "CredentialStore": "store",
    "storage_key": "keys",
}
"""Name -> module; all others are in ``kinds``."""

if not TYPE_CHECKING:  # to type checkers a misspelt name is an error

    def __getattr__(name: str) -> Any:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        value = getattr(import_module(f"{__name__}.{_HOMES.get(name, 'kinds')}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted(__all__)
