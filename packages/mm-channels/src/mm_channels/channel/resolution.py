"""From a channel's text to URLs: names, aliases, custom channels, multichannels, paths."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote

import msgspec

from mm_channels.channel.text import UNKNOWN, UnresolvedChannel
from mm_channels.channel.url import CondaURL, has_scheme
from mm_channels.errors import InvalidChannel

__all__ = ["Channel", "ChannelContext", "Subdir", "resolve_channels"]

_BUILT_IN_BASE = "https://repo.anaconda.com/"
_BUILT_IN = ("pkgs/main", "pkgs/r", "pkgs/pro")


class Channel(msgspec.Struct, frozen=True):
    """A place with packages, one folder for each platform.

    name      -- what people call it: ``conda-forge``, or the URL where it has no name
    location  -- the URL with credentials, which it does not show
    platforms -- sorted; empty for a channel that is a single package archive
    """

    name: str
    location: CondaURL | None
    platforms: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The URL without credentials; empty for the unknown channel."""
        return self.location.public if self.location else ""

    @property
    def is_package(self) -> bool:
        """Whether this is one package archive rather than a channel."""
        return self.location is not None and not self.platforms

    @property
    def subdirs(self) -> tuple[Subdir, ...]:
        """One value for each platform, in the order of `platforms`."""
        return tuple(Subdir(self, platform) for platform in self.platforms)

    def __str__(self) -> str:
        return self.name


class Subdir(msgspec.Struct, frozen=True):
    """One platform of a channel."""

    channel: Channel
    platform: str

    @property
    def name(self) -> str:
        """For people, such as ``conda-forge/linux-64``."""
        return f"{self.channel.name}/{self.platform}"

    @property
    def location(self) -> CondaURL:
        """The URL with credentials, which it does not show."""
        assert self.channel.location is not None
        return self.channel.location.joined(self.platform)

    @property
    def url(self) -> str:
        """The URL without credentials."""
        return self.location.public


class ChannelContext(msgspec.Struct, frozen=True, kw_only=True):
    """The settings that give a channel's text its meaning.

    platforms -- what a channel without platforms of its own is read for
    channel_alias -- URL, or local folder, that names are appended to
    custom_channels -- name -> the URL it is found at, or below
    custom_multichannels -- name -> texts of the channels it stands for
    default_channels -- texts of the channels that ``defaults`` stands for
    home, cwd -- for paths; root_prefix, target_prefix -- for the channel ``local``
    """

    platforms: tuple[str, ...]
    channel_alias: str = "https://conda.anaconda.org"
    custom_channels: Mapping[str, str] = {}
    custom_multichannels: Mapping[str, Sequence[str]] = {}
    default_channels: Sequence[str] = (
        "https://repo.anaconda.com/pkgs/main",
        "https://repo.anaconda.com/pkgs/r",
    )
    home: Path | None = None
    cwd: Path | None = None
    root_prefix: Path | None = None
    target_prefix: Path | None = None


def resolve_channels(texts: Sequence[str], context: ChannelContext) -> tuple[Channel, ...]:
    """The channels that *texts* stand for, in order, each once.

    ``nodefaults`` stands for nothing: it is an instruction, not a channel.

    >>> context = ChannelContext(platforms=("linux-64", "noarch"))
    >>> [(c.name, c.url) for c in resolve_channels(["conda-forge", "pkgs/main"], context)]
    [('conda-forge', 'https://conda.anaconda.org/conda-forge'), \
('pkgs/main', 'https://repo.anaconda.com/pkgs/main')]

    Raises `InvalidChannel`.
    """
    resolver = _Resolver(context)
    found: dict[Channel, None] = {}
    for text in texts:
        for channel in resolver.resolve(text):
            found.setdefault(channel)
    return tuple(found)


class _Resolver:
    def __init__(self, context: ChannelContext) -> None:
        self.context = context
        self.alias = self._base_url(context.channel_alias)
        self.custom = {
            name: _join_overlapping(self._base_url(base), name)
            for name, base in context.custom_channels.items()
        }
        for name in _BUILT_IN:
            self.custom.setdefault(name, CondaURL.parse(_BUILT_IN_BASE + name))

    def resolve(self, text: str, inside: tuple[str, ...] = ()) -> Iterator[Channel]:
        parsed = UnresolvedChannel.parse(text)
        if parsed.kind == "Unknown":
            yield Channel(UNKNOWN, None)
            return
        if parsed.kind == "Name":
            yield from self._resolve_name(parsed, inside)
            return
        if parsed.kind in ("URL", "PackageURL") or has_scheme(parsed.location):
            url = CondaURL.parse(parsed.location)
        else:
            url = CondaURL.from_path(self._absolute(parsed.location))
        single = parsed.kind in ("PackageURL", "PackagePath")
        yield Channel(self._display_name(url), url, () if single else self._platforms(parsed))

    def _resolve_name(
        self, parsed: UnresolvedChannel, inside: tuple[str, ...]
    ) -> Iterator[Channel]:
        name = parsed.location.strip("/")
        platforms = self._platforms(parsed)
        known = max((n for n in self.custom if _leads(n, name)), key=len, default=None)
        if known is not None:
            rest = name[len(known) :].strip("/")
            url = self.custom[known].joined(rest) if rest else self.custom[known]
            yield Channel(name, url, platforms)
        elif (members := self._members(name)) is not None:
            if name in inside:
                raise InvalidChannel(
                    f"The multichannel {name!r} contains itself",
                    text=name,
                    hint="Change custom_multichannels in your configuration.",
                )
            for member in members:
                for channel in self.resolve(member, (*inside, name)):
                    own = channel.platforms if not parsed.platforms else platforms
                    yield msgspec.structs.replace(channel, platforms=own)
        elif name != "nodefaults":
            yield Channel(name, self.alias.joined(name), platforms)

    def _members(self, name: str) -> Sequence[str] | None:
        context = self.context
        if name in context.custom_multichannels:
            return context.custom_multichannels[name]
        if name == "defaults":
            return context.default_channels
        return self._local_channels() if name == "local" else None

    def _local_channels(self) -> list[str]:
        """Existing ``conda-bld`` folders of the target prefix, the root prefix and the home."""
        context = self.context
        parents = (context.target_prefix, context.root_prefix, context.home)
        folders = (parent / "conda-bld" for parent in parents if parent is not None)
        return list(dict.fromkeys(os.path.realpath(f) for f in folders if os.path.isdir(f)))

    def _platforms(self, parsed: UnresolvedChannel) -> tuple[str, ...]:
        return parsed.platforms or tuple(sorted(set(self.context.platforms)))

    def _base_url(self, text: str) -> CondaURL:
        if has_scheme(text):
            return CondaURL.parse(text)
        return CondaURL.from_path(self._absolute(text))

    def _absolute(self, path: str) -> str:
        if path == "~" or path.startswith("~/"):
            path = str(self.context.home or Path.home()) + path[1:]
        if not path.startswith("/") and path[1:2] != ":":
            path = os.path.join(self.context.cwd or Path.cwd(), path)
        return os.path.normpath(path)

    def _display_name(self, url: CondaURL) -> str:
        """A custom channel's name and the rest of the path, else what follows the alias."""
        below = [(name, url.relative_to(base)) for name, base in self.custom.items()]
        rests = {name: rest for name, rest in below if rest is not None}
        if rests:
            name = min(rests, key=lambda known: len(rests[known]))
            return f"{name}/{unquote(rests[name])}" if rests[name] else name
        rest = url.relative_to(self.alias)
        return unquote(rest) if rest else url.pretty


def _leads(known: str, name: str) -> bool:
    return name == known or name.startswith(f"{known}/")


def _join_overlapping(base: CondaURL, name: str) -> CondaURL:
    """*base* with *name* appended, what both share at the seam only once."""
    own, parts = base.components, tuple(part for part in name.split("/") if part)
    shared = max(
        (n for n in range(min(len(own), len(parts)) + 1) if own[len(own) - n :] == parts[:n]),
    )
    return base.joined(*parts[shared:]) if parts[shared:] else base
