"""Files that a command writes where the user says."""

from __future__ import annotations

from pathlib import Path

from mm_cli.errors import CliError

__all__ = ["write_output"]


def write_output(name: str, what: str, content: bytes) -> Path:
    """Write *content* to the file *name*, whole or not at all; returns its absolute path.

    A symbolic link stays one, and what is no file is written to, not replaced: for root,
    even ``/dev/null`` could be.
    what -- for the message: ``the plan``
    Raises `CliError` where there is no folder for it, and OSError.
    """
    from mm_pkg.prefix.atomic_file import replace_file

    path = Path(name).expanduser().absolute()
    if not path.parent.is_dir():
        raise CliError(
            f"There is no folder {path.parent} to write {what} to", hint="Make it first."
        )
    if path.exists() and not path.is_file():
        path.write_bytes(content)
    else:
        replace_file(path.resolve(), content)
    return path
