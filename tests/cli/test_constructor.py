"""``constructor`` (behaviour 70: record merging), fed with what installers bring along."""

from __future__ import annotations

import io
import json
import sys
import tarfile
from hashlib import md5, sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mm_channels.repodata.state import cache_name
from mm_pkg.archive import create

if TYPE_CHECKING:
    from conftest import User

SUBDIR = "https://host.invalid/chan/linux-64"
INDEX = {
    "name": "demo", "version": "1.0", "build": "h0_0", "build_number": 0,
    "depends": ["from-index"], "license": "MIT", "track_features": "",
}  # fmt: skip


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    """What an installer puts down: archives, a list of their URLs, maybe repodata."""
    prefix = tmp_path / "installed"
    source = tmp_path / "source"
    (source / "info").mkdir(parents=True)
    (source / "info/index.json").write_text(json.dumps(INDEX))
    (source / "info/paths.json").write_text('{"paths": [], "paths_version": 1}')
    (prefix / "pkgs/cache").mkdir(parents=True)
    archive = create(source, prefix / "pkgs/demo-1.0-h0_0.conda")
    digest = md5(archive.read_bytes()).hexdigest()
    (prefix / "pkgs/urls").write_text(f"{SUBDIR}/{archive.name}#{digest}\n\n")
    return prefix


def archive(prefix: Path) -> bytes:
    return (prefix / "pkgs/demo-1.0-h0_0.conda").read_bytes()


def record(prefix: Path) -> dict[str, Any]:
    text = (prefix / "pkgs/demo-1.0-h0_0/info/repodata_record.json").read_text()
    assert text.startswith('{\n    "')
    data: dict[str, Any] = json.loads(text)
    return data


def test_without_repodata_the_package_speaks_for_itself(user: User, prefix: Path) -> None:
    assert user.run("constructor", "-p", str(prefix), "--extract-conda-pkgs") == 0
    assert user.out == "Extracting demo-1.0-h0_0.conda\n"
    assert f"No repodata of {SUBDIR}/demo-1.0-h0_0.conda" in user.err
    content = archive(prefix)
    found = record(prefix)
    assert found["depends"] == ["from-index"]
    assert found["constrains"] == []
    assert "track_features" not in found
    assert found["fn"] == "demo-1.0-h0_0.conda"
    assert found["url"] == f"{SUBDIR}/demo-1.0-h0_0.conda"
    assert found["channel"] == SUBDIR
    assert found["size"] == len(content)
    assert found["md5"] == md5(content).hexdigest()
    assert found["sha256"] == sha256(content).hexdigest()


def test_patched_repodata_has_the_last_word_and_the_index_fills_gaps(
    user: User, prefix: Path
) -> None:
    patched = {"name": "demo", "version": "1.0", "build": "h0_0", "build_number": 0, "depends": []}
    document = {"packages": {}, "packages.conda": {"demo-1.0-h0_0.conda": patched}}
    cached = prefix / "pkgs/cache" / f"{cache_name(SUBDIR)}.json"
    cached.write_text(json.dumps(document))
    assert user.run("constructor", "-p", str(prefix), "--extract-conda-pkgs", "-q") == 0
    assert (user.out, user.err) == ("", "")
    found = record(prefix)
    assert found["depends"] == []
    assert found["license"] == "MIT"
    assert found["url"] == f"{SUBDIR}/demo-1.0-h0_0.conda"
    assert found["size"] == len(archive(prefix))


def test_the_hash_in_the_list_counts_for_more_than_the_repodatas(user: User, prefix: Path) -> None:
    listed = {"name": "demo", "version": "1.0", "build": "h0_0", "build_number": 0}
    listed["md5"] = md5(archive(prefix)).hexdigest()
    cached = prefix / "pkgs/cache" / f"{cache_name(SUBDIR)}.json"
    cached.write_text(json.dumps({"packages": {"demo-1.0-h0_0.conda": listed}}))
    (prefix / "pkgs/urls").write_text(f"{SUBDIR}/demo-1.0-h0_0.conda#{'0' * 32}\n")
    assert user.run("constructor", "-p", str(prefix), "--extract-conda-pkgs") == 1
    assert "demo-1.0-h0_0.conda" in user.err


def test_a_damaged_archive_is_refused(user: User, prefix: Path) -> None:
    (prefix / "pkgs/demo-1.0-h0_0.conda").write_bytes(archive(prefix) + b"x")
    document = user.data("constructor", "-p", str(prefix), "--extract-conda-pkgs")
    assert document["success"] is False
    assert "demo-1.0-h0_0.conda" in document["error"]["message"]
    assert document["extracted"] == []
    assert not (prefix / "pkgs/demo-1.0-h0_0").exists()


def feed(monkeypatch: pytest.MonkeyPatch, members: dict[str, bytes]) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:bz2") as tar:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    buffer.seek(0)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(buffer))


def test_a_tarball_on_standard_input(
    user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(monkeypatch, {"pkgs/urls": b"", "hello": b"world"})
    prefix = tmp_path / "new" / "prefix"
    words = ("constructor", "-p", str(prefix), "--extract-tarball", "--extract-conda-pkgs")
    assert user.data(*words)["success"] is True
    assert (prefix / "hello").read_bytes() == b"world"
    assert sorted(path.name for path in prefix.iterdir()) == ["hello", "pkgs"]


def test_a_hostile_tarball_is_refused(
    user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(monkeypatch, {"../outside": b"x"})
    assert user.run("constructor", "-p", str(tmp_path / "prefix"), "--extract-tarball") == 1
    assert "not safe to unpack" in user.err
    assert not (tmp_path / "outside").exists()
    assert not (tmp_path / "prefix" / "_tmp.tar.bz2").exists()


def test_what_is_missing_is_named(user: User, tmp_path: Path) -> None:
    assert user.run("constructor", "--extract-tarball") == 1
    assert "No prefix was given" in user.err
    assert user.run("constructor", "-p", str(tmp_path)) == 0
    assert "Nothing to do." in user.out
    assert user.run("constructor", "-p", str(tmp_path), "--extract-conda-pkgs") == 1
    assert f"There is no {tmp_path}/pkgs/urls" in user.err
    assert "the folder that an installer has filled" in user.err


def test_a_dry_run_writes_nothing(user: User, prefix: Path) -> None:
    before = sorted(path.name for path in prefix.rglob("*"))
    words = ("--extract-conda-pkgs", "--extract-tarball", "--dry-run")
    document = user.data("constructor", "-p", str(prefix), *words)
    assert document["extracted"] == ["demo-1.0-h0_0.conda"]
    assert sorted(path.name for path in prefix.rglob("*")) == before
