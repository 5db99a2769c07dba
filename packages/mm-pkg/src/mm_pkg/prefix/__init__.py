"""Environments on disk: their records, history, pins, variables and registry.

Names are imported when first used, so that reading one small file costs little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mm_pkg.lazy_names import lazy_names

if TYPE_CHECKING:
    from mm_pkg.prefix.environments_txt import (
        known_environments,
        register_environment,
        unregister_environment,
    )
    from mm_pkg.prefix.frozen import FrozenMarker
    from mm_pkg.prefix.history import HistoryEntry, Revision
    from mm_pkg.prefix.prefix import Prefix
    from mm_pkg.prefix.revision import Dist, State

__all__ = [
    "Dist",
    "FrozenMarker",
    "HistoryEntry",
    "Prefix",
    "Revision",
    "State",
    "known_environments",
    "register_environment",
    "unregister_environment",
]

_HOME = {
    "Dist": "revision",
    "FrozenMarker": "frozen",
    "HistoryEntry": "history",
    "Prefix": "prefix",
    "Revision": "history",
    "State": "revision",
    "known_environments": "environments_txt",
    "register_environment": "environments_txt",
    "unregister_environment": "environments_txt",
}

if not TYPE_CHECKING:  # to type checkers a misspelt name is an error
    __getattr__, __dir__ = lazy_names(__name__, _HOME)
