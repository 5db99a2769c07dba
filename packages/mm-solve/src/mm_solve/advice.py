"""What to do about a request that cannot be satisfied: one line, if any fits.

Failures come in families. Each has a recogniser, which looks at the conflict and
at what there is, and gives its line or nothing; the first line is the advice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from .conflict import Conflict, Requirement
from .domain import ABSENT
from .match_spec import MatchSpec
from .obstacle import MISSING, Told, obstacles, walk
from .printable import printable
from .request import python_pins
from .version_extent import shortened

if TYPE_CHECKING:
    from .attempt import Attempt
    from .problem import Fact
    from .universe import Universe

__all__ = ["Case", "advice"]

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

SYSTEMS = {"__win": "Windows", "__osx": "macOS", "__linux": "Linux", "__unix": "Unix"}
"""Virtual packages that stand for an operating system."""

OVERRIDABLE = ("linux", "glibc", "osx", "win", "cuda", "cuda_arch", "archspec")
"""What ``CONDA_OVERRIDE_*`` can pretend."""

RELAXED = 3
"""The most demands that are tried without their version."""


class Case:
    """A failed request, as the recognisers see it.

    conflict -- why it failed
    demands  -- the facts behind ``conflict.demands``
    attempt  -- to try a change
    """

    def __init__(self, conflict: Conflict, demands: Iterable[Fact], attempt: Attempt) -> None:
        self.conflict = conflict
        self.attempt = attempt
        self.demands = sorted(demands, key=lambda fact: (self.name(fact) != "python", fact.text))
        self.told: list[Told] = walk(conflict)
        self.obstacles: list[Told] = obstacles(self.told)

    @property
    def universe(self) -> Universe:
        """All there is to choose from."""
        return self.attempt.universe

    @property
    def channels(self) -> list[str]:
        """The names of the channels, in order."""
        return list(dict.fromkeys(source.channel_name for source in self.universe.sources))

    @property
    def missing(self) -> list[Requirement]:
        """What nothing meets, if that is all there is to the failure."""
        found = {
            (told.subject.name, told.subject.texts): told.subject
            for told in self.obstacles
            if told.status == MISSING and isinstance(told.subject, Requirement)
        }
        return list(found.values()) if all(o.status == MISSING for o in self.obstacles) else []

    @property
    def unknown(self) -> list[str]:
        """Names that are needed and that nobody provides; no virtual packages."""
        names = [one.name for one in self.missing if not one.available]
        return list(dict.fromkeys(name for name in names if not name.startswith("__")))

    def name(self, demand: Fact) -> str:
        """The name of the package that *demand* is about."""
        return self.universe.name_of(demand.target)

    @property
    def specs(self) -> list[Fact]:
        """The demands that are specs, but for those on extras."""
        return [fact for fact in self.demands if fact.spec is not None]

    def of_kind(self, *kinds: str) -> list[Fact]:
        """The demands of these kinds."""
        return [fact for fact in self.demands if fact.kind in kinds]


def advice(case: Case) -> str:
    """What to do about *case*: one line, or "" when nothing better is known than the tree."""
    for recognise in FAMILIES:
        line = recognise(case)
        if line:
            return printable(line)
    return ""


# -- what does not exist --------------------------------------------------------


def _typo(case: Case) -> str:
    for one in case.missing:
        if one.similar and one.kind == "install":
            return f"Did you mean {_either(one.similar)}?"
    return ""


def _other_platform(case: Case) -> str:
    """A spec names a platform that is not looked at."""
    here = dict.fromkeys(source.subdir for source in case.universe.sources)
    for fact in case.specs:
        if fact.spec.subdir and not set(fact.spec.subdir) & set(here):
            return (
                f"{fact.spec.name} is asked for {_either(fact.spec.subdir)}, and this solve is "
                f"for {_either(here)}: --platform {fact.spec.subdir[0]} chooses another."
            )
    return ""


def _other_channel(case: Case) -> str:
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
            return f"{spec.channel} has no {_plain(free)}, but {_either(dict.fromkeys(homes))} has."
    return ""


def _missing_channel(case: Case) -> str:
    unknown = case.unknown
    if not unknown:
        return ""
    channels = case.channels
    homes = [home for name in unknown if (home := _home(name)) and home not in channels]
    verb = "is" if len(unknown) == 1 else "are"
    line = (
        f"{_listed(unknown)} {verb} not in the channels you gave: {', '.join(channels) or 'none'}."
    )
    if not homes and GENERAL not in channels:
        homes = [GENERAL]
    return (
        f"{line} -c {homes[0]} may have {'it' if len(unknown) == 1 else 'them'}." if homes else line
    )


def _home(name: str) -> str:
    return next((home for pattern, home in WELL_KNOWN if fnmatchcase(name, pattern)), "")


def _no_such_build(case: Case) -> str:
    for one in case.missing:
        if one.kind == "install" and one.builds:
            builds = shortened(one.builds)
            return f"No build of {one.name} fits; of those versions there is {builds}."
    return ""


def _no_such_version(case: Case) -> str:
    for one in case.missing:
        asked = any(fact.text in one.texts and _asks_version(fact) for fact in case.demands)
        if asked and one.available and not one.name.startswith("__"):
            newest = one.available[-1]
            return f"The newest {one.name} in {_listed(case.channels)} is {newest}."
    return ""


# -- what the settings hide --------------------------------------------------------


def _too_new(case: Case) -> str:
    universe = case.universe
    if universe.policy.exclude_newer is None or not universe.hidden:
        return ""
    found = case.attempt.with_policy(exclude_newer=None)
    if found is None:
        return ""
    names = [name for name in sorted(found) if _is_hidden(case, name, found[name].version)]
    if not names:
        return ""
    packages = ", ".join(f"{name} {found[name].version}" for name in names[:3])
    return f"exclude_newer hides {packages}: allow a later date, or exempt the package."


def _is_hidden(case: Case, name: str, version: str) -> bool:
    hidden = case.universe.hidden.get(name)
    return hidden is not None and (version in hidden.newer or hidden.undated > 0)


def _strict_priority(case: Case) -> str:
    universe = case.universe
    if universe.policy.channel_priority != "strict" or len(case.channels) < 2:
        return ""
    found = case.attempt.with_policy(channel_priority="flexible")
    if found is None:
        return ""
    for name in _names_of(case):
        if name in found and not universe.candidates(universe.id_of(name)).where(
            universe.candidates(universe.id_of(name)).domain & ~ABSENT,
            lambda entry, record=found[name]: entry.record is record,  # type: ignore[misc]
        ):
            return (
                f"Strict channel priority hides {name} {found[name].version} of a lower channel: "
                "--channel-priority flexible would find it."
            )
    return "With --channel-priority flexible this can be installed."


def _only_tar_bz2(case: Case) -> str:
    if not case.universe.policy.only_tar_bz2:
        return ""
    if case.attempt.with_policy(only_tar_bz2=False) is None:
        return ""
    return "use_only_tar_bz2 hides the .conda packages that this needs."


# -- what the system and the prefix hold ----------------------------------------------


def _virtual_package(case: Case) -> str:
    for told in case.obstacles:
        one = told.subject
        if isinstance(one, Requirement) and one.name.startswith("__"):
            return _of_system(one, case)
    return ""


def _of_system(one: Requirement, case: Case) -> str:
    what = one.name[2:]
    candidates = case.universe.candidates(case.universe.id_of(one.name))
    here = candidates.record(1) if len(candidates) else None
    if here is None and one.name in SYSTEMS:
        subdirs = dict.fromkeys(s.subdir for s in case.universe.sources if s.subdir != "noarch")
        here_is = _either(subdirs) or "no platform"
        return f"This is for {SYSTEMS[one.name]}; the solve is for {here_is}."
    has = f"this machine has {here.version} {here.build}" if here else "this machine has none"
    has = has.removesuffix(" 0")
    line = f"It needs {one.spec}, and {has}."
    if what in OVERRIDABLE:
        line += f" CONDA_OVERRIDE_{what.upper()}={_wanted(one)} pretends otherwise."
    return line


def _wanted(one: Requirement) -> str:
    """A value for the override: the version or build that the spec names, if it names one."""
    words = one.texts[0].split()[1:]
    word = words[-1] if words else ""
    value = word.split(",")[0].split("|")[0].lstrip("<>=!~").rstrip("*").rstrip(".")
    return value if value and word[:1] not in {"<", "!"} else "VERSION"


def _pin(case: Case) -> str:
    pins = case.of_kind("pin")
    found = case.attempt.without(pins) if pins else None
    if found is None:
        return ""
    request = case.attempt.request
    automatic = {str(pin) for pin in python_pins(case.universe.installed, request.specs)}
    if all(fact.text in automatic for fact in pins):
        version = case.universe.installed["python"].version
        would = f" (python {found['python'].version} would work)" if "python" in found else ""
        return (
            f"python stays at its installed {version} unless it is asked for{would}: "
            "name a python, or give --no-py-pin."
        )
    origins = dict.fromkeys(request.pin_origins.get(fact.text, "") for fact in pins)
    where = (
        _either(origin for origin in origins if origin) or "conda-meta/pinned or pinned_packages"
    )
    texts = _listed([fact.text for fact in pins])
    return f"{where} pins {texts}: change it there, or give --no-pin."


HOLDS = {
    "freeze": "{names} may not change: leave --freeze-installed (freeze_installed) out.",
    "no downgrade": "{names} would be downgraded: --allow-downgrade permits it.",
    "no uninstall": "{names} would be removed: --allow-uninstall permits it.",
    "keep": "{names} was asked for once, and would be removed: --allow-uninstall permits it.",
}
"""Which option holds what is installed, by kind of demand."""


def _held(case: Case) -> str:
    for kind, line in HOLDS.items():
        held = case.of_kind(kind)
        if held and case.attempt.without(held) is not None:
            return line.format(names=_listed([case.name(fact) for fact in held]))
    return ""


def _removal(case: Case) -> str:
    removed = case.of_kind("remove")
    wanted = case.of_kind("install")
    if not removed or not wanted:
        return ""
    needed = _listed([fact.text for fact in removed])
    return f"{_listed([fact.text for fact in wanted])} cannot stay without {needed}: give one up."


# -- what excludes each other -----------------------------------------------------------


def _twice(case: Case) -> str:
    """Two demands for one name that no package meets."""
    wanted = case.of_kind("install")
    names = {case.name(fact) for fact in wanted}
    if len(wanted) < 2 or len(names) > 1 or len(wanted) < len(case.demands):
        return ""
    texts = _listed([fact.text for fact in wanted])
    return f"{texts} are one package, which has one version: keep one of them."


def _another_version(case: Case) -> str:
    """Which version would do, of the demands that ask for one."""
    found = []
    asked = [fact for fact in case.of_kind("install") if _asks_version(fact)]
    for fact in asked[:RELAXED]:
        record = case.attempt.any_version(fact)
        if record is not None:
            found.append(f"{record.name} {record.version} instead of {fact.text}")
    return f"It would work with {', or with '.join(found)}." if found else ""


def _asks_version(fact: Fact) -> bool:
    spec = fact.spec
    return spec is not None and not spec.version.is_free and spec.has_exact_name


def _leave_out(case: Case) -> str:
    wanted = case.of_kind("install")
    if len(case.demands) < 2:
        return ""
    spared = [fact.text for fact in wanted[:RELAXED] if case.attempt.without([fact]) is not None]
    return f"It would work without {_either(spared)}." if spared else ""


FAMILIES: tuple[Callable[[Case], str], ...] = (
    _typo,
    _other_platform,
    _other_channel,
    _too_new,
    _strict_priority,
    _only_tar_bz2,
    _missing_channel,
    _no_such_build,
    _no_such_version,
    _virtual_package,
    _pin,
    _held,
    _removal,
    _twice,
    _another_version,
    _leave_out,
)
"""The recognisers, the most certain first."""


# -- words ------------------------------------------------------------------------------


def _names_of(case: Case) -> list[str]:
    """The names that the conflict is about, in order of the tree."""
    found: dict[str, None] = {}
    todo = list(case.told)
    while todo:
        told = todo.pop(0)
        found[told.subject.name] = None
        todo = [*told.children, *todo]
    return list(found)


def _fields(spec: MatchSpec, without: Iterable[str]) -> MatchSpec:
    gone = {"_text", *without}
    return MatchSpec(**{key: value for key, value in vars(spec).items() if key not in gone})


def _plain(spec: MatchSpec) -> str:
    return spec.name if spec.is_name_only else str(spec)


def _either(texts: Iterable[str]) -> str:
    return _enumerated(list(texts), "or")


def _listed(texts: Iterable[str]) -> str:
    return _enumerated(list(dict.fromkeys(texts)), "and")


def _enumerated(texts: list[str], word: str) -> str:
    if len(texts) > 4:
        texts = [*texts[:3], f"{len(texts) - 3} more"]
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {word} {texts[-1]}"
