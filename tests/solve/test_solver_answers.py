"""The same packages as the reference solver, request by request.

The data is an extract of a generated channel: every record of each name that
the requests can reach, and the reference's answers over the whole of it.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from universe_factory import specs

from mm_pkg.record import PackageRecord, RepodataRecord
from mm_solve import Request, SolveOptions, Unsolvable, solve
from mm_solve.virtual_packages import virtual_package

DATA = Path(__file__).parents[1] / "data" / "solver-answers.json.xz"

SYSTEM = (
    virtual_package("__unix"),
    virtual_package("__linux", "6.1"),
    virtual_package("__glibc", "2.36"),
    virtual_package("__archspec", "1", "x86_64_v3"),
)


class ExtractSource:
    """A `RecordSource` over one subdir of the extract; decodes names when asked."""

    channel = "https://host/generated"
    channel_name = "generated"

    def __init__(self, subdir: str, records: dict[str, list[Any]], strings: list[str]) -> None:
        self.subdir = subdir
        self._rows = records
        self._strings = strings
        self._read: dict[str, dict[str, PackageRecord]] = {}

    def names(self) -> Iterable[str]:
        return self._rows

    def packages(self, name: str) -> Mapping[str, PackageRecord]:
        if name not in self._read:
            self._read[name] = {
                fn: PackageRecord(
                    name=name,
                    version=version,
                    build=build,
                    build_number=number,
                    depends=tuple(self._strings[i] for i in depends),
                    constrains=tuple(self._strings[i] for i in constrains),
                    track_features=features,
                    timestamp=timestamp,
                )
                for fn, version, build, number, depends, constrains, features, timestamp in (
                    self._rows.get(name, ())
                )
            }
        return self._read[name]

    def record(self, name: str, fn: str) -> RepodataRecord:
        short = self.packages(name)[fn]
        return RepodataRecord(
            name=name,
            version=short.version,
            build=short.build,
            build_number=short.build_number,
            depends=short.depends,
            fn=fn,
            channel=self.channel,
            subdir=self.subdir,
        )


@cache
def extract() -> tuple[list[ExtractSource], list[Any]]:
    data = json.loads(lzma.decompress(DATA.read_bytes()))
    sources = [
        ExtractSource(subdir, rows, data["strings"]) for subdir, rows in data["records"].items()
    ]
    return sources, data["requests"]


@pytest.mark.parametrize("number", range(112))
def test_same_answer(number: int) -> None:
    sources, requests = extract()
    texts, priority, answer = requests[number]
    request = Request(install=specs(*texts))
    options = SolveOptions(channel_priority=priority)
    if answer is None:
        with pytest.raises(Unsolvable) as caught:
            solve(request, sources, virtual_packages=SYSTEM, options=options)
        assert 1 < len(caught.value.explanation().splitlines()) <= 30
        return
    solution = solve(request, sources, virtual_packages=SYSTEM, options=options)
    assert sorted(f"{r.name}={r.version}={r.build}" for r in solution.records) == sorted(answer)


def test_every_request_is_tested() -> None:
    assert len(extract()[1]) == 112
