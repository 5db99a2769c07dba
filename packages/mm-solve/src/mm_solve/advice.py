"""What to do about a request that cannot be satisfied: one line, if any fits.

Failures come in families. Each has a recogniser, which looks at the conflict and
at what there is, and gives its line or nothing; the first line is the advice.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import and_

from .advice_missing import (
    missing_channel,
    no_such_build,
    no_such_version,
    other_channel,
    other_platform,
    typo,
)
from .advice_settings import (
    held,
    only_tar_bz2,
    pin,
    strict_priority,
    too_new,
    virtual_package,
)
from .domain import ABSENT
from .enumeration import either, listed
from .failed_request import Case
from .printable import printable

__all__ = ["Case", "advice"]

RELAXED = 3
"""The most demands that are tried without their version."""


def advice(case: Case) -> str:
    """What to do about *case*: one line, or "" when nothing better is known than the tree."""
    for recognise in FAMILIES:
        line = recognise(case)
        if line:
            return printable(line)
    return ""


def _removal(case: Case) -> str:
    """What is to go is needed by what is to stay."""
    removed = case.of_kind("remove")
    wanted = case.of_kind("install")
    if not removed or not wanted:
        return ""
    needed = listed([fact.text for fact in removed])
    return f"{listed([fact.text for fact in wanted])} cannot stay without {needed}: give one up."


# -- what excludes each other -----------------------------------------------------------


def _twice(case: Case) -> str:
    """Demands for one name that no package of it meets all."""
    wanted = case.of_kind("install")
    names = {case.name(fact) for fact in wanted}
    if len(wanted) < 2 or len(names) > 1 or len(wanted) < len(case.demands):
        return ""
    if reduce(and_, map(case.universe.mask, wanted)) & ~ABSENT:
        return ""
    texts = listed([fact.text for fact in wanted])
    return f"{texts} are one package, which has one version: keep one of them."


def _another_version(case: Case) -> str:
    """Which version would do, of the demands that ask for one."""
    found = []
    asked = [fact for fact in case.of_kind("install") if case.asks_version(fact)]
    for fact in asked[:RELAXED]:
        record = case.attempt.any_version(fact)
        if record is not None:
            found.append(f"{record.name} {record.version} instead of {fact.text}")
    return f"It would work with {', or with '.join(found)}." if found else ""


def _leave_out(case: Case) -> str:
    wanted = case.of_kind("install")
    if len(case.demands) < 2:
        return ""
    spared = [fact.text for fact in wanted[:RELAXED] if case.attempt.without([fact]) is not None]
    return f"It would work without {either(spared)}." if spared else ""


FAMILIES: tuple[Callable[[Case], str], ...] = (
    typo,
    other_platform,
    other_channel,
    too_new,
    strict_priority,
    only_tar_bz2,
    missing_channel,
    no_such_build,
    no_such_version,
    virtual_package,
    pin,
    held,
    _removal,
    _twice,
    _another_version,
    _leave_out,
)
"""The recognisers, the most certain first."""
