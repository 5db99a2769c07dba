"""A user without settings, and a channel of four small packages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from referencing import Registry, Resource

from mm_cli.main import main

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


@cache
def _schemas() -> Registry[Any]:
    folder = ROOT / "docs" / "schemas"
    found = [Resource.from_contents(json.loads(path.read_text())) for path in folder.glob("*.json")]
    return Registry().with_resources([(each.contents["$id"], each) for each in found])


def validate(document: object, name: str) -> None:
    """Raise unless *document* keeps to the published schema called *name*."""
    schema = _schemas().contents(name)
    jsonschema.Draft202012Validator(schema, registry=_schemas()).validate(document)


class User:
    """Runs commands against the demo's channel, and keeps what they said."""

    def __init__(
        self, root_prefix: Path, channel: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.root_prefix = root_prefix
        self.channel = channel
        self._capsys = capsys
        self.out = self.err = ""

    def run(self, *words: str) -> int:
        code = main(words)
        self.out, self.err = self._capsys.readouterr()
        return code

    def change(self, command: str, *words: str) -> int:
        channel = ("-c", str(self.channel), "--override-channels")
        return self.run(command, *words, *channel, "-y")

    def data(self, *words: str) -> dict[str, Any]:
        self.run(*words, "--json")
        document: dict[str, Any] = json.loads(self.out)
        return document

    def document(self, schema: str, *words: str, code: int = 0) -> dict[str, Any]:
        """The one document of a command that ends with *code*; it keeps to *schema*."""
        assert self.run(*words, "--json") == code, self.out + self.err
        document: dict[str, Any] = json.loads(self.out)
        validate(document, schema)
        assert document["success"] is (code == 0)
        return document

    def env(self, name: str) -> Path:
        return self.root_prefix / "envs" / name

    def records(self, name: str) -> dict[str, dict[str, Any]]:
        """conda-meta of an environment: package name -> record."""
        files = (self.env(name) / "conda-meta").glob("*.json")
        found = [json.loads(path.read_text()) for path in files]
        return {record["name"]: record for record in found}

    def packages(self, name: str) -> dict[str, tuple[str, str]]:
        """Package name -> URL and sha256: what makes two environments the same."""
        found = self.records(name).items()
        return {name: (record["url"], record["sha256"]) for name, record in found}


@pytest.fixture
def user(root_prefix: Path, channel: Path, capsys: pytest.CaptureFixture[str]) -> User:
    return User(root_prefix, channel, capsys)
