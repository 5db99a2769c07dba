"""A second opinion: py-rattler on the same random universes."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from test_solver_properties import requests, universes
from universe_factory import MemorySource, install, run

from mm_solve import Unsolvable

rattler = pytest.importorskip("rattler")
SolverError = pytest.importorskip("rattler.exceptions").SolverError


def second_opinion(channel: Path, records: list[dict[str, Any]], wanted: list[str]) -> bool:
    """Whether py-rattler finds a solution."""
    for subdir in ("linux-64", "noarch"):
        packages = {
            f"{r['name']}-{r['version']}-{r['build']}.conda": {**r, "subdir": subdir}
            for r in records
            if subdir == "linux-64"
        }
        folder = channel / subdir
        folder.mkdir(parents=True, exist_ok=True)
        document = {"info": {"subdir": subdir}, "packages": {}, "packages.conda": packages}
        (folder / "repodata.json").write_text(json.dumps(document))

    async def ask() -> bool:
        try:
            await rattler.solve(
                [rattler.Channel(channel.as_uri())],
                specs=wanted,
                platforms=["linux-64", "noarch"],
                gateway=rattler.Gateway(cache_dir=channel / "cache"),
                virtual_packages=[],
            )
        except SolverError:
            return False
        return True

    return asyncio.run(ask())


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(universes(), requests)
def test_same_verdict(
    tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, Any]], wanted: list[str]
) -> None:
    for record in records:
        # py-rattler does not exempt a record from its own constraints.
        others = [text for text in record["constrains"] if text.split()[0] != record["name"]]
        record["constrains"] = others
    theirs = second_opinion(tmp_path_factory.mktemp("channel"), records, wanted)
    try:
        run(install(*wanted), MemorySource(records), system=[])
    except Unsolvable:
        assert not theirs
    else:
        assert theirs
