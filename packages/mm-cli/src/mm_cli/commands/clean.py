"""``clean``: give back disk space that caches take."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from mm_cli.command_line import Command, Parsed, flag, value
from mm_cli.errors import CliError
from mm_cli.options import GLOBAL
from mm_cli.report.console import Console
from mm_cli.report.prompt import confirm
from mm_cli.report.size import human_size
from mm_cli.report.table import columns
from mm_cli.session import Session, open_session

if TYPE_CHECKING:
    from mm_pkg.cache.cleaning import Removable

    Lister = Callable[[Session, Sequence[Path]], Sequence[Removable]]

__all__ = ["COMMAND"]


WIDTH = 80
"""The most columns that a rule takes."""


class Chore(NamedTuple):
    """One kind of thing to clean up.

    title    -- of the table that lists it
    question -- asked before it goes
    listed   -- what finds it
    careful  -- whether Enter means no
    dated    -- whether it is known when each was last used
    """

    title: str
    question: str
    listed: Lister
    careful: bool = False
    dated: bool = False


def _size(text: str) -> int:
    from mm_cli.report.size import parse_size

    return parse_size(text)


def _run(parsed: Parsed, console: Console) -> int:
    from mm_config import PrefixRules

    session = open_session(parsed, console, PrefixRules.none(), strict=True)
    chores = list(_chores(session.options))
    console.document |= {
        "dry_run": session.config["dry_run"],
        "removed": [],
        "items": [],
        "freed": 0,
    }
    if not chores:
        console.say("Nothing to do. Say what to clean, as in --all; --help lists the choices.")
        return 0
    failed = [each for chore in chores for each in _do(session, chore)]
    if failed:
        for message in failed:
            console.warn(message)
        raise CliError(
            f"Not everything could be removed: {failed[0]}",
            hint="Close what uses it, or mend its permissions, and clean again.",
        )
    return 0


def _chores(options: dict[str, object]) -> Iterator[Chore]:
    """What the options ask for."""
    if "clean.budget" in options:
        options["clean.unused"] = True
    everything = bool(options.get("clean.all"))
    for key, chore in CHORES.items():
        if options.get(key) or (everything and key in ALL):
            yield chore


def _do(session: Session, chore: Chore) -> list[str]:
    """List, ask, remove; returns what went wrong."""
    from mm_pkg.cache.cleaning import remove

    console = session.console
    items = chore.listed(session, [path for path in session.config.pkgs_dirs if path.is_dir()])
    if not items:
        console.say(f"{chore.title}: nothing to remove")
        return []
    console.say(_table(chore, items, console.width))
    if session.config["dry_run"]:
        _note(console, items)
        return []
    agreed = confirm(
        console, chore.question, default=not chore.careful, always_yes=session.always_yes
    )
    if not agreed:
        return []
    removal = remove(items)
    _note(console, removal.removed)
    console.say(f"Freed {human_size(removal.freed, digits=1)}")
    return [error.message for _, error in removal.failed]


def _note(console: Console, items: Sequence[Removable]) -> None:
    """Put what is gone, or would go, into the document."""
    document: dict[str, Any] = console.document
    document["removed"] += [str(item.path) for item in items]
    document["items"] += [
        {"path": str(item.path), "size": item.size, "kind": item.kind, "why": item.why}
        for item in items
    ]
    document["freed"] += sum(item.size for item in items)


def _table(chore: Chore, items: Sequence[Removable], width: int) -> str:
    """A part for each cache, and the total; *width* is the terminal's, 0 is no limit."""
    lines: list[str] = []
    for cache, group in groupby(items, key=lambda item: item.cache):
        rows = [(f"  {chore.title}", "Size", "Last used" if chore.dated else "")]
        rows += [(f"  {_shown(item)}", human_size(item.size), _date(item)) for item in group]
        header, *body = columns(rows, align="<>", padding=[0, 3, 3], width=width, shrink=[0])
        rule = "─" * min(WIDTH, max(map(len, [header, *body])) + 2)
        lines += [f"  {cache}", "", header, rule, *body, rule]
    total = human_size(sum(item.size for item in items), digits=1)
    return "\n".join([*lines, f"  {len(items)} in all, {total}"])


def _date(item: Removable) -> str:
    """When it was last used, if that is known."""
    from time import localtime, strftime

    return strftime("%Y-%m-%d", localtime(item.last_used)) if item.last_used else ""


def _shown(item: Removable) -> str:
    return str(item.path if item.path == item.cache else item.path.relative_to(item.cache))


def _in_use(session: Session) -> set[str]:
    """What the environments that this user knows of were linked from."""
    from mm_pkg import Prefix

    return {
        text
        for prefix in session.config.known_environments()
        for record in Prefix(prefix).all_records()
        for text in (record.dist, record.extracted_package_dir)
    }


def _unused(session: Session, caches: Sequence[Path]) -> Sequence[Removable]:
    """Extracted packages that no environment this user knows of was linked from."""
    from mm_pkg.cache.cleaning import unused_packages

    return unused_packages(caches, _in_use(session))


def _over_budget(session: Session, caches: Sequence[Path]) -> Sequence[Removable]:
    """Packages and archives of no environment, the longest unused first, as far as needed."""
    from mm_pkg.cache.budget import excess

    budget = session.options.get("clean.budget", 0)
    found = excess(caches, _in_use(session), budget)
    session.console.document |= {"budget": budget, "cache_size": found.size}
    session.console.say(f"The caches take {human_size(found.size, digits=1)}")
    if found.left > budget and "clean.budget" in session.options:
        session.console.warn(
            f"{human_size(found.left, digits=1)} cannot be removed so: environments use it",
            hint="clean --tarballs and --index-cache may free more.",
        )
    return sorted(found.items, key=lambda item: caches.index(item.cache))


def _listing(name: str) -> Lister:
    def listed(session: Session, caches: Sequence[Path]) -> Sequence[Removable]:
        from mm_pkg.cache import cleaning

        found: Sequence[Removable] = getattr(cleaning, name)(caches)
        return found

    return listed


def _trash(session: Session, caches: Sequence[Path]) -> Sequence[Removable]:
    """What crashed processes left in the caches, and files that were in use when removed."""
    from mm_pkg.cache.cleaning import Removable, leftovers

    root = session.config.root_prefix
    files = [path for path in root.rglob("*.mamba_trash") if path.is_file()]
    trash = [Removable(p, p.stat().st_size, "leftover", root, "it was in use") for p in files]
    return [*leftovers(caches), *trash]


def _indexes(session: Session, caches: Sequence[Path]) -> Sequence[Removable]:
    """The caches' indexes, and micromamba's shards, which it keeps elsewhere."""
    from mm_pkg.cache.cleaning import Removable, disk_usage, index_caches

    shards = _user_cache() / "pkgs" / "cache" / "shards"
    others = [
        Removable(folder, disk_usage(folder), "index", shards.parent, "channels' indexes")
        for folder in (shards,)
        if folder.is_dir()
    ]
    return [*index_caches(caches), *others]


def _user_caches(session: Session, caches: Sequence[Path]) -> Sequence[Removable]:
    from mm_pkg.cache.cleaning import whole_caches

    return whole_caches([_user_cache()])


def _user_cache() -> Path:
    """Where conda and micromamba keep what they can fetch again, besides package caches."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(base, "conda")


CHORES: dict[str, Chore] = {
    "clean.index_cache": Chore("Index cache", "Remove index caches", _indexes),
    "clean.locks": Chore("Lock file", "Remove lock files", _listing("locks")),
    "clean.tarballs": Chore("Package file", "Remove tarballs", _listing("tarballs")),
    "clean.packages": Chore("Package folder", "Remove unused packages", _unused),
    "clean.unused": Chore("Unused", "Remove what is unused", _over_budget, dated=True),
    "clean.user_cache": Chore("User cache", "Remove the user's cache of conda", _user_caches),
    "clean.trash": Chore("Trash", "Remove trash", _trash),
    "clean.force": Chore(
        "Package cache",
        "Remove all contents from the package caches?",
        _listing("whole_caches"),
        careful=True,
    ),
}
"""Option -> what it cleans up."""

ALL = (
    "clean.index_cache",
    "clean.locks",
    "clean.tarballs",
    "clean.packages",
    "clean.user_cache",
)
"""What ``--all`` stands for."""

COMMAND = Command(
    "micromamba clean",
    "Remove cached files that are not needed.",
    options=(
        *GLOBAL,
        flag("-a,--all", "clean.all", "Indexes, locks, archives and unused packages."),
        flag("-i,--index-cache", "clean.index_cache", "The cached indexes of channels."),
        flag("-p,--packages", "clean.packages", "Packages that no environment uses."),
        flag("-t,--tarballs", "clean.tarballs", "Package archives."),
        flag("-l,--locks", "clean.locks", "Lock files."),
        flag("--unused", "clean.unused", "Packages and archives of no environment, oldest first."),
        value(
            "--budget", "clean.budget", "SIZE",
            "Remove unused ones only until the caches take no more, as in 10GB.", convert=_size,
        ),
        flag("--trash", "clean.trash", "What was left behind half removed or half written."),
        flag("-f,--force-pkgs-dirs", "clean.force", "The package caches as a whole."),
    ),
    examples=(
        "micromamba clean --all --dry-run",
        "micromamba clean --tarballs --packages --yes",
        "micromamba clean --unused --budget 10GB",
    ),
    run=_run,
)  # fmt: skip
