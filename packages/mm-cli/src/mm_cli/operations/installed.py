"""An environment as a source of records, so that it can be searched like a channel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from mm_pkg import Prefix
from mm_pkg.record import PackageRecord, RepodataRecord

__all__ = ["InstalledSource"]


class InstalledSource:
    """The installed packages of one environment as a `mm_pkg.record.RecordSource`."""

    channel = ""
    channel_name = "installed"
    subdir = ""

    def __init__(self, prefix: Path) -> None:
        self._records = Prefix(prefix).records()

    def names(self) -> Iterable[str]:
        """The installed names."""
        return self._records.keys()

    def packages(self, name: str) -> Mapping[str, PackageRecord]:
        """At most one package."""
        record = self._records.get(name)
        return {} if record is None else {record.fn: record}

    def record(self, name: str, fn: str) -> RepodataRecord:
        """The installed record. Raises KeyError."""
        return self._records[name]
