"""Replacing a small file so that readers see the old or the new content, never less."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["replace_file"]


def replace_file(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Write *content* to a temporary sibling and rename it to *path*.

    The mode bits of an existing file are kept. *durable* also flushes the
    content to the disk before the rename. Raises OSError; then *path* is as
    it was and no temporary file is left. A device or a pipe is written to: for
    root, ``/dev/null`` itself could be replaced.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        path.write_bytes(content)
        return
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
        with open(descriptor, "wb") as stream:
            stream.write(content)
            if durable:
                stream.flush()
                os.fsync(stream.fileno())
        try:
            temporary.chmod(path.stat().st_mode & 0o7777)
        except FileNotFoundError:
            pass
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
