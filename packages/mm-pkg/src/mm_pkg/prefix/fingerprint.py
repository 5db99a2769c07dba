"""One short text for the state of an environment, to tell whether it is still the same."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["fingerprint"]


def fingerprint(meta: Path) -> str:
    """A hash of the records and the history in *meta*, an environment's ``conda-meta``.

    It changes with every transaction of any conda tool. What does not exist has the
    same one as what is empty.

    >>> fingerprint(Path("/no/such/directory")) == fingerprint(Path("/nor/this/one"))
    True
    """
    import hashlib

    total = hashlib.sha256()
    try:
        names = sorted(os.listdir(meta))
    except (FileNotFoundError, NotADirectoryError):
        names = []
    for name in names:
        if name != "history" and not name.endswith(".json"):
            continue
        content = (meta / name).read_bytes()
        if content:
            total.update(os.fsencode(name) + b"\0" + hashlib.sha256(content).digest())
    return f"sha256:{total.hexdigest()}"
