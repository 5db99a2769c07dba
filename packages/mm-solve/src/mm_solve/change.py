"""From what is installed and what should be, to what has to happen.

A solution says which records are to be there. `changes` compares it with the
prefix, package by package, and applies what is decided only now: leaving out
dependencies (``--no-deps``, ``--only-deps``) and linking pure-Python packages
again when the interpreter moves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import msgspec

from .errors import InvalidVersion
from .order import install_order
from .version import Version

if TYPE_CHECKING:
    from mm_pkg.record import PackageRecord, PrefixRecord, RepodataRecord

    from .solution import Solution

__all__ = ["Action", "Actions", "changes", "explicit_changes"]

Kind = Literal["install", "remove", "upgrade", "downgrade", "change", "reinstall", "omit"]


class Action(msgspec.Struct, frozen=True):
    """What happens to one package.

    kind   -- install, remove, upgrade, downgrade, change (same version, other
        build or channel), reinstall (the same package again) or omit (left out
        on request: nothing happens)
    unlink -- the installed record that goes, if one does
    link   -- the record that comes, if one does (of omit: would have come)
    """

    kind: Kind
    unlink: PrefixRecord | None = None
    link: RepodataRecord | None = None

    @property
    def name(self) -> str:
        """The package's name."""
        record = self.link or self.unlink
        assert record is not None
        return record.name


class Actions(msgspec.Struct, frozen=True):
    """Everything that happens to an environment, in install order.

    As a condition it is false when nothing would change.
    """

    actions: tuple[Action, ...] = ()

    def __iter__(self) -> Iterator[Action]:
        return iter(self.actions)

    def __len__(self) -> int:
        return len(self.actions)

    def __bool__(self) -> bool:
        return any(action.kind != "omit" for action in self.actions)

    def of_kind(self, kind: Kind) -> tuple[Action, ...]:
        """The actions of one kind."""
        return tuple(action for action in self.actions if action.kind == kind)

    @property
    def unlink(self) -> tuple[PrefixRecord, ...]:
        """Records that go, dependents before what they depend on."""
        gone = [a.unlink for a in self.actions if a.unlink is not None and a.kind != "omit"]
        return tuple(reversed(install_order(gone)))

    @property
    def link(self) -> tuple[RepodataRecord, ...]:
        """Records that come, dependencies first."""
        return tuple(a.link for a in self.actions if a.link is not None and a.kind != "omit")


def changes(
    installed: Mapping[str, PrefixRecord],
    solution: Solution,
    *,
    no_deps: bool = False,
    only_deps: bool = False,
) -> Actions:
    """What turns *installed* into *solution*.

    no_deps   -- leave out everything that no requested spec names
    only_deps -- leave out what requested specs name
    With both nothing is left.
    """
    records = solution.records
    forced = _forced(solution, installed)
    actions = [
        action
        for record in records
        if (action := _action(installed.get(record.name), record, record.name in forced))
    ]
    wanted = {record.name for record in records}
    actions += [
        Action("remove", unlink=record)
        for name, record in sorted(installed.items())
        if name not in wanted
    ]
    if no_deps or only_deps:
        request = solution.request
        named = {
            action.name
            for action in actions
            if (request.update_all and action.name in installed)
            or any(spec.name_matches(action.name) for spec in request.specs)
        }
        actions = [_filtered(action, named, no_deps, only_deps) for action in actions]
    actions = _relink_noarch_python(actions, installed, records)
    return Actions(tuple(actions))


def explicit_changes(
    installed: Mapping[str, PrefixRecord],
    records: Sequence[RepodataRecord],
    *,
    remove: Iterable[str] = (),
) -> Actions:
    """Link *records* in the given order, whatever they need, in place of others of their names.

    An identical installed package is left alone. *remove* names what goes
    besides; nothing else does.
    """
    actions = [
        action
        for record in records
        if (action := _action(installed.get(record.name), record, False))
    ]
    linked = {record.name for record in records}
    actions += [
        Action("remove", unlink=installed[name])
        for name in dict.fromkeys(remove)
        if name in installed and name not in linked
    ]
    everything = [*(r for n, r in installed.items() if n not in linked), *records]
    return Actions(tuple(_relink_noarch_python(actions, installed, everything)))


def _forced(solution: Solution, installed: Mapping[str, PrefixRecord]) -> set[str]:
    if not solution.request.force_reinstall:
        return set()
    return {
        name
        for name in installed
        if any(spec.name_matches(name) for spec in solution.request.install)
    }


def _action(old: PrefixRecord | None, new: RepodataRecord, forced: bool) -> Action | None:
    """What happens when *new* takes the place of *old*; None when they are the same."""
    if old is None:
        return Action("install", link=new)
    if same_package(old, new):
        return Action("reinstall", unlink=old, link=new) if forced else None
    return Action(_direction(old.version, new.version), unlink=old, link=new)


def _direction(old: str, new: str) -> Kind:
    """Up, down or neither; what is no version cannot be compared."""
    try:
        before, after = Version.parse(old), Version.parse(new)
    except InvalidVersion:
        return "change"
    if before < after:
        return "upgrade"
    return "downgrade" if after < before else "change"


def same_package(old: PackageRecord, new: PackageRecord) -> bool:
    """Whether two records are of one and the same package.

    By hash where both have one, else by build number and channel. A record that is made of
    a URL, as in lock files, does not know its build number.
    """
    if old is new:
        return True
    if (old.version, old.build) != (new.version, new.build):
        return False
    for key in ("sha256", "md5"):
        mine, other = getattr(old, key, None), getattr(new, key, None)
        if mine and other:
            return bool(mine == other)
    guessed = getattr(old, "stub", False) or getattr(new, "stub", False)
    if old.build_number != new.build_number and not guessed:
        return False
    channels = {getattr(old, "channel", ""), getattr(new, "channel", "")} - {""}
    return len(channels) < 2


def _filtered(action: Action, named: Collection[str], no_deps: bool, only_deps: bool) -> Action:
    asked = action.name in named
    left_out = (no_deps and not asked) or (only_deps and asked)
    return Action("omit", action.unlink, action.link) if left_out else action


def _relink_noarch_python(
    actions: list[Action],
    installed: Mapping[str, PrefixRecord],
    records: Sequence[RepodataRecord],
) -> list[Action]:
    """Link ``noarch: python`` packages again when the interpreter's place moves."""
    python = next((a for a in actions if a.name == "python" and a.kind != "omit"), None)
    if python is None or python.unlink is None or python.link is None:
        return actions
    if not _moves(python.unlink, python.link):
        return actions
    touched = {action.name for action in actions if action.kind != "omit"}
    staying = {record.name for record in records}
    again = {
        name: Action("reinstall", unlink=record, link=record)
        for name, record in installed.items()
        if record.noarch_kind == "python" and name not in touched and name in staying
    }
    kept = [action for action in actions if action.name not in again]
    order = {record.name: place for place, record in enumerate(records)}
    return sorted(
        [*kept, *again.values()],
        key=lambda action: (action.link is None, order.get(action.name, len(order))),
    )


def _moves(old: PackageRecord, new: PackageRecord) -> bool:
    """Whether site-packages of *new* is elsewhere than that of *old*."""
    if old.python_site_packages_path != new.python_site_packages_path:
        return True
    return _minor(old.version) != _minor(new.version)


def _minor(version: str) -> tuple[str, ...]:
    """Epoch, major and minor of a python version.

    >>> _minor("3.11.4"), _minor("3")
    (('3', '11'), ('3',))
    """
    return tuple(version.split(".")[:2])
