"""Looking at everything a plan will do before the first thing is done.

What can be known to fail is found here, while the environment is untouched.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence

from mm_pkg.errors import (
    FrozenEnvironment,
    PathConflict,
    PrefixChanged,
    UnsafePath,
)
from mm_pkg.link.destination import checked_destination
from mm_pkg.link.layout import (
    CLOBBERS,
    FileAction,
    PackageLayout,
    byte_compiled,
    package_layout,
)
from mm_pkg.link.noarch_python import PythonLayout, python_layout
from mm_pkg.link.pyc import Bytecode, bytecode_format, load_bytecode
from mm_pkg.prefix.conda_meta import read_records
from mm_pkg.prefix.fingerprint import fingerprint
from mm_pkg.prefix.frozen import read_frozen
from mm_pkg.record import PackageRecord, PathEntry, PrefixRecord
from mm_pkg.transaction.checked import CheckedPlan, PlannedBytecode, pyc_caches
from mm_pkg.transaction.conflicts import Relocation, owned_paths, settle
from mm_pkg.transaction.feasibility import check_feasible
from mm_pkg.transaction.plan import LinkOptions, Plan
from mm_pkg.transaction.tree import Tree, with_parents
from mm_pkg.transaction.unlinking import Unlinking, plan_unlinking

__all__ = ["verify"]


def verify(plan: Plan, options: LinkOptions | None = None) -> CheckedPlan:
    """Check *plan* against the disk without changing anything.

    Raises a `PackageError` for whatever would make it fail: `FrozenEnvironment`,
    `PrefixChanged`, `IncompletePackage`, `UnsafePath`, `InvalidEntryPoint`,
    `MissingPython`, `PathConflict`, `PrefixTooLong`, `NotEnoughSpace`,
    `PrefixNotWritable`, `InvalidPrefixFile`.
    """
    options = options or LinkOptions()
    checked = CheckedPlan(plan, options)
    meta = plan.prefix / "conda-meta"
    if not options.override_frozen and (marker := read_frozen(meta)) is not None:
        raise FrozenEnvironment(
            f"{plan.prefix} is frozen" + (f": {marker.message}" if marker.message else ""),
            hint="Use --override-frozen to change it all the same.",
        )
    if plan.fingerprint and fingerprint(meta) != plan.fingerprint:
        raise PrefixChanged(
            f"{plan.prefix} is not as it was when this was planned",
            hint="Something has changed the environment since; make the plan anew.",
        )
    _check_names(plan)
    installed = read_records(meta)
    staying = _match_installed(checked, installed)
    checked.python = _python(plan, staying)
    for item in plan.link:
        package = item.package
        checked.layouts.append(
            package_layout(
                package.record,
                package.path,
                package.archive,
                package.paths(),
                checked.python,
                item.requested_specs,
            )
        )
    _decide_paths(checked, installed, staying)
    check_feasible(checked)
    return checked


def _check_names(plan: Plan) -> None:
    """An environment has one package of a name; two would share one place."""
    seen: dict[str, str] = {}
    for item in plan.link:
        record = item.package.record
        other = seen.setdefault(record.name, record.dist)
        if other != record.dist:
            raise PathConflict(
                f"{other} and {record.dist} cannot both be in one environment",
                paths=(),
                hint="Leave one of them out.",
            )


def _match_installed(
    checked: CheckedPlan, installed: Sequence[PrefixRecord]
) -> tuple[PrefixRecord, ...]:
    """Find the records to unlink on disk; returns those that stay."""
    leaving = {record.dist for record in checked.plan.unlink}
    names = {record.name for record in checked.plan.unlink}
    linked = {item.package.record.name for item in checked.plan.link}
    unlink: list[PrefixRecord] = []
    staying: list[PrefixRecord] = []
    for record in installed:
        if record.dist in leaving:
            unlink.append(record)
        elif record.name not in linked:
            staying.append(record)
        elif record.name in names:
            checked.warnings.append(
                f"{record.name} was recorded twice; {record.dist} is removed as well"
            )
            unlink.append(record)
        else:
            raise PrefixChanged(
                f"{record.dist} is installed in {checked.prefix}, which the plan does not know",
                hint="Something else has changed the environment; run the command again.",
            )
    found = {record.dist for record in unlink}
    checked.warnings += [
        f"{dist} is not recorded in {checked.prefix}; nothing to remove"
        for dist in (record.dist for record in checked.plan.unlink)
        if dist not in found
    ]
    order = {record.dist: number for number, record in enumerate(checked.plan.unlink)}
    checked.unlink = tuple(sorted(unlink, key=lambda record: order.get(record.dist, -1)))
    return tuple(staying)


def _python_record(records: Iterable[PackageRecord]) -> PackageRecord | None:
    return next((record for record in records if record.name == "python"), None)


def _python(plan: Plan, staying: Sequence[PrefixRecord]) -> PythonLayout | None:
    """The Python that the environment will have."""
    record = _python_record(item.package.record for item in plan.link) or _python_record(staying)
    return python_layout(record) if record is not None else None


def _decide_paths(
    checked: CheckedPlan, installed: Sequence[PrefixRecord], staying: Sequence[PrefixRecord]
) -> None:
    root = str(checked.prefix)
    unlinking = _unlinking(checked, installed, staying, Tree(root))
    tree = Tree(root, gone=unlinking.moves)
    owned: dict[str, tuple[PrefixRecord, PathEntry]] = {}

    def installed_paths() -> Mapping[str, tuple[PrefixRecord, PathEntry]]:
        if not owned and staying:
            owned.update(owned_paths(staying))
        return owned

    settlement = settle(checked.layouts, tree, installed_paths)
    if checked.options.path_conflict == "prevent" and settlement.clobbered:
        paths = tuple(path for found in settlement.clobbered.values() for path in found)
        raise PathConflict(
            f"{len(paths)} files are in the way, such as {paths[0]}",
            paths=paths,
            hint="Set path_conflict to warn or clobber to replace them.",
        )
    if checked.options.path_conflict == "warn":
        checked.warnings += settlement.warnings()
    checked.warnings += unlinking.warnings
    checked.bytecode = [[] for _ in checked.layouts]
    if checked.options.compile_pyc and _runs_here(checked.python):
        checked.bytecode_format = _bytecode_format(checked, staying)
        for number, layout in enumerate(checked.layouts):
            checked.bytecode[number] = _plan_bytecode(checked, layout, settlement.owners)
    bytecode = [planned.destination for each in checked.bytecode for planned in each]
    folders = settlement.folders | {path.rpartition("/")[0] for path in bytecode}
    restored = list(_restorable(staying, tree, settlement.owners, folders))
    folders |= {move.destination.rpartition("/")[0] for move in restored}
    with_parents(folders)
    checked.relocations = settlement.relocations + restored
    moves = dict(unlinking.moves)
    moves |= dict.fromkeys(path for path in bytecode if tree.kind(path) is not None)
    moves |= dict.fromkeys(move.source for move in restored)
    # directories that nothing is left in, where files come back
    moves |= dict.fromkeys(
        move.destination for move in restored if tree.kind(move.destination) is not None
    )
    moves |= dict.fromkeys(settlement.moves)
    checked.moves = list(moves)
    checked.directories = [
        folder for folder in sorted(folders) if not tree.is_directory(folder) or folder in moves
    ]
    checked.creates = [
        *(
            file.destination
            for layout in checked.layouts
            for file in layout.files
            if file.action is not FileAction.DIRECTORY
        ),
        *bytecode,
        *(move.destination for move in checked.relocations),
    ]
    emptied = unlinking.prunes | {move.source.rpartition("/")[0] for move in restored}
    with_parents(emptied)
    checked.prunes = sorted(emptied - folders, reverse=True)


def _unlinking(
    checked: CheckedPlan,
    installed: Sequence[PrefixRecord],
    staying: Sequence[PrefixRecord],
    tree: Tree,
) -> Unlinking:
    leaving = (*checked.unlink, *checked.plan.foreign)
    if not leaving:
        return Unlinking()
    old = _python_record(installed)
    return plan_unlinking(
        leaving,
        tree,
        owned_paths(staying).keys(),
        python_layout(old) if old is not None else None,
    )


def _restorable(
    staying: Iterable[PrefixRecord],
    tree: Tree,
    owners: Mapping[str, int],
    folders: set[str],
) -> Iterable[Relocation]:
    """Files put aside earlier whose place is free after this transaction."""
    taken: set[str] = set()
    for record in staying:
        for entry in record.paths_data.paths if record.paths_data is not None else ():
            path = entry.original_path
            if path is None or not entry.path.startswith(f"{CLOBBERS}/"):
                continue
            if _is_free(path, tree, owners, folders, taken) and tree.kind(entry.path) is not None:
                taken.add(path)
                yield Relocation(record, entry, entry.path, path)


def _is_free(
    path: str, tree: Tree, owners: Mapping[str, int], folders: set[str], taken: set[str]
) -> bool:
    """Whether a file can be put back to *path*, where *taken* are put back already."""
    try:
        if checked_destination(path, "") != path:
            return False
    except UnsafePath:
        return False
    if path in owners or path in folders or path in taken:
        return False
    kind = tree.kind(path)
    if kind is not None and not (kind == "directory" and tree.only_holds(path, ())):
        return False
    if any(other.startswith(f"{path}/") for other in taken):
        return False
    above = path
    while above := above.rpartition("/")[0]:
        if above in owners or above in taken or tree.kind(above) not in (None, "directory"):
            return False
    return True


def _runs_here(python: PythonLayout | None) -> bool:
    return python is not None and python.windows == (os.name == "nt")


def _bytecode_format(checked: CheckedPlan, staying: Sequence[PrefixRecord]) -> str:
    python = checked.python
    if python is None or not any(layout.python for layout in checked.layouts):
        return ""
    for layout in checked.layouts:
        if layout.record.name == "python":
            return bytecode_format(python, [layout.path], layout.record.version)
    record = _python_record(staying)
    assert record is not None  # or there would be no layout
    return bytecode_format(python, [checked.prefix], record.version)


def _plan_bytecode(
    checked: CheckedPlan, layout: PackageLayout, owners: Mapping[str, int]
) -> list[PlannedBytecode]:
    if layout.python is None:
        return []
    cached = load_bytecode(
        pyc_caches(checked, layout), checked.bytecode_format, layout.record.sha256
    )
    cached = cached or Bytecode({})
    planned: list[PlannedBytecode] = []
    for file in byte_compiled(layout):
        destination = layout.python.pyc_path(file.destination)
        if destination in owners:
            continue
        known, compiled = False, None
        if file.action is not FileAction.TEXT:
            known, compiled = cached.of(file.entry.path, file.mtime, file.size)
        if known and compiled is None:
            continue  # this interpreter cannot compile it
        planned.append(PlannedBytecode(file, destination, compiled))
    return planned
