"""py-rattler's share of the work, one process a request.

python rattler_judge.py solve CACHE CHANNEL SPEC ...
python rattler_judge.py step ROUNDS CACHE CHANNEL SPEC ...
python rattler_judge.py create CACHE CHANNEL PREFIX SPEC ...
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import time
from pathlib import Path

import rattler
from rattler.exceptions import SolverError


async def solve(
    gateway: rattler.Gateway, channel: str, specs: list[str]
) -> list[rattler.RepoDataRecord]:
    overrides = rattler.VirtualPackageOverrides.from_env()
    virtual = rattler.VirtualPackage.detect(overrides)
    return await rattler.solve(
        [rattler.Channel(channel)],
        specs=specs,
        platforms=["linux-64", "noarch"],
        gateway=gateway,
        virtual_packages=[package.into_generic() for package in virtual],
    )


async def step(rounds: int, gateway: rattler.Gateway, channel: str, specs: list[str]) -> float:
    """Median seconds of a solve with everything in the gateway's memory."""
    await solve(gateway, channel, specs)
    seconds = []
    for _ in range(rounds):
        begin = time.perf_counter()
        await solve(gateway, channel, specs)
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds)


async def main(verb: str, *words: str) -> None:
    rounds = 0
    if verb == "step":
        rounds, words = int(words[0]), words[1:]
    cache, channel, *rest = words
    gateway = rattler.Gateway(cache_dir=Path(cache) / "repodata")
    if verb == "step":
        print(await step(rounds, gateway, channel, rest))
        return
    if verb == "solve":
        print(len(await solve(gateway, channel, rest)))
        return
    prefix, *specs = rest
    records = await solve(gateway, channel, specs)
    await rattler.install(
        records, target_prefix=prefix, cache_dir=Path(cache) / "pkgs", show_progress=False
    )


if __name__ == "__main__":
    status = 0
    try:
        asyncio.run(main(*sys.argv[1:]))
    except SolverError as error:
        print(error, file=sys.stderr)
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # its worker threads now and then crash an interpreter that ends in order
