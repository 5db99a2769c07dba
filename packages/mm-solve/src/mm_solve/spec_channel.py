"""Channels as match specs name them.

>>> split_channel("conda-forge/linux-64"), split_channel("conda-forge[noarch,linux-64]")
(('conda-forge', ('linux-64',)), ('conda-forge', ('noarch', 'linux-64')))
"""

from __future__ import annotations

import re

__all__ = ["SUBDIRS", "same_channel", "split_channel"]

SUBDIRS = frozenset(
    {
        "emscripten-wasm32",
        "freebsd-64",
        "linux-32",
        "linux-64",
        "linux-aarch64",
        "linux-armv6l",
        "linux-armv7l",
        "linux-ppc64",
        "linux-ppc64le",
        "linux-riscv32",
        "linux-riscv64",
        "linux-s390x",
        "noarch",
        "osx-64",
        "osx-arm64",
        "wasi-wasm32",
        "win-32",
        "win-64",
        "win-arm64",
        "zos-z",
    }
)
"""The platforms that a channel's last path component may name."""

_UNKNOWN = frozenset({"", "none", "<unknown>", "none:///<unknown>", ":///<unknown>"})

_SECRETS = re.compile(r"(?<=://)[^/@]*@|/t/[^/]+(?=/)")

_DEFAULTS = ("pkgs/main", "pkgs/r", "pkgs/msys2", "pkgs/free", "pkgs/pro")


def split_channel(text: str) -> tuple[str, tuple[str, ...]]:
    """The channel without platforms, and the platforms.

    "unknown channel" in any spelling is "". Platforms are in brackets, or the last
    component of the path.
    """
    text = text.strip()
    platforms: tuple[str, ...] = ()
    if text.endswith("]") and "[" in text:
        text, _, listed = text[:-1].rpartition("[")
        platforms = tuple(word for word in re.split(r"[\s,|;]+", listed) if word)
    else:
        parent, slash, last = text.rstrip("/").rpartition("/")
        if slash and last.lower() in SUBDIRS:
            text, platforms = parent, (last.lower(),)
    if text.lower() in _UNKNOWN:
        text = ""
    return text.rstrip("/") or text, platforms


def same_channel(wanted: str, url: str, name: str) -> bool:
    """Whether a spec that names the channel *wanted* means the one at *url*, shown as *name*.

    A name means every channel whose URL ends in it; credentials do not count.
    """
    if wanted == name:
        return True
    location = _SECRETS.sub("", url).rstrip("/")
    if "://" in wanted:
        return _SECRETS.sub("", wanted).rstrip("/") == location
    if wanted == "defaults":
        return location.endswith(tuple(f"/{member}" for member in _DEFAULTS))
    return location.endswith("/" + wanted.lstrip("./~"))
