"""Virtual packages: facts of the system as records that specs can ask for (CEP 30).

Detection is a function of the platform to solve for and of the environment,
so that ``CONDA_OVERRIDE_*`` and cross-platform solves need no special case.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from mm_pkg.record import PackageRecord

__all__ = ["detect_virtual_packages", "virtual_package"]

DEFAULT_GLIBC = "2.17"
"""Assumed when solving for linux on a system without glibc (CEP 30)."""

DEFAULT_VERSIONS = {"linux": "0", "osx": "0", "win": "0"}
"""Version of the system's package when it cannot be found out."""

_LINUX_VERSION = re.compile(r"[0-9]+\.[0-9]+(\.[0-9]+)?(\.[0-9]+)?")

X86_LEVELS: tuple[tuple[str, frozenset[str]], ...] = (
    ("x86_64_v4", frozenset({"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"})),
    ("x86_64_v3", frozenset({"avx", "avx2", "bmi1", "bmi2", "fma"})),
    ("x86_64_v2", frozenset({"popcnt", "pni", "ssse3", "sse4_1", "sse4_2"})),
)
"""Microarchitecture levels and the CPU flags each needs besides the lower ones'."""

ARCHITECTURES = {
    "64": "x86_64",
    "32": "x86",
}
"""Architecture part of a platform -> its archspec family, where they differ."""


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
) -> tuple[PackageRecord, ...]:
    """The virtual packages of *platform* (such as ``linux-64``).

    *env* holds the ``CONDA_OVERRIDE_*`` variables (the process's by default).
    An empty override hides a package that may be absent (CEP 30). *warn* hears
    of values that cannot be used.

    >>> overrides = {"CONDA_OVERRIDE_OSX": "14.2", "CONDA_OVERRIDE_CUDA": ""}
    >>> [package.dist for package in detect_virtual_packages("osx-arm64", overrides)]
    ['__unix-0-0', '__osx-14.2-0', '__archspec-1-arm64']
    """
    values = os.environ if env is None else env
    system, dash, architecture = platform.partition("-")
    if not dash:
        return ()
    found = [*_system_packages(system, platform, values, warn)]
    found += _cuda(platform, values)
    found += _archspec(architecture, platform, values)
    return tuple(found)


def _system_packages(
    system: str, platform: str, env: Mapping[str, str], warn: Callable[[str], None]
) -> Iterator[PackageRecord]:
    if system in {"linux", "osx", "emscripten", "freebsd"}:
        yield virtual_package("__unix", platform=platform)
    if system not in DEFAULT_VERSIONS:
        return
    here = _is_host(system)
    version = _override(env, system)
    if version and system == "linux" and not _LINUX_VERSION.fullmatch(version):
        warn(f"CONDA_OVERRIDE_LINUX={version} is not a kernel version; it is ignored")
        version = None
    if version is None:
        version = _DETECTORS[system]() if here else None
    if version is None and here:
        warn(f"the version of {system} cannot be found out; __{system} is taken as version 0")
    yield virtual_package(f"__{system}", version or DEFAULT_VERSIONS[system], platform=platform)
    if system == "linux":
        glibc = _override(env, "glibc")
        if glibc is None:
            glibc = (_glibc_version() if here else None) or DEFAULT_GLIBC
        if glibc:
            yield virtual_package("__glibc", glibc, platform=platform)


def _override(env: Mapping[str, str], what: str) -> str | None:
    """The value of ``CONDA_OVERRIDE_<WHAT>``: None when unset, "" when set to hide."""
    value = env.get(f"CONDA_OVERRIDE_{what.upper()}")
    return value.strip() if value is not None else None


def _is_host(system: str) -> bool:
    import sys

    host = {"linux": "linux", "darwin": "osx", "win32": "win"}.get(sys.platform)
    return host == system


def _linux_version() -> str | None:
    """The numeric part of the kernel's release, ``6.1.0`` of ``6.1.0-25-amd64``."""
    match = _LINUX_VERSION.match(os.uname().release)
    return match.group() if match else None


def _osx_version() -> str | None:
    """The product version, its first two parts; read without starting a process."""
    import plistlib

    try:
        with open("/System/Library/CoreServices/SystemVersion.plist", "rb") as file:
            version = str(plistlib.load(file)["ProductVersion"])
    except (OSError, KeyError, ValueError):
        return None
    return ".".join(version.split(".")[:2])


def _win_version() -> str | None:
    import sys

    get = getattr(sys, "getwindowsversion", None)
    if get is None:
        return None
    version = get()
    return f"{version.major}.{version.minor}.{version.build}"


_DETECTORS: Mapping[str, Callable[[], str | None]] = {
    "linux": _linux_version,
    "osx": _osx_version,
    "win": _win_version,
}


def _glibc_version() -> str | None:
    """``2.36`` from ``confstr``; None on musl and elsewhere."""
    try:
        text = os.confstr("CS_GNU_LIBC_VERSION")
    except (AttributeError, ValueError, OSError):
        return None
    library, _, version = (text or "").partition(" ")
    return version if library == "glibc" and version else None


def _cuda(platform: str, env: Mapping[str, str]) -> Iterator[PackageRecord]:
    version = _override(env, "cuda")
    if version is None:
        version = _driver_cuda_version()
    if not version:
        return
    yield virtual_package("__cuda", version, platform=platform)
    capability = _override(env, "cuda_arch")
    if capability:
        yield virtual_package("__cuda_arch", capability, platform=platform)


def _driver_cuda_version() -> str | None:
    """The CUDA API version of the driver (not of a toolkit on disk, which may be newer)."""
    if not any(
        Path(path).exists()
        for path in ("/proc/driver/nvidia/version", "/dev/nvidiactl", "/dev/dxg")
    ):
        return None
    import ctypes

    for library in ("libcuda.so.1", "libcuda.so", "/usr/lib/wsl/lib/libcuda.so.1"):
        try:
            driver = ctypes.CDLL(library)
            number = ctypes.c_int(0)
            if driver.cuDriverGetVersion(ctypes.byref(number)) == 0 and number.value:
                return f"{number.value // 1000}.{number.value % 1000 // 10}"
        except (OSError, AttributeError):
            continue
    return None


def _archspec(architecture: str, platform: str, env: Mapping[str, str]) -> Iterator[PackageRecord]:
    build = _override(env, "archspec")
    if build is None:
        build = ARCHITECTURES.get(architecture, architecture)
        if build == "x86_64" and os.name == "posix" and os.uname().machine in {"x86_64", "amd64"}:
            build = _x86_level(_cpu_flags())
    if build:
        yield virtual_package("__archspec", "1", build, platform)


def _cpu_flags() -> frozenset[str]:
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
            for line in file:
                if line.startswith("flags"):
                    return frozenset(line.partition(":")[2].split())
    except OSError:
        pass
    return frozenset()


def _x86_level(flags: frozenset[str]) -> str:
    """The microarchitecture level that *flags* reach.

    >>> _x86_level(frozenset())
    'x86_64'
    """
    needed: frozenset[str] = frozenset()
    reached = "x86_64"
    for name, own in reversed(X86_LEVELS):
        needed |= own
        if not needed <= flags:
            break
        reached = name
    return reached
