"""Linking many files: one after another, or side by side where the disk answers slowly.

On a local disk a link takes some microseconds and threads would only get in
each other's way; on a network file system each waits for a server, and waiting
can be shared.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from mm_pkg.cancellation import Cancellation

__all__ = ["link_all"]

_SAMPLE = 32
_SLOW_SECONDS = 0.0004
_THREADS = 16
_CHUNK = 64

Pair = tuple[str, str]


def link_all(
    pairs: Sequence[Pair],
    link: Callable[[str, str], None],
    cancellation: Cancellation | None = None,
) -> None:
    """Call *link* with each of *pairs*. When it raises, no call is left running."""
    start = time.perf_counter()
    _link_some(pairs[:_SAMPLE], link, cancellation)
    rest = pairs[_SAMPLE:]
    if not rest:
        return
    if time.perf_counter() - start < _SLOW_SECONDS * _SAMPLE:
        _link_some(rest, link, cancellation)
        return
    from concurrent.futures import ThreadPoolExecutor

    chunks = [rest[n : n + _CHUNK] for n in range(0, len(rest), _CHUNK)]
    with ThreadPoolExecutor(_THREADS) as threads:
        futures = [threads.submit(_link_some, chunk, link, cancellation) for chunk in chunks]
        try:
            for future in futures:
                future.result()
        except BaseException:
            threads.shutdown(cancel_futures=True)
            raise


def _link_some(
    pairs: Sequence[Pair], link: Callable[[str, str], None], cancellation: Cancellation | None
) -> None:
    if cancellation is not None:
        cancellation.check()
    for source, target in pairs:
        link(source, target)
