"""All about one package, and a little about its other versions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mm_cli.report.package_table import PackageRow
from mm_cli.report.size import human_size
from mm_cli.report.table import columns
from mm_solve.printable import printable

if TYPE_CHECKING:
    from mm_pkg.record import RepodataRecord

__all__ = ["card"]

WIDTH = 40
SHOWN_VERSIONS = 5


def card(record: RepodataRecord, rows: Sequence[PackageRow], *, all_versions: bool = False) -> str:
    """All about *record*, and a short table of its other versions.

    rows -- its versions, the newest first; the first is that of *record*
    all_versions -- the table is not shortened
    """
    best = rows[0]
    title = " ".join(filter(None, [best.name, best.version, best.build, best.more]))
    width = max(WIDTH, len(title) + 2)
    lines = [printable(title).center(width).rstrip(), "─" * width, ""]
    lines += [f" {key:<15} {printable(value)}" for key, value in _facts(record) if value]
    for heading, specs in (
        ("Run Constraints", record.constrains),
        ("Dependencies", record.depends),
    ):
        if specs:
            lines += ["", f" {heading}:", *(f"  - {printable(spec)}" for spec in specs)]
    return "\n".join(lines + _others(rows[1:], all_versions))


def _facts(record: RepodataRecord) -> list[tuple[str, str]]:
    return [
        ("Name", record.name),
        ("Version", record.version),
        ("Build", record.build),
        ("Size", human_size(record.size) if record.size else ""),
        ("License", record.license or ""),
        ("Subdir", record.subdir or ""),
        ("File Name", record.fn),
        ("URL", record.url),
        ("MD5", record.md5 or ""),
        ("SHA256", record.sha256 or ""),
        ("Track Features", " ".join(record.features)),
        ("Site-packages", record.python_site_packages_path or ""),
    ]


def _others(rows: Sequence[PackageRow], all_versions: bool) -> list[str]:
    if not rows:
        return []
    cells = [("  Version", "Build", "")]
    cells += [(f"  {printable(row.version)}", printable(row.build), row.more) for row in rows]
    header, *body = columns(cells, padding=[0, 2, 1])
    if len(body) > SHOWN_VERSIONS and not all_versions:
        hidden = len(body) - 4
        body = [*body[:2], f"  ... ({hidden} hidden versions)", *body[-2:]]
    rule = "─" * (max(map(len, [header, *body])) + 2)
    return ["", f" Other Versions ({len(rows)}):", "", header, rule, *body]
