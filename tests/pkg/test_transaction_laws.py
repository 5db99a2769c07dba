"""Laws that hold for every sequence of transactions, however packages overlap."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mm_pkg.errors import PathConflict
from mm_pkg.prefix import Prefix
from mm_pkg.transaction import LinkItem, LinkOptions, Plan, apply

NAMES = ("a", "b", "c", "d")
PATHS = ("x", "x/y", "x/y/z", "d/1", "d/2", "d/e/1", "lib/m.py")

universe = st.fixed_dictionaries(
    {
        (name, version): st.sets(st.sampled_from(PATHS), max_size=4)
        for name in NAMES
        for version in ("1", "2")
    }
)
step = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(["1", "2", None]), min_size=1)


def consistent(files: set[str]) -> set[str]:
    """A package cannot hold a file and something below it."""
    return {path for path in files if not any(other.startswith(f"{path}/") for other in files)}


def content(name: str, version: str, path: str) -> bytes:
    return f"{name}-{version}:{path}".encode()


def check(prefix: Path, expected: dict[str, str]) -> None:
    records = Prefix(prefix).records()
    assert {name: record.version for name, record in records.items()} == expected
    listed: set[str] = set()
    for record in records.values():
        assert record.paths_data is not None
        for entry in record.paths_data.paths:
            original = entry.original_path or entry.path
            there = (prefix / entry.path).read_bytes()
            assert there == content(record.name, record.version, original)
            assert entry.path not in listed
            listed.add(entry.path)
        assert list(record.files) == [entry.path for entry in record.paths_data.paths]
    on_disk = {
        str(path.relative_to(prefix))
        for path in prefix.rglob("*")
        if path.is_file() and path.parent.name != "conda-meta"
    }
    assert on_disk == listed
    for path in prefix.rglob("*"):
        assert not path.is_dir() or any(path.iterdir()), f"{path} was left empty"
    # a file put aside gives way to one that is there: its place is not free
    for record in records.values():
        assert record.paths_data is not None
        for entry in record.paths_data.paths:
            if entry.original_path is not None:
                place = prefix / entry.original_path
                assert place.exists() or any(p.is_file() for p in place.parents if p != prefix)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(files=universe, steps=st.lists(step, min_size=1, max_size=5))
def test_every_file_belongs_to_its_package(
    make: Any, picture: Any, files: dict[tuple[str, str], set[str]], steps: list[dict[str, Any]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        maker = type(make)(Path(folder) / "pkgs")
        packages = {
            (name, version): maker(
                name,
                {path: content(name, version, path) for path in sorted(consistent(paths))},
                version=version,
            )
            for (name, version), paths in files.items()
        }
        prefix = Path(folder) / "env"
        apply(Plan(prefix))
        installed: dict[str, str] = {}
        for wanted in steps:
            records = Prefix(prefix).records()
            target = {**installed, **wanted}
            plan = Plan(
                prefix,
                tuple(records[name] for name in wanted if name in records),
                tuple(LinkItem(packages[n, v]) for n, v in wanted.items() if v is not None),
            )
            before = picture(prefix)
            try:
                apply(plan, LinkOptions(path_conflict="clobber"))
            except PathConflict:
                assert picture(prefix) == before
            else:
                installed = {n: v for n, v in target.items() if v is not None}
            check(prefix, installed)
        apply(Plan(prefix, tuple(Prefix(prefix).records().values())))
        assert [str(p.relative_to(prefix)) for p in prefix.rglob("*")] == [
            "conda-meta",
            "conda-meta/history",
        ]


def test_json_is_what_conda_expects(make: Any, file: Any, placeholder: str, prefix: Path) -> None:
    package = make(
        "a",
        {"x": b"x", "t": file(placeholder.encode(), placeholder=placeholder)},
        depends=["b"],
        track_features="f",
        some_new_key=[1],
    )
    apply(Plan(prefix, (), (LinkItem(package),)))
    data = json.loads((prefix / "conda-meta" / "a-1.0-0.json").read_text())
    assert data["some_new_key"] == [1]
    assert data["files"] == ["x", "t"]
    assert data["link"] == {"source": str(package.path), "type": 1}
    assert data["channel"] == "https://host/chan/linux-64"
    assert data["requested_spec"] == ""
    assert data["requested_specs"] == []
    assert data["paths_data"]["paths_version"] == 1
    plain, rewritten = data["paths_data"]["paths"]
    assert set(plain) == {"_path", "path_type", "sha256", "sha256_in_prefix", "size_in_bytes"}
    assert plain["path_type"] == "hardlink"
    assert set(rewritten) == {*plain, "file_mode", "prefix_placeholder"}
