"""What is asked of a solve, as data: install, update, remove, keep, pin, freeze.

A `Request` says what the user wants; `mm_solve.jobs` says what that means for
a given prefix. Nothing here depends on the order of arguments.
"""

from __future__ import annotations

import re
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
    update  -- name-only: look for the best candidate; with constraints: also
        require a match. What it is about must be installed
    remove  -- nothing that matches may stay
    keep    -- what was asked for before: an update or an install does not take it
        away (see `SolveOptions.allow_uninstall`), nor does `prune`
    pins    -- what must hold of a name if it is in the solution at all
    update_all -- look for the best candidate of every installed name
    prune   -- with update and remove: also take away dependencies of the
        updated or removed packages that nothing needs any more
    freeze_installed -- installed packages stay exactly as they are
    force_reinstall -- installed packages named by `install` are replaced by
        the very same build from a channel
    python_pin -- pin python to its installed minor version unless it is named
    pin_origins -- where pins are written, by their text; told when one is in the way

    >>> request = Request.of("numpy >=2", remove=["scipy"], prune=False)
    >>> [spec.name for spec in request.specs], request.prune
    (['numpy', 'scipy'], False)
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

    @classmethod
    def of(
        cls,
        *install: str | MatchSpec,
        update: Iterable[str | MatchSpec] = (),
        remove: Iterable[str | MatchSpec] = (),
        keep: Iterable[str | MatchSpec] = (),
        pins: Iterable[str | MatchSpec] = (),
        **switches: bool,
    ) -> Request:
        """A request from texts; *switches* are the fields that are true or false.

        Raises `InvalidMatchSpec`.
        """
        return cls(
            install=_parsed(install),
            update=_parsed(update),
            remove=_parsed(remove),
            keep=_parsed(keep),
            pins=_parsed(pins),
            **switches,  # type: ignore[arg-type]
        )

    @property
    def specs(self) -> tuple[MatchSpec, ...]:
        """What the user named, whatever for."""
        return (*self.install, *self.update, *self.remove)

    def with_pins(self, pins: Iterable[MatchSpec]) -> Request:
        """The same request with further pins."""
        return msgspec.structs.replace(self, pins=(*self.pins, *pins))

    def not_installed(self, installed: Mapping[str, PackageRecord]) -> tuple[str, ...]:
        """The names that `update` is about and that are not *installed*, sorted."""
        absent = {spec.name for spec in self.update if not any(map(spec.name_matches, installed))}
        return tuple(sorted(absent))


def _parsed(specs: Iterable[str | MatchSpec]) -> tuple[MatchSpec, ...]:
    if isinstance(specs, str):
        specs = (specs,)
    return tuple(MatchSpec.parse(spec) if isinstance(spec, str) else spec for spec in specs)


_MINOR = re.compile(r"(?:[0-9]+!)?[0-9]+(?:\.[0-9]+)?(?![0-9])")
"""Epoch, major and minor at the start of a version."""


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
    found = _MINOR.match(python.version)
    if found is None:
        return ()
    minor = found[0]
    pins = [MatchSpec.parse(f"python {minor}.*")]
    abi = installed.get("python_abi")
    if "python-freethreading" in installed and abi is not None and "_" in abi.build:
        tag = abi.build[abi.build.index("_") :]
        pins.append(MatchSpec.parse(f"python_abi {minor}.* *{tag}"))
    return tuple(pins)
