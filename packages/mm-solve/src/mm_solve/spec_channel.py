"""Channels as match specs name them.

>>> split_channel("conda-forge/linux-64"), split_channel("conda-forge[noarch,linux-64]")
(('conda-forge', ('linux-64',)), ('conda-forge', ('noarch', 'linux-64')))
"""

from __future__ import annotations

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
"""The platforms that a component of a channel's path may name."""

_UNKNOWN = frozenset({"", "*", "none", "<unknown>", "none:///<unknown>", ":///<unknown>"})

_DEFAULTS = ("pkgs/main", "pkgs/r", "pkgs/msys2", "pkgs/free", "pkgs/pro")


def split_channel(text: str) -> tuple[str, tuple[str, ...]]:
    """The channel without platforms, and the platforms.

    "unknown channel" in any spelling is "". Platforms are in brackets, or the first
    component of the path that names one.
    """
    text = text.strip()
    platforms: tuple[str, ...] = ()
    if text.endswith("]") and "[" in text:
        text, _, listed = text[:-1].rpartition("[")
        platforms = tuple(listed.replace(",", " ").replace("|", " ").replace(";", " ").split())
    else:
        words = text.split("/")
        for place in range(3 if "://" in text else 1, len(words)):
            if words[place].lower() in SUBDIRS:
                platforms = (words.pop(place).lower(),)
                text = "/".join(words)
                break
    if text.lower() in _UNKNOWN:
        text = ""
    return text.rstrip("/") or text, platforms


def same_channel(wanted: str, url: str, name: str) -> bool:
    """Whether a spec that names the channel *wanted* means the one at *url*, shown as *name*.

    A name means every channel whose URL ends in it; credentials do not count. A ``*``
    in a name or URL stands for any text.
    """
    if wanted == name:
        return True
    location = _without_secrets(url)
    if "*" in wanted:
        from .string_match import StringMatch

        pattern = StringMatch.parse_prose(wanted)
        return pattern.matches(name) or pattern.matches(location)
    if "://" in wanted:
        return _without_secrets(wanted) == location
    if wanted == "defaults":
        return location.endswith(tuple(f"/{member}" for member in _DEFAULTS))
    return location.endswith("/" + wanted.lstrip("./~"))


def _without_secrets(url: str) -> str:
    """*url* without user, password, token and slash at the end."""
    scheme, mark, rest = url.rstrip("/").partition("://")
    if not mark:
        return scheme
    host, slash, path = rest.partition("/")
    words = path.split("/")
    if words[0] == "t" and len(words) > 1:
        del words[:2]
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{'/'.join(words)}".rstrip("/")
