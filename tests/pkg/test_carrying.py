"""Taking along what no package owns."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from mm_pkg import Cancellation, Cancelled, carry_unowned, create_empty


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """An environment with one package that owns ``bin/tool``."""
    prefix = tmp_path / "py"
    create_empty(prefix)
    (prefix / "bin").mkdir()
    (prefix / "bin" / "tool").write_text("packaged")
    record = {
        "name": "tool", "version": "1", "build": "0", "build_number": 0, "files": ["bin/tool"],
    }  # fmt: skip
    (prefix / "conda-meta" / "tool-1-0.json").write_text(json.dumps(record))
    return prefix


@pytest.fixture
def target(tmp_path: Path) -> Path:
    prefix = tmp_path / "new"
    create_empty(prefix)
    return prefix


def test_only_what_no_package_owns_is_taken(source: Path, target: Path) -> None:
    (source / "share").mkdir()
    (source / "share" / "notes").write_text("mine")
    carried = carry_unowned(source, target)
    assert "share/notes" in carried.files
    assert (target / "share" / "notes").read_text() == "mine"
    assert not (target / "bin" / "tool").exists()
    assert not (target / "conda-meta" / "tool-1-0.json").exists()
    assert (source / "share" / "notes").read_text() == "mine"


@pytest.mark.parametrize("edited", [True, False])
def test_edited_files_of_packages_are_taken_as_well(
    source: Path, target: Path, edited: bool
) -> None:
    meta = source / "conda-meta" / "tool-1-0.json"
    record = json.loads(meta.read_text())
    entry = {"_path": "bin/tool", "sha256_in_prefix": hashlib.sha256(b"packaged").hexdigest()}
    meta.write_text(json.dumps(record | {"paths_data": {"paths_version": 1, "paths": [entry]}}))
    (target / "bin").mkdir()
    (target / "bin" / "tool").write_text("packaged")
    shared = target / "shared"
    os.link(target / "bin" / "tool", shared)
    later = meta.stat().st_mtime + 10
    (source / "bin" / "tool").write_text(f"mine: {source}" if edited else "packaged")
    os.utime(source / "bin" / "tool", (later, later))

    carried = carry_unowned(source, target)

    assert ("bin/tool" in carried.files) is edited
    found = (target / "bin" / "tool").read_text()
    assert found == (f"mine: {target}" if edited else "packaged")
    assert shared.read_text() == "packaged"  # as the package cache must stay


def test_text_names_the_new_place(source: Path, target: Path) -> None:
    script = source / "bin" / "pytest"
    script.write_text(f"#!{source}/bin/python\nroot = '{source}'\nother = '{source}2/x'\n")
    script.chmod(0o755)
    carried = carry_unowned(source, target)
    copy = target / "bin" / "pytest"
    assert copy.read_text() == f"#!{target}/bin/python\nroot = '{target}'\nother = '{source}2/x'\n"
    assert copy.stat().st_mode & 0o777 == 0o755
    assert carried.stale == ()
    assert str(source) in script.read_text()


def test_a_shebang_that_no_kernel_takes_starts_through_a_shell(
    source: Path, tmp_path: Path
) -> None:
    target = tmp_path / ("long" * 40)
    create_empty(target)
    script = source / "bin" / "pytest"
    script.write_text(f"#!{source}/bin/python\n")
    carry_unowned(source, target)
    assert (target / "bin" / "pytest").read_text().startswith("#!/bin/sh\n'''exec' ")


def test_compiled_files_stay_as_they_are_and_are_told_of(source: Path, target: Path) -> None:
    content = b"\x7fELF\0" + os.fsencode(source) + b"/lib\0"
    (source / "ext.so").write_bytes(content)
    carried = carry_unowned(source, target)
    assert carried.stale == ("ext.so",)
    assert (target / "ext.so").read_bytes() == content


def test_large_files_are_not_copied(source: Path, target: Path) -> None:
    (source / "data").write_bytes(b"\0" * 5000)
    carry_unowned(source, target)
    assert (source / "data").samefile(target / "data")


def test_links_are_links_and_lead_to_the_new_place(source: Path, target: Path) -> None:
    (source / "absolute").symlink_to(source / "bin" / "tool")
    (source / "relative").symlink_to("bin/tool")
    (source / "folder").symlink_to("bin", target_is_directory=True)
    carry_unowned(source, target)
    assert os.readlink(target / "absolute") == str(target / "bin" / "tool")
    assert os.readlink(target / "relative") == "bin/tool"
    assert os.readlink(target / "folder") == "bin"


def test_settings_and_history_come_along(source: Path, target: Path) -> None:
    meta = source / "conda-meta"
    (meta / "history").write_text("==> 1 <==\n+h/noarch::tool-1-0\n")
    (meta / "state").write_text(json.dumps({"env_vars": {"HERE": f"{source}/share"}}))
    (meta / "pinned").write_text("tool 1\n")
    carry_unowned(source, target)
    assert "+h/noarch::tool-1-0" in (target / "conda-meta" / "history").read_text()
    state = json.loads((target / "conda-meta" / "state").read_text())
    assert state == {"env_vars": {"HERE": f"{target}/share"}}
    assert (target / "conda-meta" / "pinned").read_text() == "tool 1\n"


def test_bytecode_is_left_behind(source: Path, target: Path) -> None:
    cache = source / "lib" / "__pycache__"
    cache.mkdir(parents=True)
    (cache / "x.cpython-311.pyc").write_bytes(b"\0")
    carry_unowned(source, target)
    assert not (target / "lib").exists()


def test_what_is_there_is_not_replaced(source: Path, target: Path) -> None:
    (source / "notes").write_text("old")
    (target / "notes").write_text("new")
    assert "notes" not in carry_unowned(source, target).files
    assert (target / "notes").read_text() == "new"


def test_it_can_be_interrupted(source: Path, target: Path) -> None:
    (source / "notes").write_text("mine")
    cancellation = Cancellation()
    cancellation.cancel()
    with pytest.raises(Cancelled):
        carry_unowned(source, target, cancellation)
    assert (source / "notes").read_text() == "mine"
