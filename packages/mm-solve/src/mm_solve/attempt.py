"""What if? Solving a request once more with something changed, on a small budget."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .jobs import jobs_for
from .match_spec import MatchSpec
from .minimal_core import search_for
from .policy import Policy
from .search import Contradiction, OutOfRounds, OutOfTime
from .universe import Universe

if TYPE_CHECKING:
    from mm_pkg.record import PackageRecord

    from .jobs import Jobs
    from .problem import Fact
    from .request import Request
    from .solution import SolveOptions

__all__ = ["Attempt"]


class Attempt:
    """Searches after a failed one, until their time is used up.

    universe, request, options, jobs -- those of the search that failed
    seconds -- for all searches together; those that find no time answer None
    """

    def __init__(
        self,
        universe: Universe,
        request: Request,
        options: SolveOptions,
        jobs: Jobs,
        seconds: float,
    ) -> None:
        self.universe = universe
        self.request = request
        self.options = options
        self.jobs = jobs
        self._limit = time.monotonic() + seconds

    def without(self, left_out: Sequence[Fact]) -> dict[str, PackageRecord] | None:
        """What there would be by name, if these demands were left out."""
        gone = set(left_out)
        return self._search(self.universe, [f for f in self._demands() if f not in gone])

    def any_version(self, demand: Fact) -> PackageRecord | None:
        """The package there would be if *demand* asked for nothing but its name."""
        free = self.universe.job(MatchSpec(name=demand.spec.name), "install")
        demands = [free if fact is demand else fact for fact in self._demands()]
        found = self._search(self.universe, demands)
        return found.get(free.spec.name) if found else None

    def with_policy(self, **changed: Any) -> dict[str, PackageRecord] | None:
        """What there would be by name, if these settings of `Policy` were others."""
        old = self.universe
        policy = Policy(**{name: getattr(old.policy, name) for name in Policy.__slots__} | changed)
        universe = Universe(old.sources, old.installed, old.virtual_packages, policy)
        jobs = jobs_for(
            self.request,
            universe,
            allow_downgrade=self.options.allow_downgrade,
            allow_uninstall=self.options.allow_uninstall,
        )
        demands = [*jobs.demands, *(fact for clause in jobs.choices for fact in clause.why)]
        return self._search(universe, demands, jobs)  # type: ignore[arg-type]

    def _demands(self) -> list[Fact]:
        of_choices = [fact for clause in self.jobs.choices for fact in clause.why]
        return [*self.jobs.demands, *of_choices]  # type: ignore[list-item]

    def _search(
        self, universe: Universe, demands: Sequence[Fact], jobs: Jobs | None = None
    ) -> dict[str, PackageRecord] | None:
        if time.monotonic() > self._limit:
            return None
        try:
            found = search_for(universe, demands, (jobs or self.jobs).choices, self._limit)
        except (Contradiction, OutOfRounds, OutOfTime):
            return None
        return {
            universe.name_of(name): universe.candidates(name).record(candidate)
            for name, candidate in found.items()
        }
