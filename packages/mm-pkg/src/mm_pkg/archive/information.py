"""Reading what a package says of itself without unpacking it."""

from __future__ import annotations

import os
from collections.abc import Collection

from mm_pkg.errors import ExtractionFailed

from .member import Kind
from .parts import archive_stem, naming_archive, open_parts
from .placement import safe_name

__all__ = ["read_info"]

_FOLDER = b"info/"


def read_info(
    archive: str | os.PathLike[str], names: Collection[str] | None = None
) -> dict[str, bytes]:
    """The files below ``info/`` of a package archive, by name relative to ``info/``.

    names -- those wanted, such as ``["index.json", "paths.json"]``; reading stops
             when all are found. None means all. Missing ones are missing in the
             answer.

    Of a ``.conda`` only the info part is read. Raises `UnknownArchiveFormat`,
    `InvalidArchive`, `UnsafeArchive` and `ExtractionFailed`.
    """
    stem, extension = archive_stem(archive)
    wanted = None if names is None else set(names)
    found: dict[str, bytes] = {}
    try:
        with naming_archive(archive), open(archive, "rb", buffering=0) as file:
            for tar in open_parts(file, stem, extension, parts=("info",)):
                for member in tar:
                    name = safe_name(member.name)
                    if member.kind is not Kind.FILE or not name.startswith(_FOLDER):
                        continue
                    relative = os.fsdecode(name.removeprefix(_FOLDER))
                    if wanted is None or relative in wanted:
                        found[relative] = b"".join(bytes(piece) for piece in tar.content())
                    if wanted is not None and wanted <= found.keys():
                        return found
    except OSError as error:
        raise ExtractionFailed.because(f"Cannot read {os.fspath(archive)}", error) from None
    return found
