"""From records to extracted packages: what the cache lacks is downloaded and extracted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mm_channels import Transport
    from mm_pkg import CachedPackage, PackageCache
    from mm_pkg.cancellation import Cancellation
    from mm_pkg.record import RepodataRecord
    from mm_pkg.reporter import Reporter

__all__ = ["fetch", "missing"]


def missing(cache: PackageCache, records: Sequence[RepodataRecord]) -> list[RepodataRecord]:
    """Those *records* that must be downloaded: neither extracted nor archived in the cache."""
    return [r for r in records if cache.find(r) is None and cache.find_archive(r) is None]


def fetch(
    records: Sequence[RepodataRecord],
    cache: PackageCache,
    transport: Transport,
    *,
    threads: int,
    extract_threads: int,
    reporter: Reporter,
    cancellation: Cancellation,
) -> dict[str, CachedPackage]:
    """Have every one of *records* extracted in the cache; returns URL -> package.

    Extraction begins as soon as an archive is complete, while others still
    download. Raises what the downloads and extractions raise.
    """
    from concurrent.futures import Future, ThreadPoolExecutor

    from mm_channels import Download, download

    ready: dict[str, CachedPackage] = {}
    extracting: list[tuple[str, Future[CachedPackage]]] = []
    wanted: dict[Path, RepodataRecord] = {}
    archived: list[tuple[Path, RepodataRecord]] = []
    for record in records:
        found = cache.find(record)
        archive = cache.find_archive(record) if found is None else None
        if found is not None:
            ready[record.url] = found
        elif archive is not None:
            archived.append((archive, record))
        else:
            wanted[cache.archive_path(record)] = record

    with ThreadPoolExecutor(extract_threads, "extract") as pool:

        def extract(path: Path, record: RepodataRecord) -> None:
            future = pool.submit(
                cache.extract, path, record,
                verified=True, cancellation=cancellation, reporter=reporter,
            )  # fmt: skip
            extracting.append((record.url, future))

        try:
            for path, record in archived:
                extract(path, record)
            if wanted:
                download(
                    [
                        Download(r.url, path, size=r.size, sha256=r.sha256, md5=r.md5, name=r.fn)
                        for path, r in wanted.items()
                    ],
                    transport,
                    threads=threads,
                    on_done=lambda item, path: extract(path, wanted[item.destination]),
                    reporter=reporter,
                    cancellation=cancellation,
                )
            ready.update((url, future.result()) for url, future in extracting)
        except BaseException:
            cancellation.cancel()
            raise
    return ready
