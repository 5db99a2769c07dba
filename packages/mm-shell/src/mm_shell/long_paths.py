"""Paths of more than 260 characters, which Windows allows when its registry says so."""

from __future__ import annotations

import sys

from mm_shell.errors import ShellError

__all__ = ["enable_long_paths"]

KEY, NAME = r"SYSTEM\CurrentControlSet\Control\FileSystem", "LongPathsEnabled"


def enable_long_paths(*, dry_run: bool = False) -> bool:
    """Allow them; returns whether that (with *dry_run*: would have) changed anything.

    Raises `ShellError` on other systems, `PermissionError` for who is no administrator.
    """
    if sys.platform != "win32":
        raise ShellError("Long paths need no support but on Windows", hint="Nothing is to be done.")
    import winreg

    with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, KEY) as key:
        try:
            if winreg.QueryValueEx(key, NAME)[0] == 1:
                return False
        except FileNotFoundError:
            pass
    if not dry_run:
        access = winreg.KEY_SET_VALUE
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, KEY, 0, access) as key:
            winreg.SetValueEx(key, NAME, 0, winreg.REG_DWORD, 1)
    return True
