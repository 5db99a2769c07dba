"""Whether who left something on disk may still be at work: a machine and a process."""

from __future__ import annotations

import os

__all__ = ["host_name", "is_alive"]


def host_name() -> str:
    """This machine's name; process ids mean nothing on another one."""
    if hasattr(os, "uname"):
        return os.uname().nodename
    return os.environ.get("COMPUTERNAME", "")


def is_alive(pid: int) -> bool:
    """Whether there is a process *pid* on this machine; True where nobody can tell.

    >>> is_alive(os.getpid())
    True
    """
    if pid <= 0 or os.name == "nt":  # there, os.kill would end it
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        pass
    return True
