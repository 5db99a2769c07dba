"""What of a package goes where, and how: decided before anything is touched."""

# Text paths and os functions: thousands of files go through here.

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Mapping
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple

import msgspec

from mm_pkg.errors import IncompletePackage, MissingPython, UnsafePath
from mm_pkg.link.destination import checked_destination
from mm_pkg.link.entry_points import EntryPoint, read_entry_points
from mm_pkg.link.noarch_python import SITE_PACKAGES, PythonLayout
from mm_pkg.record import PathEntry, RepodataRecord

__all__ = ["FileAction", "PackageLayout", "PlannedFile", "package_layout"]

CLOBBERS = "__clobbers__"
"""Where the files are that lost their path to another package, as rattler does it."""


class FileAction(IntEnum):
    """How one path comes into being."""

    LINK = 1
    COPY = 2
    TEXT = 3
    BINARY = 4
    SOFTLINK = 5
    DIRECTORY = 6
    ENTRY_POINT = 7


class PlannedFile(NamedTuple):
    """One path of a package in the environment.

    entry       -- as the package lists it; its ``path`` is the packaged one
    destination -- relative to the environment
    source      -- absolute path in the extracted package, or a soft link's text
    mtime, size -- of the source, in seconds and bytes
    """

    entry: PathEntry
    destination: str
    action: FileAction
    source: str
    mtime: int = 0
    size: int = 0
    original: str | None = None


class PackageLayout(msgspec.Struct):
    """All paths of one package; ``python`` is set for ``noarch: python``."""

    record: RepodataRecord
    path: Path
    archive: Path | None
    requested_specs: tuple[str, ...]
    files: list[PlannedFile]
    entry_points: Mapping[str, EntryPoint] = msgspec.field(default_factory=dict)
    python: PythonLayout | None = None

    @property
    def dist(self) -> str:
        """``name-version-build``."""
        return self.record.dist


def package_layout(
    record: RepodataRecord,
    path: Path,
    archive: Path | None,
    entries: tuple[PathEntry, ...],
    python: PythonLayout | None,
    requested_specs: tuple[str, ...] = (),
) -> PackageLayout:
    """Work out where the files of an extracted package go.

    *python* is the Python that the environment will have. Looks at every
    source file: raises `IncompletePackage` when one is missing or of a wrong
    kind, `UnsafePath`, `InvalidEntryPoint`, and `MissingPython`.
    """
    _check_name(record)
    kind = record.noarch_kind
    if kind not in (None, "generic", "python"):
        raise IncompletePackage(
            f"{record.dist} is of the unknown kind noarch: {kind}",
            hint="A newer version of this program may know it.",
        )
    layout = PackageLayout(record, path, archive, requested_specs, [])
    if kind == "python":
        if python is None:
            raise MissingPython(
                f"{record.dist} needs python, and the environment will have none",
                hint="Add python to the request.",
            )
        layout.python = python
    folder, dist, add = str(path), record.dist, layout.files.append
    for entry in entries:
        destination = entry.path
        if layout.python is not None:
            destination = layout.python.destination(destination)
        destination = checked_destination(destination, dist)
        add(_planned(entry, destination, f"{folder}/{checked_destination(entry.path, dist)}", dist))
    if layout.python is not None:
        _add_entry_points(layout, layout.python)
    return layout


def _check_name(record: RepodataRecord) -> None:
    """Name, version and build make the name of a file in ``conda-meta``."""
    dist = record.dist
    if not dist.isprintable() or any(c in dist for c in "/\\:") or dist.startswith("."):
        raise UnsafePath(
            f"{dist!r} cannot be the name of a package",
            package=dist,
            hint="The package or its channel is broken or hostile; nothing was changed.",
        )


def _planned(entry: PathEntry, destination: str, source: str, dist: str) -> PlannedFile:
    try:
        status = os.lstat(source)
    except OSError:
        if entry.path_type == "directory":
            return PlannedFile(entry, destination, FileAction.DIRECTORY, source)
        raise _incomplete(dist, entry, "is missing") from None
    mode = status.st_mode
    if stat.S_ISLNK(mode):
        if entry.prefix_placeholder is not None:
            raise _incomplete(dist, entry, "is a soft link with a prefix placeholder")
        return PlannedFile(entry, destination, FileAction.SOFTLINK, os.readlink(source))
    if stat.S_ISDIR(mode):
        if entry.path_type != "directory":
            raise _incomplete(dist, entry, "is a directory")
        return PlannedFile(entry, destination, FileAction.DIRECTORY, source)
    if not stat.S_ISREG(mode):
        raise _incomplete(dist, entry, "is not a regular file")
    if entry.prefix_placeholder is not None:
        action = FileAction.BINARY if entry.file_mode == "binary" else FileAction.TEXT
    else:
        action = FileAction.COPY if entry.no_link else FileAction.LINK
    return PlannedFile(entry, destination, action, source, int(status.st_mtime), status.st_size)


def _incomplete(dist: str, entry: PathEntry, what: str) -> IncompletePackage:
    return IncompletePackage(
        f"{dist} in the package cache is damaged: {entry.path} {what}",
        hint="Remove the package from the cache (clean --packages) and try again.",
    )


def _add_entry_points(layout: PackageLayout, python: PythonLayout) -> None:
    points: dict[str, EntryPoint] = {}
    for point in read_entry_points(layout.path, layout.dist):
        name = f"{point.command}-script.py" if python.windows else point.command
        destination = checked_destination(f"{python.scripts}/{name}", layout.dist)
        if destination in points:
            continue
        points[destination] = point
        path_type = (
            "windows_python_entry_point_script" if python.windows else "unix_python_entry_point"
        )
        entry = PathEntry(path=destination, path_type=path_type)
        layout.files.append(PlannedFile(entry, destination, FileAction.ENTRY_POINT, ""))
    layout.entry_points = points


def byte_compiled(layout: PackageLayout) -> list[PlannedFile]:
    """The sources of a ``noarch: python`` package that are to have bytecode."""
    return [
        file
        for file in layout.files
        if file.entry.path.endswith(".py")
        and file.entry.path.startswith(SITE_PACKAGES)
        and file.action in (FileAction.LINK, FileAction.COPY, FileAction.TEXT)
        and file.original is None
        and "\t" not in file.source
        and "\n" not in file.source
    ]


def link_target(file: PlannedFile) -> str | None:
    """Where a soft link leads, relative to the environment; None when out of it.

    >>> entry = PathEntry(path="lib/libz.so", path_type="softlink")
    >>> link_target(PlannedFile(entry, "lib/libz.so", FileAction.SOFTLINK, "libz.so.1"))
    'lib/libz.so.1'
    """
    if file.source.startswith("/"):
        return None
    folder = posixpath.dirname(file.destination)
    target = posixpath.normpath(posixpath.join(folder, file.source))
    return None if target == ".." or target.startswith("../") else target
