"""What the READMEs of the distributions show is what happens."""

from __future__ import annotations

import doctest
import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import mm_pkg

PACKAGES = Path(__file__).parents[2] / "packages"
READMES = sorted(PACKAGES.glob("*/README.md"))

SHOWN = re.compile(r"^```python\n(?!>>>)(.*?)^```\n\nprints\n\n^```text\n(.*?)^```$", re.S | re.M)
"""Code and what it prints."""

SESSION = re.compile(r"^```console\n(.*?)^```$", re.S | re.M)
"""Commands, each after a dollar sign, and what they print."""


def _fences(text: str, language: str) -> int:
    return len(re.findall(rf"^```{language}$", text, re.M))


def _name(path: Path) -> str:
    return path.parent.name


@pytest.mark.parametrize("readme", READMES, ids=_name)
def test_it_says_what_it_is_and_how_to_get_it(readme: Path) -> None:
    text = readme.read_text("utf-8")
    assert text.startswith(f"# {readme.parent.name}\n")
    assert f"pip install {readme.parent.name}\n" in text
    assert "does not do" in text


@pytest.mark.parametrize("readme", READMES, ids=_name)
def test_python_prints_what_is_shown(
    readme: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = readme.read_text("utf-8")
    monkeypatch.chdir(tmp_path)
    examples = SHOWN.findall(text)
    for code, printed in examples:
        exec(compile(code, str(readme), "exec"), {"__name__": "example"})
        assert capsys.readouterr().out == printed
    sessions = doctest.testfile(str(readme), module_relative=False, encoding="utf-8")
    assert sessions.failed == 0, capsys.readouterr().out
    assert _fences(text, "python") == len(examples) + text.count("```python\n>>>")


def test_every_library_has_an_example() -> None:
    for readme in READMES:
        if readme.parent.name != "mm-cli":
            assert _fences(readme.read_text("utf-8"), "python"), readme


def _make_channel(folder: Path) -> None:
    """A channel of one package whose program greets from its environment."""
    source = folder.parent / "source"
    (source / "info").mkdir(parents=True)
    (source / "bin").mkdir()
    program = source / "bin" / "hello"
    program.write_text('#!/bin/sh\necho "Hello from $CONDA_DEFAULT_ENV"\n')
    program.chmod(0o755)
    index = {"name": "hello", "version": "1.0", "build": "0", "build_number": 0}
    (source / "info" / "index.json").write_text(json.dumps({**index, "noarch": "generic"}))
    (source / "info" / "files").write_text("bin/hello\n")
    (folder / "noarch").mkdir(parents=True)
    archive = mm_pkg.create(source, folder / "noarch" / "hello-1.0-0.conda")
    content = archive.read_bytes()
    record = {**index, "noarch": "generic", "subdir": "noarch", "depends": []}
    record |= {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    repodata = {"packages": {}, "packages.conda": {archive.name: record}}
    (folder / "noarch" / "repodata.json").write_text(json.dumps(repodata))


def test_the_command_prints_what_is_shown(tmp_path: Path) -> None:
    text = (PACKAGES / "mm-cli" / "README.md").read_text("utf-8")
    _make_channel(tmp_path / "my-channel")
    home = tmp_path / "home"
    home.mkdir()
    environ = {
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.defpath)),
        "HOME": str(home),
        "MAMBA_ROOT_PREFIX": str(tmp_path / "root"),
        "LC_ALL": "C.UTF-8",
    }
    (session,) = SESSION.findall(text)
    shown = ""
    for line in session.splitlines():
        if not line.startswith("$ "):
            continue
        shown += f"{line}\n"
        shown += subprocess.run(
            ["/bin/sh", "-c", line.removeprefix("$ ")],
            env=environ,
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
        ).stdout
    assert shown == session
