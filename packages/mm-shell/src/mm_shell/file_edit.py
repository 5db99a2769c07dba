"""A change of one file, seen before it is made, and made whole or not at all."""

from __future__ import annotations

import os

from mm_shell.value import Value

__all__ = ["FileEdit"]

BACKUP = ".mamba-backup"
"""What is appended to the name of a file to name the copy that is kept of it."""


class FileEdit(Value):
    """The file at ``path`` holds ``before`` and shall hold ``after`` (None: no such file).

    ``backup``: whether a copy of it is kept, for it is somebody's own.
    """

    __slots__ = ("after", "backup", "before", "path")
    path: str
    before: bytes | None
    after: bytes | None
    backup: bool

    def __init__(
        self, path: str, before: bytes | None, after: bytes | None, backup: bool = False
    ) -> None:
        self._set(path=path, before=before, after=after, backup=backup)

    def diff(self) -> str:
        """What changes, as a unified diff; empty if nothing does."""
        import difflib

        old, new = (
            (content or b"").decode("utf-8", "surrogateescape").splitlines(keepends=True)
            for content in (self.before, self.after)
        )
        was = os.devnull if self.before is None else self.path
        will_be = os.devnull if self.after is None else self.path
        lines = difflib.unified_diff(old, new, was, will_be)
        return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)

    def apply(self) -> None:
        """Make the change. Raises `OSError`, also when the file is no longer as it was seen."""
        path = os.path.realpath(self.path)  # start-up files are often links to others
        if os.path.exists(path) and not os.path.isfile(path):
            raise OSError(0, "It is no file that can be replaced", path)  # a link to /dev/null, say
        if read(path) != self.before:
            raise OSError(0, "It has changed while it was being edited", path)
        if self.after is None:
            os.unlink(path)
            self._remove_empty_folders()
            return
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if self.backup and self.before is not None:
            _write(path + BACKUP, self.before, path)
        _write(path, self.after, path)

    def _remove_empty_folders(self) -> None:
        remove = os.rmdir if self.backup else os.removedirs
        try:
            remove(os.path.dirname(self.path))
        except OSError:
            pass  # it holds other things


def read(path: str) -> bytes | None:
    """The content of the file at *path*; None if there is none. Raises `OSError`."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _write(path: str, content: bytes, model: str) -> None:
    """Replace the file at *path* in one step, with the mode and owner of *model*."""
    temporary = f"{path}.{os.getpid()}.tmp"
    try:
        with open(temporary, "xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _resemble(temporary, model)
        os.replace(temporary, path)
    except BaseException:
        try:
            os.unlink(temporary)
        except OSError:
            pass
        raise


def _resemble(path: str, model: str) -> None:
    try:
        status = os.stat(model)
    except FileNotFoundError:
        return
    os.chmod(path, status.st_mode & 0o7777)
    if hasattr(os, "chown"):
        try:
            os.chown(path, status.st_uid, status.st_gid)
        except PermissionError:
            pass  # somebody else's file that we may write: it becomes ours
