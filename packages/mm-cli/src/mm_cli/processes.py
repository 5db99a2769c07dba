"""Programs of an environment: finding one on a PATH that is not ours."""

from __future__ import annotations

import os

__all__ = ["find_program"]


def find_program(name: str, path: str) -> str | None:
    """The file that a shell would run for *name*, given the PATH *path*.

    A file that is there but not executable is returned as well: running it
    gives the better error.
    """
    if os.sep in name:
        return name if os.path.exists(name) else None
    candidates = [os.path.join(folder or os.curdir, name) for folder in path.split(os.pathsep)]
    files = [file for file in candidates if os.path.isfile(file)]
    runnable = [file for file in files if os.access(file, os.X_OK)]
    return next(iter(runnable or files), None)
