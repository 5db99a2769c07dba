#!/usr/bin/env python3
"""Create an environment from a warm package cache: solve, link, compile.

    python create.py [--rounds 5] [--minimal]

The channel (real packages: Debian's python and wheels) is built once and kept.
The full one gives 47 packages, 14,800 files; where it cannot be built, the
minimal one's largest request.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import MICROMAMBA, PEER, Contender, cache_folder, race, rows, table

TOOLS = Path(__file__).resolve().parent.parent
JUDGE = Path(__file__).with_name("rattler_judge.py")
FULL = [
    "python=3.11",
    "numpy",
    "pandas",
    "scipy",
    "matplotlib-base",
    "black",
    "click",
    "flask",
    "rich",
    "pip",
]
MINIMAL = [
    "python=3.11",
    "numpy",
    "requests",
    "flask",
    "rich",
    "msgspec",
    "pyyaml",
    "jq",
    "sqlite",
    "pip",
]


def build(kind: str) -> Path | None:
    """The channel's folder, or None where it cannot be built."""
    folder = cache_folder(f"channel-{kind}")
    if not (folder / "manifest.json").exists():
        print(f"building the {kind} channel (once) in {folder}", flush=True)
        words = ["--minimal"] if kind == "minimal" else []
        downloads = cache_folder("downloads")
        script = TOOLS / "make_channel.py"
        done = subprocess.run(
            [sys.executable, script, folder, *words, "--cache", downloads],
            capture_output=True,
            text=True,
        )
        if done.returncode:
            print(f"cannot build it: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
            return None
    return folder / "channel"


def main(argv: list[str] | None = None) -> None:
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--rounds", type=int, default=5)
    ap.add_argument("--minimal", action="store_true", help="do not try the full channel")
    args = ap.parse_args(argv)
    channel, specs = (None if args.minimal else build("full")), FULL
    if channel is None:
        channel, specs = build("minimal"), MINIMAL
    if channel is None:
        sys.exit("no channel to create from: it is made of Debian 12 (amd64) packages")
    with tempfile.TemporaryDirectory(prefix="mm-bench-") as tmp:
        runners = contenders(Path(tmp), channel.as_uri(), specs)
        head = ["", "median", "fastest", "peak", "x mm"]
        race(runners, 1)
        table("Create, nothing cached", head, rows(runners, runners[0]))
        for runner in runners:
            runner.seconds.clear()
        race(runners, args.rounds)
        table(f"Create, warm cache: {' '.join(specs)}", head, rows(runners, runners[0]))


def contenders(tmp: Path, url: str, specs: list[str]) -> list[Contender]:
    """mm, py-rattler and the peer; the environment made is deleted off the clock."""

    def micromamba(who: str, program: str | Path, *options: str) -> Contender:
        root = tmp / who / "root"
        words = ["create", "-y", "-q", "-n", "e", "--override-channels", "-c", url]
        return Contender(
            who,
            [program, *words, *options, *specs],
            {"HOME": str(tmp / who), "MAMBA_ROOT_PREFIX": str(root)},
            after=lambda: shutil.rmtree(root / "envs" / "e"),
        )

    prefix = tmp / "rattler" / "e"
    judge = [sys.executable, JUDGE, "create", tmp / "rattler", url, prefix, *specs]
    found = [
        micromamba("mm", MICROMAMBA),
        micromamba("mm --no-pyc", MICROMAMBA, "--no-pyc"),
        Contender("py-rattler (no .pyc)", judge, after=lambda: shutil.rmtree(prefix)),
    ]
    if PEER:
        found.append(micromamba("peer", PEER))
    return found


if __name__ == "__main__":
    main()
