"""Advice on what does not exist: a slip, a channel or platform that is not looked at."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from .domain import ABSENT
from .enumeration import either, listed
from .failed_request import Case
from .match_spec import MatchSpec
from .version_extent import shortened

__all__ = [
    "missing_channel",
    "no_such_build",
    "no_such_version",
    "other_channel",
    "other_platform",
    "typo",
]

WELL_KNOWN = (
    ("bioconductor-*", "bioconda"),
    ("samtools", "bioconda"),
    ("bwa", "bioconda"),
    ("snakemake*", "bioconda"),
    ("pytorch-cuda", "pytorch"),
    ("pytorch-mutex", "pytorch"),
    ("cuda-*", "nvidia"),
    ("libcu*", "nvidia"),
    ("rapids*", "rapidsai"),
    ("cudf*", "rapidsai"),
    ("ros-*", "robostack"),
    ("_r-mutex", "conda-forge"),
)
"""Names whose home many people know, by pattern."""

GENERAL = "conda-forge"
"""The channel that most packages are in."""


def typo(case: Case) -> str:
    """A name is a slip of one that exists."""
    for one in case.missing:
        if one.similar and one.kind == "install":
            return f"Did you mean {either(one.similar)}?"
    return ""


def other_platform(case: Case) -> str:
    """A spec names a platform that is not looked at."""
    here = dict.fromkeys(source.subdir for source in case.universe.sources)
    for fact in case.specs:
        if fact.spec.subdir and not set(fact.spec.subdir) & set(here):
            return (
                f"{fact.spec.name} is asked for {either(fact.spec.subdir)}, and this solve is "
                f"for {either(here)}: --platform {fact.spec.subdir[0]} chooses another."
            )
    return ""


def other_channel(case: Case) -> str:
    """A spec names a channel that does not have it, while others do."""
    for fact in case.specs:
        spec = fact.spec
        if not spec.channel or case.universe.mask(fact) & ~ABSENT:
            continue
        free = _fields(spec, without=("channel",))
        homes = [
            source.channel_name
            for source in case.universe.sources
            for record in source.packages(spec.name).values()
            if free.matches(record)
        ]
        if homes:
            return f"{spec.channel} has no {_plain(free)}, but {either(dict.fromkeys(homes))} has."
    return ""


def missing_channel(case: Case) -> str:
    """No channel given has a name; another may."""
    unknown = case.unknown
    if not unknown:
        return ""
    channels = case.channels
    homes = [home for name in unknown if (home := _home(name)) and home not in channels]
    verb = "is" if len(unknown) == 1 else "are"
    line = (
        f"{listed(unknown)} {verb} not in the channels you gave: {', '.join(channels) or 'none'}."
    )
    if not homes and GENERAL not in channels:
        homes = [GENERAL]
    return (
        f"{line} -c {homes[0]} may have {'it' if len(unknown) == 1 else 'them'}." if homes else line
    )


def _home(name: str) -> str:
    return next((home for pattern, home in WELL_KNOWN if fnmatchcase(name, pattern)), "")


def no_such_build(case: Case) -> str:
    """There are such versions, but not in the build asked for."""
    for one in case.missing:
        if one.kind == "install" and one.builds:
            builds = shortened(one.builds)
            return f"No build of {one.name} fits; of those versions there is {builds}."
    return ""


def no_such_version(case: Case) -> str:
    """There is no such version."""
    for one in case.missing:
        asked = any(fact.text in one.texts and case.asks_version(fact) for fact in case.demands)
        if asked and one.available and not one.name.startswith("__"):
            newest = one.available[-1]
            return f"The newest {one.name} in the channels you gave is {newest}."
    return ""


def _fields(spec: MatchSpec, without: Iterable[str]) -> MatchSpec:
    gone = {"_text", *without}
    return MatchSpec(**{key: value for key, value in vars(spec).items() if key not in gone})


def _plain(spec: MatchSpec) -> str:
    return spec.name if spec.is_name_only else str(spec)
