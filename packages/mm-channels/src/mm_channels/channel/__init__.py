"""Channels: from the text a user writes to the URLs that packages come from."""

from mm_channels.channel.resolution import Channel, ChannelContext, Subdir, resolve_channels
from mm_channels.channel.text import KNOWN_PLATFORMS, UnresolvedChannel
from mm_channels.channel.url import CondaURL

__all__ = [
    "KNOWN_PLATFORMS",
    "Channel",
    "ChannelContext",
    "CondaURL",
    "Subdir",
    "UnresolvedChannel",
    "resolve_channels",
]
