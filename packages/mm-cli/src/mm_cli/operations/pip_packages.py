"""Packages that pip or uv put into an environment, read from their metadata."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mm_pkg.record import PrefixRecord

__all__ = ["pip_folders", "pip_packages", "pip_requirements"]


def pip_packages(prefix: Path, installed: Mapping[str, PrefixRecord]) -> list[PrefixRecord]:
    """Every ``*.dist-info`` below site-packages that no conda package owns.

    They are shown as records of the channel ``pypi``, as micromamba does. No
    program of the environment is run.
    """
    return [record for record, _ in _found(prefix, installed)]


def pip_requirements(prefix: Path, installed: Mapping[str, PrefixRecord]) -> list[str]:
    """What to tell pip in order to get the same packages again, sorted by name.

    Of a package that came from an index that is ``name==version``, of others where they
    came from: ``name @ URL``.
    """
    found = sorted(_found(prefix, installed), key=lambda pair: pair[0].name)
    return [
        _direct(record, metadata.parent) or f"{record.name}=={record.version}"
        for record, metadata in found
    ]


def pip_folders(
    prefix: Path, installed: Mapping[str, PrefixRecord]
) -> Iterator[tuple[PrefixRecord, Path]]:
    """Each of `pip_packages`, with its ``*.dist-info`` folder."""
    return ((record, metadata.parent) for record, metadata in _found(prefix, installed))


def _found(
    prefix: Path, installed: Mapping[str, PrefixRecord]
) -> Iterator[tuple[PrefixRecord, Path]]:
    """The packages, each with its METADATA file."""
    from mm_pkg.record import PrefixRecord

    owned = {
        path.split("/")[-2]
        for record in installed.values()
        for path in record.files
        if path.endswith(".dist-info/METADATA")
    }
    for folder in _site_packages(prefix):
        for metadata in sorted(folder.glob("*.dist-info/METADATA")):
            if metadata.parent.name in owned:
                continue
            name, version = _identity(metadata)
            if name:
                record = PrefixRecord(
                    name=name, version=version, build="pypi_0", build_number=0,
                    channel="pypi", subdir=_platform(),
                )  # fmt: skip
                yield record, metadata


def _platform() -> str:
    """The platform as pip says it, such as ``linux-x86_64``."""
    machine = os.uname().machine if hasattr(os, "uname") else "AMD64"
    return f"{sys.platform}-{machine}"


def _site_packages(prefix: Path) -> list[Path]:
    """Each folder once: ``lib/python3.1`` may be a link to ``lib/python3.11``."""
    folders = (*sorted(prefix.glob("lib/python3*/site-packages")), prefix / "Lib" / "site-packages")
    return list({os.path.realpath(folder): folder for folder in folders}.values())


def _identity(metadata: Path) -> tuple[str, str]:
    """Name (normalised) and version out of a METADATA file's header."""
    from email.parser import HeaderParser

    try:
        header = HeaderParser().parsestr(metadata.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return "", ""
    name = str(header.get("Name", "")).lower().replace("_", "-").replace(".", "-")
    return name, str(header.get("Version", ""))


def _direct(record: PrefixRecord, folder: Path) -> str:
    """The requirement of a package that did not come from an index (PEP 610); "" of others."""
    import msgspec

    try:
        data = msgspec.json.decode((folder / "direct_url.json").read_bytes())
    except (OSError, msgspec.DecodeError):
        return ""
    url = data.get("url") if isinstance(data, dict) else None
    if not isinstance(url, str) or not url:
        return ""
    repository = data.get("vcs_info")
    if isinstance(repository, dict) and repository.get("vcs"):
        commit = repository.get("commit_id") or repository.get("requested_revision") or ""
        url = f"{repository['vcs']}+{url}{'@' if commit else ''}{commit}"
    elif isinstance(data.get("dir_info"), dict) and data["dir_info"].get("editable"):
        return f"-e {url.removeprefix('file://')}"
    elif isinstance(archive := data.get("archive_info"), dict):
        digest = (archive.get("hashes") or {}).get("sha256")
        url += f"#sha256={digest}" if digest else ""
    inside = data.get("subdirectory")
    if inside:
        url += f"{'&' if '#' in url else '#'}subdirectory={inside}"
    return f"{record.name} @ {url}"
