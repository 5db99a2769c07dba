"""The tokens that anaconda-client keeps, one file for each server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote_plus

from mm_channels.credentials.keys import storage_key
from mm_channels.credentials.kinds import CondaToken, Credential
from mm_channels.errors import ChannelError

__all__ = ["read_anaconda_tokens"]

_FOLDER = (".continuum", "anaconda-client", "tokens")
_API, _CHANNELS = "https://api.", "https://conda."


def read_anaconda_tokens(home: Path, warn: Callable[[str], None]) -> dict[str, Credential]:
    """The tokens by key: that of ``https://api.anaconda.org`` is for ``conda.anaconda.org``."""
    found: dict[str, Credential] = {}
    for path in sorted(home.joinpath(*_FOLDER).glob("*.token")):
        server = unquote_plus(path.name.removesuffix(".token"))
        if server.startswith(_API):
            server = _CHANNELS + server.removeprefix(_API)
        try:
            found[storage_key(server)] = CondaToken(path.read_text("utf-8").strip())
        except (ChannelError, OSError, ValueError):
            warn(f"The token in {path} is not understood, and left out")
    return found
