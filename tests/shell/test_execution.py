"""Becoming another program: what it inherits, and what happens when it cannot be."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mm_shell import supervision
from mm_shell.execution import become, original_environment

BECOME = "import sys; from mm_shell.execution import become; become(*eval(sys.argv[1]))"


def became(*arguments: Any, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", BECOME, repr(arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def test_a_file_without_shebang_is_a_script_of_the_shell(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text('echo "$X $0 $@"; exit 3\n')
    script.chmod(0o755)
    done = became(str(script), ["name", "a b", "c"], {"X": "1"})
    assert (done.returncode, done.stdout) == (3, f"1 {script} a b c\n")


def test_only_attached_streams_lead_anywhere() -> None:
    done = became(
        "/bin/sh", ["sh", "-c", "cat; echo out; echo err >&2"], {}, ("stderr",), input="x"
    )
    assert (done.stdout, done.stderr) == ("", "err\n")


@pytest.mark.parametrize("program", ["/no/such/program", "/etc/passwd", "/"])
def test_after_a_failure_everything_is_as_before(program: str) -> None:
    before = [os.fstat(descriptor) for descriptor in range(3)]
    files = set(os.listdir("/proc/self/fd"))
    handler = signal.getsignal(signal.SIGPIPE)
    try:
        with pytest.raises(OSError):
            become(program, ["x"], {}, ())
    finally:
        signal.signal(signal.SIGPIPE, handler)
    after = [os.fstat(descriptor) for descriptor in range(3)]
    assert [(s.st_dev, s.st_ino) for s in before] == [(s.st_dev, s.st_ino) for s in after]
    assert set(os.listdir("/proc/self/fd")) == files


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, False),
        ({"LC_CTYPE": "C.UTF-8"}, True),
        ({"LC_CTYPE": "de_DE.UTF-8"}, True),
        ({"LANG": "C"}, False),
        ({"LC_ALL": "C"}, False),
    ],
)
def test_pythons_own_locale_is_not_passed_on(given: dict[str, str], kept: bool) -> None:
    code = (
        "import os; from mm_shell.execution import original_environment as o; print(o(os.environ))"
    )
    path = os.pathsep.join(path for path in sys.path if path)
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": path, **given}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = eval(done.stdout)
    found.pop("PYTHONPATH")
    assert found == given
    assert ("LC_CTYPE" in found) is kept


def test_elsewhere_nothing_is_known_of_the_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(*_: object) -> None:
        raise FileNotFoundError

    monkeypatch.setattr("builtins.open", absent)
    assert original_environment({"LC_CTYPE": "C.UTF-8"}) == {"LC_CTYPE": "C.UTF-8"}


def started(code: str, **options: Any) -> supervision.Child:
    return supervision.start("/bin/sh", ["sh", "-c", code], dict(os.environ), **options)


def test_a_child_is_announced_before_it_begins_and_when_it_has_ended(tmp_path: Path) -> None:
    told: list[tuple[str, int, bool]] = []
    done = tmp_path / "done"
    child = started(
        f"touch {done}; exit 3",
        on_start=lambda pid: told.append(("start", pid, done.exists())),
        on_end=lambda pid: told.append(("end", pid, done.exists())),
    )
    assert child.wait() == 3
    assert told == [("start", child.pid, False), ("end", child.pid, True)]


def test_signals_are_left_as_they_were() -> None:
    def state() -> tuple[object, ...]:
        return signal.getsignal(signal.SIGCHLD), signal.pthread_sigmask(signal.SIG_BLOCK, ())

    before = state()
    assert started("kill -USR1 $$").wait() == 128 + signal.SIGUSR1
    assert state() == before
    told: list[int] = []
    with pytest.raises(OSError, match="No such file"):
        supervision.start("/no/such", ["x"], {}, on_end=told.append)
    assert state() == before
    assert len(told) == 1


def test_what_cannot_be_announced_does_not_begin(tmp_path: Path) -> None:
    def fail(pid: int) -> None:
        raise RuntimeError

    before = set(os.listdir("/proc/self/fd"))
    told: list[int] = []
    with pytest.raises(RuntimeError):
        started(f"touch {tmp_path}/begun", on_start=fail, on_end=told.append)
    with pytest.raises(ChildProcessError):
        os.waitpid(told[0], 0)
    assert list(tmp_path.iterdir()) == []
    assert set(os.listdir("/proc/self/fd")) == before


SIGNALLED = """
import os, signal, sys, time
from mm_shell import supervision
del signal.sigtimedwait  # as on macOS
code = "trap 'exit 7' TERM; trap 'exit 8' INT; touch %s; while :; do sleep 0.02; done" % sys.argv[1]
child = supervision.start("/bin/sh", ["sh", "-c", code], dict(os.environ))
while not os.path.exists(sys.argv[1]):
    time.sleep(0.01)
os.kill(os.getpid(), signal.SIGINT)
os.kill(os.getpid(), signal.SIGTERM)
sys.exit(child.wait())
"""
"""In a process of its own: a signal reaches any thread, also those of whoever runs tests."""


def test_without_knowing_senders_the_terminals_signals_are_not_passed_on(tmp_path: Path) -> None:
    words = [sys.executable, "-c", SIGNALLED, str(tmp_path / "ready")]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (7, "")
