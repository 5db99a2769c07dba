"""A conflict as text: a short tree, in the words the reference uses."""

from __future__ import annotations

from .conflict import HELD, Conflict, Option, Requirement
from .excerpt import LINES, Line, excerpt
from .obstacle import (
    ABOVE,
    AGAIN,
    AVOIDED,
    CONFLICT,
    EXCLUDES,
    FINE,
    MISSING,
    Told,
    obstacles,
    walk,
)
from .printable import printable
from .version_extent import bracketed, shortened

__all__ = ["LINES", "explain", "problems"]

CONFLICTS = "conflicts with any installable versions previously reported"
UNKNOWN = "does not exist"

NAMED = 4
"""More names than this are counted where a conflict cannot be told."""


def explain(conflict: Conflict, lines: int | None = LINES, rest: str = "") -> str:
    """The tree of *conflict*.

    lines -- the most there may be, all demands being named; None: as many as it takes
    rest  -- added to the line that says how much was left out: how to see it
    """
    told = walk(conflict)
    several = len(conflict.demands) > 1
    head = (
        "The following packages are incompatible"
        if several
        else "The following package could not be installed"
    )
    if all(one.possible for one in told):
        tree = _entangled(conflict)
    else:
        at_stake = {one.subject.name for one in obstacles(told)}
        tree = [_line(one, at_stake, top=True) for one in told]
    shown = excerpt(tree, lines, rest)
    return "\n".join([head, *map(printable, shown)])


def problems(conflict: Conflict) -> list[str]:
    """One sentence for each thing that is missing, required or in conflict."""
    found = [
        f"nothing provides requested {text}"
        for demand in conflict.demands
        if demand.missing
        for text in demand.texts
    ]
    for dist, verb, spec in conflict.rules:
        if verb == "requires":
            found.append(
                f"package {dist} requires {spec}, but none of the providers can be installed"
            )
        else:
            found.append(f"package {dist} has constraint {spec} conflicting with what is required")
    found += _pairs(conflict)
    found = found or [f"cannot satisfy {demand.label}" for demand in conflict.demands]
    return [printable(text) for text in found]


def _pairs(conflict: Conflict) -> list[str]:
    """Demands that want different packages of one name."""
    demands = [demand for demand in conflict.demands if conflict.options_of(demand)]
    return [
        f"cannot install both {_newest(one, conflict)} and {_newest(other, conflict)}"
        for number, one in enumerate(demands)
        for other in demands[number + 1 :]
        if one.name == other.name and not one.values & other.values & ~1
    ]


def _newest(demand: Requirement, conflict: Conflict) -> str:
    """The best package there is for *demand*."""
    return f"{demand.name}-{conflict.options_of(demand)[0].versions[-1]}"


def _entangled(conflict: Conflict) -> list[Line]:
    """A conflict that no short story tells: each step fits, and the whole does not."""
    names = sorted({name for name, _ in conflict.options})
    among = ", ".join(names[:NAMED])
    if len(names) > NAMED:
        among += f" and {len(names) - NAMED} more"
    knot = f"no choice of versions satisfies all that is required among {among}"
    if len(conflict.demands) == 1:
        return [Line(f"{conflict.demands[0].label} is not installable: {knot}")]
    alone = " is installable alone"
    tree = [Line(demand.label + alone, shared=alone) for demand in conflict.demands]
    return [*tree, Line(f"but {knot}")]


# -- lines ------------------------------------------------------------------------


def _line(told: Told, at_stake: set[str], *, top: bool = False, mixed: bool = False) -> Line:
    """What is told, with all below it.

    at_stake -- the names on which demands meet
    top   -- it is a demand
    mixed -- constraints and dependencies are told side by side
    """
    subject = told.subject
    mixture = not _only_constraints(told)
    children = [_line(child, at_stake, mixed=mixture) for child in told.children]
    weight = max([_weight(told, at_stake), *(child.weight for child in children)])
    if isinstance(subject, Option):
        return Line(subject.label + _option_words(told), children, weight=weight)
    label = subject.label
    if subject.condition:
        word = "if" if told.status == AVOIDED else "because"
        label += f" ({word} {subject.condition} is chosen)"
    if mixed and subject.kind == "constrains":
        label = f"the constraint {label}"
    # How what is installed is held is a clause of its own, no subject of one.
    subject_of_clause = top and subject.kind not in HELD
    words = _words(told, subject, subject_of_clause)
    shared = words if subject_of_clause and (children or told.possible) else ""
    return Line(label + words, children, shared, weight=weight)


def _weight(told: Told, at_stake: set[str]) -> int:
    """How much a line says of the conflict: an obstacle most, what else it is about some."""
    if told.status in {MISSING, CONFLICT}:
        return 2
    return int(not told.children and (not told.possible or told.subject.name in at_stake))


def _option_words(told: Told) -> str:
    if told.status == CONFLICT:
        return f", which {CONFLICTS}"
    if not told.children:
        return ", which can be installed"
    return " would constrain" if _only_constraints(told) else " would require"


def _only_constraints(told: Told) -> bool:
    subjects = [child.subject for child in told.children]
    return all(isinstance(one, Requirement) and one.kind == "constrains" for one in subjects)


def _words(told: Told, requirement: Requirement, top: bool) -> str:
    """What is said of a requirement behind its label."""
    lead = " " if top else ", which "
    if told.status == MISSING:
        return lead + _missing(requirement, top)
    if told.status == AVOIDED:
        return f"{lead}can be avoided by another choice"
    if told.status == ABOVE:
        return ", see above"
    if told.status == AGAIN:
        can = "can" if told.possible else "cannot"
        return f"{lead}{can} be installed (as previously explained)"
    if told.status == CONFLICT:
        return f" is not installable because it {CONFLICTS}" if top else f", which {CONFLICTS}"
    if told.status == EXCLUDES and requirement.kind not in HELD:
        return f"{lead}excludes every {requirement.name} there is"
    if told.status in {EXCLUDES, FINE}:
        if requirement.kind in HELD:
            return ""
        return " is requested and can be installed" if top else ", which can be installed"
    return _inner_words(told, requirement, top)


def _inner_words(told: Told, requirement: Requirement, top: bool) -> str:
    if not any(isinstance(child.subject, Option) for child in told.children):
        verb = "constrains" if _only_constraints(told) else "requires"
        if not top:
            return f", which {verb}"
        if told.possible:
            return f" is installable and it {verb}"
        return f" is not installable because it {verb}"
    if told.possible:
        return (" is installable" if top else "") + " with the potential options"
    if top:
        return " is not installable because there are no viable options"
    return " but there are no viable options"


def _missing(requirement: Requirement, top: bool) -> str:
    """What is said of a requirement that nothing meets; the first fitting line of the table."""
    name = requirement.name
    if name.startswith("__"):
        here = f" (it has {requirement.present})" if requirement.available else ""
        return f"is missing on the system{here}"
    if requirement.hidden:
        what = "package is" if requirement.hidden == 1 else "packages are"
        return f"{UNKNOWN} ({requirement.hidden} {what} hidden by exclude_newer)"
    if requirement.builds:
        return f"{UNKNOWN} (those versions have build {bracketed(shortened(requirement.builds))})"
    if requirement.available:
        return f"{UNKNOWN} (there is {name} {requirement.present})"
    if requirement.similar:
        return f"{UNKNOWN} (did you mean {' or '.join(requirement.similar)}?)"
    what = "perhaps a typo or a missing channel" if top else "perhaps a missing channel"
    return f"{UNKNOWN} ({what})"
