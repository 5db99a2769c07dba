"""The package cache: archives and extracted packages that all environments share.

* `PackageCache` finds packages, says where archives go, extracts them;
* `CachedPackage` is one extracted package;
* `mm_pkg.cache.cleaning` lists what can be removed, and removes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mm_pkg.lazy_names import lazy_names

if TYPE_CHECKING:
    from .entry import CachedPackage
    from .package_cache import PackageCache

__all__ = ["CachedPackage", "PackageCache"]

_HOME = {"CachedPackage": "entry", "PackageCache": "package_cache"}

if not TYPE_CHECKING:  # to type checkers a misspelt name is an error
    __getattr__, __dir__ = lazy_names(__name__, _HOME)
