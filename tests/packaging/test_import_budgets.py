"""What may be imported for what: start-up is part of the contract.

Modules are counted by their names, never by time, so that a slow machine is no failure.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "asyncio",
    "certifi",
    "concurrent.futures",
    "http.client",
    "msgspec",
    "platformdirs",
    "resolvelib",
    "ssl",
    "truststore",
    "urllib3",
    "yaml",
    "zstandard",
}
"""What costs milliseconds, whoever needs it."""

AT_EACH_PROMPT = HEAVY | {"argparse", "json", "mm_channels", "mm_solve"}
"""What has no business where a shell waits for its next prompt."""

SHARED = {"argparse", "dataclasses", "json", "sqlite3", "subprocess", "tempfile"}
"""Of the standard library: nothing that ``import mm_X`` alone should bring."""


def imported(*words: str, environ: dict[str, str]) -> set[str]:
    """Names of all modules that Python imports when run with *words*."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *words],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip() for line in lines}


def excess(modules: set[str], forbidden: set[str]) -> set[str]:
    """Those of *forbidden* that are among *modules*, be it by a part of theirs."""
    return {
        each for each in forbidden if any(f"{name}.".startswith(f"{each}.") for name in modules)
    }


@pytest.fixture
def world(tmp_path: Path) -> dict[str, str]:
    """An environment called ``one``, and variables that lead to it."""
    meta = tmp_path / "root" / "envs" / "one" / "conda-meta"
    meta.mkdir(parents=True)
    (meta / "history").touch()
    return {
        "HOME": str(tmp_path),
        "PATH": os.defpath,
        "MAMBA_ROOT_PREFIX": str(tmp_path / "root"),
    }


@pytest.mark.parametrize(
    "words",
    [
        ("--version",),
        ("shell", "activate", "one", "--shell", "bash"),
        ("shell", "deactivate", "--shell", "bash"),
        ("shell", "reactivate", "--shell", "bash"),
        ("shell", "hook", "--shell", "bash"),
        ("run", "-n", "one", "true"),
    ],
    ids=" ".join,
)
def test_what_runs_at_each_prompt(words: tuple[str, ...], world: dict[str, str]) -> None:
    modules = imported("-c", "from mm_cli.main import script; script()", *words, environ=world)
    assert "mm_cli.main" in modules
    assert not excess(modules, AT_EACH_PROMPT)


@pytest.mark.parametrize(
    "words",
    [("env", "list"), ("config", "list"), ("info",), ("create", "--help")],
    ids=" ".join,
)
def test_what_needs_no_network(words: tuple[str, ...], world: dict[str, str]) -> None:
    modules = imported("-c", "from mm_cli.main import script; script()", *words, environ=world)
    assert not excess(modules, {"urllib3", "ssl", "truststore", "yaml", "zstandard", "resolvelib"})


@pytest.mark.parametrize(
    "library", ["mm_config", "mm_pkg", "mm_shell", "mm_channels", "mm_solve", "mm_cli"]
)
def test_importing_a_library_imports_next_to_nothing(library: str, world: dict[str, str]) -> None:
    bare = imported("-c", "pass", environ=world)
    modules = imported("-c", f"import {library}", environ=world) - bare
    assert not excess(modules, HEAVY | SHARED)
    own = {name for name in modules if name.startswith(f"{library}.")}
    assert own <= {f"{library}.lazy_names"}


@pytest.mark.parametrize(
    ("code", "unneeded"),
    [
        ("import mm_solve; mm_solve.Version.parse('1.0')", {"msgspec", "resolvelib", "mm_pkg"}),
        ("import mm_solve; mm_solve.MatchSpec.parse('a >=1')", {"resolvelib", "mm_pkg"}),
        ("import mm_pkg; mm_pkg.Prefix('/nowhere').history()", {"zstandard", "mm_pkg.archive"}),
        ("import mm_pkg; mm_pkg.PackageCache([])", {"zstandard", "mm_pkg.transaction"}),
        ("import mm_pkg; mm_pkg.Plan", {"zstandard", "mm_pkg.archive"}),
        ("import mm_channels; mm_channels.Transport()", {"urllib3", "ssl", "zstandard"}),
        ("import mm_channels; mm_channels.ChannelContext", {"urllib3", "ssl", "sqlite3"}),
        ("import mm_config; mm_config.load(system_dirs=())", {"yaml", "platformdirs", "re"}),
    ],
)
def test_what_a_part_does_not_need(code: str, unneeded: set[str], world: dict[str, str]) -> None:
    bare = imported("-c", "pass", environ=world)
    assert not excess(imported("-c", code, environ=world) - bare, unneeded)
