"""py-rattler as a judge: it solves, reads and checks what we solved, wrote and linked."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

import pytest
import rattler
from harness import Micromamba, RealChannel, Story

REQUESTS = [
    ["python=3.11", "numpy", "requests", "flask"],
    ["python", "numpy", "requests", "pip"],
    ["flask", "rich", "pip"],
    ["flask<3", "pip"],
    ["requests=2.31", "pip"],
    ["numpy<2", "msgspec", "pyyaml", "pip"],
    ["jq", "sqlite", "tree"],
    ["xz", "hello", "openssl=3.0.20"],
    ["demo-prefix", "demo-scripts", "demo-activate"],
    ["demo-app-either", "demo-app-old"],
    ["demo-app-either", "demo-app-new"],
    ["demo-app-broken-newest", "demo-cycle-a"],
    ["demo-variant", "demo-meta", "demo-noarch"],
]


async def rattler_solves(channel: Path, specs: list[str]) -> set[str]:
    records = await rattler.solve(
        [rattler.Channel(channel.as_uri())],
        specs=specs,
        platforms=["linux-64", "noarch"],
        gateway=rattler.Gateway(),
        virtual_packages=[v.into_generic() for v in rattler.VirtualPackage.detect()],
    )
    return {r.file_name for r in records}


@pytest.mark.parametrize("specs", REQUESTS, ids=" ".join)
def test_rattler_chooses_the_same_records(
    warm_mm: Micromamba, real_channel: RealChannel, specs: list[str]
) -> None:
    words = ("create", "-n", "e", "-c", real_channel.path, *specs, "--dry-run", "--json")
    linked = warm_mm(*words).json()["actions"]["LINK"]
    ours = {package["fn"] for package in linked}
    # python brings pip (add_pip_as_python_dependency) for us, not for rattler
    with_python = any(package["name"] == "python" for package in linked)
    asked = [*specs, "pip"] if with_python else specs
    theirs = asyncio.run(rattler_solves(real_channel.path, asked))
    assert ours == theirs


@pytest.mark.xdist_group("story")
def test_rattler_reads_our_records(story: Story) -> None:
    for path in (story.prefix / "conda-meta").glob("*.json"):
        record = rattler.PrefixRecord.from_path(path)
        ours = story.records[record.name.normalized]
        assert str(record.version) == ours["version"]
        assert str(record.build) == ours["build"]
        assert [str(f) for f in record.files] == ours["files"]
        assert len(record.paths_data.paths) == len(ours["paths_data"]["paths"])


@pytest.mark.xdist_group("story")
def test_rattler_agrees_about_every_file(story: Story) -> None:
    wrong = []
    for path in (story.prefix / "conda-meta").glob("*.json"):
        for entry in rattler.PrefixRecord.from_path(path).paths_data.paths:
            file = story.prefix / entry.relative_path
            if file.is_symlink():
                continue
            want = entry.sha256_in_prefix or entry.sha256
            if want and hashlib.sha256(file.read_bytes()).digest() != bytes(want):
                wrong.append(str(entry.relative_path))
    assert not wrong


@pytest.mark.xdist_group("story")
def test_rattler_installs_over_our_environment(story: Story, warm_mm: Micromamba) -> None:
    """It takes what we linked for its own: upgrading a package through it works."""
    warm_mm("create", "-y", "-q", "-n", "e", "-c", story.url, "demo-prefix=1.0", "demo-links")
    prefix = warm_mm.env("e")

    async def upgrade() -> None:
        records = await rattler.solve(
            [rattler.Channel(story.url)],
            specs=["demo-prefix=1.1", "demo-links"],
            platforms=["linux-64", "noarch"],
            virtual_packages=[v.into_generic() for v in rattler.VirtualPackage.detect()],
        )
        await rattler.install(
            records, target_prefix=prefix, cache_dir=warm_mm.home / "rattler", show_progress=False
        )

    asyncio.run(upgrade())
    assert warm_mm.records("e")["demo-prefix"]["version"] == "1.1"
    assert '"1.1"' in warm_mm("list", "-n", "e", "--json", "demo-prefix").out
    warm_mm("remove", "-y", "-n", "e", "demo-prefix")
    assert not list(prefix.glob("bin/demo-prefix*"))
