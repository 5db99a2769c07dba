"""Which files of a channel are packages, and which of two formats of one package counts."""

from __future__ import annotations

from typing import TypeVar

__all__ = ["is_archive", "preferred"]

R = TypeVar("R")


def is_archive(fn: str) -> bool:
    """Whether *fn* can be the file name of a package.

    >>> [fn for fn in ("a-1-0.conda", "../a-1-0.conda", "a-1-py3.whl") if is_archive(fn)]
    ['a-1-0.conda']
    """
    return fn.endswith((".conda", ".tar.bz2")) and "/" not in fn and "\\" not in fn


def preferred(records: dict[str, R]) -> dict[str, R]:
    """Without the ``.tar.bz2`` of packages that are there as ``.conda``; changes *records*."""
    old = [fn for fn in records if fn.endswith(".tar.bz2")]
    if len(old) not in (0, len(records)):
        for fn in old:
            if f"{fn.removesuffix('.tar.bz2')}.conda" in records:
                del records[fn]
    return records
