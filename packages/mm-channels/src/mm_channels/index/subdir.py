"""The records of one subdir of one channel, read name by name from an index.

`SubdirIndex` implements `mm_pkg.record.RecordSource`: the only way in which
records reach a solver.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import quote, urljoin
from zlib import crc32

import msgspec

from mm_channels.channel.url import CondaURL
from mm_channels.errors import InvalidChannel, MalformedRepodata
from mm_channels.index.preference import preferred
from mm_channels.index.table import Table
from mm_pkg.record import (
    InvalidRecord,
    PackageRecord,
    RepodataRecord,
    decode_packages,
)

__all__ = ["SubdirIndex", "full_record", "package_base_url"]

_CHANGED = "its text changed after it was indexed"


def package_base_url(repodata_url: str, base_url: str | None) -> str:
    """Where the packages of a subdir are, with a trailing slash (CEP 15).

    >>> package_base_url("https://h/c/noarch/repodata.json", None)
    'https://h/c/noarch/'
    >>> package_base_url("https://h/c/noarch/repodata.json", "../../files")
    'https://h/files/'
    >>> package_base_url("https://h/c/noarch/repodata.json", "https://other/x/")
    'https://other/x/'

    Raises `MalformedRepodata` for a *base_url* that is no URL, or that leads from a server
    to files of this machine.
    """
    if base_url in (None, "", "/"):
        base_url = "./"
    try:
        joined = CondaURL.parse(urljoin(repodata_url, base_url))
    except (ValueError, InvalidChannel):
        joined = None
    if joined is None or (joined.scheme == "file" and not repodata_url.startswith("file:")):
        raise MalformedRepodata(
            f"{repodata_url} sends to a place that cannot be used for its packages",
            url=repodata_url,
        )
    return joined.public.rstrip("/") + "/"


def full_record(
    data: dict[str, Any], fn: str, *, base_url: str, channel: str, subdir: str, source: str
) -> RepodataRecord:
    """The record of the package *fn*, about which the repodata at *source* says *data*.

    base_url -- where it is, with a trailing slash
    subdir   -- its platform, if it does not say so itself

    Raises `MalformedRepodata` when a value has the wrong type.
    """
    known: dict[str, Any] = {"fn": fn, "url": base_url + quote(fn), "channel": channel}
    if not data.get("subdir"):
        known["subdir"] = subdir
    try:
        return RepodataRecord.from_dict(data, **known)
    except (TypeError, ValueError) as error:
        raise MalformedRepodata(
            f"{source} has a record that cannot be used: {fn}: {error}", url=source
        ) from None


class SubdirIndex:
    """An index opened for reading.

    channel, channel_name -- the channel's public URL and its display name
    subdir       -- the platform
    url          -- the repodata's public URL
    table        -- names and extents
    file         -- open descriptor of the text the extents point into; owned
    warn         -- told, once each, of records that are left out
    on_damage    -- called when the text is not what was indexed: forget the cached files
    """

    def __init__(
        self,
        *,
        channel: str,
        channel_name: str,
        subdir: str,
        url: str,
        table: Table,
        file: int,
        warn: Callable[[str], None] = lambda message: None,
        on_damage: Callable[[], None] = lambda: None,
    ) -> None:
        self._file = file
        self.channel = channel
        self.channel_name = channel_name
        self.subdir = subdir
        self.url = url
        self.base_url = package_base_url(url, table.head.base_url)
        self._table = table
        self._warn = warn
        self._on_damage = on_damage
        self._warned: set[str] = set()

    def __repr__(self) -> str:
        return f"SubdirIndex({self.url!r}, names={len(self._table)})"

    def __len__(self) -> int:
        """The number of names."""
        return len(self._table)

    def __contains__(self, name: object) -> bool:
        """Whether there are packages of that name."""
        return isinstance(name, str) and bool(self._table.extents(name))

    def names(self) -> Iterable[str]:
        """All package names."""
        return self._table.names()

    def packages(self, name: str) -> dict[str, PackageRecord]:
        """File name -> record of every package called *name*; empty when there is none.

        A ``.tar.bz2`` is left out when the same package is there as ``.conda``.
        Raises `MalformedRepodata` when the text on disk is not what was indexed.
        """
        blob = self._blob(name)
        if not blob:
            return {}
        try:
            records, bad = decode_packages(blob)
        except InvalidRecord as error:
            raise self._damaged(str(error)) from None
        for fn, why in bad.items():
            if fn not in self._warned:
                self._warned.add(fn)
                self._warn(f"{self.channel_name}/{self.subdir}: {fn} is left out: {why}")
        return preferred(records)

    def names_mentioning(self, name: str) -> Iterator[str]:
        """The names of packages of which one may have a spec on *name* in its record.

        Others have none for certain: see `mm_channels.index.mentions`. Every text of the
        subdir is looked at: a second for 500 MB. Raises `MalformedRepodata`.
        """
        from mm_channels.index.mentions import mentions

        test = mentions(name)
        return (each for each in self.names() if test(self._blob(each)))

    def record(self, name: str, fn: str) -> RepodataRecord:
        """Everything known of one package. Raises KeyError, `MalformedRepodata`."""
        blob = self._blob(name)
        try:
            data = _member(blob, fn)
        except (ValueError, RecursionError) as error:
            raise MalformedRepodata(
                f"{self.url} has a record that cannot be read: {fn}: {error}", url=self.url
            ) from None
        if data is None:
            raise KeyError(fn)
        return full_record(
            data,
            fn,
            base_url=self.base_url,
            channel=self.channel,
            subdir=self._table.head.subdir or self.subdir,
            source=self.url,
        )

    def close(self) -> None:
        """Give the file back. Reading is not possible afterwards."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def __del__(self) -> None:
        self.close()

    def _blob(self, name: str) -> bytes:
        """The records of *name* as a JSON object, or ``b""``."""
        extents = self._table.extents(name)
        if not extents:
            return b""
        parts = []
        for offset, length, checksum in extents:
            text = os.pread(self._file, length, offset)
            if crc32(text) != checksum:
                raise self._damaged(_CHANGED)
            parts.append(text)
        return b"{" + b",".join(parts) + b"}"

    def _damaged(self, why: str) -> MalformedRepodata:
        self._on_damage()
        return MalformedRepodata(
            f"Repodata of {self.url} cannot be read: {why}",
            url=self.url,
            hint="The index was dropped; run the command again.",
        )


def _member(blob: bytes, fn: str) -> dict[str, Any] | None:
    """One member of a JSON object; only that one is decoded where its text is easily found."""
    key = b'"%b":' % fn.encode()
    if blob.count(key) == 1:
        start = blob.find(key) + len(key)
        end = start
        for _ in range(8):  # the record may hold objects itself: try some closing braces
            end = blob.find(b"}", end) + 1
            if not end:
                break
            try:
                found = msgspec.json.decode(memoryview(blob)[start:end])
            except UnicodeDecodeError:
                break
            except msgspec.DecodeError:
                continue
            return found if isinstance(found, dict) else None
    if not blob:
        return None
    text = blob.decode("utf-8", "replace")  # as `decode_packages` does
    member = msgspec.json.decode(text, type=dict[str, msgspec.Raw]).get(fn)
    found = None if member is None else msgspec.json.decode(member)
    return found if isinstance(found, dict) else None
