"""A package extracted in a cache, ready to be linked."""

from __future__ import annotations

from pathlib import Path

import msgspec

from mm_pkg.record import PathEntry, RepodataRecord

from .info_files import read_paths

__all__ = ["CachedPackage"]


class CachedPackage(msgspec.Struct, frozen=True):
    """An extracted package.

    path    -- the folder it was extracted to; never written to once it is there
    record  -- all that is known of it: the channel's record completed by the
               package's own metadata
    archive -- the archive it came from, where that is still at hand
    """

    path: Path
    record: RepodataRecord
    archive: Path | None = None
    listed: tuple[PathEntry, ...] | None = None
    """The files, when they have been read already."""

    def paths(self) -> tuple[PathEntry, ...]:
        """Its files, with the defaults of CEP 34 filled in.

        Packages older than ``paths.json`` tell theirs in ``files``, ``has_prefix``
        and ``no_link``; sizes and hashes are then unknown. Raises `InvalidPackage`.
        """
        return read_paths(self.path) if self.listed is None else self.listed
