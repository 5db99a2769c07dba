"""What ``search`` shows: a card for one package, a table for many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mm_cli.report.size import human_size
from mm_cli.report.table import columns

if TYPE_CHECKING:
    from mm_pkg.record import RepodataRecord

__all__ = ["Found", "card", "table"]

WIDTH = 40
SHOWN_VERSIONS = 5


@dataclass(frozen=True, slots=True)
class Found:
    """A version of a package: its best build, and how many more there are."""

    record: RepodataRecord
    more_builds: int
    channel: str


def table(found: Sequence[Found]) -> str:
    """One row a version."""
    rows = [("  Name", "Version", "Build", "", "Channel", "Subdir")]
    rows += [
        (
            f"  {f.record.name}",
            f.record.version,
            f.record.build,
            _more(f),
            f.channel,
            f.record.subdir or "",
        )
        for f in found
    ]
    header, *body = columns(rows, padding=[0, 2, 2, 1, 2, 2])
    return "\n".join([header, "─" * (max(map(len, [header, *body])) + 2), *body])


def card(found: Sequence[Found]) -> str:
    """All about the newest of *found*, and a short table of the others."""
    best = found[0]
    title = " ".join(
        filter(None, [best.record.name, best.record.version, best.record.build, _more(best)])
    )
    width = max(WIDTH, len(title) + 2)
    lines = [title.center(width).rstrip(), "─" * width, ""]
    lines += [f" {key:<15} {value}" for key, value in _facts(best) if value]
    for heading, specs in (
        ("Run Constraints", best.record.constrains),
        ("Dependencies", best.record.depends),
    ):
        if specs:
            lines += ["", f" {heading}:", *(f"  - {spec}" for spec in specs)]
    return "\n".join(lines + _others(found[1:]))


def _facts(found: Found) -> list[tuple[str, str]]:
    record = found.record
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


def _others(found: Sequence[Found]) -> list[str]:
    if not found:
        return []
    rows = [("  Version", "Build", "")] + [
        (f"  {f.record.version}", f.record.build, _more(f)) for f in found
    ]
    header, *body = columns(rows, padding=[0, 2, 1])
    if len(body) > SHOWN_VERSIONS:
        hidden = len(body) - 4
        body = [*body[:2], f"  ... ({hidden} hidden versions)", *body[-2:]]
    rule = "─" * (max(map(len, [header, *body])) + 2)
    return ["", f" Other Versions ({len(found)}):", "", header, rule, *body]


def _more(found: Found) -> str:
    plural = "s" if found.more_builds > 1 else ""
    return f"(+ {found.more_builds} build{plural})" if found.more_builds else ""
