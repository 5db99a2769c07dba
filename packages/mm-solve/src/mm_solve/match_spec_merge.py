"""Several match specs on one package as one spec that asks all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from .errors import IncompatibleSpecs
from .match_spec import MatchSpec
from .string_match import StringMatch
from .version_spec import VersionSpec

__all__ = ["merge"]


def merge(specs: Iterable[MatchSpec]) -> tuple[MatchSpec, ...]:
    """*specs* with those on one package made one, in order of their first mention.

    Specs on patterns of names stay as they are: each may mean another package. So do
    specs with different conditions, and those of which one is optional; and two
    patterns of which neither is part of the other, which no spec can say.

    >>> [str(spec) for spec in merge(map(MatchSpec.parse, ["a >=1", "b", "a <2 *_cp3*"]))]
    ['a[version="<2,>=1",build="*_cp3*"]', 'b']

    Raises `IncompatibleSpecs` when no package can be all of what is asked.
    """
    merged: list[MatchSpec] = []
    for spec in specs:
        for place, other in enumerate(merged):
            both = _both(other, spec) if _are_alike(other, spec) else None
            if both is not None:
                merged[place] = both
                break
        else:
            merged.append(spec)
    return tuple(merged)


def _are_alike(a: MatchSpec, b: MatchSpec) -> bool:
    return a.has_exact_name and (a.name, a.optional, a.when) == (b.name, b.optional, b.when)


def _both(a: MatchSpec, b: MatchSpec) -> MatchSpec | None:
    fields = a.fields()
    for key, asked in b.fields().items():
        if key not in fields:
            fields[key] = asked
        elif fields[key] != asked:
            both = _MERGED.get(key, _never)(fields[key], asked)
            if both is None:
                raise IncompatibleSpecs(
                    f"{str(a)!r} and {str(b)!r} ask for different things of one package: {key}",
                    hint="Leave one of them out.",
                )
            if both is _APART:
                return None
            fields[key] = both
    return MatchSpec(**fields)


_APART: Any = object()
"""Stands for what one spec cannot say."""


def _never(a: Any, b: Any) -> Any:
    return None


def _versions(a: VersionSpec, b: VersionSpec) -> VersionSpec:
    parts = sorted({f"({spec})" if "|" in str(spec) else str(spec) for spec in (a, b)})
    return VersionSpec.parse(",".join(parts))


def _patterns(a: StringMatch, b: StringMatch) -> Any:
    if a.is_exact or b.is_exact:
        exact, pattern = (a, b) if a.is_exact else (b, a)
        return exact if pattern.matches(exact.text) else None
    short, long = sorted((a, b), key=lambda match: len(match.text))
    if "^" not in a.text + b.text and (a.text + b.text).count("*") == 2:
        outer, inner = short.text.strip("*"), long.text.strip("*")
        if a.text.endswith("*") and b.text.endswith("*"):
            return long if inner.startswith(outer) else None
        if a.text.startswith("*") and b.text.startswith("*"):
            return long if inner.endswith(outer) else None
    return _APART


def _platforms(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[str, ...] | None:
    return tuple(platform for platform in a if platform in b) or None


def _sorted_words(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({*a, *b}))


def _words(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*a, *b)))


_MERGED: dict[str, Callable[[Any, Any], Any]] = {
    "version": _versions,
    "build": _patterns,
    "fn": _patterns,
    "license": _patterns,
    "license_family": _patterns,
    "subdir": _platforms,
    "track_features": _sorted_words,
    "features": _sorted_words,
    "flags": _words,
    "extras": _words,
}
"""Field -> what two values of it come to; None when nothing can be both. Others must be equal."""
