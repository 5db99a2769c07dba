"""``clean``: what it lists, what it removes, what it says of it (behaviour 60)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import User


@pytest.fixture
def pkgs(user: User) -> Path:
    """The cache of a user who has an environment, and had another."""
    assert user.change("create", "-n", "used", "greet-language") == 0
    assert user.change("create", "-n", "gone", "greet") == 0
    assert user.run("env", "remove", "-n", "gone", "-y") == 0
    return user.root_prefix / "pkgs"


def names(pkgs: Path) -> set[str]:
    return {path.name.rsplit("-", 2)[0] for path in pkgs.glob("*-*-*")}


def test_unused_packages_and_their_archives_go(user: User, pkgs: Path) -> None:
    assert names(pkgs) == {"greet", "greet-phrases", "greet-language"}
    document = user.data("clean", "--unused", "--dry-run")
    assert document["dry_run"] is True
    assert names(pkgs) == {"greet", "greet-phrases", "greet-language"}
    sizes = {Path(item["path"]).name: item["size"] for item in document["items"]}
    assert all(size > 0 for size in sizes.values())
    assert document["freed"] == sum(sizes.values()) < document["cache_size"]
    assert {item["kind"] for item in document["items"]} == {"package", "tarball"}
    assert all(item["why"] for item in document["items"])
    done = user.data("clean", "--unused")
    assert done["removed"] == document["removed"]
    assert names(pkgs) == {"greet-language"}


def test_within_the_budget_nothing_goes(user: User, pkgs: Path) -> None:
    document = user.data("clean", "--budget", "1GB")
    assert document["budget"] == 1_000_000_000
    assert document["removed"] == []
    least = user.data("clean", "--unused", "--budget", str(document["cache_size"] - 1))
    assert len(least["removed"]) == 1
    assert user.run("clean", "--budget", "0", "-y") == 0
    assert "cannot be removed so: environments use it" in user.err
    assert names(pkgs) == {"greet-language"}
    assert user.run("clean", "--budget", "much") == 104


def test_all_takes_archives_folders_indexes_and_the_users_cache(
    user: User, pkgs: Path, tmp_path: Path
) -> None:
    nested = pkgs / "https" / "host" / "chan" / "noarch"
    nested.mkdir(parents=True)
    (nested / "deep-1-0.conda").write_text("x")
    shards = tmp_path / ".cache" / "conda" / "pkgs" / "cache" / "shards"
    shards.mkdir(parents=True)
    (tmp_path / "kept.mamba_trash").touch()
    assert user.run("clean", "--all", "-y", "-q") == 0
    assert names(pkgs) == {"greet-language"}
    assert not list(pkgs.rglob("*.conda"))
    assert not (pkgs / "cache").exists()
    assert not (tmp_path / ".cache" / "conda").exists()


def test_the_index_cache_includes_micromambas_shards(
    user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shards = tmp_path / "xdg" / "conda" / "pkgs" / "cache" / "shards"
    shards.mkdir(parents=True)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert user.run("clean", "-i", "-y") == 0
    assert not shards.exists()
    assert shards.parent.exists()


def test_a_table_for_each_cache_with_a_total(user: User, pkgs: Path) -> None:
    assert user.run("clean", "--unused", "--dry-run") == 0
    text = user.out.splitlines()
    assert text[0].startswith("The caches take ")
    assert text[1] == f"  {pkgs}"
    assert text[3].split() == ["Unused", "Size", "Last", "used"]
    assert "4 in all" in text[-1]
    assert max(len(line) for line in text if str(pkgs) not in line) <= 80


def test_nothing_asked_for_is_nothing_done(user: User, pkgs: Path) -> None:
    before = names(pkgs)
    assert user.run("clean") == 0
    assert "Nothing to do." in user.out
    document = user.data("clean")
    assert (document["removed"], document["freed"], document["success"]) == ([], 0, True)
    assert names(pkgs) == before
