"""What is to be written into a lock, whatever the format."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from mm_pkg.record import RepodataRecord

__all__ = ["LockContent"]


class LockContent(msgspec.Struct, frozen=True):
    """The packages of several platforms, and how they were found.

    packages -- platform -> category -> records, dependencies first
    channels -- their public URLs, in order of priority
    sources  -- what was locked: files, relative to the lock, or words for it
    assumed  -- platform -> the virtual packages that the solve relied on
    """

    packages: Mapping[str, Mapping[str, tuple[RepodataRecord, ...]]]
    channels: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    assumed: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms, sorted."""
        return tuple(sorted(self.packages))

    def records(self, platform: str) -> tuple[RepodataRecord, ...]:
        """Every package of *platform* once, dependencies first."""
        from mm_solve import install_order

        found = {r.url: r for records in self.packages[platform].values() for r in records}
        return install_order(found.values())
