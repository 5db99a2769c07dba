"""Demands on installed packages that no spec expresses: it stays, it stays as it is.

Each is a kind of fact about one installed name; `allowed` says which values of
the name meet it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .candidates import INSTALLED, Entry
from .domain import ABSENT

if TYPE_CHECKING:
    from .universe import Universe

__all__ = ["HOLDS", "allowed"]


def allowed(universe: Universe, kind: str, name: int) -> int:
    """The values of *name* that a hold of *kind* leaves."""
    return HOLDS[kind](universe, name)


def _anything(universe: Universe, name: int) -> int:
    return ~ABSENT


def _only_installed(universe: Universe, name: int) -> int:
    return universe.candidates(name).from_source(INSTALLED)


def _not_older(universe: Universe, name: int) -> int:
    candidates = universe.candidates(name)
    current = universe.parse_version(universe.installed[universe.name_of(name)].version)
    if current is None:
        return ~0

    def is_older(entry: Entry) -> bool:
        version = universe.parse_version(entry.record.version)
        return version is not None and version < current

    return ~candidates.where(candidates.domain & ~ABSENT, is_older)


HOLDS: dict[str, Callable[[Universe, int], int]] = {
    "stay": _anything,
    "keep": _anything,
    "no uninstall": _anything,
    "freeze": _only_installed,
    "no downgrade": _not_older,
}
"""Kind of hold -> the values it leaves.

stay -- it was there; given up where demands leave no other way
keep -- somebody asked for it once
"""
