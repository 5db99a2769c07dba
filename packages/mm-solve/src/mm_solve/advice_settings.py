"""Advice on what settings, pins and the system keep a request from."""

from __future__ import annotations

from .conflict import Requirement
from .domain import ABSENT
from .enumeration import either, listed
from .failed_request import Case
from .request import python_pins

__all__ = ["held", "only_tar_bz2", "pin", "strict_priority", "too_new", "virtual_package"]

SYSTEMS = {"__win": "Windows", "__osx": "macOS", "__linux": "Linux", "__unix": "Unix"}
"""Virtual packages that stand for an operating system."""

OVERRIDABLE = ("linux", "glibc", "osx", "win", "cuda", "cuda_arch", "archspec")
"""What ``CONDA_OVERRIDE_*`` can pretend."""


def too_new(case: Case) -> str:
    """A cut-off in time keeps from view what would do."""
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


def strict_priority(case: Case) -> str:
    """A channel hides what a lower one has."""
    universe = case.universe
    if universe.policy.channel_priority != "strict" or len(case.channels) < 2:
        return ""
    found = case.attempt.with_policy(channel_priority="flexible")
    if found is None:
        return ""
    for name in case.names:
        if name in found and not universe.candidates(universe.id_of(name)).where(
            universe.candidates(universe.id_of(name)).domain & ~ABSENT,
            lambda entry, record=found[name]: entry.record is record,  # type: ignore[misc]
        ):
            return (
                f"Strict channel priority hides {name} {found[name].version} of a lower channel: "
                "--channel-priority flexible would find it."
            )
    return "With --channel-priority flexible this can be installed."


def only_tar_bz2(case: Case) -> str:
    """The format asked for is not the one there is."""
    if not case.universe.policy.only_tar_bz2:
        return ""
    if case.attempt.with_policy(only_tar_bz2=False) is None:
        return ""
    return "use_only_tar_bz2 hides the .conda packages that this needs."


# -- what the system and the prefix hold ----------------------------------------------


def virtual_package(case: Case) -> str:
    """The system lacks something, or has too old a version of it."""
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
        here_is = either(subdirs) or "no platform"
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


def pin(case: Case) -> str:
    """A pin is in the way: where it is written, and how to lift it."""
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
    where = either(origin for origin in origins if origin) or "conda-meta/pinned or pinned_packages"
    texts = listed([fact.text for fact in pins])
    return f"{where} pins {texts}: change it there, or give --no-pin."


HOLDS = {
    "freeze": "{names} may not change: leave --freeze-installed (freeze_installed) out.",
    "no downgrade": "{names} would be downgraded: --allow-downgrade permits it.",
    "no uninstall": "{names} would be removed: --allow-uninstall permits it.",
    "keep": "{names} was asked for once, and would be removed: --allow-uninstall permits it.",
}
"""Which option holds what is installed, by kind of demand."""


def held(case: Case) -> str:
    """What is installed is not to change."""
    for kind, line in HOLDS.items():
        holds = case.of_kind(kind)
        if holds and case.attempt.without(holds) is not None:
            return line.format(names=listed([case.name(fact) for fact in holds]))
    return ""
