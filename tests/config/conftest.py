"""A home and a root prefix of one's own for every test of settings."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

import mm_config


class Home:
    """A user with a home, a root prefix and configuration files."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(os.path.realpath(folder))
        self.path = self.folder / "home"
        self.root = self.folder / "root"
        self.path.mkdir()
        self.root.mkdir()
        self.env = {"HOME": str(self.path), "MAMBA_ROOT_PREFIX": str(self.root)}

    def write(self, name: str, text: str | bytes) -> Path:
        """A file under the home ("~/..."), the root prefix ("ROOT/...") or the folder."""
        path = self.folder / name.replace("~", "home").replace("ROOT", "root")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def load(self, cli: dict[str, Any] | None = None, **more: Any) -> mm_config.Config:
        """The settings; *env* extends the usual variables."""
        env = {**self.env, **more.pop("env", {})}
        more.setdefault("system_dirs", ())
        more.setdefault("cwd", self.folder)
        return mm_config.load(cli or {}, env=env, **more)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)
