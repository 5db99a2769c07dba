from __future__ import annotations

import json
from pathlib import Path

from mm_pkg import create_empty, remove_unowned


def test_only_packages_stay(tmp_path: Path) -> None:
    prefix = tmp_path / "env"
    create_empty(prefix)
    for name in ("bin/tool", "lib/stray/a.txt", "etc/kept/conf"):
        (prefix / name).parent.mkdir(parents=True, exist_ok=True)
        (prefix / name).write_text(name)
    (prefix / "lib" / "link").symlink_to("/")
    (prefix / "bin" / "alias").symlink_to("tool")
    record = {
        "name": "tool", "version": "1", "build": "0", "build_number": 0,
        "files": ["bin/tool", "bin/alias", "etc/kept/conf"],
    }  # fmt: skip
    meta = prefix / "conda-meta"
    (meta / "tool-1-0.json").write_text(json.dumps(record))
    (meta / "pinned").write_text("tool 1\n")

    remove_unowned(prefix)

    found = {str(p.relative_to(prefix)) for p in prefix.rglob("*") if not p.is_dir()}
    assert found == {
        "bin/tool", "bin/alias", "etc/kept/conf", "conda-meta/history", "conda-meta/tool-1-0.json"
    }  # fmt: skip
    assert not (prefix / "lib").exists()
    assert Path("/").is_dir()
