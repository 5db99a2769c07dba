"""The programs that `run` looks after: a file for each, and only while it runs.

A process id says little: it is given to another process some day. So the files also
hold when the process began, which both together are like no other on the machine.
The files are micromamba's, ``<pid>.json`` with ``command``, ``name`` and ``prefix``.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal

from mm_shell.errors import ShellError
from mm_shell.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["NameTaken", "ProcessList", "RunningProcess", "process_start"]

_FOLDER_MODE, _FILE_MODE = 0o700, 0o600

_TRIES, _PAUSE = 200, 0.02
"""How often, and how many seconds apart, the lock is tried."""


class NameTaken(ShellError):
    """A running process has that name already. ``pid``: that process."""

    def __init__(self, message: str, *, pid: int, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.pid = pid


class RunningProcess(Value):
    """A program that runs in an environment.

    name    -- its label
    prefix  -- the environment
    command -- the program and its arguments
    started -- when it began, as `process_start` says it; empty if unknown
    """

    __slots__ = ("command", "name", "pid", "prefix", "started")
    pid: int
    name: str
    prefix: str
    command: tuple[str, ...]
    started: str

    def __init__(
        self, pid: int, name: str, prefix: str, command: Sequence[str], started: str = ""
    ) -> None:
        self._set(pid=pid, name=name, prefix=prefix, command=tuple(command), started=started)

    @property
    def is_alive(self) -> bool:
        """Whether it is still running: this very one, not another with its number."""
        now = process_start(self.pid)
        return now is not None and self.started in ("", now)

    def send(self, number: int) -> bool:
        """Send it signal *number*; False if it has ended. Raises `PermissionError`."""
        try:
            if not hasattr(signal, "pidfd_send_signal"):
                if self.is_alive:
                    os.kill(self.pid, number)
                    return True
                return False
            process = os.pidfd_open(self.pid)
            try:
                if not self.is_alive:  # asked while its number cannot be given to another
                    return False
                signal.pidfd_send_signal(process, number)
            finally:
                os.close(process)
        except ProcessLookupError:
            return False
        return True

    def to_dict(self) -> dict[str, object]:
        """As data, for people's programs."""
        return {
            "pid": self.pid,
            "name": self.name,
            "prefix": self.prefix,
            "command": list(self.command),
        }


class ProcessList:
    """The processes listed in *folder*, which need not exist.

    A folder that cannot be used never is an error: running programs is what matters.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = os.fspath(folder)

    @classmethod
    def of_user(cls, environ: Mapping[str, str]) -> ProcessList:
        """The list that all commands of the user share."""
        home = environ.get("HOME") or os.path.expanduser("~")
        base = environ.get("XDG_CACHE_HOME") or os.path.join(home, ".cache")
        return cls(os.path.join(base, "mamba", "proc"))

    def running(self) -> list[RunningProcess]:
        """Those that run now, by process id; files of others are removed."""
        with self._locked():
            return self._running()

    @contextlib.contextmanager
    def naming(self, name: str) -> Iterator[None]:
        """Keep *name* free for a process that is added within. Raises `NameTaken`."""
        with self._locked(create=True):
            for other in self._running():
                if other.name == name:
                    raise NameTaken(
                        f"Running process with same name already exists: {name} [{other.pid}]",
                        pid=other.pid,
                        hint=f"Use another --label, or end it with: micromamba ps stop {name}",
                    )
            yield

    def add(self, process: RunningProcess) -> None:
        """List *process*."""
        document = process.to_dict() | {"started": process.started, "host": _host()}
        path = self._path(process.pid)
        temporary = f"{path}.new"
        with contextlib.suppress(OSError):
            file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _FILE_MODE)
            with open(file, "w", encoding="utf-8", errors="surrogateescape") as stream:
                json.dump(document, stream, ensure_ascii=False)
            os.replace(temporary, path)

    def discard(self, pid: int) -> None:
        """Take the process out of the list."""
        with contextlib.suppress(OSError):
            os.unlink(self._path(pid))

    def _path(self, pid: int) -> str:
        return os.path.join(self.folder, f"{pid}.json")

    def _running(self) -> list[RunningProcess]:
        try:
            names = os.listdir(self.folder)
        except OSError:
            return []
        pids = (int(stem) for stem in (n.removesuffix(".json") for n in names) if stem.isdecimal())
        found = []
        for pid in sorted(pids):
            process = self._read(pid)
            if process is not None and process.is_alive:
                found.append(process)
            elif process is not None:
                self.discard(pid)
        return found

    def _read(self, pid: int) -> RunningProcess | None:
        """The process with that number; None when it is another machine's, or unreadable."""
        try:
            with open(self._path(pid), encoding="utf-8", errors="surrogateescape") as file:
                data = json.load(file)
            if data.get("host", _host()) != _host():
                return None
            command = [str(word) for word in data["command"]]
            return RunningProcess(
                pid, str(data["name"]), str(data["prefix"]), command, str(data.get("started", ""))
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None

    @contextlib.contextmanager
    def _locked(self, *, create: bool = False) -> Iterator[None]:
        """Let no other process change the list meanwhile, if that can be had soon."""
        import fcntl

        descriptor = -1
        with contextlib.suppress(OSError):
            if create:
                os.makedirs(self.folder, _FOLDER_MODE, exist_ok=True)
            descriptor = os.open(self.folder, os.O_RDONLY | os.O_CLOEXEC)
            _lock(descriptor)
        try:
            yield
        finally:
            if descriptor >= 0:
                # Said expressly: processes started meanwhile have the descriptor as well.
                with contextlib.suppress(OSError):
                    fcntl.flock(descriptor, fcntl.LOCK_UN)
                os.close(descriptor)


def _lock(descriptor: int) -> None:
    """Lock the file; whoever holds it for longer than any change takes is not waited for."""
    import fcntl
    import time

    for _ in range(_TRIES):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_PAUSE)
        else:
            return


def process_start(pid: int) -> str | None:
    """When the process *pid* began, in a form that is good for comparison only.

    None when there is no such process, or all that is left of it is its exit code.

    >>> process_start(os.getpid()) == process_start(os.getpid())
    True
    """
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            state, *rest = file.read().rpartition(b")")[2].split()
        return None if state in b"ZX" else f"{_boot()}:{int(rest[18])}"
    except FileNotFoundError:
        if os.path.exists("/proc/self/stat"):
            return None
    except (OSError, ValueError, IndexError):
        return None
    return _start_by_ps(pid)


def _start_by_ps(pid: int) -> str | None:
    """The same where there is no ``/proc``."""
    import subprocess

    done = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    state, _, began = done.stdout.strip().partition(" ")
    return began.strip() if began and not state.startswith("Z") else None


def _boot() -> str:
    """This run of the machine: process times count from its beginning."""
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            return file.read().strip()
    except OSError:
        return ""


def _host() -> str:
    """Where process ids mean something: a machine, or a container on it."""
    try:
        space = os.readlink("/proc/self/ns/pid")
    except OSError:
        space = ""
    return f"{os.uname().nodename} {space}".strip()
