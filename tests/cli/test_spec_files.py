"""Text, explicit and YAML files: what is read, and what is said of those that are wrong."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pytest

from mm_channels import Network, Transport
from mm_cli.specfiles import SpecFile, SpecFileError, read_spec_files
from mm_cli.specfiles.selector import is_selector, selected, selector_of_line
from mm_cli.specfiles.spec_file import ExplicitPackage


def write(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def no_network() -> Transport:
    raise AssertionError("nothing here needs the network")


def read(*given: str) -> tuple[SpecFile, ...]:
    return read_spec_files(given, no_network)


def test_text_files_hold_one_spec_a_line(tmp_path: Path) -> None:
    (file,) = read(write(tmp_path, "a.txt", "# c\nnumpy >=1 # why\n\n  flask\n\t@mark\n"))
    assert file.specs("linux-64") == ("numpy >=1", "flask")
    assert not file.is_solved


def test_explicit_files_hold_archives_and_hashes(tmp_path: Path) -> None:
    md5, sha = "0" * 32, "A" * 64
    text = (
        "# platform: linux-64\nignored\n@EXPLICIT\n"
        f"https://h/c/noarch/a-1-0.conda#{md5}\n# c\n"
        f"https://h/c/noarch/b-1-0.tar.bz2#sha256:{sha}\nhttps://h/c/noarch/c-1-0.conda\n"
    )
    (file,) = read(write(tmp_path, "a.txt", text))
    assert file.explicit == (
        ExplicitPackage("https://h/c/noarch/a-1-0.conda", md5=md5),
        ExplicitPackage("https://h/c/noarch/b-1-0.tar.bz2", sha256=sha.lower()),
        ExplicitPackage("https://h/c/noarch/c-1-0.conda"),
    )
    assert file.platforms == ("linux-64",)


def test_paths_in_explicit_files_become_urls(tmp_path: Path) -> None:
    (file,) = read(write(tmp_path, "a.txt", "@EXPLICIT\n/x y/a-1-0.conda\n"))
    assert file.explicit == (ExplicitPackage("file:///x%20y/a-1-0.conda"),)


YAML = """
name: demo
channels: [a, "$CHAN", nodefaults]
dependencies:
  - numpy
  - sel(linux): only-linux
  - sel(win): only-win
  - pywin32  # [win]
  - compiler  #[unix and not (arm64 or aarch64)]
  - commented  # [as people do]
  - pip:
    - x==1
    - winpip # [win]
variables: {Greeting: hi, COUNT: 3, VERSION: 1.10, FLAG: true, NONE: ~, QUOTED: "true"}
platforms: [linux-64, osx-arm64]
category: dev
prefix: /somewhere/else
"""


def test_yaml_environments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAN", "https://h/c")
    (file,) = read(write(tmp_path, "environment.yml", YAML))
    assert file.name == "demo"
    assert file.channels == ("a", "https://h/c", "nodefaults")
    assert file.specs("linux-64") == ("numpy", "only-linux", "compiler", "commented")
    assert file.specs("win-64") == ("numpy", "only-win", "pywin32", "commented")
    assert file.specs("osx-arm64") == ("numpy", "commented")
    assert file.requirements("linux-64") == ("x==1",)
    assert file.requirements("win-64") == ("x==1", "winpip")
    assert file.variables == {
        "GREETING": "hi",
        "COUNT": "3",
        "VERSION": "1.10",
        "FLAG": "true",
        "NONE": "",
        "QUOTED": "true",
    }
    assert file.platforms == ("linux-64", "osx-arm64")
    assert file.category == "dev"
    assert file.warnings == ()


def test_aliases_are_what_they_stand_for(tmp_path: Path) -> None:
    text = "dependencies:\n  - &n numpy\n  - pip: &p [x]\nchannels: *p\n"
    (file,) = read(write(tmp_path, "a.yml", text))
    assert file.channels == ("x",)


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("specs.txt", "name: x\ndependencies: [numpy]\n", "yaml"),
        ("noname", "# c\n\n---\ndependencies: [numpy]\n", "yaml"),
        ("env.json", '{"name": "x", "dependencies": ["numpy", {"pip": ["y"]}]}', "yaml"),
        ("noname", '{\n  "dependencies": ["numpy"]\n}', "yaml"),
        ("list.yml", "@EXPLICIT\nhttps://h/c/noarch/a-1-0.conda\n", "explicit"),
        ("specs.txt", "numpy\nname\nversions:x::y\n", "text"),
        ("specs.txt", "\ufeffnumpy\n", "text"),
    ],
)
def test_files_are_known_by_their_content(tmp_path: Path, name, text, kind) -> None:
    (file,) = read(write(tmp_path, name, text))
    assert file.kind == kind
    if kind == "yaml":
        assert file.specs("linux-64") == ("numpy",)
    if name == "specs.txt" and kind == "text":
        assert file.specs("linux-64")[0].startswith("numpy")


@pytest.mark.parametrize("text", ["", "dependencies:\n", "dependencies: []\n", "name: x\n"])
def test_dependencies_may_be_empty_or_absent(tmp_path: Path, text: str) -> None:
    if text:
        (file,) = read(write(tmp_path, "a.yml", text))
        assert file.specs("linux-64") == ()


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{y}: &{y} [{', '.join([f'*{x}'] * 10)}]\n"
    for x, y in zip("abcdefgh", "bcdefghi", strict=True)
)

BAD = [
    ("a.txt", "# nothing\n", "empty file: ", 0),
    ("a.txt", "@EXPLICIT\nnumpy\n", "does not name a package archive", 2),
    ("a.txt", "@EXPLICIT\nhttps://h/numpy.conda\n", "Missing name and version in filename", 2),
    ("a.txt", "@EXPLICIT\n\n\nhttps://h/c/noarch/a-1-0.conda#beef\n", "md5", 4),
    ("a.yml", "dependencies: [a\n", "not valid YAML", 2),
    ("a.yml", "name: x\n\n  - b: ]\n", "not valid YAML", 3),
    ("a.yml", "- numpy\n", "found a list", 1),
    ("a.yml", "numpy\n", "found a text", 1),
    ("a.yml", "\ndependencies: numpy\n", "'dependencies' is a text", 2),
    ("a.yml", "dependencies: [1.5]\n", "is a number: 1.5", 1),
    ("a.yml", "dependencies:\n - a\n - true\n", "is a truth value: true", 3),
    ("a.yml", "dependencies:\n - a\n -\n", "is a nothing", 3),
    ("a.yml", "dependencies:\n - a\n - ''\n", "is empty", 3),
    ("a.yml", "dependencies:\n - a\n - [b, c]\n", "is a list", 3),
    ("a.yml", "dependencies:\n - a\n - npm: [x]\n", "'npm'", 3),
    ("a.yml", "dependencies:\n - sel(solaris): x\n", "sel(solaris)", 2),
    ("a.yml", "dependencies:\n - sel(linux): [x, y]\n", "sel(linux)", 2),
    ("a.yml", "dependencies:\n - pip: x\n", "'pip' is a text", 2),
    ("a.yml", "dependencies:\n - pip:\n   - {x: y}\n", "an entry of 'pip' is a mapping", 3),
    ("a.yml", "dependencies: []\nchannels: {a: b}\n", "'channels' is a mapping", 2),
    ("a.yml", "channels:\n - a  # [linux]\n", "has no effect here", 2),
    ("a.yml", "name: a/b\n", "'name'", 1),
    ("a.yml", "name: a b\n", "'name'", 1),
    ("a.yml", "name: [a]\n", "'name'", 1),
    ("a.yml", "variables: [a]\n", "'variables' is a list", 1),
    ("a.yml", "variables:\n  A: 1\n  B: [1]\n", "variable B is a list", 3),
    ("a.yml", "variables:\n  'A=B': 1\n", "not the name of an environment variable", 2),
    ("a.yml", "platforms: [noarch]\n", "'noarch' is not a platform", 1),
    ("a.yml", "name: a\nname: b\n", "'name' is there twice, first in line 1", 2),
    ("a.yml", "name: a\n? [x, y]\n: z\n", "used as a key", 2),
    ("a.yml", "name: a\n---\nname: b\n", "a second document", 2),
    ("a.yml", "name: *nobody\n", "*nobody refers to nothing", 1),
    ("a.yml", "name: !!python/object/apply:os.system [x]\n", "tag", 1),
    ("a.yml", f"a: {'[' * 100_000}\n", "nested too deeply", 1),
    ("a.yml", BOMB, "aliases multiply", 5),
    ("a.yml", "", "empty file: ", 0),
    ("a.yml", "# only a comment\n", "empty file: ", 0),
    ("a.txt", "numpy\n\0\n", "zero bytes", 2),
    ("a.txt", "numpy\n\nscipy[[\n", "scipy[[", 3),
    ("a.yml", "dependencies:\n  - numpy\n  - scipy[[\n", "scipy[[", 3),
    ("a.yml", "dependencies:\n  - sel(win): scipy[[\n", "scipy[[", 2),
]


@pytest.mark.parametrize(("name", "text", "named", "line"), BAD, ids=lambda value: str(value)[:30])
def test_bad_files_are_explained(tmp_path: Path, name, text, named, line) -> None:
    """One line that names the file, the line and what is wrong; and what to do about it."""
    path = write(tmp_path, name, text)
    with pytest.raises(SpecFileError) as caught:
        read(path)
    error = caught.value
    assert named in error.message
    assert "\n" not in error.message
    assert error.hint
    assert (f"{path}:{line}:" if line else path) in error.message


def test_text_that_is_none_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"numpy\n\xff\xfe\n")
    with pytest.raises(SpecFileError, match=re.escape(f"{path}:2: not a text file")):
        read(str(path))


def test_huge_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mm_cli.specfiles import source

    monkeypatch.setattr(source, "MAX_BYTES", 10)
    with pytest.raises(SpecFileError, match="larger than"):
        read(write(tmp_path, "a.txt", "numpy\n" * 10))
    path = write(tmp_path, "b.txt", "numpy\n" * 10)
    with Transport(Network()) as transport, pytest.raises(SpecFileError, match="larger than"):
        read_spec_files([Path(path).as_uri()], lambda: transport)


def test_unknown_keys_are_warned_of_and_ignored(tmp_path: Path) -> None:
    (file,) = read(write(tmp_path, "a.yml", "dependencies: [x]\n\nchanels: [y]\n"))
    (warning,) = file.warnings
    assert f"{tmp_path}/a.yml:3: 'chanels'" in warning


def test_a_missing_file_is_named() -> None:
    with pytest.raises(SpecFileError, match=r"/nowhere/x\.txt: file not found"):
        read("/nowhere/x.txt")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(SpecFileError, match="Is a directory"):
        read(str(tmp_path))


def test_kinds_do_not_mix(tmp_path: Path) -> None:
    files = [write(tmp_path, "a.yml", "dependencies: [x]\n"), write(tmp_path, "b.txt", "x\n")]
    with pytest.raises(SpecFileError, match="found multiple spec file types"):
        read(*files)


def test_standard_input_is_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"dependencies: [numpy]\n")))
    (file,) = read("-")
    assert (file.kind, file.specs("linux-64")) == ("yaml", ("numpy",))
    with pytest.raises(SpecFileError, match="twice"):
        read("-", "-")


def test_addresses_are_fetched_and_named_without_their_secrets(tmp_path: Path) -> None:
    path = write(tmp_path, "environment.yml", "dependencies: [1.5]\n")
    with Transport(Network()) as transport:
        with pytest.raises(SpecFileError, match=f"file://{path}:1: .* number"):
            read_spec_files([f"file://{path}"], lambda: transport)
        with pytest.raises(SpecFileError, match=r"https://user:\*+@h/x\.yml:1:") as caught:
            read_spec_files(["https://user:word@h/x.yml"], lambda: transport_of("dependencies: 1"))
    assert "word" not in caught.value.message


def transport_of(text: str) -> Transport:
    class Canned(Transport):
        def fetch(self, url, sink, **options):
            sink.write(text.encode())

    return Canned()


@pytest.mark.parametrize(
    ("selector", "platforms"),
    [
        ("linux", {"linux-64", "linux-aarch64"}),
        ("unix", {"linux-64", "linux-aarch64", "osx-arm64"}),
        ("win", {"win-64"}),
        ("not win", {"linux-64", "linux-aarch64", "osx-arm64"}),
        ("x86_64", {"linux-64", "win-64"}),
        ("linux64 or arm64", {"linux-64", "osx-arm64"}),
        ("osx and x86_64 or win64", {"win-64"}),
        ("not (linux or osx)", {"win-64"}),
        ("", {"linux-64", "linux-aarch64", "osx-arm64", "win-64"}),
    ],
)
def test_selectors(selector: str, platforms: set[str]) -> None:
    every = ("linux-64", "linux-aarch64", "osx-arm64", "win-64")
    assert {p for p in every if selected(selector, p)} == platforms


@pytest.mark.parametrize("text", ["py3k", "linux and", "(linux", "linux)", "linux osx", "", "1"])
def test_what_is_no_selector(text: str) -> None:
    assert not is_selector(text)
    assert not selector_of_line(f"- spec  # [{text}]")
