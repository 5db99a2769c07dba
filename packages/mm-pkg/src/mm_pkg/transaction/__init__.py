"""Changing environments, all or nothing, whatever happens on the way.

`verify` looks at everything first, `apply` keeps a journal, `recover` undoes or
finishes what a dead process left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mm_pkg.lazy_names import lazy_names

if TYPE_CHECKING:
    from mm_pkg.transaction.carrying import Carried, carry_unowned
    from mm_pkg.transaction.checked import CheckedPlan
    from mm_pkg.transaction.environment import create_empty, remove_environment
    from mm_pkg.transaction.execution import apply
    from mm_pkg.transaction.plan import LinkItem, LinkOptions, Outcome, Package, Plan
    from mm_pkg.transaction.recovery import recover
    from mm_pkg.transaction.unowned import remove_unowned
    from mm_pkg.transaction.verification import verify

__all__ = [
    "Carried",
    "CheckedPlan",
    "LinkItem",
    "LinkOptions",
    "Outcome",
    "Package",
    "Plan",
    "apply",
    "carry_unowned",
    "create_empty",
    "recover",
    "remove_environment",
    "remove_unowned",
    "verify",
]

_HOME = {
    "Carried": "carrying",
    "CheckedPlan": "checked",
    "LinkItem": "plan",
    "LinkOptions": "plan",
    "Outcome": "plan",
    "Package": "plan",
    "Plan": "plan",
    "apply": "execution",
    "carry_unowned": "carrying",
    "create_empty": "environment",
    "recover": "recovery",
    "remove_environment": "environment",
    "remove_unowned": "unowned",
    "verify": "verification",
}

if not TYPE_CHECKING:  # to type checkers a misspelt name is an error
    __getattr__, __dir__ = lazy_names(__name__, _HOME)
