"""Is there room, may we write, does the path fit: asked before the first change."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from mm_pkg.errors import NotEnoughSpace, PrefixNotWritable, PrefixTooLong
from mm_pkg.link.layout import FileAction
from mm_pkg.transaction.checked import CheckedPlan

__all__ = ["check_feasible"]

_BYTECODE_GROWTH = 1.3
"""Bytecode is about this much larger than its source; for the room on the disk."""


def check_feasible(checked: CheckedPlan) -> None:
    """Raises `PrefixTooLong`, `PrefixNotWritable` or `NotEnoughSpace`."""
    _check_lengths(checked)
    _check_writable(checked)
    _check_space(checked)


def _check_lengths(checked: CheckedPlan) -> None:
    """Binary files whose placeholder is shorter than the environment's path."""
    length = len(os.fsencode(checked.target))
    for layout in checked.layouts:
        for file in layout.files:
            placeholder = file.entry.prefix_placeholder
            if file.action is not FileAction.BINARY or placeholder is None:
                continue
            limit = len(placeholder.encode())
            if length > limit and placeholder.encode() in Path(file.source).read_bytes():
                raise PrefixTooLong(
                    f"{layout.dist}: {file.destination} has room for a path of {limit} bytes,"
                    f" {checked.target} has {length}",
                    path=file.destination,
                    limit=limit,
                    hint="Choose a shorter path for the environment.",
                )


def _existing(path: Path) -> Path:
    """*path*, or the nearest directory above it that exists."""
    while not path.exists() and path != path.parent:
        path = path.parent
    return path


def _check_writable(checked: CheckedPlan) -> None:
    root = str(checked.prefix)
    made = set(checked.directories)
    touched = {path.rpartition("/")[0] for path in (*checked.moves, *checked.creates)}
    touched |= {path.rpartition("/")[0] for path in checked.directories}
    touched |= {"conda-meta"}
    for folder in sorted(touched - made):
        path = f"{root}/{folder}" if folder else root
        if not os.access(path, os.W_OK | os.X_OK):
            there = _existing(Path(path))
            if str(there) == path.rstrip("/") or not os.access(there, os.W_OK | os.X_OK):
                raise PrefixNotWritable(
                    f"{there} cannot be written to", hint="Check its owner and permissions."
                )


def _check_space(checked: CheckedPlan) -> None:
    place = _existing(checked.prefix)
    device = place.stat().st_dev
    needed = 0.0
    for layout in checked.layouts:
        copied = checked.options.always_copy or (
            not checked.options.always_softlink
            and not checked.options.allow_softlinks
            and layout.path.stat().st_dev != device
        )
        for file in layout.files:
            if file.action in (FileAction.COPY, FileAction.TEXT, FileAction.BINARY) or (
                copied and file.action is FileAction.LINK
            ):
                needed += file.size
    for planned in (each for some in checked.bytecode for each in some if each.cached is None):
        needed += planned.file.size * _BYTECODE_GROWTH
    free = shutil.disk_usage(place).free
    if needed > free:
        raise NotEnoughSpace(
            f"{checked.prefix} needs {needed / 1e6:.0f} MB, and {free / 1e6:.0f} MB are free",
            hint="Make room on that disk, or choose another place.",
        )
