"""What this machine says of itself, as far as packages can depend on it (CEP 30)."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .cuda_driver import CudaDriver

__all__ = ["Host", "leading_numbers"]

_SYSTEMS = {"linux": "linux", "darwin": "osx", "win32": "win"}

_CORE_SERVICES = "/System/Library/CoreServices/"


class Host:
    """This machine. Every answer is None where it cannot be found out."""

    @property
    def system(self) -> str | None:
        """The first part of the platforms that run here: ``linux``, ``osx`` or ``win``."""
        return _SYSTEMS.get(sys.platform)

    def linux(self) -> str | None:
        """The kernel's version: ``6.1.0`` of ``6.1.0-25-amd64``."""
        return leading_numbers(os.uname().release, 4)

    def glibc(self) -> str | None:
        """The C library's version, two numbers; None on musl and elsewhere."""
        try:
            text = os.confstr("CS_GNU_LIBC_VERSION")
        except (AttributeError, ValueError, OSError):
            return None
        library, _, version = (text or "").partition(" ")
        return leading_numbers(version, 2) if library == "glibc" else None

    def osx(self) -> str | None:
        """The version of macOS, two numbers; read without starting a process."""
        import plistlib

        # The second file lies to programs built for older systems: 10.16 for 11 and later.
        for name in (".SystemVersionPlatform.plist", "SystemVersion.plist"):
            try:
                with open(_CORE_SERVICES + name, "rb") as file:
                    return leading_numbers(str(plistlib.load(file)["ProductVersion"]), 2)
            except (OSError, KeyError, ValueError):
                continue
        return None

    def win(self) -> str | None:
        """The version of Windows, three numbers."""
        get = getattr(sys, "getwindowsversion", None)
        if get is None:
            return None
        return ".".join(map(str, get().platform_version[:3]))

    def microarchitecture(self) -> tuple[str, str] | None:
        """The processor's name in archspec's data and that of its family: ``zen4``, ``x86_64``."""
        import warnings

        try:
            from archspec.cpu import host  # type: ignore[import-untyped]

            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found = host()
            return str(found.name), str(found.family)
        except Exception:  # Whatever a processor it does not know makes of it.
            return None

    def cuda(self) -> CudaDriver:
        """The NVIDIA driver, whether or not there is one."""
        from .cuda_driver import CudaDriver

        return CudaDriver()


def leading_numbers(text: str, most: int) -> str | None:
    """The numbers that *text* begins with, joined with dots: at least two, at most *most*.

    >>> leading_numbers("6.1.0-25-amd64", 4), leading_numbers("14.2.1", 2)
    ('6.1.0', '14.2')
    """
    numbers: list[str] = []
    for word in text.split(".")[:most]:
        digits = word[: len(word) - len(word.lstrip("0123456789"))]
        if digits:
            numbers.append(digits)
        if digits != word:
            break
    return ".".join(numbers) if len(numbers) > 1 else None
