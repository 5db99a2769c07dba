"""PATH as a list of folders, with and without those of a prefix.

Nothing else in the list is touched: an empty element means the current folder,
duplicates may be meant. Only the first occurrence of a prefix's folder is taken
out, the one that activation put there, so that somebody who had the folder on
PATH all along still has it after deactivation.
"""

from __future__ import annotations

import os

__all__ = ["join", "prefix_folders", "split", "with_prefix", "without_prefix"]

FOLDERS = (
    ("bin",)
    if os.name != "nt"
    else (
        "",
        "Library\\mingw-w64\\bin",
        "Library\\usr\\bin",
        "Library\\bin",
        "Scripts",
        "bin",
    )
)
"""A prefix's folders with programs, relative to it, first found first."""


def split(path: str | None) -> list[str]:
    """The elements of *path*; none when it is unset.

    >>> split("/usr/bin::/bin"), split(""), split(None)
    (['/usr/bin', '', '/bin'], [''], [])
    """
    return [] if path is None else path.split(os.pathsep)


def join(folders: list[str]) -> str | None:
    """The inverse of `split`."""
    return os.pathsep.join(folders) if folders else None


def prefix_folders(prefix: str) -> list[str]:
    """Where the programs of *prefix* are, in the order of PATH."""
    return [os.path.join(prefix, folder) if folder else prefix for folder in FOLDERS]


def with_prefix(folders: list[str], prefix: str) -> list[str]:
    """*folders* behind those of *prefix*."""
    return [*prefix_folders(prefix), *folders]


def without_prefix(folders: list[str], prefix: str) -> list[str]:
    """*folders* without the first occurrence of each folder of *prefix*."""
    rest = list(folders)
    for folder in prefix_folders(prefix):
        if folder in rest:
            rest.remove(folder)
    return rest
