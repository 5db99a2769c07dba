#!/usr/bin/env python3
"""Change an environment of 500 packages: update all of it, one of it, add to it, remove.

    python update.py [--rounds 5] [--records N] [--names N]

The same repodata as for solve.py, as shards and flat.  Two environments are
written down (records without files): one as of today, and one as it would have
been made a year ago.  Whole processes, warm cache, ``--dry-run --json``.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from channel_server import served
from measure import MICROMAMBA, PEER, Contender, clean_environment, race, table
from solve import NO_SHARDS, scale_repodata

SPECS = """
    python=3.12 jupyterlab scikit-learn statsmodels seaborn dask netcdf4 geopandas rasterio
    cartopy fiona opencv pytorch-cpu transformers r-tidyverse r-sf cmake git nodejs fastapi
    django sqlalchemy aiohttp boto3 flask requests pyarrow matplotlib bokeh numba h5py lxml
    pytest black awscli appdirs astunparse async-lru babel beautifulsoup4 chardet commonmark
    curl cython defusedxml gitpython h11 h2 httpx humanfriendly imageio jupyter-lsp lazy_loader
    make ninja markdown-it-py mistune numexpr overrides pulp pyopenssl python-json-logger rich
    simplejson smart_open tabulate termcolor ujson webcolors wrapt yte zlib xz gsl fftw expat jq
    pywavelets scikit-image tifffile pytables torchvision cached-property dpath fqdn isoduration
    plac soupsieve uri-template typing_utils nbclient xorg-libxrender pybind11 gast opt_einsum
""".split()  # noqa: SIM905 - a list of names is read more easily as text
A_YEAR_AGO = "2025-06-01"

CHANGES = {
    "update --all, nothing new": ("new", ["update", "--all"]),
    "update --all, a year old": ("old", ["update", "--all"]),
    "update numpy, a year old": ("old", ["update", "numpy"]),
    "install one package": ("new", ["install", "snakemake-minimal"]),
    "remove one package": ("new", ["remove", "seaborn"]),
}
"""What is measured: the environment, and the command."""


def link_list(url: str, world: dict[str, str], *words: str) -> list[dict]:
    """The packages that ``create`` would link."""
    command = [MICROMAMBA, "create", "-n", "e", "--dry-run", "--json", "--override-channels"]
    done = subprocess.run(
        [str(word) for word in (*command, "-c", url, *words, *SPECS)],
        env={**clean_environment(), **world},
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)["actions"]["LINK"]


def write_environment(prefix: Path, records: Sequence[dict]) -> None:
    """An environment that holds *records*, for which `SPECS` were asked."""
    meta = prefix / "conda-meta"
    shutil.rmtree(prefix, ignore_errors=True)
    meta.mkdir(parents=True)
    lines = ["==> 2025-06-01 00:00:00 <==", "# cmd: micromamba create"]
    lines += [f"+{r['channel']}::{r['name']}-{r['version']}-{r['build']}" for r in records]
    lines.append(f"# update specs: {json.dumps(SPECS)}")
    (meta / "history").write_text("\n".join([*lines, ""]))
    for record in records:
        data = {**record, "files": [], "paths_data": {"paths": [], "paths_version": 1}}
        name = f"{record['name']}-{record['version']}-{record['build']}.json"
        (meta / name).write_text(json.dumps(data))


def contenders(change: str, sharded: str, flat: str, tmp: Path) -> list[Contender]:
    """Everybody on one change, each with a cache of its own."""
    environment, (verb, *words) = CHANGES[change]
    where = [] if verb == "remove" else ["--override-channels", "-c"]

    def command(who: str, program: str | Path, url: str) -> Contender:
        home = tmp / who.replace(" ", "-")
        world = {"HOME": str(home), "MAMBA_ROOT_PREFIX": str(home / "root")}
        prefix = tmp / who.replace(" ", "-") / environment
        channel = [*where, url] if where else []
        options = ["-p", str(prefix), "--dry-run", "--json", *channel]
        return Contender(who, [program, verb, *options, *words], world)

    found = [command("mm shards", MICROMAMBA, sharded), command("mm flat", MICROMAMBA, flat)]
    if PEER:
        found.append(command("peer shards", PEER, sharded))
    return found


def main(argv: list[str] | None = None) -> None:
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--rounds", type=int, default=5)
    ap.add_argument("--records", type=int, default=1_000_000)
    ap.add_argument("--names", type=int, default=30_000)
    args = ap.parse_args(argv)
    scale = scale_repodata(args.records, args.names)
    with (
        tempfile.TemporaryDirectory(prefix="mm-bench-") as folder,
        served(scale / "channel") as sharded,
        served(scale / "channel", NO_SHARDS) as flat,
    ):
        tmp = Path(folder)
        world = {"HOME": str(tmp), "MAMBA_ROOT_PREFIX": str(tmp / "root")}
        of_age = {"new": (), "old": ("--exclude-newer", A_YEAR_AGO)}
        for who, url in (("mm-shards", sharded), ("mm-flat", flat), ("peer-shards", sharded)):
            for name, words in of_age.items():
                write_environment(tmp / who / name, link_list(url, world, *words))
        body = []
        for change in CHANGES:
            runners = contenders(change, sharded, flat, tmp)
            race(runners, 1)  # fill the caches
            for runner in runners:
                runner.seconds.clear()
            race(runners, args.rounds)
            cells = [f"{runner.median * 1000:.0f} ms" for runner in runners]
            peaks = [f"{max(runner.megabytes):.0f} MB" for runner in runners]
            body.append(
                [change, *(cell for pair in zip(cells, peaks, strict=True) for cell in pair)]
            )
        size = len(list((tmp / "mm-flat" / "new" / "conda-meta").glob("*.json")))
        head = ["", *(cell for runner in runners for cell in (runner.name, "peak"))]
        table(f"Changes of an environment of {size} packages, warm cache", head, body)


if __name__ == "__main__":
    main()
