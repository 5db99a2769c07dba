"""``conda-lock.yml``, version 1 (CEP 37): reading and writing."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from mm_cli.specfiles.fields import Fields, scalar
from mm_cli.specfiles.lock import Lock, LockedPackage, LockedRequirement, locked_requirement
from mm_cli.specfiles.spec_file import SpecFileError
from mm_cli.specfiles.yaml_nodes import MappingNode
from mm_pkg.record import InvalidRecord, RepodataRecord

if TYPE_CHECKING:
    from mm_cli.specfiles.lock_content import LockContent

__all__ = ["conda_lock_text", "is_conda_lock", "parse_conda_lock"]

MAIN = "main"
"""The category of packages that name none."""


def is_conda_lock(document: MappingNode) -> bool:
    """Whether *document* has the keys of a conda-lock file."""
    return "metadata" in document.entries and "package" in document.entries


def parse_conda_lock(document: MappingNode, label: str) -> Lock:
    """Read the lock. Raises `SpecFileError`."""
    top = Fields(document, label, "the lock file")
    version = top.text_or("version", "1")
    if version != "1":
        raise top.error(f"conda-lock version {version} is not known, only 1", "version")
    metadata = top.mapping("metadata")
    platforms = metadata.texts("platforms")
    for key in ("platforms", "content_hash"):
        if key not in metadata.node.entries:
            raise metadata.error(f"{metadata.what} has no '{key}'")
    variables = _used_variables(metadata)
    packages: list[LockedPackage] = []
    requirements: list[LockedRequirement] = []
    for node in top.items("package"):
        entry = Fields(node, label, "a package")
        entry.what = f"the package {entry.text('name')}"
        platform = entry.text("platform")
        if platform not in platforms:
            raise entry.error(
                f"{entry.what} is for {platform}, which is not among 'platforms'", "platform"
            )
        url = _expanded(entry, variables)
        _read(entry, platform, url, packages, requirements)
    groups = dict.fromkeys([*(p.group for p in packages), *(r.group for r in requirements)])
    return Lock(
        "conda-lock",
        label,
        platforms,
        tuple(groups) or (MAIN,),
        tuple(packages),
        tuple(requirements),
        tuple(_channels(metadata)),
    )


def _read(
    entry: Fields,
    platform: str,
    url: str,
    packages: list[LockedPackage],
    requirements: list[LockedRequirement],
) -> None:
    """One entry of ``package``, into the list it belongs to."""
    manager = entry.text_or("manager", "conda")
    group = entry.text_or("category", MAIN)
    hashes = entry.mapping("hash")
    if manager == "pip":
        requirements.append(locked_requirement(entry, url, hashes, platform=platform, group=group))
        return
    if manager != "conda":
        raise entry.error(f"{entry.what}: the manager is {manager!r}, not conda or pip", "manager")
    md5, sha256 = hashes.digest("md5"), hashes.digest("sha256")
    if not (md5 or sha256):
        raise hashes.error(f"{entry.what} has neither an md5 nor a sha256")
    depends = tuple(f"{k} {v}".strip() for k, v in entry.pairs("dependencies").items())
    try:
        record = RepodataRecord.from_url(url, md5=md5, sha256=sha256, depends=depends)
    except InvalidRecord as error:
        raise entry.error(f"{entry.what}: {error.message}", "url") from None
    _check_identity(entry, record)
    packages.append(LockedPackage(platform, group, record))


def _used_variables(metadata: Fields) -> frozenset[str]:
    """The environment variables that channels say their URLs need: they hold credentials."""
    return frozenset(
        name
        for node in metadata.items("channels")
        if isinstance(node, MappingNode)
        for name in Fields(node, metadata.label, "a channel").texts("used_env_vars")
    )


def _expanded(entry: Fields, variables: frozenset[str]) -> str:
    """The URL of *entry* with the values of *variables*; no others are looked at."""
    url = entry.text("url")
    if not variables or "$" not in url:
        return url

    def value(match: re.Match[str]) -> str:
        name = match[1] or match[2]
        if name not in variables:
            return match[0]
        if name not in os.environ:
            raise SpecFileError(
                f"{entry.label}:{entry.node.lines['url']}: the URL of {entry.what} needs the "
                f"environment variable {name}, which is not set",
                hint=f"Set {name} to what gives access to the channel.",
            )
        return os.environ[name]

    return re.sub(r"\$(?:\{(\w+)\}|(\w+))", value, url)


def _check_identity(entry: Fields, record: RepodataRecord) -> None:
    """What an entry says beside its URL must not be another package."""
    said = entry.text("name"), entry.text("version")
    if said != (record.name, record.version):
        raise entry.error(f"{entry.what} {said[1]} has the URL of {record.dist}", "url")


def _channels(metadata: Fields) -> list[str]:
    """The channels' URLs or names; a text stands for itself."""
    found = []
    for node in metadata.items("channels"):
        if isinstance(node, MappingNode):
            found.append(Fields(node, metadata.label, "a channel").text("url"))
        else:
            found.append(scalar(node, metadata.label, "a channel"))
    return found


_DEPENDENCY = re.compile(r"\s*(?:[^\s\[]*::)?([A-Za-z0-9_.-]+)\s*(.*)", re.DOTALL)


def conda_lock_text(content: LockContent) -> str:
    """The lock as the file is to hold it: sorted, so that a change is a short difference."""
    from mm_cli.specfiles.yaml_output import yaml_text

    packages = sorted(
        (
            _entry(record, platform, category)
            for platform, categories in content.packages.items()
            for category, records in categories.items()
            for record in records
        ),
        key=lambda entry: (entry["name"], entry["platform"], entry["category"]),
    )
    metadata: dict[str, Any] = {
        "content_hash": {p: _content_hash(packages, p) for p in content.platforms},
        "channels": [{"url": url, "used_env_vars": []} for url in content.channels],
        "platforms": list(content.platforms),
        "sources": list(content.sources),
    }
    assumed = {
        f"virtual packages of {platform}": ", ".join(content.assumed[platform])
        for platform in content.platforms
        if content.assumed.get(platform)
    }
    if assumed:
        metadata["custom_metadata"] = assumed
    return yaml_text({"version": 1, "metadata": metadata, "package": packages})


def _entry(record: RepodataRecord, platform: str, category: str) -> dict[str, Any]:
    hashes = {"md5": record.md5, "sha256": record.sha256}
    return {
        "name": record.name,
        "version": record.version,
        "manager": "conda",
        "platform": platform,
        "dependencies": _dependencies(record.depends),
        "url": record.url,
        "hash": {key: value for key, value in hashes.items() if value},
        "category": category,
        "optional": category != MAIN,
    }


def _dependencies(depends: Iterable[str]) -> dict[str, str]:
    """Name -> constraint. Several constraints on one name become one.

    >>> _dependencies(["python >=3.9", "python <4", "c::zlib 1.3.* h1_0", "tk"])
    {'python': '>=3.9,<4', 'tk': '', 'zlib': '1.3.* h1_0'}
    """
    found: dict[str, str] = {}
    for text in depends:
        match = _DEPENDENCY.fullmatch(text)
        assert match is not None, text
        name, constraint = match[1].lower(), match[2].strip()
        before = found.get(name, "")
        simple = before and constraint and not re.search(r"[\s\[]", before + constraint)
        found[name] = f"{before},{constraint}" if simple else constraint or before
    return dict(sorted(found.items()))


def _content_hash(packages: list[dict[str, Any]], platform: str) -> str:
    """A hash of what is locked for *platform*."""
    import hashlib
    import json

    chosen = [entry for entry in packages if entry["platform"] == platform]
    return hashlib.sha256(json.dumps(chosen, sort_keys=True).encode()).hexdigest()
