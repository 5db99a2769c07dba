"""Why a request cannot be satisfied, as data.

A `Conflict` is a graph of two kinds of things: a `Requirement` (a demand of the
user, a dependency, a constraint) leads to `Option`s (groups of packages that
meet it), and an option to what its packages require in turn, as far as it
matters. It may have cycles. `mm_solve.obstacle` walks it and finds where the
demands meet; text and JSON are views of that walk.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from .domain import ABSENT

__all__ = ["HELD", "Conflict", "Option", "Premise", "Requirement"]

HELD = {
    "freeze": "{name} is frozen at its installed version",
    "no downgrade": "{name} must not be downgraded",
    "no uninstall": "{name} must stay installed",
    "keep": "{name} was asked for and must stay",
    "remove": "the removal of {spec}",
    "pin": "pin on {spec}",
}
"""How demands that are not plain specs are named."""


class Option(NamedTuple):
    """One way to meet a requirement: some versions of a package, and what they require.

    name     -- of the package
    versions -- lowest first, as written
    extent   -- the same as ranges among the versions there are: ``"1.0 … 1.4|2.0"``
    values   -- the packages as a mask (see `mm_solve.domain`)
    requirements -- what they require or constrain, as far as it matters
    partial -- other builds of some of these versions require something else
    """

    name: str
    versions: tuple[str, ...]
    extent: str
    values: int
    requirements: tuple[Requirement, ...]
    partial: bool = False

    @property
    def label(self) -> str:
        """The name and the versions."""
        text = (
            f"{self.name} [{self.extent}]" if "|" in self.extent else f"{self.name} {self.extent}"
        )
        return f"{text} (some builds)" if self.partial else text


class Premise(NamedTuple):
    """A condition: the package *name* is one of *values* (a mask).

    text -- the condition as a spec; "" where it goes without saying
    """

    name: str
    values: int
    text: str


class Requirement(NamedTuple):
    """Something that must hold: a spec, who can meet it, and on what conditions.

    kind    -- "depends" and "constrains" of packages; "install", "remove", "pin",
        "freeze", "no downgrade" and "no uninstall" of the user
    name    -- of the package it is about
    texts   -- the specs as written; several when packages differ only in this
    spec    -- one text for all of them, as short as it can be without saying more
    values  -- the values of the name that meet it, as a mask (see `mm_solve.domain`)
    available -- versions there are when none meets it, lowest first
    present -- the same as ranges
    builds  -- builds there are of the versions asked for, when only those do not fit
    similar -- names that exist and look like it, when nobody provides the name
    hidden  -- how many packages of the name ``exclude_newer`` keeps from view
    premises -- conditions under which alone it counts (CEP 43 and 44)
    """

    kind: str
    name: str
    texts: tuple[str, ...]
    spec: str
    values: int
    available: tuple[str, ...] = ()
    present: str = ""
    builds: tuple[str, ...] = ()
    similar: tuple[str, ...] = ()
    hidden: int = 0
    premises: tuple[Premise, ...] = ()

    @property
    def missing(self) -> bool:
        """Whether no package meets it, though one has to."""
        return not self.values & ~ABSENT and not self.optional

    @property
    def optional(self) -> bool:
        """Whether it is met where no package of the name is installed."""
        return self.kind in {"constrains", "pin", "remove"}

    @property
    def label(self) -> str:
        """How it is named: its spec, or what kind of demand it is."""
        pattern = HELD.get(self.kind)
        return pattern.format(name=self.name, spec=self.spec) if pattern else self.spec

    @property
    def condition(self) -> str:
        """The conditions under which alone it counts; "" when it always does."""
        return " and ".join(premise.text for premise in self.premises if premise.text)


class Conflict(NamedTuple):
    """Demands that cannot all be met; leave one out, and the others can.

    demands -- none of them can be spared
    options -- by name and packages (a mask without bit 0), who meets a requirement
    system -- what is given on this system: virtual packages and their values
    rules  -- (package, "requires"/"constrains", spec) of the proof
    """

    demands: tuple[Requirement, ...]
    options: Mapping[tuple[str, int], tuple[Option, ...]]
    system: Mapping[str, int]
    rules: tuple[tuple[str, str, str], ...]

    def options_of(self, requirement: Requirement) -> tuple[Option, ...]:
        """Packages that meet it, by what they require in turn; empty when none exists."""
        return self.options.get((requirement.name, requirement.values & ~ABSENT), ())

    def is_leaf(self, requirement: Requirement) -> bool:
        """Whether nothing that *requirement* leads to matters."""
        return not any(option.requirements for option in self.options_of(requirement))

    def to_dict(self) -> dict[str, Any]:
        """The graph as plain JSON values; the schema is `mm_solve.conflict_graph`'s."""
        from .conflict_graph import graph_of

        return graph_of(self).to_dict()
