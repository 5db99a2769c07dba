#!/usr/bin/env python3
"""Solve against repodata as large as conda-forge's, over HTTP: shards and flat.

    python solve.py [--rounds 5] [--only NAME ...] [--records N] [--names N]

The repodata (932,000 records, 650 MB) is generated once and kept.  Two servers
offer it, one with its shards (CEP 16) and one without.  Whole processes, warm
cache: ``create --dry-run --json`` here, a Python process with ``rattler.solve``
there; then the solve step alone, with all records at hand on both sides.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from channel_server import served
from measure import MICROMAMBA, PEER, Contender, cache_folder, clean_environment, race, rows, table

TOOLS = Path(__file__).resolve().parent.parent
JUDGE = Path(__file__).with_name("rattler_judge.py")
STEP = Path(__file__).with_name("solve_step.py")
NO_SHARDS = ["path=*shards*,status=404"]

World = dict[str, str]


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


def overrides(request: dict) -> World:
    """The virtual packages that *request* pretends there are."""
    virtual = request.get("virtual") or {}
    return {f"CONDA_OVERRIDE_{key.strip('_').upper()}": value for key, value in virtual.items()}


def contenders(request: dict, sharded: str, flat: str, tmp: Path) -> list[Contender]:
    """Everybody on one request, each with a cache of its own."""
    specs, code = request["specs"], 0 if request["satisfiable"] else 1

    def create(who: str, program: str | Path, url: str) -> Contender:
        words = ["create", "-n", "e", "--dry-run", "--json", "--override-channels", "-c", url]
        home = tmp / who.replace(" ", "-")
        world = {"HOME": str(home), "MAMBA_ROOT_PREFIX": str(home / "root"), **overrides(request)}
        return Contender(who, [program, *words, *specs], world, code=code)

    judge = [sys.executable, JUDGE, "solve", tmp / "rattler", sharded, *specs]
    found = [
        create("mm shards", MICROMAMBA, sharded),
        create("mm flat", MICROMAMBA, flat),
        Contender("py-rattler shards", judge, overrides(request), code=code),
    ]
    if PEER:
        found.append(create("peer shards", PEER, sharded))
    return found


def first_solve(request: dict, sharded: str, flat: str, tmp: Path) -> None:
    """One request with nothing cached."""
    runners = contenders(request, sharded, flat, tmp)
    race(runners, 1)
    head = ["", "median", "fastest", "peak", "x mm shards"]
    table(f"First solve, nothing cached: {request['name']}", head, rows(runners, runners[0]))


def warm_solves(requests: Sequence[dict], rounds: int, sharded: str, flat: str, tmp: Path) -> None:
    """Every request with everything cached; sums, peaks and ratios to py-rattler."""
    body, all_runners = [], []
    for request in requests:
        runners = contenders(request, sharded, flat, tmp)
        race(runners, 1)  # fill the caches
        for runner in runners:
            runner.seconds.clear()
        race(runners, rounds)
        all_runners.append(runners)
        rattler = runners[2].median
        cells = [f"{runner.median * 1000:.0f} ms" for runner in runners]
        body.append([request["name"], *cells, *(f"{r.median / rattler:.2f}" for r in runners[:2])])
    names = [runner.name for runner in all_runners[0]]
    columns = list(zip(*all_runners, strict=True))
    sums = [sum(runner.median for runner in column) for column in columns]
    peaks = [max(max(runner.megabytes) for runner in column) for column in columns]
    worst = [
        max(runners[place].median / runners[2].median for runners in all_runners)
        for place in (0, 1)
    ]
    body.append(["sum", *(f"{s:.2f} s" for s in sums), *(f"{s / sums[2]:.2f}" for s in sums[:2])])
    body.append(["peak", *(f"{peak:.0f} MB" for peak in peaks), "", ""])
    body.append(["worst ratio", *("" for _ in names), *(f"{ratio:.2f}" for ratio in worst)])
    ratios = ["shards / rattler", "flat / rattler"]
    table(f"Solve, warm cache, {len(requests)} requests", ["", *names, *ratios], body)


def solve_steps(requests: Sequence[dict], rounds: int, sharded: str, tmp: Path) -> None:
    """The solve alone, in one process a contender and request."""
    ratios = []
    for request in requests:
        medians = []
        for script, cache in ((STEP, "mm-step"), (JUDGE, "rattler")):
            words = ["step", str(rounds), str(tmp / cache), sharded, *request["specs"]]
            done = subprocess.run(
                [sys.executable, str(script), *words],
                env={**clean_environment(), **overrides(request)},
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            )
            medians.append(float(done.stdout))
        ratios.append((medians[0] / medians[1], request["name"], *medians))
    ratios.sort()
    head = ["", "mm", "py-rattler", "mm / rattler"]
    shown = [ratios[0], ratios[len(ratios) // 2], ratios[-1]]
    body = [
        [name, f"{mine * 1000:.1f} ms", f"{theirs * 1000:.1f} ms", f"{ratio:.2f}"]
        for ratio, name, mine, theirs in shown
    ]
    table("The solve step alone: best, median and worst of the ratios", head, body)
    print(f"median of {len(ratios)} ratios: {statistics.median(r[0] for r in ratios):.2f}")


def main(argv: list[str] | None = None) -> None:
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--rounds", type=int, default=5)
    ap.add_argument("--only", nargs="*", help="names of requests (default: all 40)")
    ap.add_argument("--records", type=int, default=1_000_000)
    ap.add_argument("--names", type=int, default=30_000)
    args = ap.parse_args(argv)
    scale = scale_repodata(args.records, args.names)
    requests = json.loads((scale / "requests.json").read_text())
    if args.only:
        requests = [request for request in requests if request["name"] in args.only]
    with (
        tempfile.TemporaryDirectory(prefix="mm-bench-") as tmp,
        served(scale / "channel") as sharded,
        served(scale / "channel", NO_SHARDS) as flat,
    ):
        first_solve(next(r for r in requests if r["satisfiable"]), sharded, flat, Path(tmp))
        warm_solves(requests, args.rounds, sharded, flat, Path(tmp))
        solvable = [request for request in requests if request["satisfiable"]]
        solve_steps(solvable, args.rounds, sharded, Path(tmp))


if __name__ == "__main__":
    main()
