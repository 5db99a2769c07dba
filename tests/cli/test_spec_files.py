from __future__ import annotations

from pathlib import Path

import pytest

from mm_cli.specfiles import SpecFileError, read_spec_files
from mm_cli.specfiles.spec_file import ExplicitPackage


def write(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_text_files_hold_one_spec_a_line(tmp_path: Path) -> None:
    (file,) = read_spec_files([write(tmp_path, "a.txt", "# c\nnumpy >=1 # why\n\n  flask\n")])
    assert file.specs("linux-64") == ("numpy >=1", "flask")
    assert file.explicit is None


def test_explicit_files_hold_archives_and_hashes(tmp_path: Path) -> None:
    md5, sha = "0" * 32, "A" * 64
    text = (
        "# platform: linux-64\nignored\n@EXPLICIT\n"
        f"https://h/c/noarch/a-1-0.conda#{md5}\n# c\n"
        f"https://h/c/noarch/b-1-0.tar.bz2#sha256:{sha}\nhttps://h/c/noarch/c-1-0.conda\n"
    )
    (file,) = read_spec_files([write(tmp_path, "a.txt", text)])
    assert file.explicit == (
        ExplicitPackage("https://h/c/noarch/a-1-0.conda", md5=md5),
        ExplicitPackage("https://h/c/noarch/b-1-0.tar.bz2", sha256=sha.lower()),
        ExplicitPackage("https://h/c/noarch/c-1-0.conda"),
    )


def test_paths_in_explicit_files_become_urls(tmp_path: Path) -> None:
    (file,) = read_spec_files([write(tmp_path, "a.txt", "@EXPLICIT\n/x y/a-1-0.conda\n")])
    assert file.explicit == (ExplicitPackage("file:///x%20y/a-1-0.conda"),)


YAML = """
name: demo
channels: [a, "$CHAN", nodefaults]
dependencies:
  - numpy
  - sel(linux): only-linux
  - sel(win): only-win
  - pip: [x==1, y]
variables: {Greeting: hi, COUNT: 3, FLAG: true}
"""


def test_yaml_environments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAN", "https://h/c")
    (file,) = read_spec_files([write(tmp_path, "environment.yml", YAML)])
    assert file.name == "demo"
    assert file.channels == ("a", "https://h/c", "nodefaults")
    assert file.specs("linux-64") == ("numpy", "only-linux")
    assert file.specs("win-64") == ("numpy", "only-win")
    assert file.pip == ("x==1", "y")
    assert file.variables == {"GREETING": "hi", "COUNT": "3", "FLAG": "true"}


@pytest.mark.parametrize(
    ("name", "text", "named"),
    [
        ("a.txt", "# nothing\n", "empty file"),
        ("a.txt", "@EXPLICIT\nnumpy\n", "a.txt:2"),
        ("a.txt", "@EXPLICIT\nhttps://h/numpy.conda\n", "Missing name and version in filename"),
        ("a.txt", "@EXPLICIT\nhttps://h/c/noarch/a-1-0.conda#beef\n", "md5"),
        ("a.yml", "dependencies: [a\n", "a.yml:2:1"),
        ("a.yml", "- numpy\n", "list"),
        ("a.yml", "dependencies: numpy\n", "'dependencies' is a text"),
        ("a.yml", "dependencies: [1.5]\n", "number"),
        ("a.yml", "dependencies: [{npm: [x]}]\n", "'npm'"),
        ("a.yml", "name: a/b\n", "'name'"),
        ("a.yml", "", "empty file"),
        ("a-lock.yml", "version: 1\n", "lock files"),
    ],
)
def test_bad_files_are_explained(tmp_path: Path, name: str, text: str, named: str) -> None:
    with pytest.raises(SpecFileError, match="a") as caught:
        read_spec_files([write(tmp_path, name, text)])
    assert named in caught.value.message


def test_a_missing_file_is_named() -> None:
    with pytest.raises(SpecFileError, match=r"/nowhere/x\.txt: file not found"):
        read_spec_files(["/nowhere/x.txt"])


def test_kinds_do_not_mix(tmp_path: Path) -> None:
    files = [write(tmp_path, "a.yml", "dependencies: [x]\n"), write(tmp_path, "b.txt", "x\n")]
    with pytest.raises(SpecFileError, match="found multiple spec file types"):
        read_spec_files(files)


def test_a_file_on_a_server_is_refused_by_its_address() -> None:
    with pytest.raises(SpecFileError, match=r"https://h/environment\.yml: .* server"):
        read_spec_files(["https://h/environment.yml"])
