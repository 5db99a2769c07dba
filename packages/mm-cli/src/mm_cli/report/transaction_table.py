"""The transaction as a table, in micromamba's layout."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from mm_cli.report.size import human_size
from mm_cli.report.table import columns

if TYPE_CHECKING:
    from mm_pkg.record import RepodataRecord

__all__ = ["Row", "Section", "transaction_text"]

HEADER = ("Package", "Version", "Build", "Channel", "Size")
ALIGN, PADDING = "<><<>", (2, 2, 2, 2, 5)
BUILD, CHANNEL = 2, 3

COLOURS = {"+": "32", "-": "31", "o": "33", "=": "90"}
"""Mark -> terminal colour."""


class Row(msgspec.Struct, frozen=True):
    """One package in a section; ``mark`` is ``+ - o`` or ``=``."""

    mark: str
    record: RepodataRecord


class Section(msgspec.Struct, frozen=True):
    """One kind of change: its title, its rows, and how many packages it concerns."""

    title: str
    rows: Sequence[Row]
    packages: int


def transaction_text(
    prefix: Path,
    sections: Sequence[Section],
    *,
    updating: Iterable[str] = (),
    removing: Iterable[str] = (),
    cached: Collection[str] = (),
    colour: bool = False,
    channel_names: dict[str, str] | None = None,
    width: int = 0,
) -> str:
    """The whole text shown before *Confirm changes*.

    updating, removing -- the specs asked for
    cached             -- URLs of packages that need no download
    channel_names      -- channel URL -> the name to show for it
    width              -- of the terminal; 0 is no limit
    """
    names = channel_names or {}
    lines = ["Transaction", "", f"  Prefix: {prefix}"]
    lines += _specs("Updating specs", updating) + _specs("Removing specs", removing)
    cells = [
        _cells(row, section.title, cached, names) for section in sections for row in section.rows
    ]
    room = max(0, width - 2)  # beside the end of the rule
    laid = columns(
        [HEADER, *cells], align=ALIGN, padding=PADDING, width=room, shrink=(CHANNEL, BUILD)
    )
    rule = "─" * (max(map(len, laid)) + 2)
    lines += ["", laid[0], rule]
    body = iter(laid[1:])
    for number, section in enumerate(sections):
        lines += ([rule] if number else []) + [f"  {section.title}:", rule, ""]
        lines += [_painted(next(body), row.mark, colour) for row in section.rows]
        lines.append("")
    lines += ["  Summary:", ""]
    lines += [f"  {s.title}: {s.packages} package{'s' * (s.packages != 1)}" for s in sections]
    download = _download(sections, cached)
    if download is not None:
        lines += ["", f"  Total download: {human_size(download)}"]
    lines += ["", rule]
    return "\n".join(lines)


def _specs(title: str, specs: Iterable[str]) -> list[str]:
    listed = [f"   - {spec}" for spec in specs]
    return ["", f"  {title}:", "", *listed] if listed else []


def _cells(row: Row, title: str, cached: Collection[str], names: dict[str, str]) -> tuple[str, ...]:
    record = row.record
    if title == "Ignored":
        size = "Ignored"
    elif row.mark == "-":
        size = ""
    elif record.url in cached:
        size = "Cached"
    else:
        size = human_size(record.size) if record.size else ""
    channel = names.get(record.channel, record.channel)
    return f"{row.mark} {record.name}", record.version, record.build, channel, size


def _painted(line: str, mark: str, colour: bool) -> str:
    if not colour or mark not in COLOURS:
        return line
    return line.replace(f"{mark} ", f"\x1b[{COLOURS[mark]}m{mark}\x1b[0m ", 1)


def _download(sections: Sequence[Section], cached: Collection[str]) -> int | None:
    """Bytes to fetch; None when nothing comes, or some size is not known."""
    coming = {
        row.record.url: row.record.size
        for section in sections
        if section.title != "Ignored"
        for row in section.rows
        if row.mark in "+o"
    }
    sizes = [size for url, size in coming.items() if url not in cached]
    if not coming or not all(sizes):
        return None
    return sum(size or 0 for size in sizes)
