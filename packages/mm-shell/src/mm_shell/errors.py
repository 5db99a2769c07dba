"""What may go wrong when a shell is to enter an environment."""

from __future__ import annotations

__all__ = ["InvalidPrefix", "NoCommand", "ShellError", "UnknownShell", "UnsupportedShell"]


class ShellError(Exception):
    """Base of this distribution's errors.

    ``message`` (also ``str(error)``) is one line saying what is wrong, ``hint``
    one line saying what to do, or empty.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InvalidPrefix(ShellError):
    """An environment that cannot be activated where it is. ``prefix``: its path."""

    def __init__(self, message: str, *, prefix: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.prefix = prefix


class UnknownShell(ShellError):
    """A name that is no shell's. ``shell``: that name."""

    def __init__(self, message: str, *, shell: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.shell = shell


class UnsupportedShell(UnknownShell):
    """A shell that exists but that code cannot be written for yet."""


class NoCommand(ShellError):
    """There is nothing to run."""
