"""A second opinion on strategies and cut-offs: py-rattler on the same random universes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_solver_properties import NAMES, universes
from universe_factory import MemorySource, install, run

from mm_solve import ExcludeNewer, Unsolvable

rattler = pytest.importorskip("rattler")
SolverError = pytest.importorskip("rattler.exceptions").SolverError

DAY = 86400
CUTOFF = 20_000 * DAY


def versions(records: Iterable[Any]) -> dict[str, str]:
    return {getattr(r.name, "normalized", r.name): str(r.version) for r in records}


def theirs(folder: Path, records: list[dict[str, Any]], name: str, **options: Any) -> Any:
    """The versions that py-rattler chooses; None when there is no solution."""
    packages = {f"{r['name']}-{r['version']}-{r['build']}.conda": r for r in records}
    (folder / "linux-64").mkdir()
    document = {"info": {"subdir": "linux-64"}, "packages": {}, "packages.conda": packages}
    (folder / "linux-64" / "repodata.json").write_text(json.dumps(document))
    try:
        found = asyncio.run(
            rattler.solve(
                [rattler.Channel(folder.as_uri())],
                specs=[name],
                platforms=["linux-64"],
                gateway=rattler.Gateway(cache_dir=folder / "cache"),
                virtual_packages=[],
                **options,
            )
        )
    except SolverError:
        return None
    return versions(found)


def ours(records: list[dict[str, Any]], name: str, **options: Any) -> Any:
    try:
        return versions(run(install(name), MemorySource(records), system=[], **options).records)
    except Unsolvable:
        return None


def plain(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without what the two are known to see differently."""
    return [
        {
            **{key: value for key, value in record.items() if key != "track_features"},
            "subdir": "linux-64",
            "constrains": [t for t in record["constrains"] if t.split()[0] != record["name"]],
        }
        for record in records
    ]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(universes(), st.sampled_from(NAMES), st.sampled_from(["lowest", "lowest-direct"]))
def test_the_same_version_of_what_is_asked_for(
    tmp_path_factory: pytest.TempPathFactory,
    records: list[dict[str, Any]],
    name: str,
    strategy: str,
) -> None:
    records = plain(records)
    expected = theirs(tmp_path_factory.mktemp("channel"), records, name, strategy=strategy)
    found = ours(records, name, strategy=strategy)
    assert (found is None) == (expected is None)
    if found is not None:
        assert found[name] == expected[name]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(universes(), st.sampled_from(NAMES), st.randoms())
def test_the_same_packages_are_too_new(
    tmp_path_factory: pytest.TempPathFactory,
    records: list[dict[str, Any]],
    name: str,
    random: Any,
) -> None:
    records = plain(records)
    for record in records:
        for key in ("timestamp", "indexed_timestamp"):
            stamp = random.choice([None, -DAY, 0, DAY])
            if stamp is not None:
                record[key] = (CUTOFF + stamp) * 1000
    moment = datetime.fromtimestamp(CUTOFF, UTC)
    expected = theirs(tmp_path_factory.mktemp("channel"), records, name, exclude_newer=moment)
    found = ours(records, name, exclude_newer=ExcludeNewer(CUTOFF * 1000))
    assert (found is None) == (expected is None)
    if found is not None:
        assert found[name] == expected[name]
