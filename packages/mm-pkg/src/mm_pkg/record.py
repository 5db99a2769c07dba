"""Package records: what is known about one built package, at three depths.

* `PackageRecord` is what a package says of itself and a solver reads
  (CEP 34 ``info/index.json``, CEP 36 repodata records).
* `RepodataRecord` adds where it is to be had: file name, URL, channel, hashes.
* `PrefixRecord` adds what became of it in a prefix (CEP 32 ``conda-meta/*.json``).

All three are immutable values. They decode straight from JSON with msgspec, so
that a solve over thousands of records builds few Python objects.

>>> record = RepodataRecord.from_dict({
...     "name": "zlib", "version": "1.3", "build": "h0_2", "build_number": 2,
...     "url": "https://host/chan/linux-64/zlib-1.3-h0_2.conda"})
>>> record.dist, record.fn, record.channel, record.subdir
('zlib-1.3-h0_2', 'zlib-1.3-h0_2.conda', 'https://host/chan', 'linux-64')
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, Self, TypeVar, runtime_checkable

import msgspec

from .errors import PackageError

__all__ = [
    "InvalidRecord",
    "Link",
    "PackageRecord",
    "PathEntry",
    "PathsData",
    "Prefetching",
    "PrefixRecord",
    "RecordSource",
    "RepodataRecord",
    "decode_packages",
    "strip_archive_extension",
]

ARCHIVE_EXTENSIONS = (".conda", ".tar.bz2")
"""The two package formats of CEP 34 (newest first)."""

_LAST_SECOND = 253402300799
"""Timestamps above this (year 9999 in seconds) are milliseconds."""


class InvalidRecord(PackageError, ValueError):
    """A record lacks a required field or holds one of the wrong type."""


def strip_archive_extension(fn: str) -> str:
    """The distribution string of an archive's file name.

    >>> strip_archive_extension("zlib-1.3-0.tar.bz2")
    'zlib-1.3-0'

    Raises `InvalidRecord` when *fn* is not the name of a package archive.
    """
    for extension in ARCHIVE_EXTENSIONS:
        if fn.endswith(extension):
            return fn[: -len(extension)]
    raise InvalidRecord(f"{fn!r} is not the name of a .conda or .tar.bz2 archive")


class PackageRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What a package says of itself; all that a solver reads of it.

    Fields hold what the channel wrote. Use the properties where the formats
    allow several spellings (``noarch``, ``track_features``, ``timestamp``).
    """

    name: str
    version: str
    build: str
    build_number: int
    depends: tuple[str, ...] = ()
    constrains: tuple[str, ...] = ()
    track_features: str | tuple[str, ...] | None = None
    timestamp: int | float | None = None
    indexed_timestamp: int | float | None = None
    noarch: str | bool | None = None
    subdir: str | None = None
    python_site_packages_path: str | None = None
    extra_depends: dict[str, tuple[str, ...]] = {}
    flags: tuple[str, ...] = ()

    @property
    def dist(self) -> str:
        """The distribution string, ``name-version-build``."""
        return f"{self.name}-{self.version}-{self.build}"

    @property
    def noarch_kind(self) -> str | None:
        """``"python"``, ``"generic"`` or None; the old spelling ``true`` is generic."""
        if self.noarch is True:
            return "generic"
        return self.noarch or None

    @property
    def features(self) -> tuple[str, ...]:
        """The tracked features; records spell them as a list or as one text."""
        tracked = self.track_features
        if not tracked:
            return ()
        if isinstance(tracked, str):
            return tuple(tracked.replace(",", " ").split())
        return tracked

    @property
    def timestamp_ms(self) -> int:
        """When it was built: milliseconds since 1970; 0 when unknown."""
        return _milliseconds(self.timestamp)

    @property
    def published_ms(self) -> int:
        """Since when it is to be had: milliseconds since 1970; 0 when unknown.

        What the channel says (``indexed_timestamp``, CEP 47) counts for more than
        what the builder said.
        """
        return _milliseconds(self.indexed_timestamp) or _milliseconds(self.timestamp)


def _milliseconds(stamp: float | None) -> int:
    """A timestamp of a record, in seconds or milliseconds, as milliseconds."""
    stamp = stamp or 0
    return int(stamp if stamp > _LAST_SECOND else stamp * 1000)


class RepodataRecord(PackageRecord, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A package record and where its archive is.

    ``channel`` is the channel's URL without credentials, token, subdir or a
    trailing slash; ``url`` is the archive's, also without secrets: credentials
    are added by the transport, from the credential store, at the last moment.
    """

    fn: str = ""
    url: str = ""
    channel: str = ""
    md5: str | None = None
    sha256: str | None = None
    size: int | None = None
    license: str | None = None
    license_family: str | None = None
    extra: dict[str, Any] = {}
    """Every other key of the record, kept so that nothing a channel says is lost."""
    stub: bool = False
    """Whether only the name, version, build, URL and hashes are known. The rest holds
    defaults, which the package's own metadata replaces once it is there."""

    @classmethod
    def from_url(
        cls, url: str, *, sha256: str | None = None, md5: str | None = None, **known: Any
    ) -> Self:
        """What an archive's URL tells: a `stub`.

        >>> record = RepodataRecord.from_url("https://host/chan/noarch/pip-24.0-py_0.conda")
        >>> record.name, record.version, record.build, record.channel, record.stub
        ('pip', '24.0', 'py_0', 'https://host/chan', True)

        Raises `InvalidRecord` when the URL does not end in a package's file name.
        """
        fn = url.rpartition("/")[2]
        if "%" in fn:
            from urllib.parse import unquote

            fn = unquote(fn)
        parts = strip_archive_extension(fn).rsplit("-", 2)
        if len(parts) != 3 or not all(parts):
            raise InvalidRecord(f"{fn!r} is not of the form name-version-build")
        name, version, build = parts
        return cls.from_dict(
            {"name": name, "version": version, "build": build, "build_number": 0, "url": url},
            fn=fn,
            sha256=sha256,
            md5=md5,
            stub=True,
            **known,
        )

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], **known: Any) -> Self:
        """Build from decoded JSON; *known* values win over those of *data*.

        Missing ``fn``, ``channel`` and ``subdir`` are read from the URL.
        Raises `InvalidRecord`.
        """
        if "stub" in data:
            # A word of ours about how much we know; channels have no say in it.
            data = {key: value for key, value in data.items() if key != "stub"}
        return _from_dict(cls, {**data, **known})

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values: what ``repodata_record.json`` holds.

        ``depends`` and ``constrains`` are always present; unset keys are not.
        """
        data: dict[str, Any] = msgspec.to_builtins(self)
        extra = data.pop("extra", {})
        data.pop("stub", None)
        data.setdefault("depends", [])
        data.setdefault("constrains", [])
        data["channel"] = self.platform_url
        return {**extra, **data}

    @property
    def platform_url(self) -> str:
        """The URL of the channel's subdir, as ``conda-meta`` and ``history`` write it."""
        return f"{self.channel}/{self.subdir}" if self.channel and self.subdir else self.channel


class PathEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One file of a package: an entry of ``info/paths.json`` or of ``conda-meta``."""

    path: str = msgspec.field(name="_path")
    path_type: str = "hardlink"
    sha256: str | None = None
    sha256_in_prefix: str | None = None
    size_in_bytes: int | None = None
    file_mode: str | None = None
    prefix_placeholder: str | None = None
    no_link: bool = False
    original_path: str | None = None


class PathsData(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The content of ``info/paths.json`` and of ``paths_data`` in ``conda-meta``."""

    paths: tuple[PathEntry, ...] = ()
    paths_version: int = 1


class Link(msgspec.Struct, frozen=True, gc=False):
    """How a package came into a prefix: cache folder and 1 hard, 2 soft, 3 copy."""

    source: str
    type: int


class PrefixRecord(RepodataRecord, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """An installed package, as ``conda-meta/<dist>.json`` holds it (CEP 32)."""

    files: tuple[str, ...] = ()
    paths_data: PathsData | None = None
    link: Link | None = None
    extracted_package_dir: str = ""
    package_tarball_full_path: str = ""
    requested_spec: str | None = None
    requested_specs: tuple[str, ...] = ()

    def as_published(self) -> RepodataRecord:
        """The package as its channel has it, without what became of it in a prefix."""
        fields = RepodataRecord.__struct_fields__
        return RepodataRecord(**{key: getattr(self, key) for key in fields})


R = TypeVar("R", bound=RepodataRecord)

_FIELDS: dict[type, frozenset[str]] = {}


def _from_dict(cls: type[R], data: dict[str, Any]) -> R:
    fields = _FIELDS.get(cls)
    if fields is None:
        fields = _FIELDS[cls] = frozenset(cls.__struct_encode_fields__) - {"extra"}
    known = {key: value for key, value in data.items() if key in fields and value is not None}
    extra = {key: value for key, value in data.items() if key not in fields and key != "extra"}
    extra.update(data.get("extra") or {})
    _fill_from_url(known)
    try:
        return msgspec.convert({**known, "extra": extra}, cls)
    except msgspec.ValidationError as error:
        raise InvalidRecord(f"record {data.get('name')!r}: {error}") from None


def _fill_from_url(known: dict[str, Any]) -> None:
    """Complete fn, subdir and channel; a channel never ends in the record's subdir."""
    url = known.get("url")
    if isinstance(url, str) and url:
        base, _, fn = url.rpartition("/")
        known.setdefault("fn", fn)
        channel, _, subdir = base.rpartition("/")
        known.setdefault("subdir", subdir)
        known.setdefault("channel", channel)
    if isinstance(known.get("channel"), str):
        root = known["channel"].rstrip("/")
        known["channel"] = root.removesuffix(f"/{known.get('subdir')}")


class RecordSource(Protocol):
    """The records of one subdir of one channel, read name by name.

    This is all that a solver knows of a channel, so a solve reads only the
    names it can reach. Answers never change during the source's life.
    """

    @property
    def channel(self) -> str:
        """The channel's URL without secrets; sources of one channel share it."""

    @property
    def channel_name(self) -> str:
        """The channel's display name, such as ``conda-forge``."""

    @property
    def subdir(self) -> str:
        """The platform, such as ``linux-64`` or ``noarch``."""

    def names(self) -> Iterable[str]:
        """All package names, in no particular order."""

    def packages(self, name: str) -> Mapping[str, PackageRecord]:
        """File name -> record of every package called *name*; empty when there is none."""

    def record(self, name: str, fn: str) -> RepodataRecord:
        """Everything known of one package. Raises KeyError."""


@runtime_checkable
class Prefetching(Protocol):
    """A `RecordSource` that can make use of knowing early what it will be asked."""

    def prefetch(self, names: Iterable[str]) -> None:
        """Some of *names* may be asked for soon. Returns at once; a name may be unknown."""


_DECODER = msgspec.json.Decoder(dict[str, PackageRecord])


def decode_packages(
    blob: bytes | bytearray | memoryview,
) -> tuple[dict[str, PackageRecord], dict[str, str]]:
    """Decode a JSON object ``{file name: record}``.

    Returns the records and, by file name, why others were left out: a channel
    with one ill-typed record stays usable, also where some text is not UTF-8.
    Raises `InvalidRecord` when *blob* is not such an object at all.
    """
    try:
        return _DECODER.decode(blob), {}
    except msgspec.ValidationError:
        pass
    except UnicodeDecodeError:
        return decode_packages(bytes(blob).decode("utf-8", "replace").encode())
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidRecord(f"not JSON: {error}") from None
    try:
        entries = msgspec.json.decode(blob, type=dict[str, Any])
    except msgspec.ValidationError as error:
        raise InvalidRecord(str(error)) from None
    good: dict[str, PackageRecord] = {}
    bad: dict[str, str] = {}
    for fn, entry in entries.items():
        try:
            good[fn] = msgspec.convert(entry, PackageRecord)
        except msgspec.ValidationError as error:
            bad[fn] = str(error)
    return good, bad
