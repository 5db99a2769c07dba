"""Small extracted packages, made on the spot, and pictures of environments."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import stat
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mm_pkg.record import PathEntry, PathsData, PrefixRecord, RepodataRecord

PLACEHOLDER = "/build/" + "placehold_" * 18 + "env"
PYTHON_VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}.0"


@dataclasses.dataclass(frozen=True)
class Extracted:
    """What a package cache gives: an extracted package and what is known of it."""

    path: Path
    record: RepodataRecord
    archive: Path | None = None

    def paths(self) -> tuple[PathEntry, ...]:
        content = (self.path / "info" / "paths.json").read_bytes()
        return msgspec.json.decode(content, type=PathsData).paths

    def installed(self, prefix: Path) -> PrefixRecord:
        from mm_pkg.prefix.conda_meta import read_record

        return read_record(prefix / "conda-meta" / f"{self.record.dist}.json")


@dataclasses.dataclass(frozen=True)
class File:
    """Content with what ``paths.json`` says about it."""

    content: bytes = b""
    mode: int = 0o644
    placeholder: str | None = None
    binary: bool = False
    no_link: bool = False


@dataclasses.dataclass(frozen=True)
class SoftLink:
    text: str


class PackageMaker:
    """Writes extracted packages into a cache directory."""

    def __init__(self, pkgs: Path) -> None:
        self.pkgs = pkgs

    def __call__(
        self,
        name: str,
        files: dict[str, bytes | File | SoftLink | None] | None = None,
        *,
        version: str = "1.0",
        build: str = "0",
        noarch: str | None = None,
        entry_points: list[str] | None = None,
        listed: list[dict[str, Any]] | None = None,
        **fields: Any,
    ) -> Extracted:
        """*files*: path -> content; None for an empty directory."""
        folder = self.pkgs / f"{name}-{version}-{build}"
        paths = [self._write(folder, path, file) for path, file in (files or {}).items()]
        info = folder / "info"
        info.mkdir(parents=True)
        paths = [*paths, *(listed or [])]
        (info / "paths.json").write_text(json.dumps({"paths_version": 1, "paths": paths}))
        if entry_points is not None:
            link = {"noarch": {"type": "python", "entry_points": entry_points}}
            (info / "link.json").write_text(json.dumps(link))
        subdir = "noarch" if noarch else "linux-64"
        fn = f"{name}-{version}-{build}.conda"
        known = {
            "name": name,
            "version": version,
            "build": build,
            "build_number": 0,
            "noarch": noarch,
            "subdir": subdir,
            "fn": fn,
            "url": f"https://host/chan/{subdir}/{fn}",
            "channel": "https://host/chan",
            "sha256": hashlib.sha256(fn.encode()).hexdigest(),
            **fields,
        }
        return Extracted(folder, RepodataRecord.from_dict(known))

    def python(self, version: str = PYTHON_VERSION, **fields: Any) -> Extracted:
        """A package that runs the Python of this test."""
        minor = ".".join(version.split(".")[:2])
        script = f'#!/bin/sh\nexec "{sys.executable}" "$@"\n'.encode()
        files: dict[str, bytes | File | SoftLink | None] = {
            f"bin/python{minor}": File(script, 0o755),
            "bin/python": SoftLink(f"python{minor}"),
            f"lib/python{minor}/os.py": b"# os\n",
        }
        return self("python", files, version=version, **fields)

    def _write(
        self, folder: Path, path: str, file: bytes | File | SoftLink | None
    ) -> dict[str, Any]:
        target = folder / path
        if file is None:
            target.mkdir(parents=True)
            return {"_path": path, "path_type": "directory"}
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(file, SoftLink):
            target.symlink_to(file.text)
            return {"_path": path, "path_type": "softlink"}
        if isinstance(file, bytes):
            file = File(file)
        target.write_bytes(file.content)
        target.chmod(file.mode)
        os.utime(target, (1_700_000_000, 1_700_000_000))
        entry: dict[str, Any] = {
            "_path": path,
            "path_type": "hardlink",
            "sha256": hashlib.sha256(file.content).hexdigest(),
            "size_in_bytes": len(file.content),
        }
        if file.placeholder is not None:
            entry["prefix_placeholder"] = file.placeholder
            entry["file_mode"] = "binary" if file.binary else "text"
        if file.no_link:
            entry["no_link"] = True
        return entry


@pytest.fixture
def make(tmp_path: Path) -> PackageMaker:
    pkgs = tmp_path / "pkgs"
    pkgs.mkdir()
    return PackageMaker(pkgs)


@pytest.fixture
def file() -> type[File]:
    return File


@pytest.fixture
def soft() -> type[SoftLink]:
    return SoftLink


@pytest.fixture
def placeholder() -> str:
    return PLACEHOLDER


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    return tmp_path / "envs" / "test"


def picture(root: Path) -> dict[str, tuple[object, ...]] | None:
    """Everything below *root*, with content, modes and link texts; None if it is not there."""
    if not root.exists():
        return None
    seen: dict[str, tuple[object, ...]] = {}
    for path in sorted(root.rglob("*")):
        status = path.lstat()
        name = str(path.relative_to(root))
        if path.is_symlink():
            seen[name] = ("link", str(path.readlink()))
        elif path.is_dir():
            seen[name] = ("directory", stat.S_IMODE(status.st_mode))
        else:
            seen[name] = ("file", stat.S_IMODE(status.st_mode), path.read_bytes())
    return seen


@pytest.fixture(name="picture")
def picture_fixture() -> Any:
    return picture
