"""What a transaction is to do, and how: plain values made by the caller."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Protocol

import msgspec

from mm_pkg.prefix.history import HistoryEntry
from mm_pkg.record import PathEntry, PrefixRecord, RepodataRecord

__all__ = ["LinkItem", "LinkOptions", "Outcome", "Package", "Plan"]


class Package(Protocol):
    """An extracted package, as `mm_pkg.cache.CachedPackage` is one."""

    @property
    def path(self) -> Path:
        """The extracted directory."""

    @property
    def record(self) -> RepodataRecord:
        """What is known of the package."""

    @property
    def archive(self) -> Path | None:
        """The archive it came from, if that is still there."""

    def paths(self) -> tuple[PathEntry, ...]:
        """Its files, with the defaults of CEP 34 filled in."""


class LinkItem(msgspec.Struct, frozen=True):
    """A package to link, and the specs of the user that it answers."""

    package: Package
    requested_specs: tuple[str, ...] = ()


class Plan(msgspec.Struct, frozen=True):
    """One change of one environment.

    Packages are linked in the order of ``link``: dependencies first; where two
    ship the same path the later one wins. ``history`` is what to add to the
    history; which packages come and go is filled in. None adds no entry.
    ``fingerprint`` is what `Prefix.fingerprint` said when the plan was made: an
    environment that has another one by now is not touched. Empty: any will do.
    ``foreign`` are packages that another program has installed, such as pip: their
    ``files`` leave too. Neither ``conda-meta`` nor the history knows of them.
    """

    prefix: Path
    unlink: tuple[PrefixRecord, ...] = ()
    link: tuple[LinkItem, ...] = ()
    history: HistoryEntry | None = None
    fingerprint: str = ""
    foreign: tuple[PrefixRecord, ...] = ()


class LinkOptions(msgspec.Struct, frozen=True):
    """How to carry out a plan.

    always_copy, always_softlink, allow_softlinks -- see `mm_pkg.link.method`
    compile_pyc       -- byte-compile ``noarch: python`` packages
    compile_workers   -- processes for that; 0 means as many as pay
    pyc_cache         -- a further package cache directory to keep bytecode in
    run_scripts       -- run link scripts
    relocate_prefix   -- text to write into files instead of the real path
    root_prefix       -- told to link scripts
    path_conflict     -- when a file is in the way: replace it and warn, replace
                         it silently ("clobber"), or refuse ("prevent")
    use_lockfiles     -- lock the environment while it changes
    lock_timeout      -- seconds to wait for the lock; 0 waits without end
    override_frozen   -- change a frozen environment (CEP 22)
    """

    always_copy: bool = False
    always_softlink: bool = False
    allow_softlinks: bool = False
    compile_pyc: bool = True
    compile_workers: int = 0
    pyc_cache: Path | None = None
    run_scripts: bool = True
    relocate_prefix: str | Path | None = None
    root_prefix: Path | None = None
    path_conflict: Literal["clobber", "warn", "prevent"] = "warn"
    use_lockfiles: bool = True
    lock_timeout: float = 0
    override_frozen: bool = False


class Outcome(msgspec.Struct, frozen=True):
    """What is to be said after a transaction.

    warnings -- oddities, one line each
    messages -- what link scripts told the user
    """

    warnings: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
