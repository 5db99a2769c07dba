"""What differs between two sets of packages, as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from mm_cli.report.table import columns

if TYPE_CHECKING:
    from mm_cli.operations.comparison import Difference
    from mm_pkg.record import RepodataRecord

__all__ = ["difference_text"]

MARKS = {"added": "+", "removed": "-", "upgraded": "↑", "downgraded": "↓", "changed": "~"}
"""Kind of difference -> its mark in the table."""

COLOURS = {"added": "32", "removed": "31", "upgraded": "32", "downgraded": "31", "changed": "33"}


def difference_text(
    differences: Sequence[Difference],
    label: Callable[[str], str],
    *,
    colour: bool = False,
) -> str:
    """The table and a summary; of packages of one version also builds and channels are shown.

    label -- channel URL -> the name to show for it
    """
    if not differences:
        return "No differences."
    rows = [("  Package", "From", "To")]
    for each in differences:
        old, new = _cells(each, label)
        rows.append((f"{MARKS[each.kind]} {each.name}", old, new))
    header, *body = columns(rows, padding=[0, 2, 2])
    rule = "─" * max(map(len, [header, *body]))
    if colour:
        body = [
            f"\x1b[{COLOURS[each.kind]}m{line}\x1b[0m"
            for each, line in zip(differences, body, strict=True)
        ]
    counts = Counter[str](each.kind for each in differences)
    summary = ", ".join(f"{counts[kind]} {kind}" for kind in MARKS if counts[kind])
    return "\n".join([header, rule, *body, "", f"{summary}."])


def _cells(difference: Difference, label: Callable[[str], str]) -> tuple[str, str]:
    old, new = difference.old, difference.new
    same_dist = (
        old is not None
        and new is not None
        and (old.version, old.build)
        == (
            new.version,
            new.build,
        )
    )
    return _cell(old, label, same_dist), _cell(new, label, same_dist)


def _cell(record: RepodataRecord | None, label: Callable[[str], str], whole: bool) -> str:
    if record is None:
        return ""
    text = f"{record.version} {record.build}".rstrip()
    return f"{text} {label(record.channel)}".rstrip() if whole else text
