"""What can go wrong with packages, and what to do about it.

Every exception that a user of this distribution may meet derives from
`PackageError`. Messages are one line, name the file, and hold no secrets.
"""

from __future__ import annotations

import errno as _errno
from pathlib import Path

__all__ = [
    "ArchiveMismatch",
    "ExtractionFailed",
    "FrozenEnvironment",
    "IncompletePackage",
    "InvalidArchive",
    "InvalidEntryPoint",
    "InvalidPackage",
    "InvalidPrefixFile",
    "LinkFailed",
    "LinkScriptFailed",
    "MissingPython",
    "NoWritableCache",
    "NotAnEnvironment",
    "NotEnoughSpace",
    "PackageError",
    "PathConflict",
    "PrefixChanged",
    "PrefixLocked",
    "PrefixNotWritable",
    "PrefixTooLong",
    "UnknownArchiveFormat",
    "UnknownRevision",
    "UnsafeArchive",
    "UnsafePath",
]


class PackageError(Exception):
    """The base of this distribution's errors.

    message -- one line: what is wrong, with which file or package
    hint    -- one line: what to do about it; may be empty

    >>> error = PackageError("a.conda is broken", hint="Download it again.")
    >>> str(error), error.hint
    ('a.conda is broken', 'Download it again.')
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InvalidArchive(PackageError):
    """An archive is damaged, cut short or not what its extension says."""


class UnsafeArchive(InvalidArchive):
    """An archive tries to write where it must not, or to exhaust the machine.

    member -- the name of the offending member, as text; "" for the whole archive
    """

    def __init__(self, message: str, *, hint: str = "", member: str = "") -> None:
        super().__init__(message, hint=hint)
        self.member = member


class ExtractionFailed(PackageError):
    """The operating system refused to read an archive or to write its content.

    errno -- the system's error number, or None
    """

    def __init__(self, message: str, *, hint: str = "", errno: int | None = None) -> None:
        super().__init__(message, hint=hint)
        self.errno = errno

    @classmethod
    def because(cls, what: str, error: OSError) -> ExtractionFailed:
        """*what* could not be done, for the reason that *error* gives."""
        full = error.errno in (_errno.ENOSPC, _errno.EDQUOT)
        return cls(
            f"{what}: {error.strerror or error}",
            hint="Free space on that disk, or choose another with pkgs_dirs." if full else "",
            errno=error.errno,
        )


class UnknownArchiveFormat(PackageError):
    """A file's name ends in neither ``.conda`` nor ``.tar.bz2``."""


class ArchiveMismatch(PackageError):
    """An archive is not the one that was asked for: its size or hash differs.

    what     -- "size", "sha256" or "md5"
    expected -- as the channel says
    actual   -- as found
    """

    def __init__(
        self, message: str, *, hint: str = "", what: str, expected: str, actual: str
    ) -> None:
        super().__init__(message, hint=hint)
        self.what = what
        self.expected = expected
        self.actual = actual


class InvalidPackage(PackageError):
    """An unpacked package lacks files that it lists, or its metadata cannot be used."""


class NoWritableCache(PackageError):
    """No package cache can be written to.

    dirs -- the package cache directories tried, in order
    """

    def __init__(self, message: str, *, hint: str = "", dirs: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint=hint)
        self.dirs = dirs


class InvalidPrefixFile(PackageError):
    """A file in ``conda-meta`` cannot be understood."""

    def __init__(self, message: str, *, path: Path | None = None, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.path = path


class UnknownRevision(PackageError):
    """The history of an environment does not go to that revision."""


class NotAnEnvironment(PackageError):
    """A directory was expected to be an environment and is none."""


class FrozenEnvironment(PackageError):
    """The environment carries a frozen marker (CEP 22) and must not change."""


class PrefixLocked(PackageError):
    """Another process holds the environment's lock for longer than we may wait."""

    def __init__(self, message: str, *, host: str = "", pid: int = 0, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.host = host
        self.pid = pid


class PrefixChanged(PackageError):
    """The environment is not what the plan was made for."""


class PrefixNotWritable(PackageError):
    """A directory that the plan must write to cannot be written to."""


class UnsafePath(PackageError):
    """A package wants to write outside the environment, or into ``conda-meta``."""

    def __init__(self, message: str, *, package: str = "", path: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.package = package
        self.path = path


class PathConflict(PackageError):
    """Something is in the way of a file, and settings say not to replace it."""

    def __init__(self, message: str, *, paths: tuple[str, ...] = (), hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.paths = paths


class PrefixTooLong(PackageError):
    """The path of the environment does not fit where a binary file holds its placeholder."""

    def __init__(self, message: str, *, path: str = "", limit: int = 0, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.path = path
        self.limit = limit


class IncompletePackage(PackageError):
    """A file that an extracted package lists is missing or of the wrong kind."""


class MissingPython(PackageError):
    """A ``noarch: python`` package is to be linked where there will be no python."""


class InvalidEntryPoint(PackageError):
    """An entry point of a ``noarch: python`` package is malformed or unsafe."""


class LinkScriptFailed(PackageError):
    """A link script could not be started or returned a non-zero status."""

    def __init__(self, message: str, *, status: int | None = None, output: str = "") -> None:
        hint = "Link scripts can be switched off; the package may then not work."
        super().__init__(message, hint=hint)
        self.status = status
        self.output = output


class NotEnoughSpace(PackageError):
    """The disk has less room than the transaction needs."""


class LinkFailed(PackageError):
    """An operation on a file of the environment failed; everything was rolled back."""
