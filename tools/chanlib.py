"""Helpers shared by make_channel.py and make_scale_repodata.py.

Nothing here knows about a particular package: it writes conda artifacts
(.conda and .tar.bz2), describes their content (paths.json, has_prefix, ...),
and writes every channel-level metadata file a client may ask for
(repodata.json in all its dresses, run_exports.json, channeldata.json and the
sharded repodata of CEP 16).

Only dependency outside the standard library: ``zstandard``.
"""

from __future__ import annotations

import bz2
import hashlib
import io
import json
import os
import re
import stat
import struct
import tarfile
import time
import zipfile
from pathlib import Path

try:
    import zstandard
except ImportError:  # the callers re-run themselves in a tool environment
    zstandard = None

PLACEHOLDER_LENGTH = 255
EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()


# --------------------------------------------------------------------------
# small things


def placeholder(name: str, stamp: int) -> str:
    """A build prefix as long as the real ones (255 characters)."""
    head = f"/home/conda/feedstock_root/build_artifacts/{name}_{stamp}/_h_env"
    return (head + "_placehold" * 40)[:PLACEHOLDER_LENGTH]


def digest(data: bytes, algo: str = "sha256") -> str:
    return hashlib.new(algo, data).hexdigest()


def file_digests(path: Path) -> tuple[str, str, int]:
    md5, sha = hashlib.md5(), hashlib.sha256()
    size = 0
    with open(path, "rb") as fh:
        while chunk := fh.read(1 << 20):
            md5.update(chunk)
            sha.update(chunk)
            size += len(chunk)
    return md5.hexdigest(), sha.hexdigest(), size


def to_json(obj, indent=2) -> bytes:
    text = json.dumps(
        obj,
        indent=indent,
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ": ") if indent else (",", ":"),
    )
    return text.encode()


def variant_hash(variant: dict) -> str:
    """The short hash found in build strings: sha1 of the sorted variant."""
    return hashlib.sha1(json.dumps(variant, sort_keys=True).encode()).hexdigest()[:7]


_PART = re.compile(r"\d+|[a-z*]+")


def version_key(text: str):
    """Sort key close to conda's order (enough to pick newest versions)."""
    text = text.lower()
    epoch, bang, rest = text.partition("!")
    if not bang:
        epoch, rest = "0", text
    rest, _, local = rest.partition("+")

    def split(part):
        out = []
        for segment in re.split(r"[._-]", part):
            items = []
            for token in _PART.findall(segment):
                if token.isdigit():
                    items.append((2, int(token)))
                elif token == "dev":
                    items.append((-1, 0))
                elif token == "post":
                    items.append((9, 0))
                else:
                    items.append((1, token))
            if items and items[0][0] == 1:
                items.insert(0, (2, 0))
            out.append(items)
        while out and out[-1] == [(2, 0)]:
            out.pop()
        # a shorter version is padded with zeros, so "1.0a" < "1.0" needs help
        return [[(k, str(v) if k == 1 else v) for k, v in i] + [(1.5, 0)] for i in out]

    return (int(epoch or 0), split(rest), split(local))


# --------------------------------------------------------------------------
# msgpack (only what sharded repodata needs)


def msgpack(obj) -> bytes:
    out = bytearray()
    _mp(obj, out)
    return bytes(out)


def _mp(obj, out: bytearray) -> None:
    if obj is None:
        out.append(0xC0)
    elif obj is True:
        out.append(0xC3)
    elif obj is False:
        out.append(0xC2)
    elif isinstance(obj, int):
        if 0 <= obj < 128:
            out.append(obj)
        elif -32 <= obj < 0:
            out += struct.pack("b", obj)
        elif 0 <= obj < 1 << 8:
            out += struct.pack(">BB", 0xCC, obj)
        elif 0 <= obj < 1 << 16:
            out += struct.pack(">BH", 0xCD, obj)
        elif 0 <= obj < 1 << 32:
            out += struct.pack(">BI", 0xCE, obj)
        elif obj >= 0:
            out += struct.pack(">BQ", 0xCF, obj)
        else:
            out += struct.pack(">Bq", 0xD3, obj)
    elif isinstance(obj, float):
        out += struct.pack(">Bd", 0xCB, obj)
    elif isinstance(obj, str):
        raw = obj.encode()
        n = len(raw)
        if n < 32:
            out.append(0xA0 | n)
        elif n < 1 << 8:
            out += struct.pack(">BB", 0xD9, n)
        elif n < 1 << 16:
            out += struct.pack(">BH", 0xDA, n)
        else:
            out += struct.pack(">BI", 0xDB, n)
        out += raw
    elif isinstance(obj, (bytes, bytearray)):
        n = len(obj)
        if n < 1 << 8:
            out += struct.pack(">BB", 0xC4, n)
        elif n < 1 << 16:
            out += struct.pack(">BH", 0xC5, n)
        else:
            out += struct.pack(">BI", 0xC6, n)
        out += obj
    elif isinstance(obj, (list, tuple)):
        n = len(obj)
        if n < 16:
            out.append(0x90 | n)
        elif n < 1 << 16:
            out += struct.pack(">BH", 0xDC, n)
        else:
            out += struct.pack(">BI", 0xDD, n)
        for item in obj:
            _mp(item, out)
    elif isinstance(obj, dict):
        n = len(obj)
        if n < 16:
            out.append(0x80 | n)
        elif n < 1 << 16:
            out += struct.pack(">BH", 0xDE, n)
        else:
            out += struct.pack(">BI", 0xDF, n)
        for key, value in obj.items():
            _mp(key, out)
            _mp(value, out)
    else:
        raise TypeError(f"cannot pack {type(obj).__name__}")


# --------------------------------------------------------------------------
# describing a staged package


def describe(stage: Path, marker: str, no_link=(), keep_dirs=()):
    """paths.json entries of a staged tree, plus has_prefix and files.

    ``marker`` is the placeholder: files that hold it are flagged, as text
    unless they have a NUL byte.  Directories named in ``keep_dirs`` are listed
    as directories (they are otherwise implied by their files).
    """
    raw = marker.encode()
    entries, has_prefix = [], []
    for root, dirs, files in os.walk(stage):
        dirs.sort()
        rel_root = Path(root).relative_to(stage)
        if rel_root == Path():
            dirs[:] = [d for d in dirs if d != "info"]
        links = [d for d in dirs if (Path(root) / d).is_symlink()]
        dirs[:] = [d for d in dirs if d not in links]
        if str(rel_root) in keep_dirs:
            entries.append({"_path": str(rel_root), "path_type": "directory"})
        for name in sorted(files + links):
            path = Path(root) / name
            rel = str(rel_root / name)
            if path.is_symlink():
                target = path.resolve()
                if target.is_file() and stage.resolve() in target.parents:
                    data = target.read_bytes()
                    sha, size = digest(data), len(data)
                else:  # a directory, or something another package brings
                    sha, size = EMPTY_SHA256, 0
                entry = {
                    "_path": rel,
                    "path_type": "softlink",
                    "sha256": sha,
                    "size_in_bytes": size,
                }
            else:
                data = path.read_bytes()
                entry = {
                    "_path": rel,
                    "path_type": "hardlink",
                    "sha256": digest(data),
                    "size_in_bytes": len(data),
                }
                if marker and raw in data:
                    mode = "binary" if b"\0" in data else "text"
                    entry["file_mode"] = mode
                    entry["prefix_placeholder"] = marker
                    has_prefix.append((marker, mode, rel))
            if rel in no_link:
                entry["no_link"] = True
            entries.append(entry)
    entries.sort(key=lambda e: e["_path"])
    return entries, has_prefix


def write_info(
    stage: Path,
    *,
    index: dict,
    about: dict,
    entries,
    has_prefix,
    hash_input=None,
    run_exports=None,
    link=None,
    licenses=None,
    recipe=None,
    no_link=(),
):
    info = stage / "info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "index.json").write_bytes(to_json(index))
    (info / "paths.json").write_bytes(to_json({"paths": entries, "paths_version": 1}))
    (info / "about.json").write_bytes(to_json(about))
    listed = [e["_path"] for e in entries if e.get("path_type") != "directory"]
    (info / "files").write_text("".join(f"{p}\n" for p in listed))
    (info / "git").write_text("")
    if has_prefix:

        def quoted(p):
            return f'"{p}"' if " " in p else p

        (info / "has_prefix").write_text(
            "".join(f"{mark} {mode} {quoted(path)}\n" for mark, mode, path in has_prefix)
        )
    if no_link:
        (info / "no_link").write_text("".join(f"{p}\n" for p in sorted(no_link)))
    (info / "hash_input.json").write_bytes(to_json(hash_input or {}))
    if run_exports:
        (info / "run_exports.json").write_bytes(to_json(run_exports))
    if link:
        (info / "link.json").write_bytes(to_json(link))
    for name, text in (licenses or {}).items():
        path = info / "licenses" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    if recipe:
        (info / "recipe").mkdir(exist_ok=True)
        (info / "recipe" / "meta.yaml").write_text(recipe)
    (info / "test").mkdir(exist_ok=True)


# --------------------------------------------------------------------------
# writing artifacts


def _members(stage: Path, want_info: bool):
    found = []
    for root, dirs, files in os.walk(stage):
        rel_root = Path(root).relative_to(stage)
        links = [d for d in dirs if (Path(root) / d).is_symlink()]
        for name in files + links:
            rel = rel_root / name
            if (rel.parts[0] == "info") == want_info:
                found.append(rel)
        empty = not files and not dirs and rel_root != Path()
        if empty and not want_info and rel_root.parts[0] != "info":
            found.append(rel_root)
    return sorted(found, key=str)


def _tar(members, stage: Path, mtime: int, out) -> None:
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for rel in members:
            path = stage / rel
            ti = tar.gettarinfo(str(path), arcname=str(rel))
            ti.type = tarfile.DIRTYPE if path.is_dir() and not path.is_symlink() else ti.type
            if ti.type == tarfile.LNKTYPE:  # staged files never share an inode
                ti.type = tarfile.REGTYPE
                ti.size = path.stat().st_size
            ti.uid = ti.gid = 0
            ti.uname = ti.gname = ""
            ti.mtime = mtime
            mode = stat.S_IMODE(path.lstat().st_mode)
            ti.mode = (mode | 0o400) & ~0o022 if ti.isreg() else 0o755
            if ti.isreg():
                with open(path, "rb") as fh:
                    tar.addfile(ti, fh)
            else:
                tar.addfile(ti)


def write_conda(stage: Path, target: Path, mtime: int, level: int) -> None:
    """A .conda file: an uncompressed zip of metadata, payload and info."""
    stem = target.name[: -len(".conda")]
    stamp = time.gmtime(max(mtime, 315532800))[:6]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as outer:

        def add(name, data):
            zi = zipfile.ZipInfo(name, date_time=stamp)
            zi.external_attr = 0o644 << 16
            outer.writestr(zi, data)

        add("metadata.json", b'{"conda_pkg_format_version": 2}')
        for part, want_info in (("pkg", False), ("info", True)):
            raw = io.BytesIO()
            _tar(_members(stage, want_info), stage, mtime, raw)
            cctx = zstandard.ZstdCompressor(level=level, threads=2 if raw.tell() > 1 << 23 else 0)
            add(f"{part}-{stem}.tar.zst", cctx.compress(raw.getvalue()))


def write_tar_bz2(stage: Path, target: Path, mtime: int) -> None:
    """The old format: one bzip2 tarball, info/ first."""
    raw = io.BytesIO()
    _tar(_members(stage, True) + _members(stage, False), stage, mtime, raw)
    target.write_bytes(bz2.compress(raw.getvalue(), 9))


# --------------------------------------------------------------------------
# channel metadata


def compress_zst(data: bytes, level: int = 16) -> bytes:
    return zstandard.ZstdCompressor(level=level, threads=-1 if len(data) > 1 << 24 else 0).compress(
        data
    )


def write_subdir(
    root: Path,
    subdir: str,
    packages: dict,
    conda: dict,
    *,
    run_exports: dict | None = None,
    removed=(),
    unpatched=None,
    indent=2,
    zst_level=16,
    bz2_too=True,
    current=True,
    shard_level=3,
    shards_base_url="./shards/",
    shards=True,
    created_at="2026-01-01T00:00:00Z",
) -> dict:
    """Write every metadata file of one subdir; returns name -> size."""
    where = root / subdir
    where.mkdir(parents=True, exist_ok=True)
    sizes = {}

    def put(name, data):
        path = where / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        sizes[name] = len(data)

    def document(pk, pc):
        return {
            "info": {"subdir": subdir},
            "packages": pk,
            "packages.conda": pc,
            "removed": sorted(removed),
            "repodata_version": 1,
        }

    data = to_json(document(packages, conda), indent)
    put("repodata.json", data)
    put("repodata.json.zst", compress_zst(data, zst_level))
    if bz2_too:
        put("repodata.json.bz2", bz2.compress(data, 9))
    if unpatched:
        put("repodata_from_packages.json", to_json(document(*unpatched), indent))
    if current:
        cp, cc = current_subset(packages, conda)
        data = to_json(document(cp, cc), indent)
        put("current_repodata.json", data)
        put("current_repodata.json.zst", compress_zst(data, zst_level))
    if run_exports is not None:
        doc = {
            "info": {"subdir": subdir, "version": 1},
            "packages": {f: {"run_exports": run_exports.get(f) or {}} for f in packages},
            "packages.conda": {f: {"run_exports": run_exports.get(f) or {}} for f in conda},
        }
        data = to_json(doc, indent)
        put("run_exports.json", data)
        put("run_exports.json.zst", compress_zst(data, zst_level))
    if shards:
        sizes.update(
            write_shards(
                where,
                subdir,
                packages,
                conda,
                run_exports,
                removed,
                shard_level,
                shards_base_url,
                created_at,
            )
        )
    return sizes


def write_shards(
    where: Path, subdir, packages, conda, run_exports, removed, level, shards_base_url, created_at
) -> dict:
    """CEP 16: one zstd+msgpack file per name, and an index by content hash."""
    by_name: dict = {}
    for key, records in (("packages", packages), ("packages.conda", conda)):
        for fn, record in records.items():
            shard = by_name.setdefault(
                record["name"], {"packages": {}, "packages.conda": {}, "removed": []}
            )
            item = dict(record)
            for algo in ("md5", "sha256"):
                if algo in item:
                    item[algo] = bytes.fromhex(item[algo])
            if run_exports is not None:
                item["run_exports"] = run_exports.get(fn) or {}
            shard[key][fn] = item
    for fn in removed:
        name = fn.rsplit("-", 2)[0]
        if name in by_name:
            by_name[name]["removed"].append(fn)
    folder = where / shards_base_url
    folder.mkdir(parents=True, exist_ok=True)
    cctx = zstandard.ZstdCompressor(level=level)
    index, total = {}, 0
    for name in sorted(by_name):
        blob = cctx.compress(msgpack(by_name[name]))
        sha = hashlib.sha256(blob)
        (folder / f"{sha.hexdigest()}.msgpack.zst").write_bytes(blob)
        index[name] = sha.digest()
        total += len(blob)
    doc = {
        "version": 1,
        "info": {
            "subdir": subdir,
            "base_url": "./",
            "shards_base_url": shards_base_url,
            "created_at": created_at,
        },
        "shards": index,
    }
    blob = zstandard.ZstdCompressor(level=19 if len(index) < 200000 else 3).compress(msgpack(doc))
    (where / "repodata_shards.msgpack.zst").write_bytes(blob)
    return {
        "repodata_shards.msgpack.zst": len(blob),
        "shards/ (sum)": total,
        "shards/ (count)": len(index),
    }


def current_subset(packages: dict, conda: dict):
    """Newest version of each name and what those need (approximation)."""
    best: dict = {}
    for records in (packages, conda):
        for r in records.values():
            key = version_key(r["version"])
            if r["name"] not in best or key > best[r["name"]]:
                best[r["name"]] = key
    pick = ({}, {})
    for side, records in enumerate((packages, conda)):
        for fn, r in records.items():
            if version_key(r["version"]) == best[r["name"]]:
                pick[side][fn] = r
    # a .conda beside a .tar.bz2 of the same build replaces it
    stems = {fn[: -len(".conda")] for fn in pick[1]}
    for fn in [f for f in pick[0] if f[: -len(".tar.bz2")] in stems]:
        del pick[0][fn]
    return pick


def write_channeldata(root: Path, subdirs: dict, about: dict) -> None:
    """channeldata.json: one entry per name, from its newest artifact."""
    names: dict = {}
    for subdir, (packages, conda) in subdirs.items():
        for fn, r in list(packages.items()) + list(conda.items()):
            entry = names.setdefault(r["name"], {"subdirs": set(), "best": None})
            entry["subdirs"].add(subdir)
            key = (version_key(r["version"]), r.get("timestamp", 0))
            if entry["best"] is None or key > entry["best"][0]:
                entry["best"] = (key, r, fn)
    out = {}
    for name, entry in sorted(names.items()):
        _, r, fn = entry["best"]
        a = about.get(fn, {})
        out[name] = {
            "activate.d": a.get("_activate.d", False),
            "deactivate.d": a.get("_deactivate.d", False),
            "post_link": a.get("_post_link", False),
            "pre_link": False,
            "pre_unlink": a.get("_pre_unlink", False),
            "binary_prefix": a.get("_binary_prefix", False),
            "text_prefix": a.get("_text_prefix", False),
            "run_exports": a.get("_run_exports", {}),
            "description": a.get("description"),
            "dev_url": a.get("dev_url"),
            "doc_url": a.get("doc_url"),
            "home": a.get("home"),
            "license": r.get("license"),
            "source_url": a.get("source_url"),
            "summary": a.get("summary"),
            "subdirs": sorted(entry["subdirs"]),
            "timestamp": r.get("timestamp", 0) // 1000,
            "version": r["version"],
        }
    (root / "channeldata.json").write_bytes(
        to_json({"channeldata_version": 1, "packages": out, "subdirs": sorted(subdirs)})
    )
