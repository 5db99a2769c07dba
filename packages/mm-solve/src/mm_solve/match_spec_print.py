"""The canonical texts of a match spec, which read back as the same spec.

There are two, of micromamba's and of conda's making (CEP 29, appendix A).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .match_spec import MatchSpec

__all__ = ["canonical", "conda_canonical"]

_SPECIAL = frozenset(" \t,=[]()'\"#;|<>!~")

_KEYS = (
    "build_number",
    "subdir",
    "track_features",
    "features",
    "fn",
    "url",
    "md5",
    "sha256",
    "license",
    "license_family",
    "flags",
    "extras",
    "when",
    "optional",
)
"""The keys that are always in brackets, in the order of printing."""

_ALWAYS_QUOTED = frozenset({"version", "build", "build_number", "track_features", "when"})
_LISTS = {"flags", "extras"}
_JOINED = {"subdir": ",", "track_features": " ", "features": " "}


def canonical(spec: MatchSpec) -> str:
    """*spec* as text; ``MatchSpec.parse`` of it equals *spec*."""
    asked = spec.fields()
    if text := _as_archive(spec, asked):
        return text
    prefix = _prefix(spec, asked)
    items: list[str] = []
    outside = _outside(spec)
    if outside is None:
        outside = ""
        items += [_item(key, asked[key]) for key in ("version", "build") if key in asked]
    items += [_item(key, asked[key]) for key in _KEYS if key in asked]
    return f"{prefix}{spec.name}{outside}" + (f"[{','.join(items)}]" if items else "")


def _as_archive(spec: MatchSpec, asked: dict[str, Any]) -> str:
    """The URL alone (and a hash), when reading it gives the same spec; else ""."""
    if not spec.url or not spec.url.endswith((".conda", ".tar.bz2")):
        return ""
    from .errors import InvalidMatchSpec
    from .match_spec_text import parse_fields

    text = spec.url
    if len({"md5", "sha256"} & asked.keys()) == 1:
        text += "#" + (spec.md5 or spec.sha256)
    try:
        return text if parse_fields(text, lenient=True) == asked else ""
    except InvalidMatchSpec:
        return ""


def _prefix(spec: MatchSpec, asked: dict[str, Any]) -> str:
    """Channel, platforms, namespace. The platforms go there if there is a channel."""
    if not spec.channel:
        return f"{spec.namespace}:" if spec.namespace else ""
    platforms = f"[{','.join(spec.subdir)}]" if spec.subdir else ""
    asked.pop("subdir", None)
    return f"{spec.channel}{platforms}:{spec.namespace}:"


def _outside(spec: MatchSpec) -> str | None:
    """``VERSION=BUILD`` if they can stand outside the brackets, else None."""
    version, build = str(spec.version), spec.build
    if spec.version.is_free and build.is_free:
        return ""
    if spec.version.clauses > 1 or not version.startswith(("=", "!", "<", ">", "~")):
        return None
    if build.is_free:
        return version
    # "=1.2=build" would be read as exactly 1.2.
    series = version.startswith("=") and not version.startswith("==")
    if not build.is_exact or (series and not spec.version.is_free):
        return None
    return f"{version}={build}"


def _item(key: str, value: Any) -> str:
    if key == "optional":
        return key
    if key in _LISTS:
        return f"{key}=[{','.join(_quoted(word, ':' in word) for word in value)}]"
    text = _JOINED[key].join(value) if key in _JOINED else str(value)
    return f"{key}={_quoted(text, key in _ALWAYS_QUOTED)}"


def _quoted(text: str, always: bool) -> str:
    if not always and _SPECIAL.isdisjoint(text):
        return text
    return f"'{text}'" if '"' in text else f'"{text}"'


_CONDA_KEYS = (
    "version",
    "build",
    "build_number",
    "track_features",
    "features",
    "subdir",
    "url",
    "md5",
    "sha256",
    "license",
    "license_family",
    "fn",
    "flags",
    "extras",
    "when",
)
"""The keys that conda prints, and those of CEP 43 to 45, in the order of printing."""


def conda_canonical(spec: MatchSpec) -> str:
    """*spec* as conda writes it: namespace and ``optional`` are left out."""
    asked = spec.fields()
    channel = ""
    if spec.channel:
        # Several platforms have no place in a path.
        if len(spec.subdir) == 1 and "*" not in spec.channel:
            channel = "/" + asked.pop("subdir")[0]
        channel = f"{spec.channel}{channel}::"
    outside = _conda_outside(spec, asked)
    items = [_conda_item(key, asked[key]) for key in _CONDA_KEYS if key in asked]
    return f"{channel}{spec.name}{outside}" + (f"[{','.join(items)}]" if items else "")


def _conda_outside(spec: MatchSpec, asked: dict[str, Any]) -> str:
    """Version and build as far as they stand outside the brackets; they leave *asked*."""
    version = str(spec.version)
    single = spec.version.clauses == 1 and "version" in asked
    exact, series = single and version.startswith("=="), single and version.startswith("=")
    other = single and version.startswith(("!=", "~=")) and "build" not in asked
    if not (exact or series or other):
        return ""
    del asked["version"]
    if exact and spec.build.is_exact:
        return f"{version}={asked.pop('build')}"
    return version


def _conda_item(key: str, value: Any) -> str:
    if key in _LISTS:
        return _item(key, value)
    if key == "version":
        value = value.conda_build_form
    elif key in {"license", "license_family"}:
        value = str(value).lower()
    elif key == "build_number":
        value = str(value).removeprefix("=")
    text = _JOINED[key].join(value) if key in _JOINED else str(value)
    if _SPECIAL.isdisjoint(text) and key != "when":
        return f"{key}={text}"
    return f'{key}="{text}"' if "'" in text else f"{key}='{text}'"
