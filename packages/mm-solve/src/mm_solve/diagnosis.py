"""From a failed search to the error that says why, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .advice import Case, advice
from .attempt import Attempt
from .conflict_layout import conflict_of
from .errors import Unsolvable
from .minimal_core import minimal_core
from .printable import printable

if TYPE_CHECKING:
    from .conflict import Conflict
    from .jobs import Jobs
    from .request import Request
    from .search import Contradiction
    from .solution import SolveOptions
    from .universe import Universe

__all__ = ["unsolvable"]

NAMED = 6
"""More demands than this are not named in the one line of the message."""

ADVICE_SECONDS = 0.25
"""Time to try what would work instead."""


def unsolvable(
    universe: Universe,
    request: Request,
    options: SolveOptions,
    jobs: Jobs,
    contradiction: Contradiction,
    deadline: float | None,
) -> Unsolvable:
    """The error for a request whose facts contradict each other."""
    demands, facts = minimal_core(universe, contradiction.facts, jobs.choices, deadline)
    conflict = conflict_of(universe, demands, facts)
    attempt = Attempt(universe, request, options, jobs, ADVICE_SECONDS)
    hint = advice(Case(conflict, demands, attempt))
    return Unsolvable(_message(conflict), conflict, hint=hint, hidden=universe.hidden)


def _message(conflict: Conflict) -> str:
    labels = [printable(demand.label) for demand in conflict.demands]
    named = ", ".join(labels[:NAMED])
    if len(labels) > NAMED:
        named += f" and {len(labels) - NAMED} more"
    verb = "cannot be installed" if len(labels) == 1 else "exclude each other"
    return f"Could not solve for environment specs: {named} {verb}"
