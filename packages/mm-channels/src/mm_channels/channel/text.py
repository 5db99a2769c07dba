"""What a channel's text says before any configuration is looked at."""

from __future__ import annotations

import posixpath
import re
from typing import Literal

import msgspec

from mm_channels.channel.url import has_scheme
from mm_channels.errors import InvalidChannel
from mm_channels.masking import mask_secrets

__all__ = ["KNOWN_PLATFORMS", "UNKNOWN", "Kind", "UnresolvedChannel", "is_package"]

KNOWN_PLATFORMS = frozenset(
    (
        *("noarch", "linux-32", "linux-64", "linux-armv6l", "linux-armv7l", "linux-aarch64"),
        *("linux-ppc64", "linux-ppc64le", "linux-s390x", "linux-riscv32", "linux-riscv64"),
        *("osx-64", "osx-arm64", "win-32", "win-64", "win-arm64", "zos-z", "freebsd-64"),
        *("emscripten-wasm32", "wasi-wasm32"),
    )
)
"""Platforms recognised as the last part of a channel, as in ``conda-forge/linux-64``."""

UNKNOWN = "<unknown>"

Kind = Literal["Unknown", "Name", "URL", "PackageURL", "Path", "PackagePath"]

_UNKNOWN_TEXTS = frozenset(("", UNKNOWN, f":///{UNKNOWN}", f"none:///{UNKNOWN}", "none"))
_ARCHIVES = (".tar.bz2", ".conda", ".whl", ".tar.gz")
_PATH = re.compile(r"~|/|\.{1,2}(?:[/\\]|$)|[A-Za-z]:[/\\]")


def is_package(text: str) -> bool:
    """Whether *text* names one package archive rather than a channel."""
    return text.endswith(_ARCHIVES)


class UnresolvedChannel(msgspec.Struct, frozen=True):
    """Kind, location and platforms of a channel's text.

    platforms -- sorted; empty when the text names none

    >>> UnresolvedChannel.parse("conda-forge[noarch, osx-64]")
    UnresolvedChannel(Name, 'conda-forge[noarch,osx-64]')
    >>> UnresolvedChannel.parse("conda-forge/linux-64/label/dev")
    UnresolvedChannel(Name, 'conda-forge/label/dev[linux-64]')
    """

    kind: Kind
    location: str
    platforms: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> UnresolvedChannel:
        """Read any text form of a channel. Raises `InvalidChannel`."""
        text = text.strip()
        if text.lower() in _UNKNOWN_TEXTS:
            return cls("Unknown", UNKNOWN)
        location, platforms = _split_brackets(text)
        if not platforms and not text.endswith("]") and not is_package(location):
            location, platforms = _split_platform(location)
        kind = _kind(location)
        if kind in ("Path", "PackagePath") and not has_scheme(location):
            location = _normal_path(location)
        return cls(kind, location, tuple(sorted(platforms)))

    def __str__(self) -> str:
        shown = mask_secrets(self.location)
        return f"{shown}[{','.join(self.platforms)}]" if self.platforms else shown

    def __repr__(self) -> str:
        return f"UnresolvedChannel({self.kind}, {str(self)!r})"


def _split_brackets(text: str) -> tuple[str, set[str]]:
    if not text.endswith("]"):
        return text, set()
    location, bracket, inside = text[:-1].rpartition("[")
    if not bracket or not location:
        shown = mask_secrets(text)
        raise InvalidChannel(
            f'Error parsing channel "{shown}": Unexpected closing bracket "]"',
            text=shown,
            hint="Platforms are written like this: conda-forge[linux-64,noarch]",
        )
    platforms = {part.strip().lower() for part in re.split(r"[|,;]", inside)}
    return location.rstrip(), platforms - {""}


def _split_platform(text: str) -> tuple[str, set[str]]:
    """Cut a known platform out of a channel's text.

    In a name that may be any component but the first (``chan/linux-64/label/dev``);
    of a path or URL only the last one counts, since folders have any names.
    """
    is_name = _kind(text) == "Name"
    trimmed = text if is_name else text.rstrip("/")
    parts = trimmed.split("/")
    start = 1 if is_name else max(1, len(parts) - 1)
    for index in range(start, len(parts)):
        if parts[index].lower() in KNOWN_PLATFORMS:
            platform = parts.pop(index).lower()
            return "/".join(parts).rstrip("/") or "/", {platform}
    return text, set()


def _kind(text: str) -> Kind:
    package = is_package(text)
    if text.lower().startswith("file://"):
        return "PackagePath" if package else "Path"
    if has_scheme(text):
        return "PackageURL" if package else "URL"
    if package:
        return "PackagePath"
    return "Path" if _PATH.match(text) else "Name"


def _normal_path(text: str) -> str:
    """The path with ``.``, ``..``, doubled and final slashes resolved on paper."""
    text = text.replace("\\", "/")
    normal = posixpath.normpath(text)
    if normal.startswith("//"):
        normal = normal[1:]
    return f"./{normal}" if text.startswith("./") and normal != "." else normal
