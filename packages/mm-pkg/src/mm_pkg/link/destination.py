"""Where a package may write: inside the environment, outside ``conda-meta``."""

from __future__ import annotations

import posixpath
import re

from mm_pkg.errors import UnsafePath

__all__ = ["checked_destination"]

META = "conda-meta"


def checked_destination(path: str, package: str) -> str:
    """*path*, relative to the environment and normalised.

    *package* is named in the error. Raises `UnsafePath` for what is absolute,
    climbs out, or lies in ``conda-meta``.

    >>> checked_destination("./lib//libz.so", "zlib")
    'lib/libz.so'
    """
    # an ordinary path is seen to be safe at once: there are many thousands
    if (
        path[:1] not in ("", "/", ".", "c", "C")
        and path[-1] != "/"
        and "//" not in path
        and "/." not in path
        and "\0" not in path
        and "\\" not in path
        and ":" not in path
    ):
        return path
    clean = posixpath.normpath(path)
    if (
        not path
        or path.startswith("/")
        or clean == "."
        or "\0" in path
        or re.match(r"[A-Za-z]:", path)
        or ".." in path.replace("\\", "/").split("/")
    ):
        raise UnsafePath(
            f"{package} lists {path!r}, which is not a path inside the environment",
            package=package,
            path=path,
            hint="The package is broken or hostile; nothing was changed.",
        )
    if clean.split("/", 1)[0].casefold() == META:
        raise UnsafePath(
            f"{package} lists {path!r}; packages must not write to {META}",
            package=package,
            path=path,
            hint="The package is broken or hostile; nothing was changed.",
        )
    return clean
