"""From a failed search to the error that says why, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .conflict_layout import conflict_of
from .errors import Unsolvable
from .minimal_core import minimal_core
from .printable import printable

if TYPE_CHECKING:
    from .clause import Clause
    from .conflict import Conflict
    from .search import Contradiction
    from .universe import Universe

__all__ = ["unsolvable"]

NAMED = 6
"""More demands than this are not named in the one line of the message."""


def unsolvable(
    universe: Universe,
    contradiction: Contradiction,
    choices: Sequence[Clause],
    deadline: float | None,
) -> Unsolvable:
    """The error for a request whose facts contradict each other."""
    demands, facts = minimal_core(universe, contradiction.facts, choices, deadline)
    conflict = conflict_of(universe, demands, facts)
    return Unsolvable(_message(conflict), conflict, hidden=universe.hidden)


def _message(conflict: Conflict) -> str:
    labels = [printable(demand.label) for demand in conflict.demands]
    named = ", ".join(labels[:NAMED])
    if len(labels) > NAMED:
        named += f" and {len(labels) - NAMED} more"
    verb = "cannot be installed" if len(labels) == 1 else "exclude each other"
    return f"Could not solve for environment specs: {named} {verb}"
