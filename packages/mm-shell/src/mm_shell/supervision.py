"""A program as a child that stands for this process: its signals, its stops, its exit code.

For programs that have an entry in the list of processes, which somebody has to take
out again when they end. All others replace this process (`mm_shell.execution`).
"""

from __future__ import annotations

import os
import signal

from mm_shell.execution import STREAMS, become

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from typing import NoReturn

__all__ = ["Child", "detach", "start"]

_NOT_SENT = {"SIGBUS", "SIGFPE", "SIGILL", "SIGSEGV", "SIGSYS", "SIGTRAP", "SIGKILL", "SIGSTOP"}
"""What a process brings upon itself, and what cannot be caught."""

_OF_TERMINAL = {"SIGCONT", "SIGHUP", "SIGINT", "SIGQUIT", "SIGTSTP", "SIGWINCH"}
"""What terminals and shells send to all processes of a job."""

_PATIENCE = 0.5
"""Seconds without a signal after which the child is looked at all the same."""

_STOPS = {signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU}
"""How terminals stop the processes of a job."""


class Child:
    """A program that runs in place of this process, in the same job. Made by `start`."""

    __slots__ = ("_mask", "_on_end", "_reaping", "_watched", "pid")

    def __init__(self, on_end: Callable[[int], None]) -> None:
        self.pid = 0
        self._on_end = on_end
        self._watched = _watched()
        self._reaping = signal.signal(signal.SIGCHLD, lambda number, frame: None)
        self._mask = signal.pthread_sigmask(signal.SIG_BLOCK, self._watched)

    def wait(self) -> int:
        """Its exit code when it has ended, 128 + N for signal N.

        Until then every signal sent to this process goes to the child; those that a
        terminal sends it gets from there. When a terminal stops it, this process
        stops as well, so that the shell sees a stopped job.
        """
        try:
            while True:
                number, sender = self._next_signal()
                if number == signal.SIGCHLD:
                    code = self._reap()
                    if code is not None:
                        return code
                elif sender not in (None, self.pid):
                    os.kill(self.pid, number)
        finally:
            self.end()

    def end(self) -> None:
        """It has ended: say so, and leave signals as they were."""
        self._on_end(self.pid)
        self._restore_signals()

    def _restore_signals(self) -> None:
        signal.signal(signal.SIGCHLD, self._reaping)
        signal.pthread_sigmask(signal.SIG_SETMASK, self._mask)

    def become(
        self,
        program: str,
        argv: list[str],
        environ: Mapping[str, str],
        attached: Collection[str],
    ) -> None:
        """In the new process: be the program. Raises `OSError`."""
        self._restore_signals()
        become(program, argv, environ, attached)

    def _next_signal(self) -> tuple[int, int | None]:
        """The next signal, and who sent it; None for a terminal, which tells the child itself."""
        if not hasattr(signal, "sigtimedwait"):  # macOS
            number = signal.sigwait(self._watched)
            return number, None if signal.Signals(number).name in _OF_TERMINAL else 0
        info = signal.sigtimedwait(self._watched, _PATIENCE)
        if info is None:  # in a process with threads another one may have got it
            return signal.SIGCHLD, None
        return info.si_signo, info.si_pid if info.si_code <= 0 else None

    def _reap(self) -> int | None:
        pid, status = os.waitpid(self.pid, os.WNOHANG | os.WUNTRACED)
        if not pid:
            return None
        if not os.WIFSTOPPED(status):
            return os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
        if os.WSTOPSIG(status) in _STOPS:
            _stop_by(os.WSTOPSIG(status))
            os.kill(self.pid, signal.SIGCONT)
        return None


def start(
    program: str,
    argv: list[str],
    environ: Mapping[str, str],
    *,
    attached: Collection[str] = STREAMS,
    on_start: Callable[[int], None] = lambda pid: None,
    on_end: Callable[[int], None] = lambda pid: None,
) -> Child:
    """Begin to run the file *program* as a child.

    attached -- the standard streams it gets; the others lead nowhere
    on_start -- called with its process id before it begins
    on_end   -- called with it when it has ended, or could not be executed

    Raises `OSError` when *program* cannot be executed.
    """
    child = Child(on_end)
    begin, go = os.pipe()
    failure, fail = os.pipe()
    child.pid = os.fork()
    if not child.pid:
        os.close(go)
        _begin(child, begin, fail, lambda: child.become(program, argv, environ, attached))
    os.close(begin)
    os.close(fail)
    try:
        # The other side closes its end when it has become the program.
        with open(failure, "rb", buffering=0) as failed:
            with open(go, "wb", buffering=0) as door:
                on_start(child.pid)
                door.write(b"!")
            if reason := failed.read():
                raise OSError(int(reason), os.strerror(int(reason)), program)
    except BaseException:
        os.waitpid(child.pid, 0)
        child.end()
        raise
    return child


def detach(
    program: str,
    argv: list[str],
    environ: Mapping[str, str],
    *,
    attached: Collection[str] = (),
    on_start: Callable[[int], None] = lambda pid: None,
    on_end: Callable[[int], None] = lambda pid: None,
) -> int:
    """Run the file *program* in a session of its own; returns its process id.

    on_start, on_end -- called in the background, before it begins and when it has ended

    Raises `OSError` when it cannot be executed.
    """
    answer, tell = os.pipe()
    background = os.fork()
    if not background:
        try:
            os.setsid()
            child = _answering(tell, program, argv, environ, attached, on_start, on_end)
            if child is not None:
                _let_go_of_streams()
                child.wait()
        finally:
            os._exit(0)
    os.close(tell)
    with open(answer, "rb", buffering=0) as answered:
        text = answered.read()
    if text.startswith(b"pid "):
        return int(text.removeprefix(b"pid "))
    os.waitpid(background, 0)
    reason = int(text or b"0")
    raise OSError(reason, os.strerror(reason) if reason else "it did not start", program)


def _answering(
    tell: int,
    program: str,
    argv: list[str],
    environ: Mapping[str, str],
    attached: Collection[str],
    on_start: Callable[[int], None],
    on_end: Callable[[int], None],
) -> Child | None:
    """Start the program and tell the process in the foreground what came of it."""
    child = None
    try:
        child = start(program, argv, environ, attached=attached, on_start=on_start, on_end=on_end)
        os.write(tell, b"pid %d" % child.pid)
    except OSError as error:
        os.write(tell, b"%d" % (error.errno or 0))
    os.close(tell)
    return child


def _begin(child: Child, begin: int, fail: int, become: Callable[[], None]) -> NoReturn:
    """In the new process: wait until it may begin, and become the program."""
    try:
        if os.read(begin, 1):  # else who started it is gone
            become()
    except OSError as error:
        os.write(fail, b"%d" % (error.errno or 0))
    finally:
        os._exit(127)


def _stop_by(number: int) -> None:
    """Stop this process until somebody lets it continue."""
    before = signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [number])  # here it stops
    signal.pthread_sigmask(signal.SIG_BLOCK, [number])
    signal.signal(number, before)


def _watched() -> set[int]:
    left_out = {getattr(signal, name, None) for name in _NOT_SENT}
    return {int(number) for number in signal.valid_signals() if number not in left_out}


def _let_go_of_streams() -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)
