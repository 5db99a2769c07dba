"""Environments on disk: their records, history, pins, variables and registry.

Names are imported when first used, so that reading one small file costs little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mm_pkg.prefix.environments_txt import (
        known_environments,
        register_environment,
        unregister_environment,
    )
    from mm_pkg.prefix.frozen import FrozenMarker
    from mm_pkg.prefix.history import HistoryEntry, Revision
    from mm_pkg.prefix.prefix import Prefix

__all__ = [
    "FrozenMarker",
    "HistoryEntry",
    "Prefix",
    "Revision",
    "known_environments",
    "register_environment",
    "unregister_environment",
]

_HOME = {
    "FrozenMarker": "frozen",
    "HistoryEntry": "history",
    "Prefix": "prefix",
    "Revision": "history",
    "known_environments": "environments_txt",
    "register_environment": "environments_txt",
    "unregister_environment": "environments_txt",
}


def __getattr__(name: str) -> object:
    module = _HOME.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{module}"), name)
