"""The full record of an extracted package: what ``info/repodata_record.json`` holds.

The channel's word comes first (it may have corrected what the package says of
itself), the package's own ``index.json`` fills the gaps.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mm_pkg.record import RepodataRecord

from .checksums import file_hashes

__all__ = ["complete", "with_archive_facts"]

_KNOWN_FROM_URL = ("name", "version", "build", "fn", "url", "channel", "subdir", "md5", "sha256")
_ALWAYS = ("depends", "constrains")


def complete(record: RepodataRecord, package: Mapping[str, Any]) -> dict[str, Any]:
    """*record* as JSON values, completed by *package*, the content of ``index.json``.

    Of a stub only what a URL tells is taken.
    """
    data = record.to_dict()
    if record.stub:
        data = {key: data[key] for key in _KNOWN_FROM_URL if key in data}
    for key, value in package.items():
        if value is not None and data.get(key) is None:
            data[key] = value
    for key in _ALWAYS:
        data.setdefault(key, [])
    if not data.get("track_features"):
        data.pop("track_features", None)
    return data


def with_archive_facts(data: dict[str, Any], archive: Path) -> dict[str, Any]:
    """*data* with size, md5 and sha256, read from *archive* where missing."""
    unknown = [name for name in ("md5", "sha256") if not data.get(name)]
    facts: dict[str, Any] = dict(file_hashes(archive, unknown)) if unknown else {}
    if not data.get("size"):
        facts["size"] = archive.stat().st_size
    return {**data, **facts}
