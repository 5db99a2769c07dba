"""py-rattler's share of the work, one process a request.

python rattler_judge.py solve CACHE CHANNEL SPEC ...
python rattler_judge.py create CACHE CHANNEL PREFIX SPEC ...
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import rattler


async def solve(cache: Path, channel: str, specs: list[str]) -> list[rattler.RepoDataRecord]:
    gateway = rattler.Gateway(cache_dir=cache / "repodata")
    return await rattler.solve(
        [rattler.Channel(channel)],
        specs=specs,
        platforms=["linux-64", "noarch"],
        gateway=gateway,
        virtual_packages=[v.into_generic() for v in rattler.VirtualPackage.detect()],
    )


async def main(verb: str, cache: str, channel: str, *words: str) -> None:
    if verb == "solve":
        print(len(await solve(Path(cache), channel, list(words))))
        return
    prefix, *specs = words
    records = await solve(Path(cache), channel, specs)
    await rattler.install(
        records, target_prefix=prefix, cache_dir=Path(cache) / "pkgs", show_progress=False
    )


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
    sys.stdout.flush()
    os._exit(0)  # its worker threads now and then crash an interpreter that ends in order
