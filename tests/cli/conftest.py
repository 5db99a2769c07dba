"""A user without settings, and a channel of four small packages."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def root_prefix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The root prefix of a user who has no settings and no environments yet."""
    for name in list(os.environ):
        if name.startswith(("CONDA_", "MAMBA_", "XDG_")):
            monkeypatch.delenv(name)
    root = tmp_path / "root"
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("MAMBA_ROOT_PREFIX", str(root))
    return root


@pytest.fixture(scope="session")
def channel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's channel: greet (1.0, 2.0) needs greet-phrases needs greet-language."""
    folder = tmp_path_factory.mktemp("channel")
    program = ROOT / "tools" / "make_demo_channel.py"
    subprocess.run([sys.executable, program, folder], check=True, capture_output=True)
    return folder
