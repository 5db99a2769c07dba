"""Taking along what no package has, from an environment into its copy.

Files of pip, of programs and of people name the environment's path here and
there: in text the new path is written; a compiled file that names the old one
is taken as it is, and told of.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import re
import shutil
import stat
import sys
from pathlib import Path

import msgspec

from mm_pkg.cancellation import Cancellation
from mm_pkg.link.placeholder import SHEBANG_LIMIT, replace_shebang
from mm_pkg.prefix.conda_meta import installed_files, read_record, record_paths
from mm_pkg.transaction.system_errors import plain_errors
from mm_pkg.transaction.unowned import unowned_files

__all__ = ["Carried", "carry_unowned"]

_TRACES = (".mm-journal", ".mm-journal-done", ".mm-lock")
_BYTECODE = "/__pycache__/"


class Carried(msgspec.Struct, frozen=True):
    """What was taken along.

    files -- paths, relative to the environments
    stale -- those of them that still name the old environment
    """

    files: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()


def carry_unowned(source: Path, target: Path, cancellation: Cancellation | None = None) -> Carried:
    """Give *target*, which has the packages of *source*, the rest of it as well.

    That is every file no package owns, packaged files that were edited since they were
    installed, and of ``conda-meta`` all but the records: history, pins, variables,
    markers. *source* stays as it is; unchanged files are
    hard links to its own where that is possible. Bytecode in ``__pycache__`` is left
    out: Python makes it anew. Raises `LinkFailed`, `NotEnoughSpace`,
    `PrefixNotWritable` and `Cancelled`.
    """
    files: list[str] = []
    stale: list[str] = []
    old, new = os.fsencode(source), os.fsencode(target)
    with plain_errors(target, "taking along what no package owns failed"):
        edited = _edited(source)
        for path in (*_settings(source), *edited, *unowned_files(source)):
            if cancellation is not None:
                cancellation.check()
            gives_way = path.startswith("conda-meta/") or path in edited
            if _BYTECODE in f"/{path}" or (os.path.lexists(target / path) and not gives_way):
                continue
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            if not _carry(source / path, target / path, old, new):
                stale.append(path)
            files.append(path)
    return Carried(tuple(files), tuple(stale))


def _settings(source: Path) -> list[str]:
    """The files of ``conda-meta`` that are no records and no traces of a transaction."""
    return [
        f"conda-meta/{name}"
        for name in sorted(os.listdir(source / "conda-meta"))
        if not name.endswith((".json", ".tmp")) and name not in _TRACES
    ]


def _edited(source: Path) -> dict[str, None]:
    """Packaged files that somebody wrote to since they were installed, in order.

    Their time says so, and their content: a package's files are older than its record.
    """
    found: dict[str, None] = {}
    for path in record_paths(source / "conda-meta"):
        installed = path.stat().st_mtime
        for entry in installed_files(read_record(path)):
            if entry.sha256_in_prefix is None or entry.path_type == "pyc_file":
                continue
            try:
                status = os.lstat(source / entry.path)
            except (FileNotFoundError, NotADirectoryError):
                continue
            if (
                status.st_mtime > installed
                and stat.S_ISREG(status.st_mode)
                and _sha256(source / entry.path) != entry.sha256_in_prefix
            ):
                found[entry.path] = None
    return found


def _sha256(path: Path) -> str:
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _carry(source: Path, target: Path, old: bytes, new: bytes) -> bool:
    """Copy or link one file; False when it still names the old environment."""
    if source.is_symlink():
        text = os.readlink(source)
        os.symlink(os.fsdecode(_renamed(os.fsencode(text), old, new)), target)
        return True
    if not source.is_file():
        return True  # a socket or a pipe: whoever uses it makes it anew
    kind = _kind(source, old)
    if kind == "text":
        limit = SHEBANG_LIMIT.get(sys.platform, SHEBANG_LIMIT["linux"])
        _write(target, _rewritten(source.read_bytes(), old, new, limit), source)
        return True
    _link_or_copy(source, target)
    return kind != "binary"


def _kind(path: Path, prefix: bytes) -> str:
    """ "text" or "binary" for a file that names *prefix*, else ""."""
    with open(path, "rb") as stream:
        if os.fstat(stream.fileno()).st_size == 0:
            return ""
        # data sets are larger than memory; what is looked for is usually not there
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
            if _mentions(prefix).search(content) is None:
                return ""
            return "binary" if content.find(b"\0") >= 0 else "text"


def _mentions(prefix: bytes) -> re.Pattern[bytes]:
    """Finds *prefix*, but not a longer path that begins with it: ``/envs/py`` in ``/envs/py2``."""
    return re.compile(re.escape(prefix) + rb"(?![\w.-])")


def _renamed(content: bytes, old: bytes, new: bytes) -> bytes:
    return _mentions(old).sub(lambda _: new, content)


def _rewritten(content: bytes, old: bytes, new: bytes, limit: int) -> bytes:
    first, newline, rest = content.partition(b"\n")
    if content.startswith(b"#!") and _mentions(old).search(first):
        first = replace_shebang(first, old, new, limit)
    else:
        first = _renamed(first, old, new)
    return first + newline + _renamed(rest, old, new)


def _write(target: Path, content: bytes, like: Path) -> None:
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    temporary.write_bytes(content)
    shutil.copystat(like, temporary)
    temporary.replace(target)


def _link_or_copy(source: Path, target: Path) -> None:
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        os.link(source, temporary)
    except OSError:
        shutil.copy2(source, temporary)
    temporary.replace(target)
