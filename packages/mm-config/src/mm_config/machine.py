"""What the settings are read on: variables, home, working directory, platform."""

from __future__ import annotations

import os
import sys

from mm_config.frozen import Frozen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Machine", "subdir"]

WINDOWS = "win32"

SYSTEM_DIRS = {WINDOWS: (r"C:\ProgramData\conda",)}
"""System -> where configuration files for all users are, the weakest first."""

UNIX_DIRS = ("/etc/conda", "/var/lib/conda")
"""The same for every other system."""


class Machine(Frozen):
    """One user on one machine; every path the settings lead to starts from here.

    env         -- the environment variables, read once
    home        -- the user's home directory
    cwd         -- what relative paths start from; "": the process's own
    executable  -- the program's launcher, "" when unknown
    system_dirs -- where the configuration files for all users are, the weakest first
    system      -- as `sys.platform`: where settings are kept differs
    """

    __slots__ = ("cwd", "env", "executable", "home", "system", "system_dirs")
    env: Mapping[str, str]
    home: str
    cwd: str
    executable: str
    system_dirs: tuple[str, ...]
    system: str

    def __init__(
        self,
        env: Mapping[str, str] | None = None,
        *,
        home: str | os.PathLike[str] | None = None,
        cwd: str | os.PathLike[str] | None = None,
        executable: str | os.PathLike[str] | None = None,
        system_dirs: Iterable[str | os.PathLike[str]] | None = None,
        system: str = sys.platform,
    ) -> None:
        variables = dict(os.environ if env is None else env)
        self._set(
            env=variables,
            home=os.fspath(home) if home is not None else _home(variables, system),
            cwd="" if cwd is None else os.fspath(cwd),
            executable="" if executable is None else os.fspath(executable),
            system_dirs=SYSTEM_DIRS.get(system, UNIX_DIRS)
            if system_dirs is None
            else tuple(os.fspath(path) for path in system_dirs),
            system=system,
        )

    def join(self, *parts: str) -> str:
        """*parts* as one path, written as on this system.

        >>> Machine({}, home="C:\\\\Users\\\\ada", system="win32").join("C:\\\\x", ".condarc")
        'C:\\\\x\\\\.condarc'
        """
        sep = "\\" if self.system == WINDOWS else "/"
        first, *rest = parts
        return sep.join((first.rstrip("/\\" if sep != "/" else "/"), *rest))

    def expanded(self, path: str) -> str:
        """*path* with a leading ``~`` replaced.

        >>> Machine({}, home="/home/ada").expanded("~/envs")
        '/home/ada/envs'
        """
        if not path.startswith("~"):
            return path
        if path == "~" or path[1] in "/\\":
            return self.home + path[1:]
        return os.path.expanduser(path)

    def absolute(self, path: str) -> str:
        """*path* without ``~``, made absolute; symbolic links are kept."""
        path = self.expanded(path)
        if not os.path.isabs(path):
            path = os.path.join(self.cwd or os.getcwd(), path)
        return os.path.normpath(path)

    def canonical(self, path: str) -> str:
        """*path* made absolute, symbolic links resolved as far as the path exists."""
        path = self.expanded(path)
        if not os.path.isabs(path):
            path = os.path.join(self.cwd or os.getcwd(), path)
        return os.path.realpath(path)

    def shortened(self, path: str) -> str:
        """*path* as people like to see it, the home directory as ``~``.

        >>> Machine({}, home="/home/ada").shortened("/home/ada/.condarc")
        '~/.condarc'
        """
        inside = self.home.rstrip("/\\")
        if inside and path.startswith(inside) and path[len(inside) : len(inside) + 1] in "/\\":
            return "~" + path[len(inside) :]
        return path

    @property
    def config_dir(self) -> str:
        """Where programs keep the user's settings."""
        return self.env.get("XDG_CONFIG_HOME") or self._roaming() or self.join(self.home, ".config")

    @property
    def data_dir(self) -> str:
        """Where programs keep the user's data."""
        return (
            self.env.get("XDG_DATA_HOME")
            or self._roaming()
            or self.join(self.home, ".local", "share")
        )

    def _roaming(self) -> str:
        """The folder that follows a Windows user from machine to machine; "" elsewhere."""
        if self.system != WINDOWS:
            return ""
        if self.env.get("APPDATA"):
            return self.env["APPDATA"]
        if sys.platform != WINDOWS:
            return self.join(self.home, "AppData", "Roaming")
        import platformdirs

        return platformdirs.user_data_dir(roaming=True)


def _home(env: Mapping[str, str], system: str) -> str:
    if system != WINDOWS:
        return env.get("HOME") or os.path.expanduser("~")
    drive = env.get("HOMEDRIVE", "") + env.get("HOMEPATH", "")
    return env.get("USERPROFILE") or drive or os.path.expanduser("~")


_ARCHITECTURES = {
    "x86_64": "64",
    "amd64": "64",
    "i386": "32",
    "i686": "32",
    "x86": "32",
    "arm64": "arm64",
    "aarch64": "aarch64",
}
"""The machine's name, in lower case -> the end of the subdir; others stand for themselves."""


def subdir(system: str = sys.platform, architecture: str = "") -> str:
    """The conda subdir of *system* (as `sys.platform`) and *architecture* (as `uname -m`).

    >>> subdir("linux", "x86_64"), subdir("darwin", "arm64"), subdir("win32", "AMD64")
    ('linux-64', 'osx-arm64', 'win-64')
    """
    if not architecture:
        architecture = (
            os.environ.get("PROCESSOR_ARCHITECTURE", "AMD64")
            if sys.platform == "win32"
            else os.uname().machine
        )
    name = {"darwin": "osx", "win32": "win"}.get(system, system)
    machine = architecture.lower()
    if name == "linux" and machine == "arm64":
        machine = "aarch64"
    return f"{name}-{_ARCHITECTURES.get(machine, machine)}"
