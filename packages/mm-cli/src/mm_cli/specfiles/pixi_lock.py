"""``pixi.lock``: reading versions 4 to 7, writing version 6.

Versions 4 and 5 mark packages with ``kind``, 6 and 7 with the key of their
location (``conda: URL``). What a URL tells may be left out. Packages that would
have to be built from source cannot be installed from a lock, and are refused
when they are asked for.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mm_cli.specfiles.fields import Fields
from mm_cli.specfiles.lock import Lock, LockedPackage, LockedRequirement, locked_requirement
from mm_cli.specfiles.spec_file import SpecFileError
from mm_cli.specfiles.yaml_nodes import MappingNode
from mm_pkg.record import InvalidRecord, RepodataRecord

if TYPE_CHECKING:
    from mm_cli.specfiles.lock_content import LockContent

__all__ = ["is_pixi_lock", "parse_pixi_lock", "pixi_lock_text"]

VERSIONS = ("4", "5", "6", "7")

_TEXTS = ("license", "license_family", "python_site_packages_path", "noarch")
_LISTS = ("depends", "constrains", "track_features")
_BUILD_NUMBER = re.compile(r"(?:^|[^0-9])([0-9]+)$")


def is_pixi_lock(document: MappingNode) -> bool:
    """Whether *document* has the keys of a pixi lock file."""
    return "environments" in document.entries and "packages" in document.entries


def parse_pixi_lock(document: MappingNode, label: str, folder: Path) -> Lock:
    """Read the lock; paths in it start at *folder*. Raises `SpecFileError`."""
    top = Fields(document, label, "the lock file")
    version = top.text("version")
    if version not in VERSIONS:
        newer = version.isdecimal() and int(version) > int(VERSIONS[-1])
        raise SpecFileError(
            f"{label}:{document.lines['version']}: pixi lock version {version} is too "
            f"{'new' if newer else 'old'}: known are {', '.join(VERSIONS)}",
            hint="Make the lock with a version of pixi that writes one of these.",
        )
    return _PixiLock(top, folder).read()


class _PixiLock:
    """One file on its way from nodes to a `Lock`."""

    def __init__(self, top: Fields, folder: Path) -> None:
        self._top = top
        self._label = top.label
        self._folder = folder
        self._subdirs = self._named_platforms()
        self._details = self._index()
        self._packages: list[LockedPackage] = []
        self._requirements: list[LockedRequirement] = []
        self._records: dict[str, RepodataRecord] = {}

    def read(self) -> Lock:
        environments = self._top.mapping("environments")
        platforms: dict[str, None] = {}
        channels: dict[str, None] = {}
        for name in environments.node.entries:
            environment = environments.mapping(name)
            for node in environment.items("channels"):
                channels[Fields(node, self._label, "a channel").text("url").rstrip("/")] = None
            if environment.node.get("packages") is None:
                continue
            by_platform = environment.mapping("packages")
            for key in by_platform.node.entries:
                platform = self._subdirs.get(key, key)
                platforms[platform] = None
                for node in by_platform.items(key):
                    self._take(Fields(node, self._label, "a package"), platform, name)
        return Lock(
            "pixi",
            self._label,
            tuple(platforms),
            tuple(environments.node.entries),
            tuple(self._packages),
            tuple(self._requirements),
            tuple(channels),
        )

    def _named_platforms(self) -> dict[str, str]:
        """Since version 7 platforms may have names of their own."""
        found = {}
        for node in self._top.items("platforms"):
            entry = Fields(node, self._label, "a platform")
            found[entry.text("name")] = entry.text_or("subdir", entry.text("name"))
        return found

    def _index(self) -> dict[tuple[str, str], Fields]:
        """(kind, location) -> what ``packages`` tells of it."""
        found = {}
        for node in self._top.items("packages"):
            entry = Fields(node, self._label, "a package")
            kind = entry.text_or("kind", "")
            if not kind:
                kind = next((k for k in ("conda", "pypi") if k in entry.node.entries), "source")
                location = entry.text(kind) if kind != "source" else ""
            else:
                location = entry.text_or("url", "") or entry.text_or("path", "")
            found[kind, location] = entry
        return found

    def _take(self, selector: Fields, platform: str, group: str) -> None:
        """One line of an environment's package list."""
        kind = next((k for k in ("conda", "pypi") if k in selector.node.entries), "")
        location = selector.text(kind) if kind else ""
        entry = self._details.get((kind, location))
        if kind == "conda" and location.endswith((".conda", ".tar.bz2")):
            if entry is None:
                raise selector.error(f"{location} is not among 'packages'", kind)
            if location not in self._records:
                self._records[location] = self._record(entry, location)
            self._packages.append(LockedPackage(platform, group, self._records[location]))
        elif kind == "pypi":
            if entry is None:
                raise selector.error(f"{location} is not among 'packages'", kind)
            self._requirements.append(self._requirement(entry, location, platform, group))
        else:
            shown = location or next(iter(selector.node.entries), "?")
            raise selector.error(f"{shown} is to be built from source, which mm does not do")

    def _record(self, entry: Fields, location: str) -> RepodataRecord:
        entry.what = f"the package {location.rpartition('/')[2]}"
        url = location if "://" in location else (self._folder / location).resolve().as_uri()
        known: dict[str, Any] = {key: entry.text_or(key, "") or None for key in _TEXTS}
        known |= {key: entry.texts(key) for key in _LISTS}
        known["track_features"] = known["track_features"] or None
        for key in ("size", "timestamp"):
            known[key] = entry.number_or(key, 0) or None
        md5, sha256 = entry.digest("md5"), entry.digest("sha256")
        if not (md5 or sha256):
            raise entry.error(f"{entry.what} has neither an md5 nor a sha256")
        try:
            record = RepodataRecord.from_url(url, md5=md5, sha256=sha256)
            known["build_number"] = entry.number_or("build_number", _build_number(record.build))
            for key in ("name", "version", "build", "subdir"):
                known[key] = entry.text_or(key, getattr(record, key) or "")
            known["channel"] = entry.text_or("channel", record.channel).rstrip("/")
            known["noarch"] = known["noarch"] or _noarch(known["subdir"], known["build"])
            return RepodataRecord.from_dict({**record.to_dict(), **known, "stub": False})
        except InvalidRecord as error:
            raise entry.error(f"{entry.what}: {error.message}") from None

    def _requirement(
        self, entry: Fields, location: str, platform: str, group: str
    ) -> LockedRequirement:
        entry.what = f"the PyPI package {entry.text('name')}"
        url = location if "://" in location else (self._folder / location).resolve().as_uri()
        return locked_requirement(entry, url, entry, platform=platform, group=group)


def _build_number(build: str) -> int:
    """The digits that end a build string, by which the format leaves the number out.

    >>> _build_number("py313hb6a6212_1"), _build_number("h0"), _build_number("foo")
    (1, 0, 0)
    """
    match = _BUILD_NUMBER.search(build)
    return int(match[1]) if match else 0


def _noarch(subdir: str, build: str) -> str | None:
    """What kind a noarch package is taken for where the lock does not say."""
    if subdir != "noarch":
        return None
    return "python" if "py" in build else "generic"


def pixi_lock_text(content: LockContent) -> str:
    """The lock as the file is to hold it: each category is an environment.

    The one called ``main`` is pixi's ``default``. All of them share their packages.
    """
    from mm_cli.specfiles.yaml_output import yaml_text

    environments: dict[str, Any] = {}
    records: dict[str, RepodataRecord] = {}
    categories = {c for by_category in content.packages.values() for c in by_category}
    for category in sorted(categories):
        packages = {}
        for platform in content.platforms:
            chosen = content.packages[platform].get(category, ())
            records |= {record.url: record for record in chosen}
            packages[platform] = [{"conda": url} for url in sorted(r.url for r in chosen)]
        environments["default" if category == "main" else category] = {
            "channels": [{"url": f"{url.rstrip('/')}/"} for url in content.channels],
            "packages": packages,
        }
    listed = [_entry(records[url]) for url in sorted(records)]
    return yaml_text({"version": 6, "environments": environments, "packages": listed})


def _entry(record: RepodataRecord) -> dict[str, Any]:
    """What the URL of a package does not tell, in the order of the format."""
    told = RepodataRecord.from_url(record.url)
    entry: dict[str, Any] = {"conda": record.url}
    local = record.url.startswith("file:")  # a path, to the format: it tells no subdir
    for key in ("name", "version", "build", "subdir"):
        if getattr(record, key) != getattr(told, key) or (key == "subdir" and local):
            entry[key] = getattr(record, key)
    if record.build_number != _build_number(record.build):
        entry["build_number"] = record.build_number
    optional: dict[str, Any] = {
        "noarch": record.noarch_kind if record.noarch_kind != _derived_noarch(record) else None,
        "sha256": record.sha256,
        "md5": record.md5,
        "depends": list(record.depends),
        "constrains": list(record.constrains),
        "channel": f"{record.channel}/" if record.channel != told.channel or local else None,
        "track_features": list(record.features),
        "license": record.license,
        "license_family": record.license_family,
        "size": record.size,
        "timestamp": record.timestamp_ms,
        "python_site_packages_path": record.python_site_packages_path,
    }
    return entry | {key: value for key, value in optional.items() if value}


def _derived_noarch(record: RepodataRecord) -> str | None:
    return _noarch(record.subdir or "", record.build)
