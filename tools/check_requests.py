#!/usr/bin/env python3
"""Solve requests.json against a generated channel with py-rattler.

    python check_requests.py OUT [--url URL] [--write] [--only NAME ...]

An independent solver says whether each request behaves as its generator
claims.  --write stores its answer (names and versions) as OUT/answers.json.
Closes with ``N passed, N failed``.  Needs ``py-rattler``.
"""

import argparse
import asyncio
import json
import sys
import time
from pathlib import Path

from rattler import Channel, Gateway, GenericVirtualPackage, PackageName, Version, solve
from rattler.exceptions import SolverError
from rattler.package.build_string import BuildString

BASE = {
    "__unix": ("0", "0"),
    "__linux": ("6.1", "0"),
    "__glibc": ("2.36", "0"),
    "__archspec": ("1", "x86_64"),
}


async def main() -> int:
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("out", type=Path)
    ap.add_argument("--url", help="channel address; default: the folder itself")
    ap.add_argument("--write", action="store_true")
    ap.add_argument("--only", nargs="*")
    args = ap.parse_args()
    requests = json.loads((args.out / "requests.json").read_text())
    url = args.url or (args.out / "channel").resolve().as_uri()
    gateway = Gateway()
    passed = failed = 0
    answers = {}
    for request in requests:
        if args.only and request["name"] not in args.only:
            continue
        virtual = dict(BASE)
        for name, version in (request.get("virtual") or {}).items():
            virtual[name] = (version, "0")
        packages = [
            GenericVirtualPackage(PackageName(n), Version(v), BuildString(b))
            for n, (v, b) in virtual.items()
        ]
        begin = time.monotonic()
        try:
            records = await solve(
                [Channel(url)],
                specs=request["specs"],
                platforms=["linux-64", "noarch"],
                gateway=gateway,
                virtual_packages=packages,
            )
            found, message = True, f"{len(records)} packages"
            answers[request["name"]] = sorted(
                f"{r.name.normalized}={r.version}={r.build}" for r in records
            )
        except (SolverError, Exception) as error:
            found, message = False, str(error).strip().splitlines()
            message = " ".join(message)[:400]
        ok = found == request["satisfiable"]
        passed, failed = passed + ok, failed + (not ok)
        print(
            f"{'ok  ' if ok else 'FAIL'} {time.monotonic() - begin:7.2f}s {request['name']}: {message}",
            flush=True,
        )
    if args.write:
        (args.out / "answers.json").write_text(json.dumps(answers, indent=1, sort_keys=True))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
