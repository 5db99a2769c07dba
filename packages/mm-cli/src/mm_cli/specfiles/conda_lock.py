"""``conda-lock.yml``, version 1 (CEP 37): reading."""

from __future__ import annotations

from mm_cli.specfiles.fields import Fields, scalar
from mm_cli.specfiles.lock import Lock, LockedPackage, LockedRequirement
from mm_cli.specfiles.yaml_nodes import MappingNode
from mm_pkg.record import InvalidRecord, RepodataRecord

__all__ = ["is_conda_lock", "parse_conda_lock"]

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
        _read(entry, platform, packages, requirements)
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
    packages: list[LockedPackage],
    requirements: list[LockedRequirement],
) -> None:
    """One entry of ``package``, into the list it belongs to."""
    url, manager = entry.text("url"), entry.text_or("manager", "conda")
    group = entry.text_or("category", MAIN)
    hashes = entry.mapping("hash")
    md5, sha256 = hashes.digest("md5"), hashes.digest("sha256")
    if not (md5 or sha256):
        raise hashes.error(f"{entry.what} has neither an md5 nor a sha256")
    if manager == "pip":
        requirements.append(
            LockedRequirement(platform, group, entry.text("name"), url, md5=md5, sha256=sha256)
        )
        return
    if manager != "conda":
        raise entry.error(f"{entry.what}: the manager is {manager!r}, not conda or pip", "manager")
    depends = tuple(f"{k} {v}".strip() for k, v in entry.pairs("dependencies").items())
    try:
        record = RepodataRecord.from_url(url, md5=md5, sha256=sha256, depends=depends)
    except InvalidRecord as error:
        raise entry.error(f"{entry.what}: {error.message}", "url") from None
    _check_identity(entry, record)
    packages.append(LockedPackage(platform, group, record))


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
