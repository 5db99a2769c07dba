"""The package cache: archives and extracted packages that all environments share.

* `PackageCache` finds packages, says where archives go, extracts them;
* `CachedPackage` is one extracted package;
* `mm_pkg.cache.cleaning` lists what can be removed, and removes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .entry import CachedPackage
    from .package_cache import PackageCache

__all__ = ["CachedPackage", "PackageCache"]

_HOME = {"CachedPackage": "entry", "PackageCache": "package_cache"}


def __getattr__(name: str) -> Any:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value
