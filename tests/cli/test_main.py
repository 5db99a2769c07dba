from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from mm_cli import __version__
from mm_cli.main import main

pytestmark = pytest.mark.usefixtures("root_prefix")


def test_help_is_never_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["create", "--json", "--help"]) == 0
    out = capsys.readouterr().out
    assert "Usage: micromamba create" in out
    assert "log_history" not in out


@pytest.mark.parametrize("quiet", ["-q", "--quiet"])
def test_help_that_nobody_asked_for_is_silenced(
    quiet: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["config", quiet]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("words", [["--version"], ["-q", "--version"], ["--version", "list"]])
def test_the_version_and_nothing_else(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0
    assert capsys.readouterr().out == f"{__version__}\n"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--json"], 0),
        (["--json", "--version"], 0),
        (["list", "--json"], 1),
        (["list", "--json", "--jsn"], 109),
        (["env", "list", "--json"], 0),
        (["config", "list", "--json", "-c", 'https://u:p"q@h/t/tok"x'], 0),
        (["info", "--json", "--base"], 0),
    ],
)
def test_json_is_one_document(
    words: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == code
    document = json.loads(capsys.readouterr().out)
    assert document["success"] is (code == 0)
    assert isinstance(document["log_history"], list)
    assert ("error" in document) is (code != 0)


def test_json_after_the_command_of_run_is_not_ours(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "-n", "none", "prog", "--json"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "The given prefix does not exist" in captured.err


def launch(words: str, **environ: str) -> subprocess.CompletedProcess[bytes]:
    program = f'"{sys.executable}" -c "from mm_cli.main import script; script()"'
    return subprocess.run(
        f"{program} {words}", shell=True, capture_output=True, check=False,
        env={**os.environ, **environ},
    )  # fmt: skip


def test_a_closed_output_is_no_fault_of_ours() -> None:
    done = launch("env list >&-")
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("option", ["", "--json"])
def test_a_full_disk_is_one_line(option: str) -> None:
    done = launch(f"env list {option} >/dev/full")
    assert done.returncode == 1
    assert b"No space left on device" in done.stderr
    assert b"Traceback" not in done.stderr + done.stdout


def test_what_the_output_cannot_show_is_replaced_or_escaped() -> None:
    table = launch("env list", PYTHONIOENCODING="ascii")
    assert table.returncode == 0
    assert b"Name" in table.stdout
    data = launch("info --base --json", PYTHONIOENCODING="ascii", MAMBA_ROOT_PREFIX="/tmp/é")
    assert json.loads(data.stdout)["base environment"] == "/tmp/é"


def test_file_names_that_are_no_text() -> None:
    strange = os.fsdecode(b"/tmp/b\xff")
    shown = launch("info --base", PYTHONIOENCODING="utf-8", MAMBA_ROOT_PREFIX=strange)
    assert b"/tmp/b\xff" in shown.stdout
    data = launch("info --base --json", PYTHONIOENCODING="utf-8", MAMBA_ROOT_PREFIX=strange)
    assert json.loads(data.stdout)["base environment"] == strange
