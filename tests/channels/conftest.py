"""A channel of a few records, and a server with faults to read it from."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
import zstandard

from mm_channels import Channel, ChannelContext, Network, SubdirIndex, Transport
from mm_channels.channel import resolve_channels
from mm_channels.repodata import load_subdirs
from mm_pkg.reporter import Reporter, Task

ROOT = Path(__file__).parents[2]


class Make:
    """Makes repodata documents and the folders that hold them."""

    @staticmethod
    def record(name: str, version: str = "1.0", build: str = "0", **more: Any) -> dict[str, Any]:
        number = int(build.rsplit("_", 1)[-1]) if build.rsplit("_", 1)[-1].isdigit() else 0
        return {
            "name": name, "version": version, "build": build, "build_number": number,
            "depends": [], "subdir": "noarch", "size": 10, "sha256": "0" * 64, **more,
        }  # fmt: skip

    @staticmethod
    def repodata(*fns: str, subdir: str = "noarch", **more: Any) -> dict[str, Any]:
        """A repodata document with the packages of these file names."""
        document: dict[str, Any] = {
            "info": {"subdir": subdir}, "packages": {}, "packages.conda": {}, "repodata_version": 1,
        }  # fmt: skip
        for fn in fns:
            old = fn.endswith(".tar.bz2")
            stem = fn.removesuffix(".tar.bz2").removesuffix(".conda")
            name, version, build = stem.rsplit("-", 2)
            section = document["packages" if old else "packages.conda"]
            section[fn] = Make.record(name, version, build, subdir=subdir)
        return {**document, **more}

    @staticmethod
    def subdir(folder: Path, document: Any, *, zst: bool = False) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        text = document if isinstance(document, bytes) else json.dumps(document).encode()
        (folder / "repodata.json").write_bytes(text)
        if zst:
            (folder / "repodata.json.zst").write_bytes(zstandard.compress(text))
        return folder / "repodata.json"

    @staticmethod
    def shards(folder: Path, document: Any, **info: Any) -> dict[str, Path]:
        """The sharded form of a repodata document; the shards' paths by package name."""
        by_name: dict[str, Any] = {}
        for section in ("packages", "packages.conda"):
            for fn, flat in document[section].items():
                record = dict(flat)
                for kind in ("md5", "sha256"):
                    if kind in record:
                        record[kind] = bytes.fromhex(record[kind])
                shard = by_name.setdefault(flat["name"], {"packages": {}, "packages.conda": {}})
                shard[section][fn] = record
        info = {"subdir": document["info"]["subdir"], "shards_base_url": "shards", **info}
        paths = {name: Make.shard(folder / "shards", shard) for name, shard in by_name.items()}
        hashes = {name: bytes.fromhex(path.name.split(".")[0]) for name, path in paths.items()}
        Make.shard_index(folder, {"version": 1, "info": info, "shards": hashes})
        return paths

    @staticmethod
    def shard(folder: Path, content: Any) -> Path:
        """One shard, named by its hash."""
        data = zstandard.compress(msgspec.msgpack.encode(content))
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{hashlib.sha256(data).hexdigest()}.msgpack.zst"
        path.write_bytes(data)
        return path

    @staticmethod
    def shard_index(folder: Path, content: Any) -> Path:
        """The index of shards, whatever it holds."""
        data = content if isinstance(content, bytes) else msgspec.msgpack.encode(content)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "repodata_shards.msgpack.zst"
        path.write_bytes(zstandard.compress(data))
        return path


@pytest.fixture(scope="session")
def make() -> type[Make]:
    return Make


@pytest.fixture
def channel_dir(tmp_path: Path) -> Path:
    """A channel with linux-64 and noarch, plain and compressed."""
    folder = tmp_path / "chan"
    Make.subdir(folder / "linux-64", Make.repodata("a-1.0-h1_0.conda", subdir="linux-64"), zst=True)
    Make.subdir(folder / "noarch", Make.repodata("b-1.0-0.tar.bz2", "b-1.0-0.conda"), zst=True)
    return folder


@pytest.fixture(scope="session")
def serve_module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("channel_server", ROOT / "tools" / "serve.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def settled(server: Any) -> Callable[[], Any]:
    """The server's `requests`, asked only when it has noted the last answer it gave."""
    original = server.requests

    def requests() -> Any:
        end = time.monotonic() + 2
        while server.http.active and time.monotonic() < end:
            time.sleep(0.002)
        return original()

    return requests


@pytest.fixture
def serve(serve_module: ModuleType) -> Iterator[Callable[..., Any]]:
    """Start servers: ``serve(folder, faults=[...])``; they stop with the test."""
    running = []

    def start(folder: Path, **options: Any) -> Any:
        server = serve_module.Server(folder, **options)
        server.__enter__()
        running.append(server)
        server.requests = settled(server)
        return server

    yield start
    for server in running:
        server.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


QUICK = Network(backoff=0.01, connect_timeout=5, read_timeout=5)
"""Settings that keep tests short."""


class Loader:
    """`load_subdirs` with a cache folder of its own; flat repodata unless told otherwise."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache
        self.network = QUICK
        self.use_shards = False

    def channels(self, *texts: str) -> tuple[Channel, ...]:
        context = ChannelContext(platforms=("linux-64", "noarch"), cwd=self.cache.parent)
        return resolve_channels(texts, context)

    def __call__(self, *texts: str, **options: Any) -> tuple[SubdirIndex, ...]:
        with Transport(self.network) as transport:
            return load_subdirs(
                self.channels(*texts),
                **{
                    "cache_dirs": [self.cache],
                    "transport": transport,
                    "use_shards": self.use_shards,
                    **options,
                },
            )


@pytest.fixture
def load(tmp_path: Path) -> Loader:
    return Loader(tmp_path / "pkgs" / "cache")


class Told(Reporter):
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.warnings: list[str] = []
        self.tasks: list[tuple[str, str, str]] = []

    def finished(self, task: Task, note: str = "") -> None:
        self.tasks.append((task.phase, task.name, note))

    def warned(self, message: str) -> None:
        self.warnings.append(message)


@pytest.fixture
def told() -> Told:
    return Told()
