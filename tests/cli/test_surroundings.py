"""Odd places to be in: a folder that is gone, a path that no script could name."""

from __future__ import annotations

from pathlib import Path

import pytest

from mm_cli.main import main
from mm_pkg.transaction.lock import PrefixLock


def test_the_current_folder_may_be_gone(
    root_prefix: Path, channel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert main(["create", "-yn", "e", "-c", str(channel), "--override-channels", "greet"]) == 0
    assert main(["info"]) == 0
    assert main(["list", "-n", "e"]) == 0


def test_a_prefix_of_two_lines_is_refused(
    root_prefix: Path, channel: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prefix = tmp_path / "two\nlines"
    words = ["create", "-yp", str(prefix), "-c", str(channel), "--override-channels", "greet"]
    assert main(words) == 1
    assert "several lines" in capsys.readouterr().err
    assert not prefix.exists()


def test_an_environment_that_another_process_is_creating(
    root_prefix: Path, channel: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    meta = root_prefix / "envs" / "e" / "conda-meta"
    (meta / ".mm-journal").mkdir(parents=True)
    with PrefixLock(meta) as lock:
        assert lock.try_acquire()
        words = ["create", "-yn", "e", "-c", str(channel), "--override-channels", "greet"]
        assert main(words) == 1
    assert "another process" in capsys.readouterr().err
    assert (meta / ".mm-journal").exists()
