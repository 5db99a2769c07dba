"""A plan with every path decided: what verification hands to execution."""

from __future__ import annotations

from pathlib import Path

import msgspec

from mm_pkg.link.layout import PackageLayout, PlannedFile
from mm_pkg.link.noarch_python import PythonLayout
from mm_pkg.record import PrefixRecord
from mm_pkg.transaction.conflicts import Relocation
from mm_pkg.transaction.journal import Changes
from mm_pkg.transaction.plan import LinkOptions, Plan

__all__ = ["CheckedPlan", "PlannedBytecode", "pyc_caches"]


class PlannedBytecode(msgspec.Struct, frozen=True):
    """Bytecode to be: linked from *cached*, or compiled when that is None."""

    file: PlannedFile
    destination: str
    cached: str | None


class CheckedPlan(msgspec.Struct):
    """A plan with every path decided.

    unlink      -- the records as they are on disk, also duplicates the plan did not know
    moves, directories, creates, prunes -- as in `Changes`, without ``conda-meta``
    bytecode    -- for each layout what to link or compile
    """

    plan: Plan
    options: LinkOptions
    unlink: tuple[PrefixRecord, ...] = ()
    layouts: list[PackageLayout] = msgspec.field(default_factory=list)
    python: PythonLayout | None = None
    bytecode_format: str = ""
    bytecode: list[list[PlannedBytecode]] = msgspec.field(default_factory=list)
    relocations: list[Relocation] = msgspec.field(default_factory=list)
    moves: list[str] = msgspec.field(default_factory=list)
    directories: list[str] = msgspec.field(default_factory=list)
    creates: list[str] = msgspec.field(default_factory=list)
    prunes: list[str] = msgspec.field(default_factory=list)
    warnings: list[str] = msgspec.field(default_factory=list)

    @property
    def prefix(self) -> Path:
        """The environment."""
        return self.plan.prefix

    @property
    def target(self) -> str:
        """The path to write into files."""
        return str(self.options.relocate_prefix or self.plan.prefix)

    def changes(self) -> Changes:
        """All of it for the journal, ``conda-meta`` included."""
        gone = [f"conda-meta/{record.dist}.json" for record in self.unlink]
        rewritten = {f"conda-meta/{move.record.dist}.json" for move in self.relocations}
        added = [f"conda-meta/{layout.dist}.json" for layout in self.layouts]
        return Changes(
            moves=(*self.moves, *gone, *sorted(rewritten)),
            directories=tuple(self.directories),
            creates=(*self.creates, *added, *sorted(rewritten)),
            prunes=tuple(self.prunes),
            history=(self.prefix / "conda-meta" / "history").exists(),
        )


def pyc_caches(checked: CheckedPlan, layout: PackageLayout) -> list[Path]:
    """Where bytecode of a package is kept: beside the package, then where we may write."""
    further = checked.options.pyc_cache
    return [layout.path.parent, *([further] if further is not None else [])]
