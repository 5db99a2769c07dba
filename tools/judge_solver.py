#!/usr/bin/env python3
"""Judge the solver by py-rattler, on random requests to a channel.

    python judge_solver.py CHANNEL [--requests 200] [--seed 1] [--largest 5]

CHANNEL is a folder with linux-64/ and noarch/.  For each request: both must
agree whether it can be satisfied; what is chosen is verified record by record
with rattler's matcher, not with ours; and the demands that we say exclude each
other must be unsatisfiable for rattler too, while without any one of them they
must be satisfiable.  Prints every disagreement; closes with ``N judged, N wrong``.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import rattler
from rattler.exceptions import SolverError
from rattler.package.build_string import BuildString

from mm_channels import ChannelContext, Network, Transport, load_subdirs, resolve_channels
from mm_pkg.record import PackageRecord, RecordSource
from mm_solve import MatchSpec, Request, SolveOptions, Unsolvable, detect_virtual_packages, solve

PLATFORMS = ("linux-64", "noarch")
SYSTEM = {
    "CONDA_OVERRIDE_GLIBC": "2.36",
    "CONDA_OVERRIDE_LINUX": "6.1",
    "CONDA_OVERRIDE_ARCHSPEC": "x86_64_v3",
    "CONDA_OVERRIDE_CUDA": "12.4",
}
OPTIONS = SolveOptions(channel_priority="strict", add_pip=False)
"""What rattler does by default."""


class Requests:
    """Random requests: names of the channel, most with a version some record has."""

    def __init__(self, sources: Sequence[RecordSource], seed: int, largest: int) -> None:
        self.random = random.Random(seed)
        self.sources = sources
        self.names = sorted({name for source in sources for name in source.names()})
        self.largest = largest

    def __iter__(self) -> Iterable[list[str]]:
        while True:
            count = self.random.randint(1, self.largest)
            yield [self.spec(self.random.choice(self.names)) for _ in range(count)]

    def spec(self, name: str) -> str:
        versions = sorted(
            {
                record.version
                for source in self.sources
                for record in source.packages(name).values()
                if "_" not in record.version
            }
        )
        if not versions or self.random.random() < 0.3:
            return name
        version = self.random.choice(versions)
        operator = self.random.choice(["==", ">=", "<", "<=", "!=", "~="])
        if operator == "~=":
            return f"{name} {'.'.join(version.split('.')[:2])}.*"
        return f"{name} {operator}{version}"


class Judge:
    """py-rattler over the same channel and the same system."""

    def __init__(self, url: str, system: Sequence[PackageRecord]) -> None:
        self.url = url
        self.gateway = rattler.Gateway()
        self.system = list(system)

    def satisfiable(self, specs: Sequence[str]) -> bool:
        """Its verdict."""
        return asyncio.run(self._solve(specs))

    async def _solve(self, specs: Sequence[str]) -> bool:
        virtual = [
            rattler.GenericVirtualPackage(
                rattler.PackageName(record.name),
                rattler.Version(record.version),
                BuildString(record.build),
            )
            for record in self.system
        ]
        try:
            await rattler.solve(
                [rattler.Channel(self.url)],
                specs=list(specs),
                platforms=list(PLATFORMS),
                gateway=self.gateway,
                virtual_packages=virtual,
            )
        except SolverError:
            return False
        return True

    def faults(self, specs: Sequence[str], records: Sequence[PackageRecord]) -> list[str]:
        """What is wrong with a solution, told by rattler's matcher."""
        everything = [*records, *self.system]
        by_name = {record.name: record for record in everything}
        found = [] if len(by_name) == len(everything) else ["two records of one name"]
        theirs = {name: _theirs(record) for name, record in by_name.items()}

        def met(text: str) -> bool:
            spec = rattler.MatchSpec(text)
            name = MatchSpec.parse(text).name
            return name in theirs and bool(spec.matches(theirs[name]))

        found += [f"{spec} is not met" for spec in specs if not met(spec)]
        for record in records:
            found += [f"{record.dist} lacks {text}" for text in record.depends if not met(text)]
            found += [
                f"{record.dist} excludes {text}"
                for text in record.constrains
                if MatchSpec.parse_dependency(text).name in by_name
                and MatchSpec.parse_dependency(text).name != record.name
                and not met(text)
            ]
        return found


def _theirs(record: PackageRecord) -> Any:
    return rattler.PackageRecord(
        name=record.name,
        version=record.version,
        build=BuildString(record.build),
        build_number=record.build_number,
        subdir=record.subdir or "linux-64",
    )


def judge_request(
    specs: list[str], sources: Sequence[RecordSource], judge: Judge
) -> tuple[list[str], bool]:
    """What is wrong with our answer to *specs*, and whether it was a solution."""
    request = Request(install=tuple(map(MatchSpec.parse, specs)))
    try:
        solution = solve(request, sources, virtual_packages=judge.system, options=OPTIONS)
    except Unsolvable as error:
        if judge.satisfiable(specs):
            return ["rattler finds a solution"], False
        return core_faults(_core(specs, error), judge), False
    faults = judge.faults(specs, solution.records)
    if not faults and not judge.satisfiable(specs):
        faults = ["rattler finds no solution"]
    return faults, True


def _core(specs: Sequence[str], error: Unsolvable) -> list[str]:
    """Those of *specs* that are said to exclude each other."""
    named = {text for demand in error.conflict.demands for text in demand.texts}
    return [spec for spec in dict.fromkeys(specs) if str(MatchSpec.parse(spec)) in named]


def core_faults(core: list[str], judge: Judge) -> list[str]:
    """Whether *core* is unsatisfiable, and would not be without any one of its specs."""
    if not core:
        return ["the explanation names none of the specs"]
    if judge.satisfiable(core):
        return [f"the core {core} is satisfiable"]
    return [
        f"the core {core} is not minimal: {spec!r} can be spared"
        for spec in core
        if len(core) > 1 and not judge.satisfiable([each for each in core if each != spec])
    ]


def main() -> int:
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("channel", type=Path)
    ap.add_argument("--requests", type=int, default=200)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--largest", type=int, default=5, help="specs in a request, at most")
    args = ap.parse_args()
    url = args.channel.resolve().as_uri()
    channels = resolve_channels([url], ChannelContext(platforms=PLATFORMS))
    wrong = solved = 0
    slowest = (0.0, [""])
    with tempfile.TemporaryDirectory() as cache, Transport(Network()) as transport:
        sources = load_subdirs(channels, cache_dirs=[cache], transport=transport)
        judge = Judge(url, list(detect_virtual_packages("linux-64", SYSTEM)))
        requests = iter(Requests(sources, args.seed, args.largest))
        for _ in range(args.requests):
            specs = next(requests)
            begin = time.perf_counter()
            faults, is_solution = judge_request(specs, sources, judge)
            slowest = max(slowest, (time.perf_counter() - begin, specs))
            solved += is_solution
            wrong += bool(faults)
            for fault in faults:
                print(f"{specs}: {fault}", flush=True)
    print(f"slowest, judge included: {slowest[0]:.2f} s, {slowest[1]}")
    print(f"{args.requests} judged, {solved} of them solvable, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
