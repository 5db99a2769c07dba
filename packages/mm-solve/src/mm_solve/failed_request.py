"""A failed request as those see it who are to give advice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .conflict import Conflict, Requirement
from .obstacle import MISSING, Told, obstacles, walk

if TYPE_CHECKING:
    from .attempt import Attempt
    from .problem import Fact
    from .universe import Universe

__all__ = ["Case"]


class Case:
    """A failed request, as `mm_solve.advice` sees it.

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

    def asks_version(self, demand: Fact) -> bool:
        """Whether *demand* asks for certain versions of one package."""
        spec = demand.spec
        return spec is not None and not spec.version.is_free and spec.has_exact_name

    @property
    def names(self) -> list[str]:
        """The names that the conflict is about, in order of the tree."""
        found: dict[str, None] = {}
        todo = list(self.told)
        while todo:
            told = todo.pop(0)
            found[told.subject.name] = None
            todo = [*told.children, *todo]
        return list(found)

    def of_kind(self, *kinds: str) -> list[Fact]:
        """The demands of these kinds."""
        return [fact for fact in self.demands if fact.kind in kinds]
