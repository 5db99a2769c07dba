"""The installed program in a world of its own, and what a run of it left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROGRAM = Path(sys.executable).with_name("micromamba")


@dataclass(frozen=True)
class Result:
    """What one run of the program left: exit code and both streams."""

    argv: tuple[str, ...]
    code: int
    out: str
    err: str

    def json(self) -> dict[str, Any]:
        """The one JSON document on stdout; anything besides it is an error."""
        document = json.loads(self.out)
        assert isinstance(document, dict)
        return document

    def __str__(self) -> str:
        return (
            f"$ micromamba {' '.join(self.argv)}\n"
            f"exit code {self.code}\n--- stdout\n{self.out}\n--- stderr\n{self.err}"
        )


@dataclass(frozen=True)
class Micromamba:
    """The installed program in a world of its own: root prefix, home, environment."""

    root: Path
    home: Path
    environ: dict[str, str] = field(repr=False)

    def run(self, *words: str | Path, stdin: str = "", **environ: str) -> Result:
        """Run it, whatever comes of it."""
        argv = tuple(str(w) for w in words)
        done = subprocess.run(
            [str(PROGRAM), *argv],
            env={**self.environ, **environ},
            cwd=self.home,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=300,
        )
        return Result(argv, done.returncode, done.stdout, done.stderr)

    def __call__(self, *words: str | Path, **environ: str) -> Result:
        """Run it; it must succeed."""
        result = self.run(*words, **environ)
        assert result.code == 0, str(result)
        return result

    def fails(self, *words: str | Path, code: int = 1, **environ: str) -> Result:
        """Run it; it must fail with *code*, say why on stderr, and show no traceback."""
        result = self.run(*words, **environ)
        assert result.code == code, str(result)
        assert "Traceback" not in result.err, str(result)
        assert result.err.strip(), f"no word about what is wrong\n{result}"
        return result

    def env(self, name: str) -> Path:
        """Where the environment *name* lies."""
        return self.root / "envs" / name

    def records(self, name: str) -> dict[str, dict[str, Any]]:
        """conda-meta of an environment: package name -> record."""
        found = [json.loads(p.read_text()) for p in (self.env(name) / "conda-meta").glob("*.json")]
        return {record["name"]: record for record in found}


def world(folder: Path, pkgs_dir: Path | None = None) -> Micromamba:
    """A fresh root prefix and home below *folder*; nothing of the caller's environment."""
    home, root = folder / "home", folder / "root"
    home.mkdir(parents=True)
    environ = {
        "PATH": f"{PROGRAM.parent}{os.pathsep}/usr/local/bin:/usr/bin:/bin",
        "HOME": str(home),
        "MAMBA_ROOT_PREFIX": str(root),
        "LANG": "C.UTF-8",
        "TERM": "xterm",
    }
    if pkgs_dir is not None:
        environ["CONDA_PKGS_DIRS"] = str(pkgs_dir)
    return Micromamba(root, home, environ)


@dataclass(frozen=True)
class Story:
    """An environment made from the real channel over HTTP, and the log of making it."""

    mm: Micromamba
    url: str
    created: Result
    requests: list[dict[str, Any]]

    @property
    def prefix(self) -> Path:
        return self.mm.env("demo")

    @property
    def records(self) -> dict[str, dict[str, Any]]:
        return self.mm.records("demo")


@dataclass(frozen=True)
class RealChannel:
    """The channel of tools/make_channel.py: its folder and its manifest."""

    path: Path
    manifest: dict[str, Any]


def tree(folder: Path) -> set[str]:
    """Every path below *folder*, so that before and after can be compared."""
    return {str(p.relative_to(folder)) for p in folder.rglob("*")}
