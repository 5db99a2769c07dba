"""Unpacking a package archive into a folder."""

from __future__ import annotations

import os
from pathlib import Path

from mm_pkg.cancellation import Cancellation
from mm_pkg.errors import ExtractionFailed

from .parts import archive_stem, default_limit, naming_archive, open_parts
from .placement import Placement

__all__ = ["extract"]


def extract(
    archive: str | os.PathLike[str],
    destination: str | os.PathLike[str],
    *,
    limit: int | None = None,
    cancellation: Cancellation | None = None,
) -> None:
    """Unpack the package *archive* into the folder *destination*.

    The folder is made when missing; files that it holds already are kept unless
    the package has one of the same name. Modes are those of the archive minus
    the umask, modification times are kept, owners are not.

    limit -- bytes the archive may unpack to; by default far more than any
             package needs and far less than a decompression bomb gives

    On any error a folder made here is removed again. Raises
    `UnknownArchiveFormat`, `InvalidArchive`, `UnsafeArchive`,
    `ExtractionFailed` and `Cancelled`.
    """
    stem, extension = archive_stem(archive)
    destination = Path(destination)
    try:
        is_new = _make(destination)
    except OSError as error:
        raise _failed(archive, destination, error) from None
    try:
        with naming_archive(archive):
            _extract(Path(archive), stem, extension, destination, limit, cancellation)
    except BaseException as error:
        if is_new:
            from shutil import rmtree

            rmtree(destination, ignore_errors=True)
        if isinstance(error, OSError):
            raise _failed(archive, destination, error) from None
        raise


def _make(destination: Path) -> bool:
    destination.parent.mkdir(parents=True, exist_ok=True)
    try:
        destination.mkdir()
    except FileExistsError:
        if not destination.is_dir():
            raise
        return False
    return True


def _extract(
    archive: Path,
    stem: str,
    extension: str,
    destination: Path,
    limit: int | None,
    cancellation: Cancellation | None,
) -> None:
    with open(archive, "rb", buffering=0) as file:
        if limit is None:
            limit = default_limit(os.fstat(file.fileno()).st_size)
        placement = Placement(destination, limit)
        for tar in open_parts(file, stem, extension, limit=limit):
            for member in tar:
                if cancellation is not None:
                    cancellation.check()
                placement.place(member, tar.content())
        placement.finish()


def _failed(archive: str | os.PathLike[str], destination: Path, error: OSError) -> ExtractionFailed:
    return ExtractionFailed.because(f"Cannot unpack {os.fspath(archive)} into {destination}", error)
