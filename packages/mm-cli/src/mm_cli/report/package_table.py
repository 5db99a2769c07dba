"""Many packages in a table, one row a version."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mm_cli.report.table import columns
from mm_solve.printable import printable

__all__ = ["PackageRow", "package_table"]


class PackageRow(NamedTuple):
    """One version of a package: its best build.

    more_builds -- how many others it has
    depends     -- the dependencies that are asked about, if any are
    """

    name: str
    version: str
    build: str
    channel: str
    subdir: str
    more_builds: int = 0
    depends: str = ""

    @property
    def more(self) -> str:
        """How the other builds are told of."""
        plural = "s" if self.more_builds > 1 else ""
        return f"(+ {self.more_builds} build{plural})" if self.more_builds else ""


WIDTH = 80
"""The most columns that the rule below the headings takes: longer ones wrap on terminals."""

COLUMNS = {
    "name": ("  Name", 0),
    "version": ("Version", 2),
    "build": ("Build", 2),
    "more": ("", 1),
    "depends": ("Depends", 2),
    "channel": ("Channel", 2),
    "subdir": ("Subdir", 2),
}
"""Field -> heading and the blanks before it; fields that no row has are left out."""

OPTIONAL = ("more", "depends")


SHRINK = ("channel", "build", "depends")
"""What is cut where a terminal is too narrow, in this order."""


def package_table(rows: Sequence[PackageRow], width: int = 0) -> str:
    """*rows* under headings; *width* is that of the terminal, 0 is no limit.

    >>> print(package_table([PackageRow("zlib", "1.3", "h0_0", "conda-forge", "linux-64", 2)]))
      Name  Version  Build               Channel      Subdir
    ────────────────────────────────────────────────────────────
      zlib  1.3      h0_0  (+ 2 builds)  conda-forge  linux-64
    """
    shown = [f for f in COLUMNS if f not in OPTIONAL or any(getattr(row, f) for row in rows)]
    cells = [[COLUMNS[field][0] for field in shown]]
    cells += [[_cell(row, field) for field in shown] for row in rows]
    header, *body = columns(
        cells,
        padding=[COLUMNS[field][1] for field in shown],
        width=max(0, width - 2),
        shrink=[shown.index(field) for field in SHRINK if field in shown],
    )
    rule = "─" * min(WIDTH, max(map(len, [header, *body])) + 2)
    return "\n".join([header, rule, *body])


def _cell(row: PackageRow, field: str) -> str:
    text = printable(getattr(row, field))
    return f"  {text}" if field == "name" else text
