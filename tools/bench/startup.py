#!/usr/bin/env python3
"""What each shell start, prompt and wrapped command pays.

python startup.py [--rounds 15]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from measure import MICROMAMBA, PEER, Contender, race, rows, table


def commands(prefix: Path) -> dict[str, list[str]]:
    return {
        "--version": ["--version"],
        "shell activate": ["shell", "activate", "-s", "bash", "-p", str(prefix)],
        "run true": ["run", "-p", str(prefix), "true"],
        "list": ["list", "-p", str(prefix)],
    }


def main(argv: list[str] | None = None) -> None:
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--rounds", type=int, default=15)
    args = ap.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="mm-bench-") as tmp:
        environ = {"HOME": tmp, "MAMBA_ROOT_PREFIX": f"{tmp}/root"}
        prefix = Path(tmp) / "root" / "envs" / "e"
        (prefix / "conda-meta").mkdir(parents=True)
        (prefix / "conda-meta" / "history").touch()
        bare = Contender("python -I -c pass", [sys.executable, "-I", "-c", "pass"])
        contenders = [bare]
        for name, words in commands(prefix).items():
            contenders.append(Contender(f"mm {name}", [MICROMAMBA, *words], environ))
            if PEER:
                contenders.append(Contender(f"peer {name}", [PEER, *words], environ))
        for contender in contenders:  # fill the byte code and file caches
            contender.run()
            contender.seconds.clear()
        race(contenders, args.rounds)
    head = ["", "median", "fastest", "peak", "x bare python"]
    table("Start-up", head, rows(contenders, bare))


if __name__ == "__main__":
    main()
