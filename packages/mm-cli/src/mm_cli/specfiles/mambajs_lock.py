"""The lock of mambajs: JSON, version 1.0, one platform."""

from __future__ import annotations

from mm_cli.specfiles.conda_lock import MAIN
from mm_cli.specfiles.fields import Fields
from mm_cli.specfiles.lock import Lock, LockedPackage, LockedRequirement, locked_requirement
from mm_cli.specfiles.yaml_nodes import MappingNode, Node
from mm_pkg.record import InvalidRecord, RepodataRecord

__all__ = ["is_mambajs_lock", "parse_mambajs_lock"]


def is_mambajs_lock(document: MappingNode) -> bool:
    """Whether *document* has the key that only these locks have."""
    return "lockVersion" in document.entries


def parse_mambajs_lock(document: MappingNode, label: str) -> Lock:
    """Read the lock. Raises `SpecFileError`."""
    top = Fields(document, label, "the lock file")
    version = top.text("lockVersion")
    if not f"{version}.".startswith("1.0."):
        raise top.error(f"mambajs lock version {version} is not known, only 1.0", "lockVersion")
    platform = top.text("platform")
    channels = _channels(top)
    packages = [
        _package(Fields(node, label, f"the package {fn}"), fn, platform, channels)
        for fn, node in _entries(top, "packages")
    ]
    requirements = [
        _requirement(Fields(node, label, f"the package {fn}"))
        for fn, node in _entries(top, "pipPackages")
    ]
    return Lock(
        "mambajs",
        label,
        (platform,),
        (MAIN,),
        tuple(packages),
        tuple(requirements),
        tuple(channels.values()),
        ordered=True,
    )


def _channels(top: Fields) -> dict[str, str]:
    """Channel name -> URL. The file has two lists of them, which must agree."""
    names, info = top.texts("channels"), top.mapping("channelInfo")
    if set(names) != set(info.node.entries):
        raise top.error("'channels' and 'channelInfo' name different channels", "channelInfo")
    found = {}
    for name in names:
        urls = [Fields(node, top.label, "a channel").text("url") for node in info.items(name)]
        if not urls:
            raise info.error(f"the channel {name} has no URL", name)
        found[name] = urls[0].rstrip("/")
    return found


def _entries(top: Fields, key: str) -> list[tuple[str, Node]]:
    return list(top.mapping(key).node.entries.items()) if top.node.get(key) else []


def _package(entry: Fields, fn: str, platform: str, channels: dict[str, str]) -> LockedPackage:
    channel = entry.text("channel")
    base = channels.get(channel, channel if "://" in channel else "")
    if not base:
        raise entry.error(f"{entry.what}: the channel {channel!r} is not listed", "channel")
    hashes = entry.mapping("hash")
    md5, sha256 = hashes.digest("md5"), hashes.digest("sha256")
    if not (md5 or sha256):
        raise hashes.error(f"{entry.what} has neither an md5 nor a sha256")
    try:
        record = RepodataRecord.from_url(
            f"{base}/{entry.text('subdir')}/{fn}", md5=md5, sha256=sha256
        )
    except InvalidRecord as error:
        raise entry.error(f"{entry.what}: {error.message}") from None
    said = entry.text("name"), entry.text("version")
    if said != (record.name, record.version):
        raise entry.error(f"{entry.what} says that it is {said[0]} {said[1]}")
    return LockedPackage(platform, MAIN, record)


def _requirement(entry: Fields) -> LockedRequirement:
    # These packages are for any platform.
    url, hashes = entry.text("url"), entry.mapping("hash")
    return locked_requirement(entry, url, hashes, platform="", group=MAIN)
