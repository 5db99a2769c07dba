"""``noarch: python`` packages: one archive for every Python version (CEP 20, CEP 17).

Their paths start with ``site-packages/`` or ``python-scripts/``; where these
are depends on the Python of the environment.

>>> python = PythonLayout(3, 11)
>>> python.destination("site-packages/six.py"), python.destination("python-scripts/x")
('lib/python3.11/site-packages/six.py', 'bin/x')
>>> python.pyc_path("lib/python3.11/site-packages/six.py")
'lib/python3.11/site-packages/__pycache__/six.cpython-311.pyc'
"""

from __future__ import annotations

import re

import msgspec

from mm_pkg.errors import MissingPython, UnsafePath
from mm_pkg.link.destination import checked_destination
from mm_pkg.record import PackageRecord

__all__ = ["PythonLayout", "python_layout"]

SITE_PACKAGES = "site-packages/"
SCRIPTS = "python-scripts/"

_VERSION = re.compile(r"(?:\d+!)?(\d+)\.(\d+)")
_FREE_THREADED = re.compile(r"cp\d+t(?![a-z])")
_PRERELEASE = re.compile(r"[a-z]")


class PythonLayout(msgspec.Struct, frozen=True):
    """Where one Python keeps things, as paths relative to its environment.

    ``bytecode`` tells bytecode formats apart where the cache tag does not.
    """

    major: int
    minor: int
    site_packages: str = ""
    free_threaded: bool = False
    windows: bool = False
    implementation: str = "cpython"
    bytecode: str = ""

    def __post_init__(self) -> None:
        if not self.site_packages:
            msgspec.structs.force_setattr(self, "site_packages", self._default_site_packages())

    def _default_site_packages(self) -> str:
        if self.windows:
            return "Lib/site-packages"
        name = "pypy" if self.implementation == "pypy" else "python"
        return f"lib/{name}{self.version}{'t' if self.free_threaded else ''}/site-packages"

    @property
    def version(self) -> str:
        """``X.Y``."""
        return f"{self.major}.{self.minor}"

    @property
    def executable(self) -> str:
        """The interpreter."""
        if self.windows:
            return "python.exe"
        return f"bin/python{self.version}{'t' if self.free_threaded else ''}"

    @property
    def scripts(self) -> str:
        """The directory of commands."""
        return "Scripts" if self.windows else "bin"

    @property
    def cache_tag(self) -> str:
        """What the names of its bytecode files hold."""
        if self.implementation == "pypy":
            return f"pypy{self.major}{self.minor}"
        return f"cpython-{self.major}{self.minor}"

    def destination(self, path: str) -> str:
        """Where the file that a package lists as *path* belongs."""
        if path.startswith(SITE_PACKAGES):
            return f"{self.site_packages}/{path[len(SITE_PACKAGES) :]}"
        if path.startswith(SCRIPTS):
            return f"{self.scripts}/{path[len(SCRIPTS) :]}"
        return path

    def pyc_path(self, source: str) -> str:
        """Where the bytecode of the ``.py`` file *source* belongs (PEP 3147)."""
        if self.major < 3:
            return source + "c"
        folder, _, name = source.rpartition("/")
        return f"{folder}/__pycache__/{name[:-3]}.{self.cache_tag}.pyc"


def python_layout(record: PackageRecord) -> PythonLayout:
    """The layout of the package *record*, which is called ``python``.

    Raises `MissingPython` for a version without a minor part and `UnsafePath`
    for a site-packages path outside the environment.
    """
    match = _VERSION.match(record.version)
    if match is None:
        raise MissingPython(f"python {record.version!r} has no minor version")
    windows = (record.subdir or "").startswith("win-")
    free_threaded = bool(_FREE_THREADED.search(record.build))
    given = record.python_site_packages_path or ""
    if given:
        try:
            given = checked_destination(given, record.dist)
        except UnsafePath as error:
            raise UnsafePath(
                f"{record.dist}: python_site_packages_path {given!r} is not inside the environment",
                package=record.dist,
                path=given,
                hint=error.hint,
            ) from None
    if windows or free_threaded:
        # records of free-threaded builds name the plain path, the interpreter reads the other
        given = ""
    return PythonLayout(
        int(match[1]),
        int(match[2]),
        site_packages=given,
        free_threaded=free_threaded,
        windows=windows,
        implementation="pypy" if "pypy" in record.build else "cpython",
        bytecode=record.version if _PRERELEASE.search(record.version) else "",
    )
