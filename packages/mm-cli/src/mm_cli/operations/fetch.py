"""From records to extracted packages: what the cache lacks is downloaded and extracted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from mm_channels import Transport
    from mm_pkg import CachedPackage, PackageCache
    from mm_pkg.cancellation import Cancellation
    from mm_pkg.record import RepodataRecord
    from mm_pkg.reporter import Reporter

__all__ = ["Located", "fetch", "locate"]


class Located(msgspec.Struct, frozen=True):
    """Where packages are before anything is fetched.

    extracted -- URL -> the package in the cache
    archived  -- archives in the cache that need extraction only
    missing   -- what must be downloaded
    """

    extracted: dict[str, CachedPackage]
    archived: tuple[tuple[Path, RepodataRecord], ...]
    missing: tuple[RepodataRecord, ...]


def locate(cache: PackageCache, records: Sequence[RepodataRecord]) -> Located:
    """Look every one of *records* up in the cache, once."""
    extracted: dict[str, CachedPackage] = {}
    archived: list[tuple[Path, RepodataRecord]] = []
    missing: list[RepodataRecord] = []
    for record in records:
        if (package := cache.find(record)) is not None:
            extracted[record.url] = package
        elif (archive := cache.find_archive(record)) is not None:
            archived.append((archive, record))
        else:
            missing.append(record)
    return Located(extracted, tuple(archived), tuple(missing))


def fetch(
    located: Located,
    cache: PackageCache,
    transport: Transport,
    *,
    threads: int,
    extract_threads: int,
    reporter: Reporter,
    cancellation: Cancellation,
) -> dict[str, CachedPackage]:
    """Have every located package extracted in the cache; returns URL -> package.

    Extraction begins as soon as an archive is complete, while others still
    download. Raises what the downloads and extractions raise.
    """
    ready = dict(located.extracted)
    if not located.archived and not located.missing:
        return ready
    from concurrent.futures import Future, ThreadPoolExecutor

    from mm_pkg.cancellation import Cancelled

    extracting: list[tuple[str, Future[CachedPackage]]] = []

    def stop_on_failure(future: Future[CachedPackage]) -> None:
        if not future.cancelled() and future.exception() is not None:
            cancellation.cancel()

    with ThreadPoolExecutor(extract_threads, "extract") as pool:

        def extract(path: Path, record: RepodataRecord) -> None:
            future = pool.submit(
                cache.extract, path, record,
                verified=True, cancellation=cancellation, reporter=reporter,
            )  # fmt: skip
            extracting.append((record.url, future))
            future.add_done_callback(stop_on_failure)

        try:
            for path, record in located.archived:
                extract(path, record)
            if located.missing:
                _download(
                    located.missing, cache, transport, threads, extract, reporter, cancellation
                )
            ready.update((url, future.result()) for url, future in extracting)
        except Cancelled:
            # A failed extraction stops the downloads; it is what has to be told.
            _raise_cause(future.exception() for _, future in extracting)
            raise
        except BaseException:
            cancellation.cancel()
            raise
    return ready


def _raise_cause(errors: Iterable[BaseException | None]) -> None:
    from mm_pkg.cancellation import Cancelled

    for error in errors:
        if error is not None and not isinstance(error, Cancelled):
            raise error from None


def _download(
    records: Sequence[RepodataRecord],
    cache: PackageCache,
    transport: Transport,
    threads: int,
    then: Callable[[Path, RepodataRecord], None],
    reporter: Reporter,
    cancellation: Cancellation,
) -> None:
    from mm_channels import Download, download

    wanted = {cache.archive_path(record): record for record in records}
    download(
        [
            Download(r.url, path, size=r.size, sha256=r.sha256, md5=r.md5, name=r.fn)
            for path, r in wanted.items()
        ],
        transport,
        threads=threads,
        on_done=lambda item, path: then(path, wanted[item.destination]),
        reporter=reporter,
        cancellation=cancellation,
    )
