"""``package``: the archive functions at work (behaviour 69: trees, order, owners)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mm_cli.main import main


@pytest.fixture
def folder(root_prefix: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "folder"
    (folder / "info").mkdir(parents=True)
    (folder / "info/index.json").write_text("{}")
    (folder / "data").write_bytes(b"".join(str(i % 7919).encode() for i in range(100_000)))
    return folder


def test_compress_transmute_and_extract(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["package", "compress", "folder", "a-1-0.conda"]) == 0
    out = capsys.readouterr().out
    assert out == f'Compressing "{folder}" to "{tmp_path}/a-1-0.conda"\n'
    assert main(["package", "transmute", "a-1-0.conda"]) == 0
    assert main(["package", "extract", "a-1-0.tar.bz2", "new/out"]) == 0
    assert (tmp_path / "new/out/data").read_bytes() == (folder / "data").read_bytes()
    capsys.readouterr()
    assert main(["package", "extract", "-q", "a-1-0.conda", "new/out"]) == 0
    assert capsys.readouterr().out == ""


def test_json_names_source_destination_size_and_hash(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["package", "compress", "folder", "a-1-0.tar.bz2", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["source"] == str(folder)
    assert document["destination"] == str(tmp_path / "a-1-0.tar.bz2")
    assert document["size"] == (tmp_path / "a-1-0.tar.bz2").stat().st_size
    assert len(document["sha256"]) == 64
    assert document["success"] is True


def test_levels_and_threads_have_their_effect(folder: Path, tmp_path: Path) -> None:
    sizes = []
    for level in ("1", "19"):
        words = ["package", "compress", "folder", f"a-{level}-0.conda", "-c", level]
        assert main([*words, "--compression-threads", "0", "-q"]) == 0
        sizes.append((tmp_path / f"a-{level}-0.conda").stat().st_size)
    assert sizes[1] < sizes[0]
    assert main(["package", "transmute", "a-1-0.conda", "-c", "10"]) == 1
    assert main(["package", "transmute", "a-1-0.conda", "-c", "many"]) == 104


@pytest.mark.parametrize(
    "words",
    [
        ["extract", "a-1-0.conda", "out"],
        ["compress", "folder", "b-1-0.conda"],
        ["transmute", "a-1-0.conda"],
    ],
)
def test_a_dry_run_writes_nothing(folder: Path, tmp_path: Path, words: list[str]) -> None:
    assert main(["package", "compress", "folder", "a-1-0.conda"]) == 0
    assert main(["package", *words, "--dry-run"]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a-1-0.conda", "folder"]


def test_what_fails_is_said(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad-1-0.conda").write_text("no archive")
    assert main(["package", "extract", "bad-1-0.conda", "out"]) == 1
    assert "bad-1-0.conda cannot be unpacked" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert main(["package", "compress", "folder", "a.zip"]) == 1
    assert "ends in neither .conda nor .tar.bz2" in capsys.readouterr().err
    assert main(["package", "compress", "missing", "a-1-0.conda"]) == 1
    assert main(["package", "extract", "a-1-0.conda"]) == 106
    assert main(["package", "transmute", "a-1-0.conda", "b"]) == 109


def test_a_folder_that_is_no_package_earns_a_warning(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "info/index.json").unlink()
    assert main(["package", "compress", "folder", "a-1-0.conda"]) == 0
    assert "has no info/index.json" in capsys.readouterr().err
