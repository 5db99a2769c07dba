"""Download many files at once, each verified while it arrives."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from mm_channels.atomic import temporary_name, write_error
from mm_channels.errors import VerificationError
from mm_channels.masking import strip_credentials
from mm_pkg.cancellation import Cancellation
from mm_pkg.reporter import SILENT, Reporter, Task

if TYPE_CHECKING:
    from mm_channels.transport import Transport

__all__ = ["Download", "download"]

_TRIES = 2
"""A file that fails verification is fetched once more: proxies do cut files short."""


class Download(msgspec.Struct, frozen=True):
    """One file to get.

    url         -- public; the transport adds credentials
    destination -- where it goes; its folder is made when needed
    size        -- in bytes, None or 0 if unknown
    sha256, md5 -- hexadecimal; sha256 decides where both are known
    name        -- for people
    """

    url: str
    destination: Path
    size: int | None = None
    sha256: str | None = None
    md5: str | None = None
    name: str = ""


def download(
    items: Sequence[Download],
    transport: Transport,
    *,
    threads: int = 5,
    on_done: Callable[[Download, Path], None] | None = None,
    reporter: Reporter = SILENT,
    cancellation: Cancellation | None = None,
) -> None:
    """Fetch all *items*, the largest first; a file appears at its destination only when verified.

    on_done -- called in a worker thread as soon as a file is there, while others still arrive

    The first failure stops the rest and is raised: `NetworkError` and its kinds
    (`VerificationError` for a wrong size or hash), `CacheWriteError`, whatever
    *on_done* raises. `mm_pkg.cancellation.Cancelled` comes within about a second.
    """
    from mm_channels.workers import run_jobs

    def job(item: Download) -> Callable[[Cancellation], None]:
        def get(cancellation: Cancellation) -> None:
            _fetch(item, transport, reporter, cancellation)
            if on_done is not None:
                on_done(item, item.destination)

        return get

    ordered = sorted(items, key=lambda item: -(item.size or (1 << 62)))
    run_jobs(
        [job(item) for item in ordered],
        threads=threads,
        cancellation=cancellation or Cancellation(),
        abort=transport.abort,
    )


def _fetch(
    item: Download, transport: Transport, reporter: Reporter, cancellation: Cancellation
) -> None:
    task = Task("download", item.name or item.destination.name, item.size or None, "bytes")
    reporter.started(task)
    try:
        for tries in range(_TRIES):
            with _PartialFile(item) as partial:
                with contextlib.suppress(_TooLong):
                    transport.fetch(
                        item.url,
                        partial,
                        on_bytes=lambda amount: reporter.advanced(task, amount),
                        cancellation=cancellation,
                    )
                problem = partial.problem()
                if problem is None:
                    partial.commit()
                    break
                reporter.advanced(task, -partial.reported)
            if tries + 1 == _TRIES:
                url = strip_credentials(item.url)
                raise VerificationError(
                    f"{url} is not what the channel promises: {problem}",
                    url=url,
                    hint="The file on the server, or a cache in between, is damaged; "
                    "if it stays so, tell the channel's owner.",
                )
    except BaseException as error:
        reporter.failed(task, str(error))
        raise
    reporter.finished(task)


class _TooLong(Exception):
    """More came than was promised; the rest, which may have no end, is not wanted."""


class _PartialFile:
    """The sink of one download: a file under a temporary name, and its hashes."""

    def __init__(self, item: Download) -> None:
        self._item = item
        self._path = Path(temporary_name(os.fspath(item.destination)))
        self.reset_hashes()

    def __enter__(self) -> _PartialFile:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("wb", buffering=0)
        except OSError as error:
            raise write_error(os.fspath(self._item.destination), error) from None
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        with contextlib.suppress(OSError):
            self._path.unlink()

    def reset_hashes(self) -> None:
        import hashlib

        self.size = 0
        self._accepted = 0
        self._hash = None
        if self._item.sha256:
            self._hash = hashlib.sha256()
        elif self._item.md5:
            self._hash = hashlib.md5(usedforsecurity=False)

    @property
    def reported(self) -> int:
        """The bytes that were passed on as progress: not those that were too many."""
        return self._accepted

    def write(self, data: bytes) -> None:
        self.size += len(data)
        if self._item.size and self.size > self._item.size:
            raise _TooLong
        view = memoryview(data)
        try:
            while view:
                view = view[self._file.write(view) :]
        except OSError as error:
            raise write_error(os.fspath(self._item.destination), error) from None
        self._accepted = self.size
        if self._hash is not None:
            self._hash.update(data)

    def reset(self) -> None:
        self._file.seek(0)
        self._file.truncate()
        self.reset_hashes()

    def problem(self) -> str | None:
        """What is wrong with the whole file, or None."""
        item = self._item
        if item.size and item.size != self.size:
            more = "at least " if self.size > self._accepted else ""
            return f"it has {more}{self.size} bytes instead of {item.size}"
        if self._hash is not None:
            kind, expected = ("SHA256", item.sha256) if item.sha256 else ("MD5", item.md5)
            if self._hash.hexdigest() != (expected or "").lower():
                return f"its {kind} is {self._hash.hexdigest()} instead of {expected}"
        return None

    def commit(self) -> None:
        """Give the file its name; it is on the disk before it is."""
        try:
            self._file.close()
            self._path.replace(self._item.destination)
        except OSError as error:
            raise write_error(os.fspath(self._item.destination), error) from None
