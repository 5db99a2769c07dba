"""Which paths leave an environment with a package."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import msgspec

from mm_pkg.errors import UnsafePath
from mm_pkg.link.destination import checked_destination
from mm_pkg.link.noarch_python import PythonLayout
from mm_pkg.prefix.conda_meta import installed_files
from mm_pkg.record import PrefixRecord
from mm_pkg.transaction.tree import Tree, with_parents

__all__ = ["Unlinking", "plan_unlinking"]


class Unlinking(msgspec.Struct):
    """What to take out, in order, and which directories may become empty."""

    moves: dict[str, None] = msgspec.field(default_factory=dict)
    prunes: set[str] = msgspec.field(default_factory=set)
    warnings: list[str] = msgspec.field(default_factory=list)


def plan_unlinking(
    records: Iterable[PrefixRecord],
    tree: Tree,
    kept: Collection[str],
    python: PythonLayout | None,
) -> Unlinking:
    """Find the files of *records* that are on disk.

    *kept* are paths that packages which stay list as theirs too. *python* finds
    the files of old ``noarch: python`` records, which list them as packaged.
    """
    result = Unlinking()
    sources: dict[str, set[str]] = {}
    for record in records:
        noarch = python if record.noarch_kind == "python" else None
        for entry in installed_files(record):
            try:
                path = checked_destination(entry.path, record.dist)
            except UnsafePath as error:
                result.warnings.append(f"left alone: {error.message}")
                continue
            found = _real_path(path, tree) or (
                _real_path(noarch.destination(path), tree) if noarch is not None else None
            )
            if found is None or found in kept:
                continue
            folder, _, name = found.rpartition("/")
            if tree.kind(found) == "directory":
                result.prunes.add(found)
                continue
            result.moves[found] = None
            result.prunes.add(folder)
            if name.endswith(".py"):
                sources.setdefault(folder, set()).add(name[:-3])
    _add_bytecode(sources, tree, result, kept)
    with_parents(result.prunes)
    return result


def _real_path(path: str, tree: Tree) -> str | None:
    """*path* without soft links on the way, if it is there and inside."""
    folder, _, name = path.rpartition("/")
    real = tree.real(folder)
    if real is None or name not in tree.listing(real):
        return None
    return f"{real}/{name}" if real else name


def _add_bytecode(
    sources: dict[str, set[str]], tree: Tree, result: Unlinking, kept: Collection[str]
) -> None:
    """What interpreters have compiled since from sources that leave."""
    for folder, stems in sources.items():
        cache = f"{folder}/__pycache__" if folder else "__pycache__"
        if tree.kind(cache) != "directory":
            continue
        for name in tree.listing(cache):
            path = f"{cache}/{name}"
            if name.endswith(".pyc") and _module(name) in stems and path not in kept:
                result.moves[path] = None
                result.prunes.add(cache)


def _module(name: str) -> str:
    """The module that a bytecode file is of: ``x.cpython-311.opt-1.pyc`` -> ``x``."""
    stem = name[: -len(".pyc")]
    if ".opt-" in stem:
        stem = stem.rpartition(".opt-")[0]
    return stem.rpartition(".")[0]
