"""What every end-to-end test stands on: channels, servers, a scrubbed world, the real program.

Two channels.  The *small* one is built from tools/demo/recipes in milliseconds and
works everywhere.  The *real* one (python, numpy, flask, ... out of Debian
packages and wheels; about a minute) is built once and kept in a cache folder,
``MM_CHANNEL_CACHE`` or ``~/.cache/mm-tests``; where it cannot be built its tests
skip and say why, unless ``MM_REQUIRE_CHANNEL`` is set: then they fail.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools"
sys.path[:0] = [str(TOOLS), str(Path(__file__).parent)]

from harness import Micromamba, RealChannel, Story, world  # noqa: E402

from make_demo_channel import make_channel  # noqa: E402
from serve import Server  # noqa: E402


def why_no_real_channel() -> str:
    """The reason why the real channel cannot be built here, or ''."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return "needs Linux on x86-64"
    os_release = Path("/etc/os-release")
    facts = os_release.read_text() if os_release.exists() else ""
    if "ID=debian" not in facts or 'VERSION_ID="12"' not in facts:
        return "needs Debian 12, whose packages it is made of"
    missing = [tool for tool in ("apt-get", "dpkg-deb", "gcc") if shutil.which(tool) is None]
    return f"needs {', '.join(missing)}" if missing else ""


def build_real_channel(cache: Path) -> RealChannel:
    """Build it, or take what an earlier run (or another worker) has built."""
    scripts = [TOOLS / "make_channel.py", TOOLS / "chanlib.py"]
    digest = hashlib.sha256(b"".join(p.read_bytes() for p in scripts)).hexdigest()[:12]
    out = cache / f"channel-{digest}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (out / "manifest.json").exists():
            command = [sys.executable, str(scripts[0]), str(out), "--minimal"]
            done = subprocess.run(
                [*command, "--cache", str(cache / "downloads")],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            if done.returncode:
                raise RuntimeError(f"the channel could not be built:\n{done.stdout[-3000:]}")
    return RealChannel(out / "channel", json.loads((out / "manifest.json").read_text()))


@pytest.fixture(scope="session")
def real_channel() -> RealChannel:
    default = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mm-tests"
    cache = Path(os.environ.get("MM_CHANNEL_CACHE") or default)
    absent = pytest.fail if os.environ.get("MM_REQUIRE_CHANNEL") else pytest.skip
    if reason := why_no_real_channel():
        absent(f"no real channel: {reason}")
    try:
        return build_real_channel(cache)
    except RuntimeError as error:
        absent(str(error))
        raise


@pytest.fixture(scope="session")
def small_channel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's channel: greet 1.0 and 2.0 -> greet-phrases -> greet-language."""
    channel = tmp_path_factory.mktemp("small") / "channel"
    make_channel(channel)
    return channel


@pytest.fixture
def build_channel(tmp_path: Path) -> Callable[..., Path]:
    """build_channel("name", {"pkg-1.0": {"depends": [...], "files": {path: text}}}) -> folder."""

    def build(name: str, packages: dict[str, dict[str, Any]]) -> Path:
        recipes = tmp_path / f"{name}-recipes"
        for dist, facts in packages.items():
            package, version = dist.rsplit("-", 1)
            recipe = recipes / dist
            recipe.mkdir(parents=True)
            (recipe / "recipe.toml").write_text(
                f"name = {json.dumps(package)}\nversion = {json.dumps(version)}\n"
                f'summary = "for a test"\ndepends = {json.dumps(facts.get("depends", []))}\n'
                f"constrains = {json.dumps(facts.get('constrains', []))}\n"
            )
            for path, text in facts.get("files", {f"share/{package}.txt": version}).items():
                target = recipe / "files" / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text)
        make_channel(tmp_path / name, recipes)
        return tmp_path / name

    return build


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """serve(folder, faults=[...], ...) -> a running Server with ``url`` and ``requests()``."""
    with ExitStack() as stack:
        yield lambda folder, **options: stack.enter_context(Server(folder, **options))


@pytest.fixture
def mm(tmp_path: Path) -> Micromamba:
    """The program with a root prefix, home and package cache that nobody has used before."""
    return world(tmp_path)


@pytest.fixture(scope="session")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package cache shared by the tests of one worker that do not care about it."""
    return tmp_path_factory.mktemp("pkgs")


@pytest.fixture
def warm_mm(tmp_path: Path, extracted: Path) -> Micromamba:
    """Like ``mm``, with a package cache that earlier tests may have filled."""
    return world(tmp_path, extracted)


@pytest.fixture(scope="session")
def story(
    real_channel: RealChannel, extracted: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    """``create -n demo python=3.11 numpy requests flask``; the tests only read it."""
    mm = world(tmp_path_factory.mktemp("story"), extracted)
    with Server(real_channel.path) as server:
        specs = ("python=3.11", "numpy", "requests", "flask")
        created = mm("create", "-y", "-n", "demo", "-c", server.url, *specs)
        yield Story(mm, server.url, created, server.requests())
