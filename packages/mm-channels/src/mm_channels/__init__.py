"""Where conda records come from: channels, downloads, repodata, the local index.

>>> from mm_channels import ChannelContext, resolve_channels
>>> resolve_channels(["conda-forge"], ChannelContext(platforms=("noarch",)))[0].url
'https://conda.anaconda.org/conda-forge'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mm_channels.channel import Channel, ChannelContext, CondaURL, Subdir, resolve_channels
    from mm_channels.credentials import CredentialLookup, CredentialStore
    from mm_channels.downloads import Download, download
    from mm_channels.errors import ChannelError
    from mm_channels.index import SubdirIndex
    from mm_channels.index.at_hand import names_at_hand, repodata_at_hand
    from mm_channels.masking import mask_secrets, strip_credentials
    from mm_channels.network import Network
    from mm_channels.repodata import load_subdirs
    from mm_channels.shards.subdir import ShardedSubdir
    from mm_channels.transport import Transport

__all__ = [
    "Channel",
    "ChannelContext",
    "ChannelError",
    "CondaURL",
    "CredentialLookup",
    "CredentialStore",
    "Download",
    "Network",
    "ShardedSubdir",
    "Subdir",
    "SubdirIndex",
    "Transport",
    "download",
    "load_subdirs",
    "mask_secrets",
    "names_at_hand",
    "repodata_at_hand",
    "resolve_channels",
    "strip_credentials",
]

_HOMES = {
    "Channel": "channel",
    "ChannelContext": "channel",
    "ChannelError": "errors",
    "CondaURL": "channel",
    "CredentialLookup": "credentials",
    "CredentialStore": "credentials",
    "Download": "downloads",
    "Network": "network",
    "ShardedSubdir": "shards.subdir",
    "Subdir": "channel",
    "SubdirIndex": "index",
    "Transport": "transport",
    "download": "downloads",
    "load_subdirs": "repodata",
    "mask_secrets": "masking",
    "names_at_hand": "index.at_hand",
    "repodata_at_hand": "index.at_hand",
    "resolve_channels": "channel",
    "strip_credentials": "masking",
}

if not TYPE_CHECKING:  # to type checkers a misspelt name is an error

    def __getattr__(name: str) -> Any:
        home = _HOMES.get(name)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        value = getattr(import_module(f"{__name__}.{home}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted(__all__)
