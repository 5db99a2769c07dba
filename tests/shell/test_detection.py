"""The shell is the parent process, else what $SHELL says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import mm_shell
from mm_shell import detection


@pytest.mark.parametrize(
    ("parent", "shell"),
    [
        ("bash", "bash"),
        ("-bash", "bash"),
        ("/usr/local/bin/bash-5.2", "bash"),
        ("zsh", "zsh"),
        ("zsh-static", "zsh"),
        ("dash", "dash"),
        ("sh", "posix"),
        ("busybox", "posix"),
        ("fish", "fish"),
        ("tcsh", "tcsh"),
        ("nu", "nu"),
        ("pwsh", "powershell"),
        ("C:\\Windows\\System32\\cmd.exe", "cmd.exe"),
    ],
)
def test_parent(parent: str, shell: str) -> None:
    assert mm_shell.detect_shell({"SHELL": "/bin/else"}, parent=parent) == shell


@pytest.mark.parametrize("parent", ["", "python3", "gnumake", "menu", "tmux: server", "fisher"])
def test_login_shell_when_the_parent_is_none(parent: str) -> None:
    assert mm_shell.detect_shell({"SHELL": "/opt/my shells/zsh"}, parent=parent) == "zsh"
    assert mm_shell.detect_shell({"SHELL": ""}, parent=parent) is None
    assert mm_shell.detect_shell({}, parent=parent) is None


def test_real_parent(session: object) -> None:
    code = "import mm_shell; print(mm_shell.detect_shell({}))"
    done = session.run(  # type: ignore[attr-defined]
        '"$PYTHON" -c "$CODE"; :', {"PYTHON": sys.executable, "CODE": code}
    )
    assert done.stdout.strip() == session.name  # type: ignore[attr-defined]


def test_name_without_proc() -> None:
    try:
        subprocess.run(["ps", "-o", "comm="], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no ps that takes -o")
    assert Path(detection._name_from_ps(os.getpid())).name


def test_process_that_is_not() -> None:
    assert detection._name_from_ps(2**22 + 1) == ""
