"""What a spec file says, whatever its format."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from mm_cli.errors import CliError

__all__ = ["SELECTORS", "ExplicitPackage", "SpecFile", "SpecFileError"]


SELECTORS = {
    "unix": ("linux-", "osx-", "freebsd-", "emscripten-"),
    "linux": ("linux-",),
    "osx": ("osx-",),
    "win": ("win-",),
}
"""Selector (``sel(unix)``) -> how the platforms it stands for begin."""


class SpecFileError(CliError):
    """A spec file cannot be read or understood; the message names file and line."""


class ExplicitPackage(msgspec.Struct, frozen=True):
    """One line of an ``@EXPLICIT`` file: an archive, and the hash it must have."""

    url: str
    md5: str | None = None
    sha256: str | None = None


class SpecFile(msgspec.Struct, frozen=True):
    """The content of one file.

    entries   -- (selector, match spec) as written; the selector is "" or a platform family
    channels  -- in order of priority, after those of the command line
    name      -- the environment's name, or ""
    pip       -- requirements for pip
    variables -- environment variables to store in the environment
    explicit  -- archives to install without a solve; None unless the file is explicit
    """

    path: Path
    entries: tuple[tuple[str, str], ...] = ()
    channels: tuple[str, ...] = ()
    name: str = ""
    pip: tuple[str, ...] = ()
    variables: Mapping[str, str] = msgspec.field(default_factory=dict)
    explicit: tuple[ExplicitPackage, ...] | None = None

    def specs(self, platform: str) -> tuple[str, ...]:
        """The match specs that apply to *platform*."""
        return tuple(
            spec for selector, spec in self.entries
            if not selector or platform.startswith(SELECTORS[selector])
        )  # fmt: skip
