from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CLI = "import sys; from mm_cli.main import main; sys.exit(main(sys.argv[1:]))"


def _dead_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", "pass"])
    process.wait()
    return process.pid


@pytest.mark.parametrize("left", ["in the environment", "next to it"])
def test_every_command_sweeps_what_a_killed_one_left(tmp_path: Path, left: str) -> None:
    envs = tmp_path / "root" / "envs"
    if left == "in the environment":
        stray = envs / "e" / "conda-meta" / ".mm-journal-done"
        (envs / "e" / "conda-meta").mkdir(parents=True)
        (envs / "e" / "conda-meta" / "history").touch()
    else:
        stray = envs / f".e.mm-gone-{_dead_process()}"
    (stray / "trash").mkdir(parents=True)
    subprocess.run(
        [sys.executable, "-c", CLI, "list", "-n", "e"],
        env={"HOME": str(tmp_path), "MAMBA_ROOT_PREFIX": str(tmp_path / "root"), "PATH": ""},
        capture_output=True,
        check=False,
    )
    assert not stray.exists()


def test_killed_transactions_are_looked_for_by_the_marks_they_leave() -> None:
    from mm_cli.session import _TRACES
    from mm_pkg.transaction import recovery

    assert _TRACES == recovery._TRACES
