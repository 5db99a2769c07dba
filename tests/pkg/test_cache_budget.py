"""A cache within its budget: the longest unused goes first, what is in use stays."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from mm_pkg.cache import cleaning
from mm_pkg.cache.budget import excess

SIZE = 400_000
DAY = 86400


@pytest.fixture
def pkgs(tmp_path: Path) -> Path:
    """Three packages of 400 kB; a-1-0 was used last, then c-1-0, b-1-0 long ago."""
    pkgs = tmp_path / "pkgs"
    for name in "abc":
        folder = pkgs / f"{name}-1-0"
        (folder / "info").mkdir(parents=True)
        (folder / "info/index.json").write_text("{}")
        (folder / "info/repodata_record.json").write_text(json.dumps({"sha256": name * 64}))
        (folder / "data").write_bytes(b"x" * SIZE)
        (pkgs / ".pyc/cpython-311-1" / (name * 64)).mkdir(parents=True)
    return pkgs


@pytest.fixture(autouse=True)
def used(pkgs: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """When each was used last: inode times cannot be set by anybody, so they are given here."""
    import mm_pkg.cache.budget as budget

    times = {"a-1-0": 30 * DAY, "b-1-0": 10 * DAY, "c-1-0": 20 * DAY}
    monkeypatch.setattr(budget, "_last_used", lambda path: times.get(path.name, 40 * DAY))
    return times


def names(items: tuple[cleaning.Removable, ...]) -> list[str]:
    return [item.path.name for item in items if item.path.name.endswith("-0")]


def test_the_longest_unused_goes_first_and_no_more_than_needed(pkgs: Path) -> None:
    everything = excess([pkgs], ())
    assert names(everything.items) == ["b-1-0", "c-1-0", "a-1-0"]
    assert [item.last_used for item in everything.items][:3] == [10 * DAY, 20 * DAY, 30 * DAY]
    one = excess([pkgs], (), budget=everything.size - 1)
    assert names(one.items) == ["b-1-0"]
    assert one.left == one.size - one.items[0].size <= everything.size - 1
    two = excess([pkgs], (), budget=everything.size - one.items[0].size - 1)
    assert names(two.items) == ["b-1-0", "c-1-0"]
    assert excess([pkgs], (), budget=everything.size).items == ()


def test_what_is_in_use_stays_whatever_the_budget(pkgs: Path) -> None:
    found = excess([pkgs], {"b-1-0", str(pkgs / "c-1-0")})
    assert names(found.items) == ["a-1-0"]
    compiled = {item.path.name[0] for item in found.items if len(item.path.name) == 64}
    assert compiled == {"a"}
    assert found.left > 2 * SIZE


def test_archives_go_with_their_packages(pkgs: Path) -> None:
    for name in ("a-1-0.conda", "b-1-0.tar.bz2", "d-1-0.conda"):
        (pkgs / name).write_bytes(b"x" * SIZE)
    kinds = {item.path.name: item.kind for item in excess([pkgs], {"a-1-0"}).items}
    assert {"b-1-0.tar.bz2", "d-1-0.conda", "b-1-0", "c-1-0"} <= kinds.keys()
    assert kinds["d-1-0.conda"] == "tarball"
    assert "a-1-0.conda" not in kinds


def test_the_bytes_told_are_those_the_disk_gets_back(pkgs: Path, tmp_path: Path) -> None:
    os.link(pkgs / "a-1-0/data", tmp_path / "in an environment that nobody knows")
    before = cleaning.disk_usage(pkgs)
    found = excess([pkgs], ())
    assert found.size == before
    removal = cleaning.remove(found.items)
    assert removal.failed == ()
    assert abs(before - cleaning.disk_usage(pkgs) - removal.freed) <= 4096
    assert removal.freed < 3 * SIZE


def test_a_removal_that_is_killed_leaves_no_half_package(
    pkgs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    def killed(path: object, **_: object) -> None:
        (Path(str(path)) / "data").unlink()
        raise KeyboardInterrupt

    monkeypatch.setattr(shutil, "rmtree", killed)
    items = excess([pkgs], ()).items
    with pytest.raises(KeyboardInterrupt):
        cleaning.remove(items)
    assert not items[0].path.exists()
    assert all((pkgs / f"{name}-1-0/data").exists() for name in "ac")


def test_linking_and_looking_up_count_as_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    from mm_pkg.cache.budget import _last_used

    folder = tmp_path / "a-1-0"
    (folder / "info").mkdir(parents=True)
    record = folder / "info/repodata_record.json"
    record.write_text("{}")
    (folder / "data").write_text("x")
    written = _last_used(folder)
    os.utime(record, (written + 9 * DAY, 0))  # read since
    assert _last_used(folder) == pytest.approx(written + 9 * DAY)
    os.utime(record, (0, 0))
    os.link(folder / "data", tmp_path / "linked")
    assert _last_used(folder) >= written
