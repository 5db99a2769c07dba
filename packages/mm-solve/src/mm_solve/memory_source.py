"""Package records held in memory, as a source for a solve.

>>> source = MemorySource([
...     {"name": "app", "version": "1.0", "depends": ["lib >=2"]},
...     {"name": "lib", "version": "2.1"},
... ])
>>> sorted(source.names()), source.packages("lib")["lib-2.1-0.conda"].dist
(['app', 'lib'], 'lib-2.1-0')
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mm_pkg.record import InvalidRecord, PackageRecord, RepodataRecord, strip_archive_extension

from .errors import SolveError

__all__ = ["InvalidPackage", "MemorySource"]

EXAMPLE = '{"name": "zlib", "version": "1.3", "depends": ["libc >=2"]}'


class InvalidPackage(SolveError):
    """What was given as a package's record is none."""

    def __init__(self, message: str) -> None:
        super().__init__(message, hint=f"A record is a dict such as {EXAMPLE}.")


class MemorySource:
    """One subdir of one channel, its records given as dicts or `RepodataRecord` values.

    A dict has the keys of a channel's ``repodata.json`` (CEP 36): at least ``name`` and
    ``version``; ``build`` is "0" and ``build_number`` 0 unless they are given. The order
    of records, and records that occur twice, make no difference.

    It is a `mm_pkg.record.RecordSource`. Raises `InvalidPackage`.
    """

    def __init__(
        self,
        records: Iterable[Mapping[str, Any] | RepodataRecord],
        *,
        channel: str = "https://localhost/memory",
        channel_name: str = "",
        subdir: str = "noarch",
    ) -> None:
        self.channel = channel.rstrip("/")
        self.channel_name = channel_name or self.channel.rpartition("/")[2]
        self.subdir = subdir
        self._records: dict[str, dict[str, RepodataRecord]] = {}
        for place, given in enumerate(records):
            record = given if isinstance(given, RepodataRecord) else self._read(given, place)
            known = self._records.setdefault(record.name, {}).setdefault(record.fn, record)
            if known != record:
                raise InvalidPackage(f"record {place}: there is another {record.fn} before it")

    @classmethod
    def from_repodata(
        cls, repodata: Mapping[str, Any], *, channel: str = "https://localhost/memory"
    ) -> MemorySource:
        """The packages of a decoded ``repodata.json``. Raises `InvalidPackage`."""
        records = [
            {**record, "fn": fn}
            for key in ("packages", "packages.conda")
            for fn, record in (repodata.get(key) or {}).items()
        ]
        subdir = (repodata.get("info") or {}).get("subdir") or "noarch"
        return cls(records, channel=channel, subdir=subdir)

    def _read(self, given: object, place: int) -> RepodataRecord:
        if not isinstance(given, Mapping):
            raise InvalidPackage(f"record {place} is of type {type(given).__name__}, not a dict")
        data: dict[str, Any] = {"build": "0", "build_number": 0, "subdir": self.subdir, **given}
        name, version = data.get("name"), data.get("version")
        for key, value in (("name", name), ("version", version)):
            if not isinstance(value, str) or not value:
                raise InvalidPackage(f"record {place} ({name or version or '?'}) has no {key}")
        # Names have no case: what is asked for is lower, too.
        data["name"] = str(name).lower()
        fn = data.setdefault("fn", f"{data['name']}-{version}-{data['build']}.conda")
        data.setdefault("url", f"{self.channel}/{data['subdir']}/{fn}")
        try:
            strip_archive_extension(str(fn))
            return RepodataRecord.from_dict(data, channel=self.channel)
        except InvalidRecord as error:
            raise InvalidPackage(f"record {place}: {error}") from None

    def names(self) -> Iterable[str]:
        """See `mm_pkg.record.RecordSource`."""
        return self._records.keys()

    def packages(self, name: str) -> Mapping[str, PackageRecord]:
        """See `mm_pkg.record.RecordSource`."""
        return self._records.get(name, {})

    def record(self, name: str, fn: str) -> RepodataRecord:
        """See `mm_pkg.record.RecordSource`."""
        return self._records[name][fn]
