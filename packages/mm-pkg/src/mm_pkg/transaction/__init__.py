"""Changing environments, all or nothing, whatever happens on the way.

`verify` looks at everything first, `apply` keeps a journal, `recover` undoes or
finishes what a dead process left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mm_pkg.transaction.checked import CheckedPlan
    from mm_pkg.transaction.environment import create_empty, remove_environment
    from mm_pkg.transaction.execution import apply
    from mm_pkg.transaction.plan import LinkItem, LinkOptions, Outcome, Package, Plan
    from mm_pkg.transaction.recovery import recover
    from mm_pkg.transaction.unowned import remove_unowned
    from mm_pkg.transaction.verification import verify

__all__ = [
    "CheckedPlan",
    "LinkItem",
    "LinkOptions",
    "Outcome",
    "Package",
    "Plan",
    "apply",
    "create_empty",
    "recover",
    "remove_environment",
    "remove_unowned",
    "verify",
]

_HOME = {
    "CheckedPlan": ("checked", "CheckedPlan"),
    "LinkItem": ("plan", "LinkItem"),
    "LinkOptions": ("plan", "LinkOptions"),
    "Outcome": ("plan", "Outcome"),
    "Package": ("plan", "Package"),
    "Plan": ("plan", "Plan"),
    "apply": ("execution", "apply"),
    "create_empty": ("environment", "create_empty"),
    "recover": ("recovery", "recover"),
    "remove_environment": ("environment", "remove_environment"),
    "remove_unowned": ("unowned", "remove_unowned"),
    "verify": ("verification", "verify"),
}


def __getattr__(name: str) -> object:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{home[0]}"), home[1])
