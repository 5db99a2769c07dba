"""Which installed packages a change may leave without anybody who needs them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from .order import dependency_name

if TYPE_CHECKING:
    from mm_pkg.record import PackageRecord

    from .match_spec import MatchSpec
    from .request import Request

__all__ = ["possible_orphans"]


def possible_orphans(request: Request, installed: Mapping[str, PackageRecord]) -> frozenset[str]:
    """Installed names that are only there as dependencies of what is touched.

    They go if nothing needs them afterwards. None without ``prune``, none that
    the request names or keeps, and none that only a circle of its own leads to.
    """
    touching = (*request.update, *request.remove)
    if not request.prune or not (touching or request.update_all):
        return frozenset()
    kept = _about((*request.keep, *request.update, *request.install), installed)
    if not request.update_all:
        touched = _about(touching, installed)
        # What needs a removed package goes as well, and leaves orphans of its own.
        touched |= _needing(_about(request.remove, installed), installed)
        return frozenset(_needed(touched, installed) - kept)
    # Who is needed by nobody, was asked for: there may be no history to say so.
    needed = {name for other in installed for name in _direct(other, installed) if name != other}
    return frozenset(_needed(kept | (set(installed) - needed), installed) - kept)


def _about(specs: Iterable[MatchSpec], installed: Mapping[str, PackageRecord]) -> set[str]:
    specs = tuple(specs)
    return {name for name in installed if any(spec.name_matches(name) for spec in specs)}


def _needed(roots: Iterable[str], installed: Mapping[str, PackageRecord]) -> set[str]:
    """The installed names that *roots* need, directly or not."""
    reached: set[str] = set()
    todo = list(roots)
    while todo:
        fresh = [name for name in _direct(todo.pop(), installed) if name not in reached]
        reached.update(fresh)
        todo += fresh
    return reached


def _needing(names: set[str], installed: Mapping[str, PackageRecord]) -> set[str]:
    """The installed names that need one of *names*, directly or not."""
    needed_by: dict[str, list[str]] = {}
    for other in installed if names else ():
        for name in _direct(other, installed):
            needed_by.setdefault(name, []).append(other)
    reached: set[str] = set()
    todo = list(names)
    while todo:
        fresh = [name for name in needed_by.get(todo.pop(), ()) if name not in reached]
        reached.update(fresh)
        todo += fresh
    return reached


def _direct(name: str, installed: Mapping[str, PackageRecord]) -> list[str]:
    names = map(dependency_name, installed[name].depends)
    return [name for name in names if name in installed]
