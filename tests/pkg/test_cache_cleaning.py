"""Cleaning lists exactly what can go, counts what the disk gets back, and removes it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from mm_pkg.cache import cleaning
from mm_pkg.cache.cleaning import Removable

SIZE = 40_000


def add_package(folder: Path, *, sha256: str = "") -> Path:
    (folder / "info").mkdir(parents=True)
    (folder / "info/index.json").write_text("{}")
    (folder / "info/repodata_record.json").write_text(json.dumps({"sha256": sha256}))
    (folder / "lib").mkdir()
    (folder / "lib/data").write_bytes(b"x" * SIZE)
    # An archive inside a package is the package's own.
    (folder / "lib/test.conda").write_bytes(b"x")
    return folder


@pytest.fixture
def pkgs(tmp_path: Path) -> Path:
    pkgs = tmp_path / "pkgs"
    nested = pkgs / "https/host/chan/noarch"
    add_package(pkgs / "used-1-0", sha256="aa")
    add_package(pkgs / "unused-1-0", sha256="bb")
    add_package(nested / "deep-1-0", sha256="cc")
    (pkgs / "used-1-0.conda").write_bytes(b"x" * SIZE)
    (nested / "deep-1-0.tar.bz2").write_bytes(b"x" * SIZE)
    (pkgs / "cache").mkdir()
    (pkgs / "cache/1234.json").write_bytes(b"x" * SIZE)
    (pkgs / "cache/not-an-archive.conda").write_bytes(b"x")
    (pkgs / "pkgs.lock").touch()
    (pkgs / "cache/cache.lock").touch()
    (pkgs / ".pyc/cpython-311-1/aa").mkdir(parents=True)
    (pkgs / ".pyc/cpython-311-1/bb").mkdir(parents=True)
    (pkgs / ".mm-partial/elsewhere.1.aa").mkdir(parents=True)
    os.utime(pkgs / ".mm-partial/elsewhere.1.aa", (0, 0))
    (pkgs / "urls.txt").touch()
    return pkgs


def names(items: tuple[Removable, ...], pkgs: Path) -> set[str]:
    return {item.path.relative_to(pkgs).as_posix() for item in items}


DEEP = "https/host/chan/noarch/deep-1-0"


def test_what_is_listed(pkgs: Path, tmp_path: Path) -> None:
    caches = [pkgs, tmp_path / "missing"]
    assert names(cleaning.tarballs(caches), pkgs) == {"used-1-0.conda", f"{DEEP}.tar.bz2"}
    unused = cleaning.unused_packages(caches, {"used-1-0"})
    assert names(unused, pkgs) == {"unused-1-0", DEEP, ".pyc/cpython-311-1/bb"}
    unused = cleaning.unused_packages(caches, {"used-1-0", str(pkgs / DEEP)})
    assert names(unused, pkgs) == {"unused-1-0", ".pyc/cpython-311-1/bb"}
    assert names(cleaning.index_caches(caches), pkgs) == {"cache"}
    assert names(cleaning.locks(caches), pkgs) == {"pkgs.lock", "cache/cache.lock"}
    assert names(cleaning.leftovers(caches), pkgs) == {".mm-partial/elsewhere.1.aa"}
    assert [item.path for item in cleaning.whole_caches(caches)] == [pkgs]
    assert all(item.why and item.cache == pkgs for item in unused)


def test_sizes_leave_out_what_environments_share(pkgs: Path, tmp_path: Path) -> None:
    package = pkgs / "unused-1-0"
    listed = {item.path: item.size for item in cleaning.unused_packages([pkgs], ())}
    alone = listed[package]
    assert alone >= SIZE
    os.link(package / "lib/data", tmp_path / "in an environment")
    listed = {item.path: item.size for item in cleaning.unused_packages([pkgs], ())}
    assert 0 <= alone - listed[package] - SIZE < 4096
    # Two names within what is removed: then the space does come back.
    (tmp_path / "in an environment").unlink()
    os.link(package / "lib/data", package / "lib/again")
    listed = {item.path: item.size for item in cleaning.unused_packages([pkgs], ())}
    assert listed[package] == alone


def test_removing(pkgs: Path) -> None:
    items = cleaning.unused_packages([pkgs], {"used-1-0"}) + cleaning.tarballs([pkgs])
    removal = cleaning.remove(items)
    assert removal.removed == items
    assert removal.failed == ()
    assert removal.freed == sum(item.size for item in items)
    assert not any(item.path.exists() for item in items)
    assert (pkgs / "used-1-0/lib/data").exists()
    assert (pkgs / ".pyc/cpython-311-1/aa").exists()
    left = [path.name for path in (pkgs / ".mm-partial").iterdir()]
    assert left == ["elsewhere.1.aa"]
    # Once more: what is gone already is no failure.
    assert cleaning.remove(items) == cleaning.Removal()


def test_a_link_in_a_cache_is_not_followed(pkgs: Path, tmp_path: Path) -> None:
    outside = add_package(tmp_path / "outside/precious-1-0")
    (pkgs / "linked").symlink_to(tmp_path / "outside")
    (pkgs / "precious-1-0").symlink_to(outside)
    assert "precious-1-0" not in {
        item.path.name
        for item in cleaning.unused_packages([pkgs], ())
        if not item.path.is_symlink()
    }
    cleaning.remove(cleaning.unused_packages([pkgs], ()))
    assert (outside / "lib/data").exists()


def test_what_cannot_be_removed_is_told(pkgs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    items = cleaning.tarballs([pkgs])
    unlink = Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if path.name == "used-1-0.conda":
            raise PermissionError(13, "Permission denied")
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    removal = cleaning.remove(items)
    assert [item.path.name for item in removal.removed] == ["deep-1-0.tar.bz2"]
    [(item, error)] = removal.failed
    assert item.path.name == "used-1-0.conda"
    assert error.message == f"Cannot remove {item.path}: Permission denied"
