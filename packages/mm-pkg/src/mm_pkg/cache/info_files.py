"""What an extracted package lists: its files, from ``info/``.

`read_paths` reads ``info/paths.json`` with the defaults of CEP 34, or, in
packages older than that, ``files``, ``has_prefix``, ``no_link`` and
``no_softlink``.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from mm_pkg.errors import InvalidPackage
from mm_pkg.record import PathEntry, PathsData

__all__ = ["RECORD", "read_index", "read_info_file", "read_paths", "stored_record"]

RECORD = "repodata_record.json"
"""The file in ``info/`` that package managers write when they extract a package."""

_PATHS = msgspec.json.Decoder(PathsData)
_FILE_MODES = ("text", "binary")


def read_info_file(folder: Path, name: str) -> bytes | None:
    """The file ``info/<name>`` of the package extracted at *folder*; None when missing.

    A symbolic link in its place counts as missing: a package's metadata is in
    the package. Raises OSError when there is a file that cannot be read.
    """
    try:
        fd = os.open(folder / "info" / name, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        if (folder / "info" / name).is_symlink():
            return None
        raise
    with open(fd, "rb") as file:
        return file.read()


def read_index(folder: Path) -> dict[str, Any]:
    """The content of ``info/index.json``. Raises `InvalidPackage`."""
    content = read_info_file(folder, "index.json")
    if content is None:
        raise InvalidPackage(f"{folder} is not a package: it has no info/index.json")
    try:
        return msgspec.json.decode(content, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise InvalidPackage(f"{folder}/info/index.json is not usable: {error}") from None


def stored_record(folder: Path) -> dict[str, Any] | None:
    """The content of ``info/repodata_record.json``; None when missing or unreadable."""
    try:
        content = read_info_file(folder, RECORD)
        return None if content is None else msgspec.json.decode(content, type=dict[str, Any])
    except (OSError, msgspec.MsgspecError):
        return None


def read_paths(folder: Path) -> tuple[PathEntry, ...]:
    """The files of the package extracted at *folder*, defaults filled in.

    Raises `InvalidPackage` when they cannot be read, or lead out of the package.
    """
    try:
        content = read_info_file(folder, "paths.json")
        entries = _listed(folder) if content is None else _decoded(content)
    except (msgspec.MsgspecError, InvalidPackage, UnicodeDecodeError, OSError) as error:
        raise InvalidPackage(f"The list of files of {folder} is not usable: {error}") from None
    for entry in entries:
        if _leads_out(entry.path):
            raise InvalidPackage(f"{folder} lists a file outside itself: {entry.path!r}")
    return entries


def _leads_out(path: str) -> bool:
    """
    >>> _leads_out("lib/a..b"), _leads_out("lib/../../a"), _leads_out("/etc/a"), _leads_out("")
    (False, True, True, True)
    """
    if not path or path[0] in "/\\" or path[1:2] == ":" or "\0" in path:
        return True
    return ".." in path and ".." in path.replace("\\", "/").split("/")


# -- paths.json


def _decoded(content: bytes) -> tuple[PathEntry, ...]:
    try:
        data = _PATHS.decode(content)
    except msgspec.ValidationError:
        data = _leniently_decoded(content)
    if data.paths_version != 1:
        raise InvalidPackage(f"its version {data.paths_version} is not known")
    return tuple(_completed(entry) if entry.prefix_placeholder else entry for entry in data.paths)


def _leniently_decoded(content: bytes) -> PathsData:
    """Read ``null`` as "not there", which some writers mean by it."""
    data = msgspec.json.decode(content, type=dict[str, Any])
    paths = [
        {key: value for key, value in entry.items() if value is not None}
        for entry in data.get("paths") or ()
        if isinstance(entry, dict)
    ]
    return msgspec.convert({**data, "paths": paths}, PathsData)


def _completed(entry: PathEntry) -> PathEntry:
    if entry.file_mode in _FILE_MODES:
        return entry
    return msgspec.structs.replace(entry, file_mode="text")


# -- the files before paths.json


def _listed(folder: Path) -> tuple[PathEntry, ...]:
    files = _lines(folder, "files")
    placeholders = dict(_has_prefix(folder, frozenset(files)))
    no_link = {*_lines(folder, "no_link"), *_lines(folder, "no_softlink")}
    entries = []
    for path in files:
        if path.startswith("info/"):
            continue
        placeholder, mode = placeholders.get(path, (None, None))
        entries.append(
            PathEntry(
                path=path,
                path_type=_path_type(folder / path),
                no_link=path in no_link,
                prefix_placeholder=placeholder,
                file_mode=mode,
            )
        )
    return tuple(entries)


def _lines(folder: Path, name: str) -> list[str]:
    content = (read_info_file(folder, name) or b"").decode("utf-8")
    return [line.strip() for line in content.splitlines() if line.strip()]


def _path_type(path: Path) -> str:
    try:
        mode = path.lstat().st_mode
    except OSError:
        return "hardlink"
    if stat.S_ISLNK(mode):
        return "softlink"
    return "directory" if stat.S_ISDIR(mode) else "hardlink"


def _has_prefix(folder: Path, files: frozenset[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    """A line is a path, or a placeholder, a mode and a path. Paths may hold spaces."""
    from mm_pkg.link.placeholder import DEFAULT_PLACEHOLDER

    for line in _lines(folder, "has_prefix"):
        placeholder, mode, path = DEFAULT_PLACEHOLDER, "text", line
        if line not in files:
            fields = _fields(line)
            if len(fields) == 3 and fields[1] in _FILE_MODES:
                placeholder, mode, path = fields
            elif len(fields) == 1:
                path = fields[0]
            else:
                raise InvalidPackage(f"has_prefix holds the line {line!r}")
        yield path, (placeholder, mode)


def _fields(line: str) -> list[str]:
    """Split at spaces, at most in three; each part may be quoted.

    >>> _fields('"/old prefix" text "a b"')
    ['/old prefix', 'text', 'a b']
    """
    fields: list[str] = []
    rest = line
    while rest and len(fields) < 2:
        if rest[0] in "\"'" and (end := rest.find(rest[0], 1)) > 0:
            fields.append(rest[1:end])
            rest = rest[end + 1 :].lstrip()
        else:
            field, _, rest = rest.partition(" ")
            fields.append(field)
            rest = rest.lstrip()
    if rest:
        fields.append(rest.strip("\"'"))
    return fields
