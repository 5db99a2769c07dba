"""From a request and a prefix to facts and wishes.

The facts are demands: they hold or the request fails. The wishes are installed
packages to be kept where the demands allow it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from .candidates import INSTALLED, Entry
from .clause import Clause
from .domain import ABSENT
from .match_spec import MatchSpec
from .problem import Fact
from .universe import Universe

if TYPE_CHECKING:
    from mm_pkg.record import PackageRecord

    from .request import Request

__all__ = ["Jobs", "jobs_for", "reinstalled_names", "updated_names"]


class Jobs(msgspec.Struct, frozen=True):
    """What the search gets.

    roots  -- the demands, sorted by kind and name
    wishes -- installed names to decide before dependencies, in order
    choices -- demands that any of several names can meet
    stays  -- installed names that are not to go; given up one by one, from the
        last, where the demands leave no other way
    """

    roots: tuple[Fact, ...]
    wishes: tuple[int, ...]
    choices: tuple[Clause, ...] = ()
    stays: tuple[Fact, ...] = ()


def updated_names(
    request: Request, installed: Mapping[str, PackageRecord]
) -> frozenset[str] | None:
    """Names whose installed record gets no preference; None means every name."""
    if request.update_all:
        return None
    return frozenset(
        name for name in installed if any(spec.name_matches(name) for spec in request.update)
    )


def reinstalled_names(request: Request, installed: Mapping[str, PackageRecord]) -> frozenset[str]:
    """Installed names that are to be replaced by themselves."""
    if not request.force_reinstall:
        return frozenset()
    return frozenset(
        name for name in installed if any(spec.name_matches(name) for spec in request.install)
    )


def jobs_for(
    request: Request,
    universe: Universe,
    *,
    allow_downgrade: bool = True,
    allow_uninstall: bool = True,
    order_request: bool = True,
) -> Jobs:
    """Turn *request* into facts about *universe* and its installed packages."""
    installed = universe.installed
    roots = [universe.job(spec, "pin") for spec in request.pins]
    demands = [(spec, "install") for spec in request.install]
    for spec in request.update:
        if not spec.is_name_only and spec.name in installed:
            demands.append((spec, "install"))
    demands += [(spec, "remove") for spec in request.remove]
    if order_request:
        demands.sort(key=lambda demand: (demand[1], demand[0].name, str(demand[0])))
    choices: list[Clause] = []
    for spec, kind in demands:
        if spec.has_exact_name:
            roots.append(universe.job(spec, kind))
        elif kind == "remove":
            names = [name for name in sorted(installed) if spec.name_matches(name)]
            roots += [universe.job(spec, kind, name) for name in names]
        else:
            choices.append(_choice(universe, spec))
    if request.freeze_installed:
        roots += [_held(universe, name, "freeze", _only_installed) for name in sorted(installed)]
    if not allow_downgrade:
        roots += [_held(universe, name, "no downgrade", _not_older) for name in sorted(installed)]
    if not allow_uninstall:
        gone = {spec.name for spec in request.remove}
        roots += [
            _held(universe, name, "no uninstall", _anything)
            for name in sorted(installed)
            if name not in gone
        ]
    wishes = tuple(_wishes(request, universe))
    stays = _stays(request, universe, wishes)
    return Jobs(tuple(universe.in_full(roots)), wishes, tuple(choices), stays)


def _stays(request: Request, universe: Universe, wishes: Iterable[int]) -> tuple[Fact, ...]:
    """Wishes as demands, so that no update or install drives a package out.

    A removal is meant to: there, wishes are enough.
    """
    if request.remove and not (request.install or request.update or request.update_all):
        return ()
    gone = [
        name for spec in request.remove for name in universe.installed if spec.name_matches(name)
    ]
    return tuple(
        _held(universe, universe.name_of(name), "stay", _anything)
        for name in wishes
        if universe.name_of(name) not in gone
    )


def _choice(universe: Universe, spec: MatchSpec) -> Clause:
    """Any package whose name fits: installed ones first, then by name."""
    fact = universe.job(spec, "install")
    fact.mask = 0
    names = sorted(universe.names_like(spec), key=lambda name: name not in universe.installed)
    literals = [(universe.id_of(name), universe.job(spec, "install", name)) for name in names]
    found = [(name, universe.mask(job)) for name, job in literals]
    return Clause([(name, mask) for name, mask in found if mask], (fact,))


def _wishes(request: Request, universe: Universe) -> Iterable[int]:
    """Updated packages first, then the rest but for what `prune` may take away."""
    installed = universe.installed
    updated = updated_names(request, installed)
    first = [name for name in sorted(installed) if updated is None or name in updated]
    loose = _cleanable(request, universe)
    later = [name for name in sorted(installed) if name not in loose]
    return dict.fromkeys(universe.id_of(name) for name in (*_kept(first, loose), *later))


def _kept(names: Iterable[str], loose: frozenset[str] | set[str]) -> list[str]:
    """*names* without those that `prune` may take away."""
    return [name for name in names if name not in loose]


def _cleanable(request: Request, universe: Universe) -> set[str]:
    """Installed names that are only there as dependencies of what is touched."""
    if not request.prune or not (request.update or request.remove or request.update_all):
        return set()
    installed = universe.installed
    touched = {
        name
        for name in installed
        if request.update_all
        or any(spec.name_matches(name) for spec in (*request.update, *request.remove))
    }
    wanted = (*request.keep, *request.update, *request.install)
    kept = {name for name in installed if any(spec.name_matches(name) for spec in wanted)}
    reached: set[str] = set()
    todo = list(touched)
    while todo:
        for text in installed[todo.pop()].depends:
            name = MatchSpec.parse_dependency(text).name
            if name in installed and name not in reached:
                reached.add(name)
                todo.append(name)
    return reached - kept


def _held(
    universe: Universe, name: str, kind: str, allowed: Callable[[Universe, int], int]
) -> Fact:
    """A demand on an installed name that no spec can express."""
    fact = universe.job(MatchSpec.parse(name), kind)
    fact.mask = allowed(universe, fact.target)
    return fact


def _only_installed(universe: Universe, name: int) -> int:
    return universe.candidates(name).from_source(INSTALLED)


def _anything(universe: Universe, name: int) -> int:
    return ~ABSENT


def _not_older(universe: Universe, name: int) -> int:
    candidates = universe.candidates(name)
    current = universe.parse_version(universe.installed[universe.name_of(name)].version)
    if current is None:
        return ~0

    def is_older(entry: Entry) -> bool:
        version = universe.parse_version(entry.record.version)
        return version is not None and version < current

    return ~candidates.where(candidates.domain & ~ABSENT, is_older)
