"""What a spec file says, whatever its format."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from mm_cli.errors import CliError

if TYPE_CHECKING:
    from mm_cli.specfiles.lock import Lock

__all__ = ["ExplicitPackage", "SpecFile", "SpecFileError", "check_spec"]


class SpecFileError(CliError):
    """A spec file cannot be read or understood; the message names file and line."""


def check_spec(spec: str, where: str) -> str:
    """*spec* itself, where it is a match spec. Raises `SpecFileError`, which names *where*."""
    from mm_solve import MatchSpec
    from mm_solve.errors import InvalidMatchSpec

    try:
        MatchSpec.parse(spec)
    except InvalidMatchSpec as error:
        hint = error.hint or "Write name, name=1.2 or 'name >=1.2,<2'."
        raise SpecFileError(f"{where}: {error.message}", hint=hint) from None
    return spec


class ExplicitPackage(msgspec.Struct, frozen=True):
    """One line of an ``@EXPLICIT`` file: an archive, and the hash it must have."""

    url: str
    md5: str | None = None
    sha256: str | None = None


class SpecFile(msgspec.Struct, frozen=True):
    """The content of one file.

    label     -- how messages name the file: its path, its URL without secrets, …
    folder    -- where relative paths in it start
    kind      -- "text", "explicit", "yaml" or "lock"
    entries   -- (selector, match spec) as written; an empty selector is for everywhere
    pip       -- (selector, requirement for pip), likewise
    channels  -- in order of priority, after those of the command line
    name      -- the environment's name, or ""
    variables -- environment variables to store in the environment
    explicit  -- archives to install without a solve; None unless the file is explicit
    lock      -- the packages of a lock file; None for other files
    platforms -- those that the file says it is for; empty when it does not say
    category  -- what a lock calls the file's packages
    warnings  -- oddities to be told, one line each
    """

    label: str
    folder: Path
    kind: str = "text"
    entries: tuple[tuple[str, str], ...] = ()
    pip: tuple[tuple[str, str], ...] = ()
    channels: tuple[str, ...] = ()
    name: str = ""
    variables: Mapping[str, str] = msgspec.field(default_factory=dict)
    explicit: tuple[ExplicitPackage, ...] | None = None
    lock: Lock | None = None
    platforms: tuple[str, ...] = ()
    category: str = "main"
    warnings: tuple[str, ...] = ()

    def specs(self, platform: str) -> tuple[str, ...]:
        """The match specs that apply to *platform*."""
        return _for_platform(self.entries, platform)

    def requirements(self, platform: str) -> tuple[str, ...]:
        """What pip is to install on *platform*."""
        return _for_platform(self.pip, platform)

    @property
    def is_solved(self) -> bool:
        """Whether it names archives, so that there is nothing left to solve."""
        return self.explicit is not None or self.lock is not None


def _for_platform(entries: tuple[tuple[str, str], ...], platform: str) -> tuple[str, ...]:
    if not any(selector for selector, _ in entries):
        return tuple(text for _, text in entries)
    from mm_cli.specfiles.selector import selected

    return tuple(text for selector, text in entries if selected(selector, platform))
