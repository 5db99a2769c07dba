"""What is asked of a solve, as data: install, update, remove, keep, pin, freeze.

A `Request` says what the user wants; `mm_solve.jobs` says what that means for
a given prefix. Nothing here depends on the order of arguments.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from .match_spec import MatchSpec

if TYPE_CHECKING:
    from mm_pkg.record import PackageRecord

__all__ = ["Request", "python_pins"]


class Request(msgspec.Struct, frozen=True):
    """One request to the solver.

    install -- some record matching each spec must be in the solution; an
        installed match is kept
    update  -- name-only: look for the best candidate if the name is installed;
        with constraints: also require a match. A name not installed: no effect
    remove  -- nothing that matches may stay
    keep    -- names that `prune` must not take away (the user asked for them)
    pins    -- what must hold of a name if it is in the solution at all
    update_all -- look for the best candidate of every installed name
    prune   -- with update and remove: also take away dependencies of the
        updated or removed packages that nothing needs any more
    freeze_installed -- installed packages stay exactly as they are
    force_reinstall -- installed packages named by `install` are replaced by
        the very same build from a channel
    python_pin -- pin python to its installed minor version unless it is named
    pin_origins -- where pins are written, by their text; told when one is in the way
    """

    install: tuple[MatchSpec, ...] = ()
    update: tuple[MatchSpec, ...] = ()
    remove: tuple[MatchSpec, ...] = ()
    keep: tuple[MatchSpec, ...] = ()
    pins: tuple[MatchSpec, ...] = ()
    update_all: bool = False
    prune: bool = True
    freeze_installed: bool = False
    force_reinstall: bool = False
    python_pin: bool = True
    pin_origins: dict[str, str] = {}

    @property
    def specs(self) -> tuple[MatchSpec, ...]:
        """What the user named, whatever for."""
        return (*self.install, *self.update, *self.remove)

    def with_pins(self, pins: Iterable[MatchSpec]) -> Request:
        """The same request with further pins."""
        return msgspec.structs.replace(self, pins=(*self.pins, *pins))


def python_pins(
    installed: Mapping[str, PackageRecord], requested: Iterable[MatchSpec]
) -> tuple[MatchSpec, ...]:
    """The automatic pin of python to its installed ``MAJOR.MINOR``.

    None when python is not installed or *requested* names it (by a glob, too).
    A free-threaded python also pins its ABI, so that a solve cannot silently
    switch to the interpreter with the lock.
    """
    python = installed.get("python")
    if python is None or any(spec.name_matches("python") for spec in requested):
        return ()
    minor = ".".join(python.version.split(".")[:2])
    pins = [MatchSpec.parse(f"python {minor}.*")]
    abi = installed.get("python_abi")
    if "python-freethreading" in installed and abi is not None and "_" in abi.build:
        tag = abi.build[abi.build.index("_") :]
        pins.append(MatchSpec.parse(f"python_abi {minor}.* *{tag}"))
    return tuple(pins)
