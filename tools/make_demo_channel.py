#!/usr/bin/env python3
"""Build the demonstration's channel out of the recipes in tools/demo/recipes.

    python make_demo_channel.py OUT

A recipe is a folder: ``recipe.toml`` (name, version, depends, ...) and
``files/``, the content of the package as it will lie in an environment.
``@PREFIX@`` in a file stands for the build prefix, which installers replace by
the path of the environment.  All packages are ``noarch: generic``.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import chanlib  # noqa: E402

RECIPES = HERE / "demo" / "recipes"
STAMP = 1_780_000_000  # the packages' build time: the same recipes give the same bytes


def stage_files(recipe: Path, stage: Path, marker: str) -> None:
    """Copy the recipe's files, with *marker* for ``@PREFIX@``."""
    stage.mkdir()
    if (recipe / "files").is_dir():
        shutil.copytree(recipe / "files", stage, dirs_exist_ok=True)
    for path in stage.rglob("*"):
        if path.is_file():
            path.write_text(path.read_text().replace("@PREFIX@", marker))
            path.chmod(0o755 if path.parent.name == "bin" else 0o644)


def build(recipe: Path, channel: Path, work: Path) -> tuple[str, dict[str, Any]]:
    """Write one artifact; returns its file name and its repodata record."""
    facts = tomllib.loads((recipe / "recipe.toml").read_text())
    name, version = facts["name"], facts["version"]
    index = {
        "name": name,
        "version": version,
        "build": "demo_0",
        "build_number": 0,
        "depends": facts.get("depends", []),
        "constrains": facts.get("constrains", []),
        "subdir": "noarch",
        "noarch": "generic",
        "license": "BSD-3-Clause",
        "timestamp": STAMP * 1000,
    }
    stage = work / recipe.name
    marker = chanlib.placeholder(name, STAMP)
    stage_files(recipe, stage, marker)
    entries, has_prefix = chanlib.describe(stage, marker)
    about = {"summary": facts["summary"], "license": index["license"]}
    chanlib.write_info(stage, index=index, about=about, entries=entries, has_prefix=has_prefix)
    suffix = facts.get("format", ".conda")
    artifact = channel / "noarch" / f"{name}-{version}-demo_0{suffix}"
    if suffix == ".conda":
        chanlib.write_conda(stage, artifact, STAMP, 3)
    else:
        chanlib.write_tar_bz2(stage, artifact, STAMP)
    md5, sha256, size = chanlib.file_digests(artifact)
    return artifact.name, {**index, "md5": md5, "sha256": sha256, "size": size}


def make_channel(channel: Path, recipes: Path = RECIPES) -> list[str]:
    """Build every recipe of a folder into *channel*; returns the artifacts' names."""
    (channel / "noarch").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="mm-demo-build-") as work:
        records = dict(
            build(recipe.parent, channel, Path(work))
            for recipe in sorted(recipes.glob("*/recipe.toml"))
        )
    tarballs = {fn: r for fn, r in records.items() if fn.endswith(".tar.bz2")}
    conda = {fn: r for fn, r in records.items() if fn.endswith(".conda")}
    chanlib.write_subdir(channel, "noarch", tarballs, conda)
    return list(records)


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("out", type=Path, help="the channel's folder")
    for name in make_channel(ap.parse_args().out.resolve()):
        print(name)


if __name__ == "__main__":
    main()
