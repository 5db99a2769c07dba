#!/usr/bin/env python3
"""Solve against repodata as large as conda-forge's: flat, over HTTP, warm cache.

    python solve.py [--rounds 5] [--only NAME ...] [--records N] [--names N]

The repodata (932,000 records, 650 MB) is generated once and kept; the sharded
form is hidden, so that everybody reads the flat one.  Whole processes: ``create
--dry-run --json`` here, a Python process with ``rattler.solve`` there.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from channel_server import served
from measure import MICROMAMBA, PEER, Contender, cache_folder, race, rows, table

TOOLS = Path(__file__).resolve().parent.parent
JUDGE = Path(__file__).with_name("rattler_judge.py")
USUAL = ["python", "requests", "pandas", "jupyter-science", "geo-everything", "python-conflict"]


def scale_repodata(records: int, names: int) -> Path:
    """The folder with channel/ and requests.json; made when missing."""
    if given := os.environ.get("MM_BENCH_SCALE"):
        return Path(given)
    folder = cache_folder(f"scale-{records}-{names}")
    if not (folder / "requests.json").exists():
        print(f"generating {records:,} records (once) in {folder}", flush=True)
        sizes = ["--records", str(records), "--names", str(names)]
        script = TOOLS / "make_scale_repodata.py"
        subprocess.run([sys.executable, script, folder, *sizes], check=True)
    return folder


def contenders(name: str, request: dict, url: str, tmp: Path) -> list[Contender]:
    """mm, py-rattler and the peer, each with its own cache, for one request."""
    specs, solvable = request["specs"], request["satisfiable"]
    words = ["create", "-n", "e", "--dry-run", "--json", "--override-channels", "-c", url, *specs]
    overrides = {
        f"CONDA_OVERRIDE_{key.strip('_').upper()}": value
        for key, value in (request.get("virtual") or {}).items()
    }

    def world(who: str) -> dict[str, str]:
        return {"HOME": str(tmp / who), "MAMBA_ROOT_PREFIX": str(tmp / who / "root"), **overrides}

    code = 0 if solvable else 1
    judge = [sys.executable, JUDGE, "solve", tmp / "rattler", url, *specs]
    found = [
        Contender("mm", [MICROMAMBA, *words], world("mm"), code=code),
        Contender("py-rattler", judge, overrides, code=code),
    ]
    if PEER:
        found.append(Contender("peer", [PEER, *words], world("peer"), code=code))
    return found


def main(argv: list[str] | None = None) -> None:
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--rounds", type=int, default=5)
    ap.add_argument("--only", nargs="*", help="names of requests; 'all' for all of them")
    ap.add_argument("--records", type=int, default=1_000_000)
    ap.add_argument("--names", type=int, default=30_000)
    args = ap.parse_args(argv)
    scale = scale_repodata(args.records, args.names)
    requests = {r["name"]: r for r in json.loads((scale / "requests.json").read_text())}
    chosen = list(requests) if args.only == ["all"] else args.only
    chosen = chosen or [name for name in USUAL if name in requests]
    with (
        tempfile.TemporaryDirectory(prefix="mm-bench-") as tmp,
        served(scale / "channel", ["path=*shards*,status=404"]) as url,
    ):
        first = contenders(chosen[0], requests[chosen[0]], url, Path(tmp))
        race(first, 1)
        head = ["", "median", "fastest", "peak", "x mm"]
        table(f"First solve, nothing cached: {chosen[0]}", head, rows(first, first[0]))
        body = []
        for name in chosen:
            runners = contenders(name, requests[name], url, Path(tmp))
            race(runners, args.rounds)
            cells = [cell for row in rows(runners, runners[0]) for cell in (row[1], row[3], row[4])]
            body.append([name, *cells])
        head = [cell for runner in runners for cell in (runner.name, "peak", "x mm")]
        table("Solve, warm cache", ["", *head], body)
        for name in chosen:
            print(f"- {name}: `{' '.join(requests[name]['specs'])}`")


if __name__ == "__main__":
    main()
