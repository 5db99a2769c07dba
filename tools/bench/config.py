#!/usr/bin/env python3
"""How long settings take to be read, from none to many configuration files.

    python config.py [--rounds 15]

Each figure is the median of fresh processes, less that of a bare interpreter.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measure import table

COUNTS = (0, 1, 10, 60)

CODE = """
import mm_config
config = mm_config.load(system_dirs=())
config["channels"], config["always_yes"], config["custom_channels"]
"""

TEXT = """\
channels:
  - lab{n}
  - conda-forge
always_yes: false
custom_channels:
  name{n}: https://conda.example.org
"""


def main(argv: list[str] | None = None) -> None:
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--rounds", type=int, default=15)
    rounds = ap.parse_args(argv).rounds
    with tempfile.TemporaryDirectory() as folder:
        bare = median_ms("pass", Path(folder), rounds)
        body = [["a bare interpreter", f"{bare:.1f} ms"]]
        for count in COUNTS:
            home = Path(folder) / str(count)
            rcs = home / ".conda" / "condarc.d"
            rcs.mkdir(parents=True)
            for n in range(count):
                (rcs / f"{n:02}.yml").write_text(TEXT.format(n=n))
            more = median_ms(CODE, home, rounds) - bare
            body.append([f"settings from {count} files", f"{more:+.1f} ms"])
    table("Reading settings", ["", "median"], body)


def median_ms(code: str, home: Path, runs: int) -> float:
    """Milliseconds that a Python process needs to run *code*."""
    environ = {"HOME": str(home), "MAMBA_ROOT_PREFIX": str(home / "root"), "PATH": os.defpath}
    times = []
    for _ in range(runs + 2):
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], env=environ, check=True)
        times.append(time.perf_counter() - begin)
    return statistics.median(times[2:]) * 1000


if __name__ == "__main__":
    main()
