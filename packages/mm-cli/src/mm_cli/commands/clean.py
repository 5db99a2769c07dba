"""``clean``: give back disk space that caches take."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mm_cli.command_line import Command, Parsed, flag
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


class Chore(NamedTuple):
    """One kind of thing to clean up.

    title    -- of the table that lists it
    question -- asked before it goes
    listed   -- what finds it
    careful  -- whether Enter means no
    """

    title: str
    question: str
    listed: Lister
    careful: bool = False


def _run(parsed: Parsed, console: Console) -> int:
    from mm_config import PrefixRules

    session = open_session(parsed, console, PrefixRules.none(), strict=True)
    chores = list(_chores(session.options))
    console.document |= {"dry_run": session.config["dry_run"], "removed": [], "freed": 0}
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
    console.say(_table(chore.title, items))
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
    document = console.document
    before = document["removed"]
    assert isinstance(before, list)
    document["removed"] = [*before, *(str(item.path) for item in items)]
    freed = document["freed"]
    assert isinstance(freed, int)
    document["freed"] = freed + sum(item.size for item in items)


def _table(title: str, items: Sequence[Removable]) -> str:
    rows = [(f"  {title}", "Size")]
    rows += [(f"  {_shown(item)}", human_size(item.size)) for item in items]
    header, *body = columns(rows, align="<>", padding=[0, 3])
    rule = "─" * (max(map(len, [header, *body])) + 2)
    total = human_size(sum(item.size for item in items), digits=1)
    return "\n".join([header, rule, *body, rule, f"  {len(items)} in all, {total}"])


def _shown(item: Removable) -> str:
    if item.path == item.cache:
        return str(item.path)
    return f"{item.cache.name}/{item.path.relative_to(item.cache)}"


def _unused(session: Session, caches: Sequence[Path]) -> Sequence[Removable]:
    """Packages that no environment this user knows of was linked from."""
    from mm_pkg import Prefix
    from mm_pkg.cache.cleaning import unused_packages

    in_use: set[str] = set()
    for prefix in session.config.known_environments():
        for record in Prefix(prefix).records().values():
            in_use |= {record.dist, record.extracted_package_dir}
    return unused_packages(caches, in_use)


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


CHORES: dict[str, Chore] = {
    "clean.index_cache": Chore("Index cache", "Remove index caches", _listing("index_caches")),
    "clean.locks": Chore("Lock file", "Remove lock files", _listing("locks")),
    "clean.tarballs": Chore("Package file", "Remove tarballs", _listing("tarballs")),
    "clean.packages": Chore("Package folder", "Remove unused packages", _unused),
    "clean.trash": Chore("Trash", "Remove trash", _trash),
    "clean.force": Chore(
        "Package cache",
        "Remove all contents from the package caches?",
        _listing("whole_caches"),
        careful=True,
    ),
}
"""Option -> what it cleans up."""

ALL = ("clean.index_cache", "clean.locks", "clean.tarballs", "clean.packages")
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
        flag("--trash", "clean.trash", "What was left behind half removed or half written."),
        flag("-f,--force-pkgs-dirs", "clean.force", "The package caches as a whole."),
    ),
    examples=("micromamba clean --all --dry-run", "micromamba clean --tarballs --packages --yes"),
    run=_run,
)
