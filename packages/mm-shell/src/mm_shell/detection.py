"""Which shell called: the parent process, else the login shell."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["detect_shell"]

NAMES = {
    "bash": "bash",
    "rbash": "bash",
    "zsh": "zsh",
    "rzsh": "zsh",
    "dash": "dash",
    "sh": "posix",
    "ash": "posix",
    "ksh": "ksh",
    "ksh93": "ksh",
    "mksh": "mksh",
    "lksh": "mksh",
    "busybox": "posix",
    "fish": "fish",
    "tcsh": "tcsh",
    "csh": "csh",
    "xonsh": "xonsh",
    "nu": "nu",
    "powershell": "powershell",
    "pwsh": "powershell",
    "pwsh-preview": "powershell",
    "cmd": "cmd.exe",
}
"""Name of a program, without path and ``.exe`` -> the name of the shell it is."""


def detect_shell(
    environ: Mapping[str, str] | None = None, *, parent: str | None = None
) -> str | None:
    """The name of the calling shell, or None when nothing tells it.

    *parent* is the parent process's name (default: found out), *environ* holds
    ``SHELL`` (default: this process's). The shell may be one that `find_shell` does
    not support.

    >>> detect_shell({"SHELL": "/usr/bin/zsh"}, parent="bash")
    'bash'
    >>> detect_shell({"SHELL": "/usr/bin/zsh"}, parent="make")
    'zsh'
    >>> print(detect_shell({}, parent="python3"))
    None
    """
    name = _parent_name() if parent is None else parent
    login = (os.environ if environ is None else environ).get("SHELL", "")
    return _shell_of(name) or _shell_of(login)


def _shell_of(program: str) -> str | None:
    name = os.path.basename(program.replace("\\", "/")).lower().lstrip("-").removesuffix(".exe")
    if name in NAMES:
        return NAMES[name]
    # Versioned and patched builds: bash-5.2, zsh-static.
    return next((shell for shell in ("bash", "zsh") if name.startswith(shell)), None)


def _parent_name() -> str:
    parent = os.getppid()
    try:
        with open(f"/proc/{parent}/comm", encoding="utf-8", errors="surrogateescape") as file:
            return file.read().rstrip("\n")
    except OSError:
        return _name_from_ps(parent)


def _name_from_ps(pid: int) -> str:
    """The name of *pid* where there is no /proc (macOS, BSD); empty when it cannot be had."""
    import subprocess

    try:
        done = subprocess.run(
            ["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, check=False, timeout=5
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return os.fsdecode(done.stdout).strip()
