#!/usr/bin/env python3
"""All benchmarks, or those named: ``python run.py [startup] [create] [solve] [update] [config]``.

Set ``MM_PEER`` to a micromamba executable to race it as well.
"""

from __future__ import annotations

import argparse
import platform

import config
import create
import solve
import startup
import update

BENCHMARKS = {
    "startup": startup.main,
    "create": create.main,
    "solve": solve.main,
    "update": update.main,
    "config": config.main,
}


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("names", nargs="*", choices=[*BENCHMARKS, []], help="default: all")
    ap.add_argument("--rounds", type=int)
    args = ap.parse_args()
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}")
    for name in args.names or BENCHMARKS:
        BENCHMARKS[name](["--rounds", str(args.rounds)] if args.rounds else [])


if __name__ == "__main__":
    main()
