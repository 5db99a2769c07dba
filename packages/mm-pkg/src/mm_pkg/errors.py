"""What can go wrong with packages, and what to do about it.

Every exception that a user of this distribution may meet derives from
`PackageError`. Messages are one line, name the file, and hold no secrets.
"""

from __future__ import annotations

__all__ = [
    "ArchiveMismatch",
    "InvalidArchive",
    "NoWritableCache",
    "PackageError",
    "UnknownArchiveFormat",
    "UnsafeArchive",
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


class NoWritableCache(PackageError):
    """No package cache can be written to.

    dirs -- the package cache directories tried, in order
    """

    def __init__(self, message: str, *, hint: str = "", dirs: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint=hint)
        self.dirs = dirs
