"""Becoming another program, as a shell's ``exec`` does: same process, nothing of ours left."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

__all__ = ["STREAMS", "become", "original_environment"]

STREAMS = ("stdin", "stdout", "stderr")
"""The standard streams, each at the place of its file descriptor."""


def become(
    program: str,
    argv: list[str],
    environ: Mapping[str, str],
    attached: Collection[str] = STREAMS,
) -> None:
    """Replace this process by the file *program*; returns only by raising `OSError`.

    attached -- the standard streams that stay what they are; the others lead nowhere

    A file that the system cannot execute is taken for a shell script, as shells do.
    """
    # Ignored signals stay ignored. Python ignores these two for its own sake, and without
    # them `run yes | head` would complain; `signal` itself would take 3 ms to import.
    import _signal as signals  # type: ignore[import-not-found]

    for name in ("SIGPIPE", "SIGXFSZ"):
        if hasattr(signals, name):
            signals.signal(getattr(signals, name), signals.SIG_DFL)
    kept = _lead_nowhere(attached)
    try:
        os.execve(program, argv, environ)
    except OSError as error:
        import errno

        if error.errno == errno.ENOEXEC:
            os.execve("/bin/sh", ["sh", program, *argv[1:]], environ)
        raise
    finally:  # the program could not be started: there is somebody to tell
        for descriptor, copy in kept.items():
            os.dup2(copy, descriptor)
            os.close(copy)


def _lead_nowhere(attached: Collection[str]) -> dict[int, int]:
    """Detach the streams not among *attached*; returns copies of what they were."""
    kept = {}
    for descriptor, name in enumerate(STREAMS):
        if name not in attached:
            try:
                kept[descriptor] = os.dup(descriptor)  # which the program will not have
            except OSError:  # closed by the caller
                continue
            nowhere = os.open(os.devnull, os.O_RDWR)
            os.dup2(nowhere, descriptor)
            os.close(nowhere)
    return kept


def original_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """*environ*, this process's own, without what Python put into it at its start.

    That is LC_CTYPE, where the locale is C (PEP 538); only Linux tells what it was before.
    """
    found = dict(environ)
    if found.get("LC_CTYPE") not in ("C.UTF-8", "C.utf8", "UTF-8") or found.get("LC_ALL"):
        return found
    try:
        with open("/proc/self/environ", "rb") as file:
            before = file.read().split(b"\0")
    except OSError:
        return found
    del found["LC_CTYPE"]
    for entry in before:
        if entry.startswith(b"LC_CTYPE="):
            found["LC_CTYPE"] = os.fsdecode(entry.removeprefix(b"LC_CTYPE="))
    return found
