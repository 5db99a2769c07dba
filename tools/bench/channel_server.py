"""A channel on loopback, served by a process of its own (the clock must not wait for us)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

SERVE = Path(__file__).resolve().parent.parent / "serve.py"


@contextmanager
def served(folder: Path, faults: Sequence[str] = ()) -> Iterator[str]:
    """The URL of *folder*, served until the block ends."""
    command = [sys.executable, str(SERVE), str(folder)]
    for fault in faults:
        command += ["--fault", fault]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        yield server.stdout.readline().split()[-1].rstrip("/")
    finally:
        server.terminate()
        server.wait()
