"""Where PowerShell keeps its profiles: only it knows."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["powershell_profiles"]

PROGRAMS = ("powershell", "pwsh", "pwsh-preview")


def powershell_profiles(environ: Mapping[str, str]) -> tuple[str, ...]:
    """``$PROFILE.CurrentUserAllHosts`` of each PowerShell on the PATH of *environ*.

    Raises `NoStartupFile` if there is none.
    """
    import shutil
    import subprocess

    profiles = []
    for name in PROGRAMS:
        program = shutil.which(name, path=environ.get("PATH"))
        if program is None:
            continue
        done = subprocess.run(
            [program, "-NoProfile", "-NonInteractive", "-Command", ASK],
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=60,
        )
        told = done.stdout.decode("utf-8", "surrogateescape").strip()
        if done.returncode == 0 and os.path.isabs(told):
            profiles.append(told)
    if not profiles:
        from mm_shell.errors import NoStartupFile

        raise NoStartupFile(
            "There is no PowerShell on PATH to ask for its profile",
            shell="powershell",
            hint="Install powershell or pwsh, or name another shell.",
        )
    return tuple(dict.fromkeys(profiles))


ASK = (
    "[Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false; "
    "$PROFILE.CurrentUserAllHosts"
)
