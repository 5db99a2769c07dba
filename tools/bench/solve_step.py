"""Our solve step alone, with every record decoded: ``solve_step.py step ROUNDS CACHE CHANNEL SPEC ...``"""

from __future__ import annotations

import os
import statistics
import sys
import time
from functools import lru_cache

from mm_channels import ChannelContext, Network, Transport, load_subdirs, resolve_channels
from mm_solve import MatchSpec, Request, detect_virtual_packages, solve


class InMemory:
    """A record source that reads each name and record once."""

    def __init__(self, source: object) -> None:
        self._source = source
        self.packages = lru_cache(None)(source.packages)  # type: ignore[attr-defined]
        self.record = lru_cache(None)(source.record)  # type: ignore[attr-defined]

    def __getattr__(self, name: str) -> object:
        return getattr(self._source, name)


def main(verb: str, rounds: str, cache: str, channel: str, *specs: str) -> None:
    channels = resolve_channels([channel], ChannelContext(platforms=("linux-64", "noarch")))
    with Transport(Network()) as transport:
        sources = load_subdirs(channels, cache_dirs=[cache], transport=transport)
        at_hand = [InMemory(source) for source in sources]
        request = Request(install=tuple(map(MatchSpec.parse, specs)))
        virtual = detect_virtual_packages("linux-64", os.environ)
        solve(request, at_hand, virtual_packages=virtual)
        seconds = []
        for _ in range(int(rounds)):
            begin = time.perf_counter()
            solve(request, at_hand, virtual_packages=virtual)
            seconds.append(time.perf_counter() - begin)
    print(statistics.median(seconds))


if __name__ == "__main__":
    main(*sys.argv[1:])
