"""From a request and a prefix to facts and wishes.

The facts are demands: they hold or the request fails. The wishes are installed
packages to be kept where the demands allow it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from .clause import Clause
from .match_spec import MatchSpec
from .orphans import possible_orphans
from .package_name import is_pattern
from .problem import Fact
from .universe import Universe

if TYPE_CHECKING:
    from mm_pkg.record import PackageRecord

    from .request import Request

__all__ = [
    "Jobs",
    "jobs_for",
    "mended_names",
    "reinstalled_names",
    "settled_names",
    "updated_names",
]


class Jobs(msgspec.Struct, frozen=True):
    """What the search gets.

    roots  -- the demands, sorted by kind and name
    wishes -- installed names to decide before dependencies, in order
    choices -- demands that any of several names can meet
    holds  -- installed names that are not to go; those of kind "stay" are given up
        one by one, from the last, where the demands leave no other way
    """

    roots: tuple[Fact, ...]
    wishes: tuple[int, ...]
    choices: tuple[Clause, ...] = ()
    holds: tuple[Fact, ...] = ()

    @property
    def demands(self) -> tuple[Fact, ...]:
        """The roots, and the holds that are not given up."""
        return (*self.roots, *(hold for hold in self.holds if hold.kind != "stay"))


def updated_names(
    request: Request, installed: Mapping[str, PackageRecord]
) -> frozenset[str] | None:
    """Names whose installed record gets no preference; None means every name."""
    if request.update_all:
        return None
    return _named(request.update, installed)


def reinstalled_names(request: Request, installed: Mapping[str, PackageRecord]) -> frozenset[str]:
    """Installed names that are to be replaced by themselves.

    A package that is asked for in another version is not: it is replaced by that.
    """
    if not request.force_reinstall:
        return frozenset()
    return _named(request.install, installed) - _ruled_out(request.install, installed)


def mended_names(request: Request, installed: Mapping[str, PackageRecord]) -> frozenset[str]:
    """Installed names whose unmet dependencies the request is to meet: those it names."""
    return _named((*request.install, *request.update), installed)


def settled_names(request: Request, installed: Mapping[str, PackageRecord]) -> frozenset[str]:
    """Installed names that stay what they are as long as nothing speaks against it."""
    updated = updated_names(request, installed)
    if updated is None:
        return frozenset()
    loose = possible_orphans(request, installed)
    touched = updated | loose | reinstalled_names(request, installed)
    return frozenset(installed) - touched - _named(request.remove, installed)


def jobs_for(
    request: Request,
    universe: Universe,
    *,
    allow_downgrade: bool | None = None,
    allow_uninstall: bool | None = None,
    order_request: bool = True,
) -> Jobs:
    """Turn *request* into facts about *universe* and its installed packages.

    For the meaning of the options see `mm_solve.solution.SolveOptions`.
    """
    installed = universe.installed
    pins, demands = _in_force(request, installed), _demands(request, installed)
    if order_request:
        pins.sort(key=str)
        demands.sort(key=lambda demand: (demand.kind, demand.name, str(demand.spec)))
    if allow_downgrade is None:
        allow_downgrade = not (request.update or request.update_all)
    roots = [fact for pin in pins for fact in _pin(universe, pin)]
    roots += [
        universe.job(demand.spec, demand.kind, demand.name)
        for demand in demands
        if not is_pattern(demand.name)
    ]
    roots += _frozen(request, universe)
    if not allow_downgrade:
        asked = (*request.install, *request.update, *pins)
        roots += _held(universe, set(installed) - _ruled_out(asked, installed), "no downgrade")
    if allow_uninstall is False:
        roots += _held(universe, set(installed) - _named(request.remove, installed), "no uninstall")
    wishes = _wishes(request, installed)
    numbers = tuple(map(universe.id_of, wishes))
    universe.expect(numbers)
    return Jobs(
        roots=tuple(universe.in_full(roots)),
        wishes=numbers,
        choices=tuple(_choice(universe, d.spec) for d in demands if is_pattern(d.name)),
        holds=_holds(request, universe, wishes, () if allow_uninstall else request.keep),
    )


def _frozen(request: Request, universe: Universe) -> list[Fact]:
    if not request.freeze_installed:
        return []
    installed = universe.installed
    return _held(universe, set(installed) - reinstalled_names(request, installed), "freeze")


def _holds(
    request: Request, universe: Universe, wishes: Iterable[str], keep: Iterable[MatchSpec]
) -> tuple[Fact, ...]:
    """The wishes as demands; a removal has none, for dependents are meant to go."""
    if _only_removes(request):
        return ()
    installed = universe.installed
    gone, kept = _named(request.remove, installed), _named(tuple(keep), installed)
    kinds = {name: "keep" if name in kept else "stay" for name in wishes if name not in gone}
    return tuple(universe.hold(name, kind) for name, kind in kinds.items())


def _only_removes(request: Request) -> bool:
    """Whether packages that need what is removed are meant to go, too."""
    return bool(request.remove) and not (request.install or request.update or request.update_all)


def _in_force(request: Request, installed: Mapping[str, PackageRecord]) -> list[MatchSpec]:
    """The pins that count: a removal does not put right what was wrong before."""
    if not _only_removes(request):
        return list(request.pins)
    return [pin for pin in request.pins if not _ruled_out((pin,), installed)]


class _Demand(NamedTuple):
    """A spec that must hold; *name* is a pattern if any package that fits will do."""

    kind: str
    name: str
    spec: MatchSpec


def _demands(request: Request, installed: Mapping[str, PackageRecord]) -> list[_Demand]:
    demands = [_Demand("install", spec.name, spec) for spec in request.install]
    for kind, specs in (("install", request.update), ("remove", request.remove)):
        for spec in specs:
            if spec.has_exact_name and kind == "remove":
                demands.append(_Demand(kind, spec.name, spec))
            elif kind == "remove" or not spec.is_name_only:
                names = sorted(_named((spec,), installed))
                demands += [_Demand(kind, name, spec) for name in names]
    return list(dict.fromkeys(demands))


def _named(specs: Iterable[MatchSpec], installed: Mapping[str, PackageRecord]) -> frozenset[str]:
    """The installed names that any of *specs* is about."""
    exact = {spec.name for spec in specs if spec.has_exact_name}
    patterns = [spec for spec in specs if not spec.has_exact_name]
    return frozenset(
        name
        for name in installed
        if name in exact or any(spec.name_matches(name) for spec in patterns)
    )


def _ruled_out(
    specs: Iterable[MatchSpec], installed: Mapping[str, PackageRecord]
) -> frozenset[str]:
    """The installed names of which one of *specs* asks for something else."""
    found: set[str] = set()
    for spec in specs:
        if not spec.is_name_only:
            names = _named((spec,), installed)
            found.update(name for name in names if not spec.matches(installed[name]))
    return frozenset(found)


def _pin(universe: Universe, pin: MatchSpec) -> list[Fact]:
    """One fact for each name that *pin* is about."""
    if pin.has_exact_name:
        return [universe.job(pin, "pin")]
    return [universe.job(pin, "pin", name) for name in universe.names_like(pin)]


def _choice(universe: Universe, spec: MatchSpec) -> Clause:
    """Any package whose name fits: installed ones first, then by name."""
    fact = universe.job(spec, "install")
    fact.mask = 0
    names = sorted(universe.names_like(spec), key=lambda name: name not in universe.installed)
    universe.read(map(universe.id_of, names))
    literals = [(universe.id_of(name), universe.job(spec, "install", name)) for name in names]
    found = [(name, universe.mask(job)) for name, job in literals]
    return Clause([(name, mask) for name, mask in found if mask], (fact,))


def _wishes(request: Request, installed: Mapping[str, PackageRecord]) -> list[str]:
    """Updated packages first, then the rest but for what `prune` may take away."""
    updated = updated_names(request, installed)
    loose = possible_orphans(request, installed)
    names = sorted(set(installed) - loose)
    return sorted(names, key=lambda name: updated is not None and name not in updated)


def _held(universe: Universe, names: Iterable[str], kind: str) -> list[Fact]:
    """A hold of *kind* on each of the installed *names*; see `mm_solve.hold`."""
    return [universe.hold(name, kind) for name in sorted(names)]
