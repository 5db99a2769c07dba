"""What may go wrong when a shell is to enter an environment."""

from __future__ import annotations

__all__ = [
    "BrokenBlock",
    "InvalidPrefix",
    "NoCommand",
    "NoCompletion",
    "NoStartupFile",
    "NotExpressible",
    "ShellError",
    "UnknownShell",
]


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


class NoCompletion(ShellError):
    """A shell that command lines cannot be completed in. ``shell``: its name."""

    def __init__(self, message: str, *, shell: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.shell = shell


class NotExpressible(ShellError):
    """A value that a shell has no way to hold. ``variable``: whose it is; empty for a path."""

    def __init__(self, message: str, *, variable: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.variable = variable


class NoStartupFile(ShellError):
    """A shell whose start-up cannot be changed on this machine. ``shell``: its name."""

    def __init__(self, message: str, *, shell: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.shell = shell


class BrokenBlock(ShellError):
    """A start-up file whose marks do not match. ``path``: the file."""

    def __init__(self, message: str, *, path: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.path = path


class NoCommand(ShellError):
    """There is nothing to run."""
