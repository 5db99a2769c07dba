"""Small universes for the solver's tests, written as a few lines of data."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from mm_pkg.record import PackageRecord, PrefixRecord, RepodataRecord
from mm_solve import Actions, MatchSpec, Request, Solution, SolveOptions, changes, solve
from mm_solve.virtual_packages import virtual_package

SYSTEM = (
    virtual_package("__unix"),
    virtual_package("__linux", "6.1"),
    virtual_package("__glibc", "2.36"),
)


class MemorySource:
    """A `RecordSource` over records in memory."""

    def __init__(
        self,
        records: Iterable[Mapping[str, Any]],
        channel: str = "https://host/chan",
        subdir: str = "linux-64",
    ) -> None:
        self.channel = channel
        self.channel_name = channel.rpartition("/")[2]
        self.subdir = subdir
        self.reads: list[str] = []
        self._records: dict[str, dict[str, RepodataRecord]] = {}
        for data in records:
            fn = data.get("fn") or f"{data['name']}-{data['version']}-{data['build']}.conda"
            record = RepodataRecord.from_dict(
                {**data, "url": f"{channel}/{subdir}/{fn}", "subdir": subdir}
            )
            self._records.setdefault(record.name, {})[fn] = record

    def names(self) -> Iterable[str]:
        return self._records

    def packages(self, name: str) -> Mapping[str, PackageRecord]:
        self.reads.append(name)
        return self._records.get(name, {})

    def record(self, name: str, fn: str) -> RepodataRecord:
        return self._records[name][fn]


def pkg(
    name: str,
    version: str = "1.0",
    depends: Iterable[str] = (),
    *,
    build: str = "0",
    build_number: int = 0,
    **more: Any,
) -> dict[str, Any]:
    """The data of one package."""
    text = f"{name} {version} {build} {sorted(map(str, more.items()))}"
    return {
        "name": name,
        "version": version,
        "build": build,
        "build_number": build_number,
        "depends": list(depends),
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        **more,
    }


def prefix_of(
    *records: Mapping[str, Any], channel: str = "https://host/chan"
) -> dict[str, PrefixRecord]:
    """The installed records for that data."""
    installed = {}
    for data in records:
        fn = f"{data['name']}-{data['version']}-{data['build']}.conda"
        subdir = data.get("subdir", "linux-64")
        installed[data["name"]] = PrefixRecord.from_dict(
            {**data, "url": f"{channel}/{subdir}/{fn}"}
        )
    return installed


def specs(*texts: str) -> tuple[MatchSpec, ...]:
    return tuple(MatchSpec.parse(text) for text in texts)


def run(
    request: Request,
    *sources: MemorySource,
    installed: Mapping[str, PrefixRecord] | None = None,
    system: Iterable[PackageRecord] = SYSTEM,
    **options: Any,
) -> Solution:
    return solve(
        request,
        sources,
        installed=installed or {},
        virtual_packages=tuple(system),
        options=SolveOptions(**options),
    )


def install(*texts: str, **more: Any) -> Request:
    return Request(install=specs(*texts), **more)


def dists(solution: Solution) -> list[str]:
    return [record.dist for record in solution.records]


def summary(actions: Actions) -> set[str]:
    """Actions as short texts: ``upgrade numpy 1.0 -> 1.1``."""
    found = set()
    for action in actions:
        versions = [r.version for r in (action.unlink, action.link) if r is not None]
        if action.kind == "reinstall":
            versions = versions[:1]
        found.add(f"{action.kind} {action.name} {' -> '.join(versions)}")
    return found


def planned(
    request: Request,
    *sources: MemorySource,
    installed: Mapping[str, PrefixRecord] | None = None,
    no_deps: bool = False,
    only_deps: bool = False,
    **options: Any,
) -> set[str]:
    solution = run(request, *sources, installed=installed, **options)
    return summary(changes(installed or {}, solution, no_deps=no_deps, only_deps=only_deps))
