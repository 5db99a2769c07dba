"""Packages that pip or uv put into an environment, read from their metadata."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mm_pkg.record import PrefixRecord

__all__ = ["pip_packages"]


def pip_packages(prefix: Path, installed: Mapping[str, PrefixRecord]) -> list[PrefixRecord]:
    """Every ``*.dist-info`` below site-packages that no conda package owns.

    They are shown as records of the channel ``pypi``, as micromamba does. No
    program of the environment is run.
    """
    from mm_pkg.record import PrefixRecord

    owned = {
        path.split("/")[-2]
        for record in installed.values()
        for path in record.files
        if path.endswith(".dist-info/METADATA")
    }
    found = []
    for folder in (*prefix.glob("lib/python3*/site-packages"), prefix / "Lib" / "site-packages"):
        for metadata in folder.glob("*.dist-info/METADATA"):
            if metadata.parent.name in owned:
                continue
            name, version = _identity(metadata)
            if name:
                record = PrefixRecord(
                    name=name, version=version, build="pypi_0", build_number=0,
                    channel="pypi", subdir="pypi",
                )  # fmt: skip
                found.append(record)
    return found


def _identity(metadata: Path) -> tuple[str, str]:
    """Name (normalised) and version out of a METADATA file's header."""
    from email.parser import HeaderParser

    try:
        header = HeaderParser().parsestr(metadata.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return "", ""
    name = str(header.get("Name", "")).lower().replace("_", "-").replace(".", "-")
    return name, str(header.get("Version", ""))
