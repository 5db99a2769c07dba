"""Several packages, or somebody else, want the same path: who gets it.

The package linked last wins. The loser's file is kept below
``__clobbers__/<package>/`` and its record says so (``original_path``, as
rattler writes it), so that it comes back when the winner leaves. A file that
nobody owns is replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from mm_pkg.errors import PathConflict, UnsafePath
from mm_pkg.link.destination import META, checked_destination
from mm_pkg.link.layout import CLOBBERS, FileAction, PackageLayout, PlannedFile, link_target
from mm_pkg.prefix.conda_meta import installed_files
from mm_pkg.record import PathEntry, PrefixRecord
from mm_pkg.transaction.tree import Tree, with_parents

__all__ = ["Relocation", "Settlement", "owned_paths", "settle"]

_LINK_DEPTH = 16
_SHOWN = 5


class Relocation(msgspec.Struct, frozen=True):
    """A file of a package that stays goes to another path of the environment."""

    record: PrefixRecord
    entry: PathEntry
    source: str
    destination: str

    @property
    def new_entry(self) -> PathEntry:
        """How the record lists it afterwards."""
        clobbered = self.destination.startswith(f"{CLOBBERS}/")
        original = (self.entry.original_path or self.source) if clobbered else None
        return msgspec.structs.replace(self.entry, path=self.destination, original_path=original)


class Settlement(msgspec.Struct):
    """The outcome: what else must move, and what to tell the user.

    owners    -- destination -> number of the new package that gets it
    folders   -- every directory that must be there
    moves     -- things on disk that are in the way
    """

    owners: dict[str, int] = msgspec.field(default_factory=dict)
    folders: set[str] = msgspec.field(default_factory=set)
    moves: list[str] = msgspec.field(default_factory=list)
    relocations: list[Relocation] = msgspec.field(default_factory=list)
    clobbered: dict[str, list[str]] = msgspec.field(default_factory=dict)

    def note(self, package: str, path: str) -> None:
        """*package* has taken over *path*."""
        self.clobbered.setdefault(package, []).append(path)

    def warnings(self) -> list[str]:
        """One line for each package that took something over."""
        return [
            f"[{package}] The following files were already present in the environment: "
            + _listed(paths)
            for package, paths in self.clobbered.items()
        ]


def _listed(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    return ", ".join(paths[:_SHOWN]) + more


def owned_paths(records: Iterable[PrefixRecord]) -> dict[str, tuple[PrefixRecord, PathEntry]]:
    """Path -> the installed package that lists it (the last one, of several)."""
    return {entry.path: (record, entry) for record in records for entry in installed_files(record)}


def settle(
    layouts: Sequence[PackageLayout],
    tree: Tree,
    installed: Callable[[], Mapping[str, tuple[PrefixRecord, PathEntry]]],
) -> Settlement:
    """Decide about every path of *layouts*, whose losers are given new destinations.

    *tree* shows the environment without what is unlinked; *installed* gives the
    paths of the packages that stay, and is asked only if needed. Raises
    `PathConflict` where a directory and a file exclude each other, `UnsafePath`
    where a path leads out of the environment.
    """
    result = Settlement()
    _follow_planned_links(layouts)
    _settle_among(layouts, result)
    result.folders = needed_folders(layouts)
    _settle_files_against_folders(layouts, result)
    _settle_with_disk(layouts, tree, installed, result)
    _check_folders(tree, installed, result)
    return result


def needed_folders(layouts: Iterable[PackageLayout]) -> set[str]:
    """The directories of all destinations, with all directories above them."""
    folders: set[str] = set()
    for layout in layouts:
        for file in layout.files:
            folders.add(file.destination.rpartition("/")[0])
            if file.action is FileAction.DIRECTORY:
                folders.add(file.destination)
    with_parents(folders)
    return folders


def _follow_planned_links(layouts: Sequence[PackageLayout]) -> None:
    """A path below a soft link of these packages goes where the link leads."""
    for _ in range(_LINK_DEPTH):
        folders = needed_folders(layouts)
        links = {
            file.destination: (layout, file)
            for layout in layouts
            for file in layout.files
            if file.action is FileAction.SOFTLINK and file.destination in folders
        }
        if not links:
            return
        for layout in layouts:
            layout.files = [
                file for file in (_followed(layout, file, links) for file in layout.files) if file
            ]
    raise PathConflict("soft links of these packages lead in circles", paths=tuple(links))


def _followed(
    layout: PackageLayout,
    file: PlannedFile,
    links: Mapping[str, tuple[PackageLayout, PlannedFile]],
) -> PlannedFile | None:
    path = file.destination
    if file.action is FileAction.DIRECTORY and path in links:
        return None  # the link stands for the directory
    folder = path
    while folder := folder.rpartition("/")[0]:
        if folder in links:
            owner, link = links[folder]
            target = link_target(link)
            if target is None:
                raise UnsafePath(
                    f"{layout.dist} writes {path} through {folder},"
                    f" a link of {owner.dist} that leads outside the environment",
                    package=layout.dist,
                    path=path,
                )
            moved = f"{target}{path[len(folder) :]}" if target != "." else path[len(folder) + 1 :]
            return file._replace(destination=checked_destination(moved, layout.dist))
    return file


def _settle_among(layouts: Sequence[PackageLayout], result: Settlement) -> None:
    """Between the new packages: the later one wins."""
    owners = result.owners
    for number, layout in enumerate(layouts):
        seen: set[str] = set()
        twice: set[int] = set()
        for index, file in enumerate(layout.files):
            path = file.destination
            if file.action is FileAction.DIRECTORY:
                continue
            if path in seen:
                twice.add(index)
                continue
            seen.add(path)
            before = owners.get(path)
            if before is not None:
                _displace(layouts[before], {path})
                result.note(layout.record.name, path)
            owners[path] = number
        if twice:
            layout.files = [f for index, f in enumerate(layout.files) if index not in twice]


def _displace(layout: PackageLayout, paths: set[str]) -> None:
    """Give the files of *layout* at *paths* their place below ``__clobbers__``."""
    layout.files = [
        file._replace(
            destination=f"{CLOBBERS}/{layout.record.name}/{file.destination}",
            original=file.destination,
        )
        if file.destination in paths and file.action is not FileAction.DIRECTORY
        else file
        for file in layout.files
    ]


def _settle_files_against_folders(layouts: Sequence[PackageLayout], result: Settlement) -> None:
    """A file gives way to a directory of that name, which others need."""
    both = result.owners.keys() & result.folders
    for path in both:
        loser = layouts[result.owners.pop(path)]
        _displace(loser, {path})
        result.note(loser.record.name, path)
    if both:
        result.folders |= needed_folders(layouts)


def _settle_with_disk(
    layouts: Sequence[PackageLayout],
    tree: Tree,
    installed: Callable[[], Mapping[str, tuple[PrefixRecord, PathEntry]]],
    result: Settlement,
) -> None:
    """Between the new packages and what is there: the new one wins, or it is an error."""
    listings: dict[str, Mapping[str, str]] = {}
    for layout in layouts:
        for file in layout.files:
            path = file.destination
            folder, _, name = path.rpartition("/")
            listing = listings.get(folder)
            if listing is None:
                listing = listings[folder] = tree.listing(_inside(tree, folder, layout.dist))
            kind = listing.get(name) if listing else None
            if kind is None or file.action is FileAction.DIRECTORY:
                continue
            if kind == "directory":
                _replace_directory(tree, path, layout, result)
                continue
            result.moves.append(path)
            owner = installed().get(path)
            if owner is not None:
                result.relocations.append(clobber(*owner))
            if owner is not None or not path.endswith(".pyc"):
                result.note(layout.record.name, path)
    result.folders |= {move.destination.rpartition("/")[0] for move in result.relocations}
    with_parents(result.folders)


def clobber(record: PrefixRecord, entry: PathEntry) -> Relocation:
    """Put an installed package's file aside."""
    destination = f"{CLOBBERS}/{record.name}/{entry.path}"
    return Relocation(record, entry, entry.path, destination)


def _replace_directory(tree: Tree, path: str, layout: PackageLayout, result: Settlement) -> None:
    if not tree.only_holds(path, ()):
        raise PathConflict(
            f"{layout.dist} has the file {path}, and a directory is there that is not empty",
            paths=(path,),
            hint="Move the directory away, or remove the package it belongs to.",
        )
    result.moves.append(path)


def _inside(tree: Tree, folder: str, dist: str) -> str:
    real = tree.real(folder)
    if real is None or real.split("/", 1)[0].casefold() == META:
        raise UnsafePath(
            f"{dist} writes to {folder}, which is a link that leads"
            f" {'outside the environment' if real is None else 'into ' + META}",
            package=dist,
            path=folder,
            hint="Remove the link, or the package.",
        )
    return real


def _check_folders(
    tree: Tree,
    installed: Callable[[], Mapping[str, tuple[PrefixRecord, PathEntry]]],
    result: Settlement,
) -> None:
    """Needed directories must be free to make, or be directories already."""
    for folder in sorted(result.folders):
        real = _inside(tree, folder, "a package")
        kind = tree.kind(real) if real else None
        if kind is None or kind == "directory" or real in result.moves:
            continue
        owner = installed().get(folder)
        if owner is None:
            raise PathConflict(
                f"{folder} must become a directory, and a file is there",
                paths=(folder,),
                hint="Move the file away.",
            )
        result.moves.append(folder)
        result.relocations.append(clobber(*owner))
        result.note(owner[0].name, folder)
    result.folders |= {move.destination.rpartition("/")[0] for move in result.relocations}
    with_parents(result.folders)
