"""Virtual packages: facts of the system as records that specs can ask for (CEP 30, CEP 46).

They depend on the platform to solve for, on the environment's ``CONDA_OVERRIDE_*``
and on this machine, of which little is known when the platform is another one. A
fact is looked for when it is asked for: most solves never ask for a graphics driver.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import overload

from mm_pkg.record import PackageRecord

from .errors import InvalidVersion
from .host import Host, leading_numbers
from .version import Version

__all__ = ["VirtualPackages", "detect_virtual_packages", "finder", "virtual_package"]

DEFAULT_GLIBC = "2.17"
"""Assumed when solving for linux on a system without glibc (CEP 30)."""

DEFAULT_VERSION = "0"
"""Of a system that is not this one, or does not tell."""

UNIX = frozenset({"linux", "osx", "freebsd", "emscripten"})
"""The systems with ``__unix``."""

FAMILIES = {
    "32": "x86",
    "64": "x86_64",
    "aarch64": "aarch64",
    "arm64": "aarch64",
    "ppc64": "ppc64",
    "ppc64le": "ppc64le",
    "riscv64": "riscv64",
}
"""Second part of a platform -> its family in archspec's data (CEP 30, appendix A)."""

_LONGEST_BUILD = 64


def virtual_package(
    name: str, version: str = "0", build: str = "0", platform: str = "noarch"
) -> PackageRecord:
    """A record for a virtual package.

    >>> virtual_package("__glibc", "2.36").dist
    '__glibc-2.36-0'
    """
    return PackageRecord(name=name, version=version, build=build, build_number=0, subdir=platform)


def detect_virtual_packages(
    platform: str,
    env: Mapping[str, str] | None = None,
    warn: Callable[[str], None] = lambda message: None,
) -> VirtualPackages:
    """The virtual packages of *platform* (such as ``linux-64``).

    *env* holds the ``CONDA_OVERRIDE_*`` variables (the process's by default).
    An empty override hides a package that may be absent. *warn* hears of values
    that cannot be used.

    >>> overrides = {"CONDA_OVERRIDE_OSX": "14.2", "CONDA_OVERRIDE_ARCHSPEC": "m1"}
    >>> [package.dist for package in detect_virtual_packages("osx-arm64", overrides)]
    ['__unix-0-0', '__osx-14.2-0', '__archspec-1-m1']
    """
    return VirtualPackages(platform, os.environ if env is None else env, warn)


def finder(packages: Sequence[PackageRecord]) -> Callable[[str], PackageRecord | None]:
    """Finds a package by its name among *packages*; `VirtualPackages` look for no others."""
    if isinstance(packages, VirtualPackages):
        return packages.find
    return {package.name: package for package in packages}.get


Found = tuple[str, str] | None
"""Version and build; None when the package is not there."""


class VirtualPackages(Sequence[PackageRecord]):
    """The virtual packages of a platform, each looked for once, when it is asked for.

    As a sequence it holds all of them, in the order in which tools list them.
    """

    def __init__(
        self,
        platform: str,
        env: Mapping[str, str],
        warn: Callable[[str], None] = lambda message: None,
        host: Host | None = None,
    ) -> None:
        self.platform = platform
        self._env = env
        self._warn = warn
        self._host = host or Host()
        self._system, self._dash, self._architecture = platform.partition("-")
        self._is_here = self._host.system == self._system
        self._found: dict[str, PackageRecord | None] = {}

    def find(self, name: str) -> PackageRecord | None:
        """The package called *name*; None when there is none."""
        if name not in self._found:
            found = _FINDERS[name](self) if self._dash and name in _FINDERS else None
            self._found[name] = found and virtual_package(name, *found, platform=self.platform)
        return self._found[name]

    def __iter__(self) -> Iterator[PackageRecord]:
        return filter(None, map(self.find, _FINDERS))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @overload
    def __getitem__(self, index: int) -> PackageRecord: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[PackageRecord, ...]: ...
    def __getitem__(self, index: int | slice) -> PackageRecord | tuple[PackageRecord, ...]:
        return tuple(self)[index]

    def _override(self, name: str, *, hides: bool = False) -> str | None:
        """What ``CONDA_OVERRIDE_*`` says; None when nothing (useful); "" when it hides."""
        variable = f"CONDA_OVERRIDE_{name.lstrip('_').upper()}"
        value = self._env.get(variable)
        if value is None:
            return None
        value = value.strip()
        if not value:
            return "" if hides else None
        what, is_valid = _VALUES.get(name, _VERSION)
        if is_valid(value):
            return value
        self._warn(f"{variable}={value} is not {what}; it is ignored")
        return None

    def _unix(self) -> Found:
        return ("0", "0") if self._system in UNIX else None

    def _version_of(self, name: str, detect: Callable[[Host], str | None]) -> Found:
        """The version of the system itself, which is always there."""
        if self._system != name.lstrip("_"):
            return None
        version = self._override(name)
        if version is None and self._is_here:
            version = detect(self._host)
            if version is None:
                self._warn(f"the version of {self._system} cannot be found out; it is taken as 0")
        return version or DEFAULT_VERSION, "0"

    def _linux(self) -> Found:
        return self._version_of("__linux", lambda host: host.linux())

    def _osx(self) -> Found:
        return self._version_of("__osx", lambda host: host.osx())

    def _win(self) -> Found:
        return self._version_of("__win", lambda host: host.win())

    def _glibc(self) -> Found:
        if self._system != "linux":
            return None
        version = self._override("__glibc", hides=True)
        if version is None:
            version = (self._host.glibc() if self._is_here else None) or DEFAULT_GLIBC
        return (version, "0") if version else None

    def _cuda(self) -> Found:
        version = self._override("__cuda", hides=True)
        if version is None and self._is_here:
            version = self._host.cuda().version()
        return (version, "0") if version else None

    def _cuda_arch(self) -> Found:
        if self.find("__cuda") is None:
            return None
        capability = self._override("__cuda_arch", hides=True)
        if capability is None and self._is_here:
            capability = self._host.cuda().lowest_capability()
        return (capability, "0") if capability else None

    def _archspec(self) -> Found:
        build = self._override("__archspec")
        if build is not None:
            return "1", build
        family = FAMILIES.get(self._architecture)
        if family is None:
            return "0", self._architecture
        found = self._host.microarchitecture() if self._is_here else None
        # A processor of another family runs this platform by emulation.
        return "1", found[0] if found and found[1] == family else family


_FINDERS: dict[str, Callable[[VirtualPackages], Found]] = {
    "__unix": VirtualPackages._unix,
    "__linux": VirtualPackages._linux,
    "__osx": VirtualPackages._osx,
    "__win": VirtualPackages._win,
    "__glibc": VirtualPackages._glibc,
    "__cuda": VirtualPackages._cuda,
    "__cuda_arch": VirtualPackages._cuda_arch,
    "__archspec": VirtualPackages._archspec,
}


def _is_version(value: str) -> bool:
    try:
        Version(value)
    except InvalidVersion:
        return False
    return True


def _is_build(value: str) -> bool:
    plain = value.replace("_", "").replace(".", "").replace("+", "")
    return len(value) <= _LONGEST_BUILD and value.isascii() and (not plain or plain.isalnum())


_VERSION = "a version", _is_version

_VALUES: dict[str, tuple[str, Callable[[str], bool]]] = {
    "__linux": ("a kernel version", lambda value: leading_numbers(value, 4) == value),
    "__cuda_arch": ("a compute capability", lambda value: leading_numbers(value, 2) == value),
    "__archspec": ("a build", _is_build),
}
"""What the value of an override has to be, where that is not just a version."""
