"""``file://`` URLs: the same transfer, from this machine."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from mm_channels.channel.url import CondaURL
from mm_channels.errors import NetworkError, NotFound
from mm_channels.transport.sink import Received, Sink, Validators
from mm_pkg.cancellation import Cancellation

__all__ = ["fetch_file"]

_CHUNK = 1 << 20


def fetch_file(
    url: str,
    sink: Sink,
    *,
    validators: Validators,
    on_start: Callable[[int | None], None],
    on_bytes: Callable[[int], None],
    cancellation: Cancellation,
) -> Received:
    """Copy the file at *url* into *sink*. Raises `NotFound`, `NetworkError`."""
    path = CondaURL.parse(url).local_path()
    try:
        source = Path(path).open("rb", buffering=0)  # noqa: SIM115 (closed below)
    except (FileNotFoundError, NotADirectoryError):
        raise NotFound(f"{path} does not exist", url=url) from None
    except OSError as error:
        raise NetworkError(f"{path} cannot be read: {error.strerror}", url=url) from None
    with source:
        status = os.fstat(source.fileno())
        etag = f'"{status.st_mtime_ns:x}-{status.st_size:x}"'
        if validators.etag == etag:
            return Received(not_modified=True, etag=etag)
        on_start(status.st_size)
        while True:
            cancellation.check()
            try:
                piece = source.read(_CHUNK)
            except OSError as error:
                raise NetworkError(f"{path} cannot be read: {error.strerror}", url=url) from None
            if not piece:
                return Received(etag=etag)
            sink.write(piece)
            on_bytes(len(piece))
