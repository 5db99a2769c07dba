from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mm_pkg.errors import InvalidEntryPoint, MissingPython, UnsafePath
from mm_pkg.link.entry_points import entry_point_script, parse_entry_point
from mm_pkg.link.noarch_python import python_layout
from mm_pkg.prefix import Prefix
from mm_pkg.record import PackageRecord
from mm_pkg.transaction import LinkItem, LinkOptions, Plan, apply

MINOR = f"{sys.version_info[0]}.{sys.version_info[1]}"
TAG = sys.implementation.cache_tag


def record(version: str, build: str = "h0_0", **fields: Any) -> PackageRecord:
    return PackageRecord(name="python", version=version, build=build, build_number=0, **fields)


LAYOUTS = [
    (record("3.11.2"), "lib/python3.11/site-packages", "bin/python3.11", "cpython-311"),
    (record("3.9.0"), "lib/python3.9/site-packages", "bin/python3.9", "cpython-39"),
    (
        record("3.13.0", "h9a34b6e_5_cp313t", python_site_packages_path="lib/python3.13/x"),
        "lib/python3.13t/site-packages",
        "bin/python3.13t",
        "cpython-313",
    ),
    (
        record("3.12.1", python_site_packages_path="lib/other/site"),
        "lib/other/site",
        "bin/python3.12",
        "cpython-312",
    ),
    (record("3.11.2", subdir="win-64"), "Lib/site-packages", "python.exe", "cpython-311"),
    (
        record("3.9.18", "0_73_pypy"),
        "lib/pypy3.9/site-packages",
        "bin/python3.9",
        "pypy39",
    ),
]


@pytest.mark.parametrize(("python", "site", "executable", "tag"), LAYOUTS)
def test_layouts(python: PackageRecord, site: str, executable: str, tag: str) -> None:
    layout = python_layout(python)
    assert (layout.site_packages, layout.executable, layout.cache_tag) == (site, executable, tag)


@pytest.mark.parametrize("path", ["../site", "/site", "lib/../../x", "conda-meta/x"])
def test_site_packages_must_stay_inside(path: str) -> None:
    with pytest.raises(UnsafePath):
        python_layout(record("3.12.0", python_site_packages_path=path))


def test_python_without_minor_version() -> None:
    with pytest.raises(MissingPython):
        python_layout(record("3"))


def test_python_2_bytecode_lies_beside() -> None:
    assert python_layout(record("2.7.18")).pyc_path("a/b.py") == "a/b.pyc"


BAD_ENTRY_POINTS = [
    "no colon",
    "x:y",
    "= m:f",
    "../x = m:f",
    "..x = m:f",
    ". = m:f",
    "a/b = m:f",
    "a\\b = m:f",
    "a b = m:f",
    "C:x = m:f",
    "/bin/x = m:f",
    "a\tb = m:f",
    "x = m;import os:f",
    "x = m:f()",
    "x = m..n:f",
    "x = 1m:f",
    "x = m:f-g",
    "x = :f",
    "x = m:",
]


@pytest.mark.parametrize("text", BAD_ENTRY_POINTS)
def test_bad_entry_points(text: str) -> None:
    with pytest.raises(InvalidEntryPoint):
        parse_entry_point(text)


def test_entry_point_with_equals_in_command() -> None:
    assert parse_entry_point("a=b = m:f").command == "a=b"


def test_entry_point_in_a_long_or_spaced_prefix(tmp_path: Path) -> None:
    folder = tmp_path / ("long " * 20) / "bin"
    folder.mkdir(parents=True)
    python = folder / "python3"
    python.symlink_to(sys.executable)
    script = folder / "greet"
    point = parse_entry_point("greet = os:getcwd")
    script.write_bytes(entry_point_script(point, str(python)))
    script.chmod(0o755)
    result = subprocess.run([script], cwd=tmp_path, capture_output=True, text=True)
    assert result.stderr.strip() == str(tmp_path)  # sys.exit prints what getcwd returned


def test_noarch_package(make: Any, prefix: Path) -> None:
    module = make(
        "module",
        {
            "site-packages/module/__init__.py": b"def main():\n    print('hello')\n",
            "site-packages/module/broken.py": b"def (:\n",
            "python-scripts/tool": b"#!/bin/sh\n",
            "etc/module.conf": b"x",
        },
        noarch="python",
        entry_points=["greet = module:main"],
    )
    outcome = apply(Plan(prefix, (), (LinkItem(make.python()), LinkItem(module))))
    site = f"lib/python{MINOR}/site-packages"
    paths = {e.path: e for e in Prefix(prefix).records()["module"].paths_data.paths}
    assert set(paths) == {
        f"{site}/module/__init__.py",
        f"{site}/module/broken.py",
        "bin/tool",
        "etc/module.conf",
        "bin/greet",
        f"{site}/module/__pycache__/__init__.{TAG}.pyc",
    }
    assert paths["bin/greet"].path_type == "unix_python_entry_point"
    assert paths[f"{site}/module/__pycache__/__init__.{TAG}.pyc"].path_type == "pyc_file"
    assert all((prefix / path).is_file() for path in paths)
    assert len(outcome.warnings) == 1
    assert "broken.py" in outcome.warnings[0]
    (prefix / "sitecustomize").mkdir()
    run = subprocess.run(
        [prefix / "bin" / f"python{MINOR}", "-c", "import module; module.main()"],
        env={"PYTHONPATH": str(prefix / site), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )
    assert run.stdout == "hello\n", run.stderr
    first_line = (prefix / "bin" / "greet").read_text().splitlines()[0]
    assert first_line == f"#!{prefix}/bin/python{MINOR}" or first_line == "#!/bin/sh"


def test_noarch_python_needs_python(make: Any, prefix: Path) -> None:
    module = make("module", {"site-packages/m.py": b""}, noarch="python")
    with pytest.raises(MissingPython, match=r"module-1\.0-0"):
        apply(Plan(prefix, (), (LinkItem(module),)))
    assert not prefix.exists()


def test_bytecode_is_compiled_once_and_fits_every_environment(
    make: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {f"site-packages/m/x{n}.py": f"x = {n}\n".encode() for n in range(30)}
    files["site-packages/m/bad.py"] = b"def (\n"
    items = (LinkItem(make.python()), LinkItem(make("m", files, noarch="python")))
    one, two = tmp_path / "one", tmp_path / "two"
    apply(Plan(one, (), items))
    assert list((make.pkgs / ".pyc").glob("*/*/index.json"))

    import mm_pkg.transaction.compiling as compiling

    def never(*args: object, **kwargs: object) -> None:
        raise AssertionError("compiled again")

    monkeypatch.setattr(compiling, "compile_sources", never)
    outcome = apply(Plan(two, (), items))
    assert outcome.warnings == ()
    pyc = f"lib/python{MINOR}/site-packages/m/__pycache__/x7.{TAG}.pyc"
    assert (one / pyc).samefile(two / pyc)
    check = "import m.x7, sys; print(m.x7.__cached__, m.x7.x)"
    loaded = subprocess.run(
        [sys.executable, "-v", "-c", check],
        env={"PYTHONPATH": str(two / "lib" / f"python{MINOR}" / "site-packages")},
        capture_output=True,
        text=True,
    )
    assert loaded.stdout.split() == [str(two / pyc), "7"]
    assert f"matches {two / 'lib'}" in loaded.stderr
    # the interpreter found it good: it wrote no other
    assert (one / pyc).samefile(two / pyc)


def test_damaged_bytecode_cache_is_compiled_anew(make: Any, tmp_path: Path) -> None:
    items = (
        LinkItem(make.python()),
        LinkItem(make("m", {"site-packages/m.py": b"x = 1\n"}, noarch="python")),
    )
    apply(Plan(tmp_path / "one", (), items))
    (cached,) = (make.pkgs / ".pyc").glob("*/*/0.pyc")
    good = cached.read_bytes()
    cached.unlink()
    cached.write_bytes(good[:20])
    apply(Plan(tmp_path / "two", (), items))
    pyc = f"lib/python{MINOR}/site-packages/__pycache__/m.{TAG}.pyc"
    assert (tmp_path / "two" / pyc).read_bytes() == good
    assert cached.read_bytes() == good


def test_changed_source_time_is_noticed(make: Any, tmp_path: Path) -> None:
    import os

    module = make("m", {"site-packages/m.py": b"x = 1\n"}, noarch="python")
    items = (LinkItem(make.python()), LinkItem(module))
    apply(Plan(tmp_path / "one", (), items))
    os.utime(module.path / "site-packages" / "m.py", (1_600_000_000, 1_600_000_000))
    apply(Plan(tmp_path / "two", (), items))
    pyc = tmp_path / "two" / f"lib/python{MINOR}/site-packages/__pycache__/m.{TAG}.pyc"
    assert int.from_bytes(pyc.read_bytes()[8:12], "little") == 1_600_000_000


def test_without_compiling(make: Any, prefix: Path) -> None:
    module = make("m", {"site-packages/m.py": b"x = 1\n"}, noarch="python")
    apply(
        Plan(prefix, (), (LinkItem(make.python()), LinkItem(module))),
        LinkOptions(compile_pyc=False),
    )
    assert not list(prefix.rglob("*.pyc"))
    assert not any(name.endswith(".pyc") for name in Prefix(prefix).records()["m"].files)


def test_interpreter_that_cannot_run(make: Any, file: Any, prefix: Path) -> None:
    python = make(
        "python", {f"bin/python{MINOR}": file(b"not a program", 0o755)}, version=f"{MINOR}.0"
    )
    module = make("m", {"site-packages/m.py": b"x = 1\n"}, noarch="python")
    outcome = apply(Plan(prefix, (), (LinkItem(python), LinkItem(module))))
    assert [w for w in outcome.warnings if "byte-compiled" in w]
    assert Prefix(prefix).records()["m"].files == (f"lib/python{MINOR}/site-packages/m.py",)
    assert not (make.pkgs / ".pyc").exists()


def test_text_placeholder_in_a_module(
    make: Any, file: Any, placeholder: str, tmp_path: Path
) -> None:
    source = file(f"p = '{placeholder}'\n".encode(), placeholder=placeholder)
    items = (
        LinkItem(make.python()),
        LinkItem(make("m", {"site-packages/m.py": source}, noarch="python")),
    )
    for name in ("one", "two"):
        apply(Plan(tmp_path / name, (), items))
        site = tmp_path / name / f"lib/python{MINOR}/site-packages"
        code = (site / "__pycache__" / f"m.{TAG}.pyc").read_bytes()
        assert str(tmp_path / name).encode() in code


def test_another_python_moves_its_packages(make: Any, prefix: Path) -> None:
    old, new = make.python("3.10.1"), make.python("3.12.0", build="1")
    module = make(
        "module",
        {"site-packages/module.py": b"def main(): pass\n"},
        noarch="python",
        entry_points=["m = module:main"],
    )
    apply(Plan(prefix, (), (LinkItem(old), LinkItem(module))))
    leaving = (old.installed(prefix), module.installed(prefix))
    apply(Plan(prefix, leaving, (LinkItem(new), LinkItem(module))))
    assert not (prefix / "lib" / "python3.10").exists()
    assert (prefix / "lib/python3.12/site-packages/module.py").exists()
    assert (prefix / "lib/python3.12/site-packages/__pycache__/module.cpython-312.pyc").exists()
    assert "python3.12" in (prefix / "bin" / "m").read_text()


def test_undoing_that_fails_is_finished_later(
    make: Any, prefix: Path, picture: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mm_pkg.errors import LinkFailed
    from mm_pkg.transaction import recover
    from mm_pkg.transaction.journal import Journal

    apply(Plan(prefix, (), (LinkItem(make("a", {"x": b"1"})),)))
    before = picture(prefix)
    package = make("b", {"d/x": b"2", "bin/.b-post-link.sh": b"exit 1\n"})

    def broken(journal: Journal) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "roll_back", broken)
        with pytest.raises(LinkFailed, match="undoing it too") as caught:
            apply(Plan(prefix, (), (LinkItem(package),)))
        assert "journal is kept" in caught.value.hint
    assert picture(prefix) != before
    assert recover(prefix)
    assert picture(prefix) == before
