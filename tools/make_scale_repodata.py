#!/usr/bin/env python3
"""Write the repodata of a channel as large as conda-forge (no packages).

    python make_scale_repodata.py OUT [--records 1000000] [--names 30000] [--seed 1]
                                      [--no-shards] [--no-zst]

OUT/channel/{linux-64,noarch}/ get repodata.json, repodata.json.zst,
run_exports.json and the sharded form (CEP 16); OUT/requests.json gets 40
requests to solve, with what should come out.  The same arguments always give
the same bytes.

How it is made.  About 570 well-known names (scale_core.py) have hand-written
histories and dependencies; the rest are invented.  Time runs in quarters from
2017 to mid 2026: whatever is built in a quarter is pinned to the library
versions of that quarter through run_exports, and when such a pin moves, or a
new Python appears, maintained packages are rebuilt with a higher build number.
So the newest builds of maintained packages agree with each other, while
abandoned ones drag old pins along: the shape a solver meets in practice.

Needs ``zstandard`` (unless --no-shards --no-zst); uses ``msgpack`` if present.
"""

from __future__ import annotations

import argparse
import bisect
import datetime as dt
import hashlib
import json
import random
import re
import sys
import time
from functools import cache, lru_cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import chanlib
import scale_core

EPOCH = dt.date(2017, 1, 1).toordinal()
END = dt.date(2026, 6, 15).toordinal() - EPOCH
MS0 = int(dt.datetime(2017, 1, 1, tzinfo=dt.UTC).timestamp()) * 1000


def day(yymm: str | int) -> int:
    yymm = int(yymm)
    return dt.date(2000 + yymm // 100, yymm % 100, 1).toordinal() - EPOCH


QUARTERS = [day((y - 2000) * 100 + m) for y in range(2017, 2027) for m in (1, 4, 7, 10)]
QUARTERS = [q for q in QUARTERS if q <= END]


def quarter(d: int) -> int:
    return max(0, bisect.bisect_right(QUARTERS, d) - 1)


# fmt: off
# Python and R branches: (tag, first day, last day of builds)
PYTHONS = [("2.7", day(1701), day(2001)), ("3.6", day(1701), day(2112)), ("3.7", day(1807), day(2306)), ("3.8", day(1911), day(2410)),
           ("3.9", day(2011), day(2510)), ("3.10", day(2111), END + 1), ("3.11", day(2211), END + 1), ("3.12", day(2311), END + 1),
           ("3.13", day(2411), END + 1), ("3.14", day(2511), END + 1)]
PY_LAST = {"2.7": 18, "3.6": 15, "3.7": 16, "3.8": 20, "3.9": 23, "3.10": 20, "3.11": 15, "3.12": 13, "3.13": 12, "3.14": 4}
RS = [("3.5", day(1805), day(2001)), ("3.6", day(1907), day(2107)), ("4.0", day(2007), day(2207)), ("4.1", day(2108), day(2307)),
      ("4.2", day(2208), day(2406)), ("4.3", day(2307), day(2507)), ("4.4", day(2407), END + 1), ("4.5", day(2507), END + 1)]
NUMPY_OLD = {"2.7": "1.14", "3.6": "1.14", "3.7": "1.15", "3.8": "1.17", "3.9": "1.19", "3.10": "1.21", "3.11": "1.23", "3.12": "1.26"}
NUMPY_NEW = {"3.13": "1.21", "3.14": "1.23"}
NUMPY2 = day(2407)

LICENSES = ["MIT"] * 30 + ["BSD-3-Clause"] * 22 + ["Apache-2.0"] * 18 + ["GPL-3.0-or-later"] * 8 + ["GPL-2.0-or-later"] * 4 + \
           ["LGPL-2.1-or-later"] * 3 + ["BSD-2-Clause"] * 3 + ["MPL-2.0"] * 2 + ["ISC", "PSF-2.0", "Zlib", "Unlicense"]
FAMILY = {"MIT": "MIT", "BSD-3-Clause": "BSD", "BSD-2-Clause": "BSD", "Apache-2.0": "Apache", "GPL-3.0-or-later": "GPL",
          "GPL-2.0-or-later": "GPL", "LGPL-2.1-or-later": "LGPL"}
# fmt: on

vkey = lru_cache(maxsize=None)(chanlib.version_key)


# --------------------------------------------------------------------------
# histories


def auto_history(first: str, start: int, every: float, stop: int, rng: random.Random) -> list:
    """Releases about every so many days; calendar versions if it looks like one."""
    parts = first.split(".")
    calendar = parts[0].isdigit() and 2015 < int(parts[0]) < 2030
    tail = ""
    m = re.match(r"(\d+)(.*)$", parts[-1])
    if m and m[2]:
        parts[-1], tail = m[1], m[2]
    out, d, numbers = [], start, [int(p) if p.isdigit() else 0 for p in parts]
    minor_stop, patch_stop = rng.randint(5, 14), rng.randint(3, 9)
    while d <= stop:
        if calendar:
            date = dt.date.fromordinal(EPOCH + d)
            bits = [date.year, date.month, date.day][: len(parts)]
            if len(parts) > 3:
                bits.append(0)
            out.append((d, ".".join(map(str, bits))))
        else:
            sep = "_" if "_" in first else "."
            text = (
                ".".join(map(str, numbers[:-1]))
                + (sep if len(numbers) > 1 else "")
                + str(numbers[-1])
            )
            out.append((d, first if not out else text))
            numbers[-1] += 1
            if len(numbers) > 1 and numbers[-1] > patch_stop:
                numbers[-1] = 0
                numbers[-2] += 1
                patch_stop = rng.randint(2, 9)
                if len(numbers) > 2 and numbers[-2] > minor_stop:
                    numbers[-2] = 0
                    numbers[-3] += 1
                    minor_stop = rng.randint(5, 14)
        d += max(1, int(every * rng.uniform(0.4, 1.6)))
    if tail and out:
        out[0] = (out[0][0], first)
    return unique(out)


def unique(history: list) -> list:
    seen, out = set(), []
    for d, v in sorted(history):
        if v not in seen:
            seen.add(v)
            out.append((d, v))
    return out


@cache
def parse_history(text: str) -> tuple:
    rng = random.Random("history:" + text)  # the same text, the same days
    if text.startswith("auto "):
        _, first, every = text.split()
        version, start = first.split("@")
        return tuple(
            auto_history(version, day(start) + rng.randint(0, 27), float(every), END - 5, rng)
        )
    points = []
    for item in text.split():
        version, _, rest = item.partition("@")
        yymm, _, patches = rest.partition("/")
        points.append((day(yymm) + rng.randint(0, 24), version, int(patches or 0)))
    points.sort(key=lambda p: p[0])
    out = []
    for i, (d, version, patches) in enumerate(points):
        limit = points[i + 1][0] if i + 1 < len(points) else END - 10
        if patches:
            for n in range(patches + 1):
                if d > limit and n:
                    break
                out.append((d, f"{version}.{n}"))
                d += rng.randint(25, 50)
        else:
            out.append((d, version))
    return tuple(unique(out))


# --------------------------------------------------------------------------
# packages


class Package:
    __slots__ = (
        "_series",
        "bulk",
        "constrains",
        "days",
        "deps",
        "eol",
        "history",
        "kind",
        "license",
        "name",
        "pin",
        "since",
        "size",
    )

    def __init__(
        self,
        name,
        kind,
        pin,
        history,
        deps,
        constrains=(),
        eol=END + 1,
        license="MIT",
        size=50_000,
        bulk=False,
    ):
        self.name, self.kind, self.pin = name, kind, pin
        self.history = history
        self.days = [d for d, _ in history]
        self.deps, self.constrains, self.eol = deps, constrains, eol
        self.license, self.size, self.bulk = license, size, bulk
        self._series = {}

    def version_at(self, d: int):
        """Newest version released by that day."""
        i = bisect.bisect_right(self.days, d) - 1
        return self.history[i][1] if i >= 0 else None

    def pin_at(self, q: int, d: int):
        """The version that things built in quarter q are built against."""
        return self.version_at(QUARTERS[q]) or self.version_at(d)

    def series(self, q: int):
        if q not in self._series:
            v = self.version_at(QUARTERS[q])
            self._series[q] = tuple(re.split(r"[._]", v)[: self.pin or 0]) if v else None
        return self._series[q]


@cache
def pinned(version: str, parts: int) -> str:
    """>=version,<upper bound that is compatible in so many parts"""
    epoch, bang, rest = version.rpartition("!")
    pieces = [re.match(r"\d*", p)[0] or "0" for p in rest.split(".")]
    while len(pieces) < parts:
        pieces.append("0")
    upper = [str(int(p)) for p in pieces[:parts]]
    upper[-1] = str(int(upper[-1]) + 1)
    if bang or not rest.replace(".", "").isdigit():
        return f">={version},<{epoch}{bang}{'.'.join(upper)}a"
    return f">={version},<{'.'.join(upper)}.0a0"


class Dep:
    __slots__ = ("host", "name", "since", "spec", "until")

    def __init__(self, text: str):
        text, *when = text.split("?")
        self.since, self.until = 0, END + 2
        for w in when:
            if w.startswith("-"):
                self.until = day(w[1:])
            else:
                self.since = day(w)
        text = text.strip()
        self.host = text.startswith("+")
        self.name, _, self.spec = text.lstrip("+").partition(" ")
        self.spec = self.spec.strip()


def split_deps(text: str) -> list:
    """Commas separate dependencies, but also clauses of one specification."""
    out, current = [], ""
    for piece in text.split(", "):
        current = piece.strip()
        if current:
            out.append(current)
    return out


class World:
    def __init__(self, seed: int, records: int, names: int):
        self.seed, self.target, self.n_names = seed, records, names
        self.packages: dict[str, Package] = {}
        self.specials: dict = {}
        self.spec_cache: dict = {}

    # -- the well-known part
    def load_core(self):
        for line in scale_core.CORE.strip().splitlines():
            fields = [f.strip() for f in line.split("|")]
            name, kind, history, deps = fields[:4]
            kind, _, pin = kind.partition(":")
            rng = random.Random(f"core:{name}")
            self.packages[name] = Package(
                name,
                kind,
                int(pin) if pin else None,
                list(parse_history(history)),
                [Dep(t) for t in split_deps(deps)],
                tuple(split_deps(fields[4])) if len(fields) > 4 else (),
                license=rng.choice(LICENSES),
                size=int(rng.lognormvariate(12, 1.5)),
            )

        def lib(name, pin, history, deps="", kind="lib", constrains=()):
            self.packages[name] = Package(
                name,
                kind,
                pin,
                list(parse_history(history)),
                [Dep(t) for t in split_deps(deps)],
                constrains,
            )

        lib(
            "mpich",
            1,
            "3.2.1@1801 3.3.2@1912 3.4.2@2106 4.0.3@2211 4.1.2@2309 4.2.3@2411 4.3.2@2510",
            "mpi 1.0 mpich",
        )
        lib(
            "openmpi",
            1,
            "3.1.0@1806 4.0.3@2004 4.1.4@2206 4.1.6@2311 5.0.5@2409 5.0.8@2507",
            "mpi 1.0 openmpi",
        )
        lib(
            "hdf5",
            3,
            "1.10.1@1801 1.10.4@1811 1.10.5@1908 1.10.6@2003 1.12.1@2109 1.12.2@2208 1.14.0@2304 1.14.1@2307 1.14.2@2309 1.14.3@2401 1.14.6@2506",
            "+libzlib, +openssl?2109, +libcurl?2109, +libaec?2310, libgfortran-ng?-2407, libgfortran?2407, libgfortran5 >=9.3.0?2007",
        )
        lib(
            "r-base",
            None,
            "3.5.1@1807 3.6.1@1907 3.6.3@2003 4.0.0@2007 4.0.5@2104 4.1.0@2108 4.1.3@2203 4.2.0@2208 4.2.3@2303 4.3.1@2307 4.3.3@2403 4.4.0@2407 4.4.3@2503 4.5.1@2507 4.5.2@2511",
            "_r-mutex 1.* anacondar_1, +bzip2, +cairo, +libcurl, +icu, +libglib?2102, +libiconv, +libjpeg-turbo?2301, +libpng, +libtiff, +libzlib, +pango, +pcre2?2102, +readline, +tk, +xz?-2411, +liblzma?2411, libblas >=3.8.0,<4.0a0, liblapack >=3.8.0,<4.0a0, libgfortran-ng?-2407, libgfortran?2407",
        )
        lib(
            "pypy3.9",
            None,
            "7.3.8@2203 7.3.11@2301 7.3.13@2310 7.3.15@2401",
            "+bzip2, +libffi, +libzlib, +ncurses, +openssl, +libsqlite, python_abi 3.9.* *_pypy39_pp73, tzdata",
        )
        lib(
            "cuda-cudart",
            None,
            "11.8.89@2210 12.0.107@2305 12.4.127@2405 12.6.77@2411 12.9.79@2506",
            "cuda-version >=11.8,<14",
        )
        lib(
            "libcublas",
            None,
            "11.11.3.6@2210 12.0.1.189@2305 12.4.5.8@2405 12.6.4.1@2412 12.9.1.4@2506",
            "cuda-cudart",
        )
        lib(
            "cudnn",
            None,
            "8.2.1.32@2107 8.4.1.50@2207 8.8.0.121@2303 8.9.7.29@2402 9.3.0.75@2410 9.10.1.4@2506",
            "cuda-version >=11,<14?2305",
        )
        lib(
            "nccl",
            None,
            "2.14.3.1@2209 2.18.5.1@2309 2.21.5.1@2405 2.27.3.1@2506",
            "cuda-version >=11,<14?2305",
        )
        lib("blis", None, "0.7.0@2007 0.8.1@2104 0.9.0@2205", "")
        py = (
            "+bzip2, ld_impl_linux-64 >=2.33.1?1912?-2109, ld_impl_linux-64 >=2.36.1?2109, +libexpat?2302, +libffi, +libnsl?2202?-2507, "
            "+libsqlite?2207, +sqlite?-2207, +libuuid?1809, +libxcrypt?2310?-2507, +libzlib, +ncurses, +openssl, +readline, +tk, "
            "tzdata?2007, +xz?-2411, +liblzma?2411"
        )
        for branch, start, stop in PYTHONS:
            rng = random.Random("python" + branch)
            first = {"2.7": 13, "3.6": 0}.get(branch, 0)
            last = PY_LAST[branch]
            step = max(30, (min(stop, END) - start) / (last - first + 1))
            history, d = [], start
            for n in range(first, last + 1):
                if d > END - 3:
                    break
                history.append((int(d), f"{branch}.{n}"))
                d += step * rng.uniform(0.8, 1.1)
            self.packages["python " + branch] = Package(
                "python",
                "python",
                None,
                history,
                [Dep(t) for t in split_deps(py)],
                eol=stop + 200,
                license="Python-2.0",
                size=25_000_000,
            )

    # -- the invented part
    def load_bulk(self, have: int, boost: float = 1.0) -> float:
        """Invent the rest; returns how far a sample is from the wanted size."""
        rng = random.Random(f"bulk:{self.seed}")
        known = set(self.packages)
        count = max(0, self.n_names - len(self.packages))
        kinds = rng.choices(
            ["py", "ext", "lib", "tool", "r", "rn", "gen", "ros"],
            [50, 9, 9, 9, 7, 9, 2, 5],
            k=count,
        )
        each = {
            "py": 1.05,
            "ext": 11.5,
            "lib": 2.4,
            "tool": 1.3,
            "r": 6.4,
            "rn": 3.2,
            "gen": 1.0,
            "ros": 2.0,
        }
        raw = [min(400.0, rng.lognormvariate(1.7, 1.15)) + 1 for _ in range(count)]
        expected = sum(n * each[k] for n, k in zip(raw, kinds, strict=False))
        scale = max(0.02, boost * (self.target - have) / max(1, expected))
        names = Names(rng)
        core_py = [
            p.name
            for p in self.packages.values()
            if p.kind in ("py", "ext") and not p.name.startswith("r-")
        ]
        popular = [
            "numpy",
            "pandas",
            "requests",
            "scipy",
            "pyyaml",
            "click",
            "matplotlib-base",
            "six",
            "attrs",
            "setuptools",
            "tqdm",
            "typing_extensions",
            "packaging",
            "python-dateutil",
            "jinja2",
            "scikit-learn",
            "pydantic",
            "rich",
            "aiohttp",
            "networkx",
            "pillow",
            "h5py",
            "xarray",
            "dask-core",
            "sqlalchemy",
            "ipython",
            "traitlets",
            "cryptography",
            "lxml",
            "boto3",
        ]
        core_lib = [p.name for p in self.packages.values() if p.kind == "lib" and p.pin]
        common_lib = [
            "libzlib",
            "openssl",
            "libpng",
            "libcurl",
            "icu",
            "libxml2",
            "zstd",
            "bzip2",
            "libtiff",
            "libglib",
            "hdf5",
            "geos",
            "proj",
            "libboost",
            "libprotobuf",
            "ncurses",
            "readline",
            "libsqlite",
            "gmp",
            "fftw",
            "freetype",
            "lz4-c",
        ]
        core_r = [
            p.name for p in self.packages.values() if p.name.startswith("r-") and p.name != "r-base"
        ]
        made = {"py": [], "lib": [], "r": [], "ros": []}
        for kind, n in zip(kinds, raw, strict=False):
            n = max(1, int(n * scale + rng.random()))
            start = int(END * rng.random() ** 0.75 * 0.985)
            alive = rng.random() < 0.55
            stop = END - 5 if alive else min(END - 5, start + int(rng.lognormvariate(6.3, 0.9)))
            every = max(2.0, (stop - start) / n)
            first = rng.choices(
                [
                    "0.1.0",
                    "0.0.1",
                    "1.0.0",
                    "0.1",
                    "1.0",
                    "2.0.0",
                    f"{2017 + start // 365}.{1 + start // 31 % 12}.1",
                    "0.9.0",
                    "3.1.0",
                    "1.0.0rc1",
                ],
                [30, 8, 22, 8, 7, 5, 5, 5, 5, 1],
            )[0]
            if kind in ("r", "rn"):
                first = rng.choice(["0.1.0", "1.0.0", "0.1_1", "1.0_2", "0.9_10", "2.1"])
            name = names.make(kind)
            while name in self.packages:
                name = names.make(kind)
            history = auto_history(first, start, every, stop, rng)[: n + 3] or [(start, first)]
            deps = []

            def some(pool, prefer, low, high, host=False, share=0.6):
                for _ in range(rng.randint(low, high)):
                    if prefer and rng.random() < share:
                        target = prefer[min(len(prefer) - 1, int(rng.paretovariate(0.7)) - 1)]
                    elif pool:
                        target = pool[int(len(pool) * rng.random() ** 2.5)]
                    else:
                        continue
                    if target == name or any(d.name == target for d in deps):  # noqa: B023
                        continue
                    t = self.packages.get(target)
                    if t is None or not t.history or t.history[0][0] > start + 60:  # noqa: B023
                        continue
                    dep = Dep(("+" if host else "") + target)
                    if not host:
                        dep.spec = rng.choices(
                            ["", "low", "range", "series", "exact"], [50, 38, 7, 4, 1]
                        )[0]
                        dep.spec = "@" + dep.spec if dep.spec else ""
                    deps.append(dep)  # noqa: B023

            if kind == "py":
                some(core_py + made["py"], popular, 0, 7)
            elif kind == "ext":
                some(core_py + made["py"], popular, 0, 4)
                some(core_lib + made["lib"], common_lib, 0, 2, host=True)
                if rng.random() < 0.45:
                    deps.append(Dep("+numpy"))
            elif kind in ("lib", "tool"):
                some(core_lib + made["lib"], common_lib, 0, 4, host=True, share=0.7)
            elif kind in ("r", "rn"):
                some(
                    core_r + made["r"],
                    [
                        "r-rcpp",
                        "r-rlang",
                        "r-dplyr",
                        "r-ggplot2",
                        "r-magrittr",
                        "r-jsonlite",
                        "r-cli",
                        "r-tibble",
                    ],
                    0,
                    6,
                )
            elif kind == "ros":
                deps.append(Dep("ros2-distro-mutex 0.5.* humble_*"))
                some(made["ros"], [], 1, 8)
                for d in deps[1:]:
                    d.spec = ""
            constrains = ()
            if rng.random() < 0.05 and kind in ("py", "ext"):
                other = rng.choice(popular)
                v = self.packages[other].version_at(start)
                if v:
                    constrains = (f"{other} >={v}",)
            pin = rng.choice([1, 2, 2, 2, 3]) if kind == "lib" else None
            p = Package(
                name,
                "ext" if kind == "ros" else kind,
                pin,
                history,
                deps,
                constrains,
                eol=END + 1 if alive else stop + rng.randint(0, 400),
                license=rng.choice(LICENSES),
                size=int(
                    rng.lognormvariate({"py": 10.8, "rn": 11.5, "gen": 12}.get(kind, 12.6), 1.4)
                ),
                bulk=True,
            )
            self.packages[name] = p
            if kind in ("py", "ext"):
                made["py"].append(name)
            elif kind == "lib":
                made["lib"].append(name)
            elif kind in ("r", "rn"):
                made["r"].append(name)
            elif kind == "ros":
                made["ros"].append(name)
        sample = [n for i, n in enumerate(self.packages) if n not in known and i % 12 == 0]
        got = (
            sum(1 for n in sample for _ in self.records_of(self.packages[n]))
            * count
            / max(1, len(sample))
        )
        if boost == 1.0 and got:
            for n in [n for n in self.packages if n not in known]:
                del self.packages[n]
        return (self.target - have) / max(1, got)

    # -- dependencies as text
    def depend(self, p: Package, dep: Dep, version: str, d: int, q: int, branch):
        """One dependency of a build made on day d (quarter q), or None."""
        if not dep.since <= d < dep.until:
            return None
        if dep.name == "numpy" and dep.host:
            if d >= NUMPY2:
                return f"numpy >={NUMPY_NEW.get(branch, '1.19')},<3"
            return f"numpy >={NUMPY_OLD.get(branch, '1.26')},<2.0a0"
        target = self.packages.get(dep.name)
        if dep.host:
            if target is None:
                return None
            v = target.pin_at(q, d)
            if v is None:
                return None
            return f"{dep.name} {pinned(v, target.pin)}" if target.pin else dep.name
        spec = dep.spec.replace("{v}", version)
        if spec.startswith("@"):
            return self.invented(p, target, spec[1:], d)
        if not spec or target is None or dep.name.startswith("_"):
            return f"{dep.name} {spec}".strip()
        return self.possible(dep.name, target, spec, d)

    def invented(self, p, target, style, d):
        i = bisect.bisect_right(target.days, d) - 1
        if i < 0:
            return target.name
        r = int(
            hashlib.blake2b(f"{p.name}:{target.name}:{i // 4}".encode(), digest_size=4).hexdigest(),
            16,
        )
        v = target.history[max(0, i - r % 5)][1]
        if style == "low":
            return f"{target.name} >={v}"
        if style == "range":
            major = re.match(r"\d+", v)
            return f"{target.name} >={v},<{int(major[0]) + 1}" if major else f"{target.name} >={v}"
        if style == "series":
            return f"{target.name} {'.'.join(v.split('.')[:2])}.*"
        return f"{target.name} {v}"

    def possible(self, name, target, spec, d):
        """Specifications over invented histories must name versions that exist."""
        if " " in spec or "*" in spec:
            return f"{name} {spec}"
        known = bisect.bisect_right(target.days, d)
        key = (name, spec, known)
        if key in self.spec_cache:
            return self.spec_cache[key]
        clauses = spec.split(",")
        versions = [v for _, v in target.history[:known]] or [target.history[0][1]]

        def fits(v):
            k = vkey(v)
            for c in clauses:
                op = re.match(r"[<>=!]*", c)[0]
                x = vkey(c[len(op) :])
                if not {
                    ">=": k >= x,
                    "<=": k <= x,
                    ">": k > x,
                    "<": k < x,
                    "==": k == x,
                    "!=": k != x,
                    "": k == x,
                    "=": k == x,
                }[op]:
                    return False
            return True

        if not any(fits(v) for v in reversed(versions)):
            low = versions[max(0, len(versions) - 4)]
            clauses = [c for c in clauses if c.startswith("!=")]
            out = f"{name} {','.join([f'>={low}', *clauses])}"
        else:
            out = f"{name} {spec}"
        self.spec_cache[key] = out
        return out

    # -- builds
    def events(self, p: Package):
        """(version, day, build number): first builds, then rebuilds."""
        hosts = [
            self.packages[x.name]
            for x in p.deps
            if x.host and x.name in self.packages and self.packages[x.name].pin
        ]
        rebuild = p.kind in ("lib", "ext", "tool", "r", "python")
        branches = {"ext": PYTHONS, "r": RS, "rn": RS}.get(p.kind)
        for i, (d0, version) in enumerate(p.history):
            last = i + 1 == len(p.history)
            end = min(p.eol, END) if last else p.history[i + 1][0]
            number = 0
            yield version, d0, 0
            if not (rebuild or p.kind == "rn"):
                continue
            limit = 14 if last or p.kind in ("r", "rn") else 3 if p.bulk else 8
            for q in range(quarter(d0) + 1, len(QUARTERS)):
                d = QUARTERS[q] + 3
                if d >= end or number >= limit:
                    break
                moved = any(h.series(q) != h.series(q - 1) and h.series(q) for h in hosts)
                if not moved and branches:
                    moved = any(quarter(start) == q - 1 for _, start, _ in branches)
                if (
                    not moved
                    and p.kind == "ext"
                    and q == quarter(NUMPY2)
                    and any(x.name == "numpy" and x.host for x in p.deps)
                ):
                    moved = True
                if moved:
                    number += 1
                    yield version, d + number, number

    def compiler(self, d: int, cxx: bool) -> list:
        if d < day(2008):
            v, new = "7.3.0", False
        elif d < day(2209):
            v, new = "9.3.0", False
        elif d < day(2408):
            v, new = "12", False
        elif d < day(2510):
            v, new = "13", True
        else:
            v, new = "14", True
        out = [f"libgcc >={v}" if new else f"libgcc-ng >={v}"]
        if cxx:
            out.append(f"libstdcxx >={v}" if new else f"libstdcxx-ng >={v}")
        if new:
            out.append("__glibc >=2.17,<3.0.a0")
        return out

    def records_of(self, p: Package):
        """(subdir, record) of one package; records lack hashes and size."""
        rng = random.Random(f"{self.seed}:records:{p.name}:{p.history[0][1] if p.history else ''}")
        cxx = rng.random() < 0.6
        for version, d, number in self.events(p):
            q = quarter(d)
            stamp = MS0 + d * 86_400_000 + rng.randint(0, 86_399_999)

            def deps(branch=None):
                found = [self.depend(p, x, version, d, q, branch) for x in p.deps]  # noqa: B023
                return [f for f in found if f]

            constrains = [c.replace("{v}", version) for c in p.constrains]
            run_exports = {"weak": [f"{p.name} {pinned(version, p.pin)}"]} if p.pin else None
            h = hashlib.blake2b(
                f"{self.seed}{p.name}{version}{number}".encode(), digest_size=8
            ).hexdigest()
            if p.kind == "py":
                early = d < day(1807) and rng.random() < 0.7
                if early:  # before noarch became common
                    for branch, start, stop in PYTHONS:
                        if start <= d < stop:
                            tag = branch.replace(".", "")
                            yield (
                                "linux-64",
                                self.record(
                                    p,
                                    version,
                                    f"py{tag}_{number}",
                                    number,
                                    sorted([*deps(), self.python_spec(branch)]),
                                    constrains,
                                    stamp,
                                    None,
                                    None,
                                ),
                            )
                    continue
                floor = (
                    ""
                    if d < day(1906)
                    else " >=3"
                    if d < day(2006)
                    else " >=3.6"
                    if d < day(2201)
                    else " >=3.7"
                    if d < day(2306)
                    else " >=3.8"
                    if d < day(2410)
                    else " >=3.9"
                    if d < day(2511)
                    else " >=3.10"
                )
                build = (
                    f"py_{number}"
                    if d < day(2008)
                    else f"pyhd8ed1ab_{number}"
                    if rng.random() < 0.8
                    else f"pyh{h[:6]}0_{number}"
                )
                yield (
                    "noarch",
                    self.record(
                        p,
                        version,
                        build,
                        number,
                        sorted([*deps(), "python" + floor]),
                        constrains,
                        stamp,
                        "python",
                        None,
                    ),
                )
            elif p.kind == "gen":
                subdir = "noarch" if d > day(1901) or p.bulk else "linux-64"
                yield (
                    subdir,
                    self.record(
                        p,
                        version,
                        f"h{h[:7]}_{number}",
                        number,
                        sorted(deps()),
                        constrains,
                        stamp,
                        "generic" if subdir == "noarch" else None,
                        None,
                    ),
                )
            elif p.kind in ("lib", "tool"):
                base = sorted(deps() + self.compiler(d, cxx))
                for prefix, extra, offset in VARIANTS.get(p.name, [("", [], 0)]):
                    yield (
                        "linux-64",
                        self.record(
                            p,
                            version,
                            f"{prefix}h{h[:7]}_{number + offset}",
                            number + offset,
                            sorted(base + extra),
                            constrains,
                            stamp,
                            None,
                            run_exports,
                        ),
                    )
            elif p.kind == "ext":
                for branch, start, stop in PYTHONS:
                    if start + 20 <= d < stop and (branch != "2.7" or d < day(1912)):
                        tag = branch.replace(".", "")
                        extra = [self.python_spec(branch), *self.compiler(d, cxx)]
                        if d >= day(2009):
                            extra.append(f"python_abi {branch}.* *_cp{tag}")
                        yield (
                            "linux-64",
                            self.record(
                                p,
                                version,
                                f"py{tag}h{h[:7]}_{number}",
                                number,
                                sorted(deps(branch) + extra),
                                constrains,
                                stamp,
                                None,
                                run_exports,
                            ),
                        )
            elif p.kind in ("r", "rn"):
                subdir = "linux-64" if p.kind == "r" else "noarch"
                for branch, start, stop in RS:
                    if start <= d < stop:
                        tag = branch.replace(".", "")
                        low, high = branch, f"{branch[:2]}{int(branch[2:]) + 1}"
                        base = (
                            deps()
                            + [f"r-base >={low},<{high}.0a0"]
                            + (self.compiler(d, cxx) if p.kind == "r" else [])
                        )
                        build = (
                            f"r{tag}h{h[:7]}_{number}"
                            if p.kind == "r"
                            else f"r{tag}hc72bb7e_{number}"
                        )
                        yield (
                            subdir,
                            self.record(
                                p,
                                version,
                                build,
                                number,
                                sorted(base),
                                constrains,
                                stamp,
                                "generic" if subdir == "noarch" else None,
                                None,
                            ),
                        )
            elif p.kind == "python":
                branch = version.rsplit(".", 1)[0]
                tag = "cp" + branch.replace(".", "")
                base = deps() + self.compiler(d, False)
                if branch in ("3.13", "3.14"):
                    yield (
                        "linux-64",
                        self.record(
                            p,
                            version,
                            f"h{h[:7]}_{number + 100}_{tag}",
                            number + 100,
                            sorted([*base, f"python_abi {branch}.* *_{tag}"]),
                            [],
                            stamp,
                            None,
                            {"weak": [f"python_abi {branch}.* *_{tag}"], "noarch": ["python"]},
                            python_site_packages_path=f"lib/python{branch}/site-packages",
                        ),
                    )
                    yield (
                        "linux-64",
                        self.record(
                            p,
                            version,
                            f"h{h[1:8]}_{number}_{tag}t",
                            number,
                            sorted([*base, f"python_abi {branch}.* *_{tag}t"]),
                            [],
                            stamp,
                            None,
                            {"weak": [f"python_abi {branch}.* *_{tag}t"], "noarch": ["python"]},
                            track_features="py_freethreading",
                            python_site_packages_path=f"lib/python{branch}t/site-packages",
                        ),
                    )
                else:
                    yield (
                        "linux-64",
                        self.record(
                            p,
                            version,
                            f"h{h[:7]}_{number}_cpython",
                            number,
                            sorted(base),
                            [f"python_abi {branch}.* *_{tag}"],
                            stamp,
                            None,
                            {"weak": [f"python_abi {branch}.* *_{tag}"], "noarch": ["python"]},
                        ),
                    )

    @staticmethod
    @cache
    def python_spec(branch: str) -> str:
        major, minor = branch.split(".")
        return (
            f"python >={branch},<{major}.{int(minor) + 1}.0a0"
            if branch != "2.7"
            else "python >=2.7,<2.8.0a0"
        )

    def record(
        self, p, version, build, number, depends, constrains, stamp, noarch, run_exports, **extra
    ):
        return (
            p.name,
            version,
            build,
            number,
            depends,
            constrains,
            stamp,
            noarch,
            run_exports,
            p.license,
            p.size,
            extra,
        )

    # -- mutexes and other things with several builds of a version
    def special_records(self):
        out: dict = {}

        def add(
            subdir,
            name,
            version,
            build,
            number,
            depends=(),
            constrains=(),
            when=2001,
            noarch=None,
            run_exports=None,
            size=10_000,
            license="BSD-3-Clause",
            **extra,
        ):
            stamp = MS0 + day(when) * 86_400_000 + len(out) * 1000
            if subdir == "noarch" and noarch is None:
                noarch = "generic"
            out.setdefault(name, []).append(
                (
                    subdir,
                    (
                        name,
                        version,
                        build,
                        number,
                        sorted(depends),
                        list(constrains),
                        stamp,
                        noarch,
                        run_exports,
                        license,
                        size,
                        extra,
                    ),
                )
            )

        add("linux-64", "_libgcc_mutex", "0.1", "main", 0, when=1907)
        add("linux-64", "_libgcc_mutex", "0.1", "conda_forge", 0, when=2004)
        for n, when in ((0, 2004), (1, 2007), (2, 2205)):
            add(
                "linux-64",
                "_openmp_mutex",
                "4.5",
                f"{n}_gnu",
                14 + n,
                ["_libgcc_mutex 0.1 conda_forge", "libgomp >=7.3.0"],
                ["openmp_impl 9999"],
                when,
            )
            add(
                "linux-64",
                "_openmp_mutex",
                "4.5",
                f"{n}_kmp_llvm",
                4 + n,
                ["_libgcc_mutex 0.1 conda_forge", "llvm-openmp >=8.0.1"],
                ["openmp_impl 9999"],
                when,
            )
        add("noarch", "_r-mutex", "1.0.1", "anacondar_1", 1, when=1901)
        add("noarch", "_r-mutex", "1.0.0", "anacondar_1", 1, when=1801)
        add(
            "linux-64",
            "_r-mutex",
            "1.0.0",
            "mro_2",
            2,
            when=1801,
            track_features="mro_is_not_default",
        )
        for impl in ("mpich", "openmpi", "nompi", "impi"):
            add("noarch", "mpi", "1.0", impl, 0, when=1801)
        for n in range(4, 6):
            add("noarch", "ros2-distro-mutex", f"0.{n}.0", f"humble_{n}", n, when=2301)
            add("noarch", "ros2-distro-mutex", f"0.{n}.0", f"iron_{n}", n, when=2301)
        for branch, _, _ in PYTHONS:
            tag = "cp" + branch.replace(".", "")
            if branch == "2.7":
                tag = "cp27mu"
            for n in (1, 2, 3, 4, 5):
                add(
                    "linux-64",
                    "python_abi",
                    branch,
                    f"{n}_{tag}",
                    n,
                    constrains=[
                        f"python {branch}.* *_cpython"
                        if branch not in ("3.13", "3.14")
                        else f"python {branch}.* *_{tag}"
                    ],
                    when=2008,
                )
            add(
                "noarch",
                "python_abi",
                branch,
                f"8_{tag}",
                8,
                constrains=[
                    f"python {branch}.* *_cpython"
                    if branch not in ("3.13", "3.14")
                    else f"python {branch}.* *_{tag}"
                ],
                when=2507,
            )
            if branch in ("3.13", "3.14"):
                add(
                    "noarch",
                    "python_abi",
                    branch,
                    f"8_{tag}t",
                    8,
                    constrains=[f"python {branch}.* *_{tag}t"],
                    when=2507,
                )
        add(
            "noarch",
            "python_abi",
            "3.9",
            "8_pypy39_pp73",
            8,
            constrains=["python 3.9.* *_73_pypy"],
            when=2507,
        )
        for n, (v, pv, when) in enumerate(
            (("3.9.10", "7.3.8", 2203), ("3.9.15", "7.3.11", 2301), ("3.9.18", "7.3.15", 2401))
        ):
            add("linux-64", "python", v, f"{n}_73_pypy", n, [f"pypy3.9 {pv}.*"], when=when)
        for v, when in (
            ("11.2", 2304),
            ("11.8", 2304),
            ("12.0", 2304),
            ("12.4", 2405),
            ("12.6", 2409),
            ("12.9", 2505),
            ("13.0", 2508),
        ):
            major = v.split(".")[0]
            add(
                "noarch",
                "cuda-version",
                v,
                f"h{hashlib.md5(v.encode()).hexdigest()[:7]}_3",
                3,
                constrains=[f"cudatoolkit {v}|{v}.*", f"__cuda >={major}"],
                when=when,
            )
        for v, when in (
            ("9.2", 1807),
            ("10.1.243", 1909),
            ("10.2.89", 2003),
            ("11.2.2", 2104),
            ("11.8.0", 2211),
        ):
            add(
                "linux-64",
                "cudatoolkit",
                v,
                f"h{hashlib.md5(v.encode()).hexdigest()[:7]}_12",
                12,
                ["libgcc-ng >=12", "libstdcxx-ng >=12"],
                ["__cuda >=" + v.split(".")[0]],
                when,
                size=600_000_000,
            )
        # BLAS: one implementation at a time
        months = [(2019 + (6 + 2 * n) // 12, 1 + (6 + 2 * n) % 12) for n in range(42)]
        for n, (y, m) in enumerate(months):
            when = (y - 2000) * 100 + m
            if when > 2605:
                break
            n += 7
            version = "3.8.0" if when < 2101 else "3.9.0"
            q = quarter(day(when))
            for impl in ("openblas", "mkl", "blis", "netlib"):
                tag = (
                    "linux64"
                    if when < 2503
                    else "h" + hashlib.md5(f"{impl}{n}".encode()).hexdigest()[:7]
                )
                build = f"{n}_{tag}_{impl}" if when >= 2101 else f"{n}_{impl}"
                extra = {}
                if impl != "openblas":
                    extra["track_features"] = f"blas_{impl}"
                if (impl == "blis" and when < 2007) or (impl == "netlib" and n % 4):
                    continue
                backend = {"openblas": "libopenblas", "mkl": "mkl", "blis": "blis"}.get(impl)
                deps = []
                if backend:
                    target = self.packages[backend]
                    v = target.pin_at(q, day(when))
                    if v is None:
                        continue
                    deps = [
                        f"{backend} {pinned(v, 1) if impl != 'blis' else '>=' + v + ',<0.10.0a0'}"
                    ]
                else:
                    deps = ["libgfortran5 >=9.3.0"]
                short = f"{n}*_{impl}" if when >= 2101 else build
                others = [f"{x} {version} {short}" for x in ("libcblas", "liblapack", "liblapacke")]
                add(
                    "linux-64",
                    "libblas",
                    version,
                    build,
                    n,
                    deps,
                    [*others, f"blas * {impl}"],
                    when,
                    run_exports={"weak": [f"libblas >={version},<4.0a0"]},
                    **extra,
                )
                for x in ("libcblas", "liblapack"):
                    add(
                        "linux-64",
                        x,
                        version,
                        build,
                        n,
                        [f"libblas {version} {build}"],
                        [o for o in others if not o.startswith(x + " ")] + [f"blas * {impl}"],
                        when,
                        run_exports={"weak": [f"{x} >={version},<4.0a0"]},
                        **extra,
                    )
                add(
                    "linux-64",
                    "blas",
                    f"2.{100 + n}",
                    impl,
                    0,
                    [f"{x} {version} {build}" for x in ("libblas", "libcblas", "liblapack")],
                    (),
                    when,
                    **extra,
                )
        # pytorch: CPU and CUDA builds, told apart by build string and number
        torch = Package(
            "pytorch",
            "lib",
            None,
            list(
                parse_history(
                    "1.9.0@2107 1.10.2@2202 1.11.0@2205 1.12.1@2210 1.13.1@2302 2.0.0@2306 2.1.2@2401 2.3.1@2407 2.4.1@2410 2.5.1@2412 2.6.0@2503 2.7.1@2507 2.8.0@2510 2.9.1@2602"
                )
            ),
            [
                Dep(t)
                for t in (
                    "+libprotobuf",
                    "+libabseil?2310",
                    "+libuv?2010",
                    "+libzlib?2401",
                    "+sleef",
                )
            ],
        )
        for version, d, number in self.events(torch):
            q, when = quarter(d), int((dt.date.fromordinal(EPOCH + d)).strftime("%y%m"))
            mkl = self.packages["mkl"].pin_at(q, d)
            base = [
                x for x in (self.depend(torch, t, version, d, q, None) for t in torch.deps) if x
            ] + self.compiler(d, True)
            cudas = (
                ["112"]
                if d < day(2304)
                else ["112", "118", "120"]
                if d < day(2406)
                else ["118", "126"]
                if d < day(2503)
                else ["126", "129"]
            )
            variants = [
                (
                    "cpu_generic",
                    0,
                    ["libblas >=3.9.0,<4.0a0", "libcblas >=3.9.0,<4.0a0", "_openmp_mutex >=4.5"],
                    "cpu",
                ),
                (
                    "cpu_mkl",
                    100,
                    [
                        f"mkl {pinned(mkl, 1)}",
                        "libblas * *mkl",
                        "libcblas >=3.9.0,<4.0a0",
                        "_openmp_mutex * *_llvm",
                        "llvm-openmp >=8.0.1",
                    ],
                    "cpu",
                ),
            ]
            for c in cudas:
                cuda = (
                    [f"cuda-version >={c[:2]}.{c[2:]},<{int(c[:2]) + 1}", "__cuda", "cudnn", "nccl"]
                    if c != "112" or d >= day(2304)
                    else [
                        "cudatoolkit >=11.2,<12",
                        "__cuda",
                        "cudnn >=8.2.1.32,<9.0a0",
                        "nccl >=2.14.3.1",
                    ]
                )
                variants.append(
                    (
                        f"cuda{c}_generic",
                        200,
                        [*cuda, "libblas >=3.9.0,<4.0a0", "_openmp_mutex >=4.5"],
                        "gpu",
                    )
                )
                variants.append(
                    (
                        f"cuda{c}_mkl",
                        300,
                        [
                            *cuda,
                            f"mkl {pinned(mkl, 1)}",
                            "libblas * *mkl",
                            "_openmp_mutex * *_llvm",
                            "llvm-openmp >=8.0.1",
                        ],
                        "gpu",
                    )
                )
            for variant, offset, extra, side in variants:
                h = hashlib.md5(f"{variant}{version}{number}".encode()).hexdigest()[:7]
                other = "gpu" if side == "cpu" else "cpu"
                cons = [f"pytorch-{side} {version}", f"pytorch-{other} <0.0a0"]
                num = number + offset
                add(
                    "linux-64",
                    "libtorch",
                    version,
                    f"{variant}_h{h}_{num}",
                    num,
                    base + extra,
                    [*cons, f"pytorch {version} {variant}_*_{num}"],
                    when,
                    size=60_000_000 if side == "cpu" else 900_000_000,
                )
                for branch, start, stop in PYTHONS:
                    if start + 20 <= d < stop and branch not in ("2.7", "3.6"):
                        tag = branch.replace(".", "")
                        add(
                            "linux-64",
                            "pytorch",
                            version,
                            f"{variant}_py{tag}_h{h}_{num}",
                            num,
                            base
                            + extra
                            + [
                                self.python_spec(branch),
                                f"python_abi {branch}.* *_cp{tag}",
                                f"libtorch {version} {variant}_h{h}_{num}",
                                "filelock",
                                "fsspec",
                                "jinja2",
                                "networkx",
                                "sympy >=1.1",
                                "typing_extensions >=3.7.4",
                                "setuptools",
                                self.depend(torch, Dep("+numpy"), version, d, q, branch),
                            ]
                            + (["optree >=0.9.1"] if d > day(2308) else []),
                            cons,
                            when,
                            size=30_000_000,
                        )
                if number == 0 and variant.endswith("mkl"):
                    add(
                        "linux-64",
                        f"pytorch-{side}",
                        version,
                        f"{variant}_h{h}_{num}",
                        num,
                        [f"pytorch {version} {variant}*{num}"],
                        (),
                        when,
                    )
        return out


VARIANTS = {
    "hdf5": [("nompi_", [], 100), ("mpi_mpich_", ["mpich"], 0), ("mpi_openmpi_", ["openmpi"], 0)],
    "libnetcdf": [
        ("nompi_", [], 100),
        ("mpi_mpich_", ["mpich"], 0),
        ("mpi_openmpi_", ["openmpi"], 0),
    ],
    "fftw": [("nompi_", [], 100), ("mpi_mpich_", ["mpich"], 0), ("mpi_openmpi_", ["openmpi"], 0)],
    "ffmpeg": [("gpl_", ["x264"], 100), ("lgpl_", [], 0)],
}


# fmt: off
class Names:
    """Names that look the part."""

    FIRST = """acorn adapt agile alpha amber angle apex arc argo array asset astro async atlas atom audio auto axis azure bamboo base batch bayes beam
    bench bio bit blaze block blue board bolt bond book boost bot box brain branch bright bridge bubble buffer build bulk bus cache calc call canvas
    cap card cargo cast cell chain chart chat check chem chip chron circle city clean clear cli cloud cluster code coil color comet compact config
    core crawl cross crypto cube curve cyber daily dark data date deep delta dense depth desk dev dia dict diff digi dim dir disk dist dot drift drop
    dual dust dyna early earth easy echo edge eigen ember energy engine entry epi equi event ever exa exo expr face fact fast feature fern fetch fiber
    field file filter find fire fit fix flat flex flow fluid flux fold form forge frame free fresh fuse fuzzy galaxy gamma gate gene geo ghost git
    glide glass global glow gold grain grand graph gravity green grid group guard hash haze heat helix hidden high hive holo home hot hub hyper ice
    idea image impact index info ink inner insight inter iron iso item jet job joint jump kernel key kit lab lake lambda lark laser layer lazy leaf
    lens level life light line link lite live local log loop lua lucid luna macro magic mail main map mark mass matrix max mesh meta micro mind mini
    mint mirror mix mobile mock mod molecule moon morph multi music nano native nav neo nest net neural next night node noise north note nova null
    object ocean octo omni one open optic orbit order organ osm outer pack page pair panel paper para parse part patch path peak pearl penta perf
    phase photo phylo pico pilot pine pipe pixel plan plasma plot plug point polar poly port power prime print probe proc prop proto proxy pulse pure
    quad quant quark query quick radar radio rain random range rapid raster ray react real red reef region relay remote render rest ring river robo
    rocket root rose route rule run safe salt sample sand scan scene schema scope scout script sea search seed sense seq server shape shell shift
    signal silk silver simple single site sky slim smart smooth snap snow soft solar solid sonic source space spark sparse spec spin spiral spot
    spring stack star state static stats steam stem step stone storm stream string strong struct sub sun super surf swift switch symbol sync table
    tag tail task tempo tensor term test text thermo tide tile time tiny token tool torch trace track trans tree tri true tube tune turbo type ultra
    uni unit url user vec velo verb vertex video view virtual vision vista vital voxel wave web wheel wide wild wind wire wise wolf wood word work
    world wrap xeno yield zen zero zone zoom""".split()  # noqa: SIM905
    SECOND = """able api bag base bench bind board box bridge builder cache cast check client cloud code config connect core craft db deck dev diff
    dock draw drive engine env explorer fast feed fetch fields flow form forge frame gen graph grid guard guide hub index io json kit lab layer learn
    lib lint list loader log loop maker manager map match merge mesh meta mind mixer ml model net node pack parse path pipe plan plot plugin point
    pool port probe py query reader rest run runner scan scope script sdk search server service set shell sim solve sort space stack stat store
    stream studio suite sync table tag task test text tools track tree tune type utils vault view vis watch web wire work wrap writer x zip""".split()  # noqa: SIM905
    PREFIX = ["py", "pytest-", "django-", "flask-", "jupyter-", "sphinxcontrib-", "mkdocs-", "types-", "azure-mgmt-", "google-cloud-", "airflow-providers-",  # noqa: RUF012
              "opentelemetry-", "napari-", "snakemake-", "kedro-", "robotframework-", "xstatic-", "dask-", "nb", "ipy", "aws-", "qgis-"]

    def __init__(self, rng):
        self.rng, self.seen = rng, set()

    def make(self, kind):
        rng = self.rng
        while True:
            a, b = rng.choice(self.FIRST), rng.choice(self.SECOND)
            sep = rng.choice(["", "-", "-", "_"])
            name = rng.choices([a + sep + b, a + sep + rng.choice(self.FIRST), a + b + str(rng.randint(2, 9)), a + "-" + b + "-" + rng.choice(self.SECOND)],
                               [55, 25, 4, 16])[0]
            if kind == "py" and rng.random() < 0.3:
                name = rng.choice(self.PREFIX) + name
            elif kind == "ext" and rng.random() < 0.4:
                name = "py" + name
            elif kind == "lib" and rng.random() < 0.6:
                name = "lib" + name.replace("-", "").replace("_", "")
            elif kind in ("r", "rn"):
                name = "r-" + name.replace("-", "." if rng.random() < 0.3 else "").replace("_", "")
            elif kind == "ros":
                name = "ros-humble-" + name.replace("_", "-")
            elif kind == "tool" and rng.random() < 0.1:
                name = "perl-" + name
            elif kind == "gen":
                name = rng.choice(["font-ttf-", "data-", "go-module-", ""]) + name
            if name not in self.seen:
                self.seen.add(name)
                return name


# --------------------------------------------------------------------------
# output


CONDA_FROM = MS0 + day(2206) * 86_400_000


# fmt: on
class Writer:
    def __init__(self, root: Path, subdir: str, shards: bool):
        self.root, self.subdir = root / subdir, subdir
        self.root.mkdir(parents=True, exist_ok=True)
        self.parts = {}
        self.first = {"packages": True, "packages.conda": True}
        self.files = {k: open(self.root / f".{k}.part", "wb") for k in self.first}  # noqa: SIM115
        self.exports = {"packages": {}, "packages.conda": {}}
        self.shards, self.index, self.shard_bytes = shards, {}, 0
        self.count = {"packages": 0, "packages.conda": 0}
        self.new_conda_names = 0
        if shards:
            import zstandard

            (self.root / "shards").mkdir(exist_ok=True)
            self.cctx = zstandard.ZstdCompressor(level=3)
            try:
                import msgpack

                self.pack = msgpack.Packer(autoreset=True).pack
            except ImportError:
                self.pack = chanlib.msgpack

    def name(self, name: str, rows: list):
        """All records of one name."""
        texts = {"packages": [], "packages.conda": []}
        shard = {"packages": {}, "packages.conda": {}, "removed": []}
        for row in rows:
            (
                _,
                version,
                build,
                number,
                depends,
                constrains,
                stamp,
                noarch,
                run_exports,
                license,
                size,
                extra,
            ) = row
            stem = f"{name}-{version}-{build}"
            sha = hashlib.sha256(stem.encode()).hexdigest()
            key, fn = (
                ("packages.conda", stem + ".conda")
                if stamp >= CONDA_FROM
                else ("packages", stem + ".tar.bz2")
            )
            md5 = hashlib.md5(stem.encode()).hexdigest()
            record = {"build": build, "build_number": number}
            if constrains:
                record["constrains"] = constrains
            record["depends"] = depends
            record["license"] = license
            family = FAMILY.get(license)
            if family:
                record["license_family"] = family
            record["md5"] = md5
            record["name"] = name
            if noarch:
                record["noarch"] = noarch
            if "python_site_packages_path" in extra:
                record["python_site_packages_path"] = extra["python_site_packages_path"]
            record["sha256"] = sha
            record["size"] = size + int(sha[:4], 16) % max(2, size // 8)
            record["subdir"] = self.subdir
            record["timestamp"] = stamp
            if "track_features" in extra:
                record["track_features"] = extra["track_features"]
            record["version"] = version
            if fn in shard[key]:
                continue
            texts[key].append((fn, json.dumps(record, separators=(",", ":"))))
            if run_exports:
                self.exports[key][fn] = {"run_exports": run_exports}
            if self.shards:
                record["md5"], record["sha256"] = bytes.fromhex(md5), bytes.fromhex(sha)
                record["run_exports"] = run_exports or {}
            shard[key][fn] = record
        for key, items in texts.items():
            if not items:
                continue
            items.sort()
            self.count[key] += len(items)
            blob = ",".join(f'"{fn}":{text}' for fn, text in items)
            if not self.first[key]:
                blob = "," + blob
            self.first[key] = False
            self.files[key].write(blob.encode())
        if self.shards:
            blob = self.cctx.compress(self.pack(shard))
            sha = hashlib.sha256(blob)
            (self.root / "shards" / f"{sha.hexdigest()}.msgpack.zst").write_bytes(blob)
            self.index[name] = sha.digest()
            self.shard_bytes += len(blob)

    def finish(self, zst: bool) -> dict:
        sizes = {}
        path = self.root / "repodata.json"
        with open(path, "wb") as out:
            out.write(f'{{"info":{{"subdir":"{self.subdir}"}},'.encode())
            for key in ("packages", "packages.conda"):
                self.files[key].close()
                out.write(f'"{key}":{{'.encode())
                part = self.root / f".{key}.part"
                with open(part, "rb") as fh:
                    while chunk := fh.read(1 << 24):
                        out.write(chunk)
                part.unlink()
                out.write(b"},")
            out.write(b'"removed":[],"repodata_version":1}')
        sizes["repodata.json"] = path.stat().st_size
        if zst:
            import zstandard

            with open(path, "rb") as src, open(self.root / "repodata.json.zst", "wb") as dst:
                zstandard.ZstdCompressor(level=6, threads=2).copy_stream(
                    src, dst, size=path.stat().st_size
                )
            sizes["repodata.json.zst"] = (self.root / "repodata.json.zst").stat().st_size
        doc = {"info": {"subdir": self.subdir, "version": 1}, **self.exports}
        data = chanlib.to_json(doc, None)
        (self.root / "run_exports.json").write_bytes(data)
        sizes["run_exports.json"] = len(data)
        if self.shards:
            doc = {
                "version": 1,
                "info": {
                    "subdir": self.subdir,
                    "base_url": "./",
                    "shards_base_url": "./shards/",
                    "created_at": "2026-06-15T00:00:00Z",
                },
                "shards": self.index,
            }
            blob = self.cctx.compress(self.pack(doc))
            (self.root / "repodata_shards.msgpack.zst").write_bytes(blob)
            sizes["repodata_shards.msgpack.zst"], sizes["shards"] = len(blob), self.shard_bytes
            sizes["shard files"] = len(self.index)
        return sizes


# --------------------------------------------------------------------------
# requests


# fmt: off
def requests_list(world: World) -> list:
    """Forty requests, easy to hard; ``why`` says what makes the bad ones bad."""
    def r(name, specs, ok=True, why="", virtual=None):
        return {"name": name, "specs": specs, "satisfiable": ok, **({"why": why} if why else {}), **({"virtual": virtual} if virtual else {})}
    cuda = {"__cuda": "12.9"}
    out = [
        r("one-library", ["libzlib"]), r("python", ["python"]), r("mixed-era", ["python 3.10.*", "pandas 1.5.*", "scipy 1.9.*", "matplotlib-base 3.6.*", "gdal 3.6.*", "pyarrow 11.*"]), r("python-old", ["python 3.7.*", "pip"]),
        r("numpy", ["numpy"]), r("requests", ["python", "requests"]), r("flask", ["flask"]),
        r("pandas", ["pandas"]), r("scipy-stack", ["python 3.12.*", "numpy", "scipy", "pandas", "matplotlib-base", "scikit-learn"]),
        r("matplotlib-qt", ["matplotlib"]), r("jupyterlab", ["jupyterlab"]), r("jupyter-science", ["jupyterlab", "numpy", "pandas", "scipy", "seaborn", "statsmodels"]),
        r("dask", ["dask", "xarray", "netcdf4"]), r("pyarrow", ["pyarrow", "pandas"]), r("gdal", ["gdal"]), r("geopandas", ["geopandas"]),
        r("geo-everything", ["geopandas", "rasterio", "cartopy", "xarray", "netcdf4", "fiona"]), r("opencv", ["opencv"]),
        r("pytorch-cpu", ["pytorch-cpu"]), r("pytorch", ["pytorch", "torchvision", "transformers"]),
        r("pytorch-gpu", ["pytorch-gpu"], virtual=cuda), r("tensorflow", ["tensorflow"]), r("tidyverse-old", ["r-base 4.1.*", "r-tidyverse 1.3.*"]),
        r("tidyverse", ["r-base 4.4.*", "r-tidyverse"]), r("r-and-python", ["r-tidyverse", "r-sf", "python 3.12.*", "geopandas"]),
        r("mpi-hdf5", ["hdf5 * mpi_openmpi_*", "libnetcdf * mpi_openmpi_*"]), r("mkl-blas", ["numpy", "scipy", "libblas * *mkl"]),
        r("free-threaded", ["python 3.14.* *_cp314t"]), r("cmake-toolchain", ["cmake", "ninja", "make", "git", "nodejs"]),
        r("old-era", ["python 3.7.*", "numpy 1.19.*", "pandas 1.1.*"]), r("web", ["fastapi", "django", "sqlalchemy", "aiohttp", "boto3", "awscli"]),
        # unsatisfiable
        r("no-such-name", ["python", "this-package-does-not-exist"], False, "nobody provides this name"),
        r("no-such-version", ["numpy >=99"], False, "no numpy is that new"),
        r("python-conflict", ["python 3.8.*", "numpy >=2.3"], False, "numpy 2.3 was never built for Python 3.8"),
        r("two-pythons", ["python 3.11.*", "python 3.12.*"], False, "one version of a name at a time"),
        r("flask-werkzeug", ["flask >=3", "werkzeug <3"], False, "flask 3 needs werkzeug >=3"),
        r("cpu-and-gpu", ["pytorch-cpu", "pytorch-gpu"], False, "their pytorch builds exclude each other", cuda),
        r("gpu-without-driver", ["pytorch-gpu"], False, "needs the virtual package __cuda", {}),
        r("tensorflow-and-arrow", ["tensorflow 2.15.*", "pyarrow >=20"], False, "they pin different libprotobuf and libabseil"),
        r("old-openssl", ["python 3.13.*", "openssl <2"], False, "Python 3.13 was only built against openssl 3"),
    ]
    assert len(out) == 40
    return out


# --------------------------------------------------------------------------


# fmt: on
def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("out", type=Path)
    ap.add_argument(
        "--records", type=int, default=1_000_000, help="about so many records (default: 1000000)"
    )
    ap.add_argument(
        "--names", type=int, default=30_000, help="about so many names (default: 30000)"
    )
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--no-shards", action="store_true")
    ap.add_argument("--no-zst", action="store_true")
    args = ap.parse_args()
    if chanlib.zstandard is None and not (args.no_shards and args.no_zst):
        raise SystemExit("needs the Python package zstandard (or --no-shards --no-zst)")
    began = time.monotonic()

    def say(text):
        print(f"[{time.monotonic() - began:6.1f}s] {text}", flush=True)

    world = World(args.seed, args.records, args.names)
    world.load_core()
    special = world.special_records()
    have = sum(len(v) for v in special.values()) + sum(
        1 for p in list(world.packages.values()) for _ in world.records_of(p)
    )
    say(f"{len(world.packages)} well-known names, {have} records")
    world.load_bulk(have, world.load_bulk(have))
    say(f"{len(world.packages)} names")

    root = args.out / "channel"
    writers = {s: Writer(root, s, not args.no_shards) for s in ("linux-64", "noarch")}
    by_name: dict = {}
    for p in world.packages.values():
        by_name.setdefault(p.name, []).append(p)
    for name in sorted(set(by_name) | set(special)):
        rows = {"linux-64": [], "noarch": []}
        for p in by_name.get(name, ()):
            for subdir, row in world.records_of(p):
                rows[subdir].append(row)
        for subdir, row in special.get(name, ()):
            rows[subdir].append(row)
        for subdir, found in rows.items():
            if found:
                writers[subdir].name(name, found)
    say("records written")
    report = {"seed": args.seed, "names": len(by_name)}
    for subdir, w in writers.items():
        report[subdir] = {"records": dict(w.count), **w.finish(not args.no_zst)}
    report["records"] = sum(sum(report[s]["records"].values()) for s in writers)
    (args.out / "report.json").write_bytes(chanlib.to_json(report))
    (args.out / "requests.json").write_bytes(chanlib.to_json(requests_list(world)))
    say(f"{report['records']} records, {report['names']} names in {root}")
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
