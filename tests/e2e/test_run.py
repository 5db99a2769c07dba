"""``run``: as if the program had been started by itself; and ``ps``, for those looked after."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from harness import PROGRAM, Micromamba, tree

WAYS = ("direct", "scripted", "labelled")

SENT = ("HUP", "INT", "QUIT", "USR1", "USR2", "ALRM", "WINCH", "CONT", "TSTP", "IO")

TRAPS = """
import os, signal, sys, time
got = []
for name in sys.argv[1:]:
    signal.signal(getattr(signal, name), lambda number, frame: got.append(number))
print("ready", flush=True)
end = time.monotonic() + 30
while signal.SIGTERM not in got and time.monotonic() < end:
    time.sleep(0.005)
print("got", *(signal.Signals(number).name for number in got))
"""


@pytest.fixture
def run(mm: Micromamba) -> Callable[..., list[str]]:
    """run(way, *words) -> the command line; each way has its environment."""
    for name in WAYS:
        meta = mm.env(name) / "conda-meta"
        meta.mkdir(parents=True)
        (meta / "history").touch()
    scripts = mm.env("scripted") / "etc" / "conda" / "activate.d"
    scripts.mkdir(parents=True)
    (scripts / "a.sh").write_text("export FROM_SCRIPT=1\n")

    def command(way: str, *words: str) -> list[str]:
        label = ["--label", "it"] if way == "labelled" else []
        return [str(PROGRAM), "run", "-n", way, *label, *words]

    return command


@pytest.fixture
def popen(mm: Micromamba) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start a command in the world; what still runs in the end is killed."""
    started = []

    def begin(argv: list[str], environ: dict[str, str] | None = None, **options: Any) -> Any:
        env = mm.environ if environ is None else environ
        process = subprocess.Popen(
            argv, env=env, cwd=mm.home,
            **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
        )  # fmt: skip
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def finish(process: subprocess.Popen[bytes], data: bytes | None = None) -> tuple[int, bytes, bytes]:
    out, err = process.communicate(data, timeout=60)
    return process.returncode, out, err


# The process -------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
def test_same_process_and_its_exit_code(run: Any, popen: Any, way: str) -> None:
    process = popen(run(way, "sh", "-c", "echo $$ $FROM_SCRIPT; exit 42"))
    code, out, err = finish(process)
    assert (code, err) == (42, b"")
    assert (int(out.split()[0]) == process.pid) is (way != "labelled")
    assert (b" 1" in out) is (way == "scripted")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGABRT])
def test_a_program_that_a_signal_ends(run: Any, popen: Any, way: str, number: int) -> None:
    code, _, err = finish(popen(run(way, "sh", "-c", f"ulimit -c 0; kill -{number:d} $$")))
    assert (code, err) == (128 + number if way == "labelled" else -number, b"")


@pytest.mark.parametrize("way", WAYS)
def test_every_signal_arrives_once(run: Any, popen: Any, way: str) -> None:
    names = [f"SIG{name}" for name in SENT]
    process = popen(run(way, sys.executable, "-c", TRAPS, *names, "SIGTERM"))
    assert process.stdout.readline() == b"ready\n"
    for name in [*names, "SIGTERM"]:
        process.send_signal(getattr(signal, name))
        time.sleep(0.03)  # signals of different kinds have no order
    code, out, _ = finish(process)
    assert code == 0
    assert sorted(out.decode().split()) == sorted([*names, "SIGTERM", "got"])


@pytest.mark.parametrize("way", WAYS)
def test_ignored_signals_stay_ignored_and_pythons_do_not(run: Any, popen: Any, way: str) -> None:
    status = "grep -E 'Sig(Blk|Ign)' /proc/self/status"
    plain = popen(["sh", "-c", f"trap '' HUP; exec sh -c \"{status}\""])
    argv = run(way, "sh", "-c", status)
    ours = popen(["sh", "-c", "trap '' HUP; exec \"$@\"", "sh", *argv])
    assert finish(ours)[1] == finish(plain)[1]


@pytest.mark.parametrize("way", WAYS)
def test_a_reader_that_leaves_ends_the_program(run: Any, popen: Any, way: str) -> None:
    process = popen(run(way, "yes"))
    assert process.stdout.readline() == b"y\n"
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(30) == (128 + signal.SIGPIPE if way == "labelled" else -signal.SIGPIPE)


@pytest.mark.parametrize("way", WAYS)
def test_standard_input_goes_through(run: Any, popen: Any, tmp_path: Path, way: str) -> None:
    data = hashlib.shake_256(b"x").digest(1 << 20) * 100
    process = popen(run(way, "sha256sum"), stdin=subprocess.PIPE)
    code, out, _ = finish(process, data)
    assert code == 0
    assert out.split()[0].decode() == hashlib.sha256(data).hexdigest()


def test_two_in_a_pipe(run: Any, popen: Any) -> None:
    for _ in range(3):
        first = popen(run("direct", "echo", "hi"))
        second = popen(run("direct", "cat"), stdin=first.stdout)
        first.stdout.close()
        assert finish(second) == (0, b"hi\n", b"")
        assert first.wait() == 0
        assert first.stderr.read() == b""


@pytest.mark.parametrize("way", WAYS)
def test_open_files_and_closed_streams_are_the_programs(run: Any, popen: Any, way: str) -> None:
    words = run(way, "sh", "-c", "echo hi >&9; ls /proc/self/fd")
    plain = ["sh", "-c", "echo hi >&9; ls /proc/self/fd"]
    seen = []
    for argv in (words, plain):
        reading, writing = os.pipe()
        code = f'exec 9>&{writing} {writing}>&- <&-; exec "$@"'
        process = popen(["bash", "-c", code, "bash", *argv], pass_fds=[writing])
        os.close(writing)
        seen.append((finish(process), os.read(reading, 100)))
        os.close(reading)
    assert seen[0] == seen[1]
    assert seen[0][1] == b"hi\n"


def test_nothing_is_left_behind(run: Any, popen: Any, mm: Micromamba) -> None:
    before = tree(mm.home.parent)
    for way in ("direct", "scripted"):
        assert finish(popen(run(way, "true")))[0] == 0
    assert tree(mm.home.parent) == before
    assert finish(popen(run("labelled", "true")))[0] == 0
    assert tree(mm.home.parent) - before == {
        "home/.cache", "home/.cache/mamba", "home/.cache/mamba/proc",
    }  # fmt: skip


# The environment ---------------------------------------------------------------------------------


def variables(out: bytes) -> dict[str, str]:
    entries = (entry.partition("=") for entry in out.decode().split("\0") if entry)
    return {name: value for name, _, value in entries}


@pytest.mark.parametrize("way", WAYS)
def test_what_is_set_and_nothing_else(run: Any, popen: Any, mm: Micromamba, way: str) -> None:
    environ = {name: value for name, value in mm.environ.items() if name != "LANG"}
    environ |= {"OTHER": "a b", "BASH_ENV": "/no/such'file", "LC_NUMERIC": "C"}
    code, out, err = finish(popen(run(way, "env", "-0"), environ))
    assert (code, err) == (0, b"")
    found = variables(out)
    own = {name: found.pop(name) for name in list(found) if environ.get(name) != found[name]}
    for name in ("_", "PWD", "OLDPWD", "SHLVL", "FROM_SCRIPT"):  # of the shell that runs scripts
        own.pop(name, None)
    prefix = str(mm.env(way))
    assert own == {
        "CONDA_DEFAULT_ENV": way,
        "CONDA_PREFIX": prefix,
        "CONDA_PROMPT_MODIFIER": f"({way}) ",
        "CONDA_SHLVL": "1",
        "MAMBA_EXE": str(PROGRAM),
        "PATH": f"{prefix}/bin:{environ['PATH']}",
    }
    assert set(environ) - {"PATH"} <= set(found)


def test_clean_environment_and_variables(run: Any, popen: Any, mm: Micromamba) -> None:
    words = ("--clean-env", "-e", "A=1=2", "-e", "HOME", "-e", "EMPTY=", "-e", "ABSENT")
    code, out, err = finish(popen(run("direct", *words, "env", "-0")))
    found = variables(out)
    assert code == 0
    assert b"ABSENT is not set" in err
    assert (found["A"], found["HOME"], found["EMPTY"]) == ("1=2", str(mm.home), "")
    assert {name for name in found if not name.startswith("CONDA_")} == {
        "A", "EMPTY", "HOME", "MAMBA_EXE", "PATH",
    }  # fmt: skip
    code, _, err = finish(popen(run("direct", "-e", "=x", "true")))
    assert code == 104


@pytest.mark.parametrize("way", WAYS)
def test_a_folder_to_run_in(run: Any, popen: Any, mm: Micromamba, way: str) -> None:
    (mm.home / "sub").mkdir()
    (mm.home / "sub" / "tool").write_text("echo in $(pwd) with $1\n")  # no #!: for a shell
    (mm.home / "sub" / "tool").chmod(0o755)
    argv = run(way, "--cwd", "~/sub", "./tool", "a b")
    assert finish(popen(argv)) == (0, f"in {mm.home}/sub with a b\n".encode(), b"")
    code, out, err = finish(popen(run(way, "--cwd", "/no/such", "true")))
    assert (code, out) == (255, b"")
    assert b"The given path does not exist: /no/such" in err


@pytest.mark.parametrize("way", WAYS)
def test_words_that_look_like_ours(run: Any, popen: Any, mm: Micromamba, way: str) -> None:
    tool = mm.env(way) / "bin" / "-tool"
    tool.parent.mkdir()
    tool.write_text('#!/bin/sh\nprintf "%s|" "$@"\n')
    tool.chmod(0o755)
    words = ("-c", "--", "-n", "x", "", "--json", "a\nb", "(", "'\"$HOME`")
    wanted = "".join(f"{word}|" for word in words).encode()
    assert finish(popen(run(way, "--", "-tool", *words))) == (0, wanted, b"")
    assert finish(popen(run(way, "printf", "%s|", *words)))[1] == wanted


@pytest.mark.parametrize("way", WAYS)
def test_programs_that_cannot_be_run(run: Any, popen: Any, mm: Micromamba, way: str) -> None:
    (mm.home / "text").write_text("x")
    code, out, err = finish(popen(run(way, "no-such-tool")))
    assert (code, out) == (127, b"")
    assert b"no-such-tool" in err
    code, out, err = finish(popen(run(way, "-a", "stdout", "./text")))
    assert (code, out) == (126, b"")
    assert b"ermission denied" in err or way == "scripted"  # where bash had nowhere to say it
    assert json.loads(mm("ps", "--json").out)["processes"] == []


# Streams -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("attach", "expected"),
    [
        ("stdin,stdout,stderr", (b"got in\n", b"err\n")),
        ("stdout", (b"got\n", b"")),
        ("stdin stdout", (b"got in\n", b"")),
        ("STDERR", (b"", b"err\n")),
        ("stdin", (b"", b"")),
        ("", (b"", b"")),
    ],
)
def test_only_what_is_listed_is_attached(
    run: Any, popen: Any, way: str, attach: str, expected: tuple[bytes, bytes]
) -> None:
    argv = run(way, "-a", attach, "sh", "-c", "echo got $(cat); echo err >&2; exit 3")
    assert finish(popen(argv, stdin=subprocess.PIPE), b"in") == (3, *expected)


def test_streams_that_are_none(run: Any, popen: Any) -> None:
    code, _, err = finish(popen(run("direct", "-a", "stdlog", "true")))
    assert code == 104
    assert b"stdlog" in err


# Terminals ---------------------------------------------------------------------------------------


class Terminal:
    """A bash with job control in a terminal of its own."""

    def __init__(self, mm: Micromamba) -> None:
        self.pid, self.file = pty.fork()
        if not self.pid:
            os.chdir(mm.home)
            os.execve("/bin/bash", ["bash", "--norc", "--noprofile", "-i"], mm.environ)
        self.shown = ""
        self.type("PS1='>'; bind 'set enable-bracketed-paste off' 2>/dev/null; echo be''gin\n")
        self.expect("begin")

    def type(self, text: str) -> None:
        os.write(self.file, text.encode())

    def expect(self, pattern: str) -> str:
        """Everything up to what *pattern* stands for."""
        end = time.monotonic() + 10
        while not (found := re.search(pattern, self.shown)):
            ready, _, _ = select.select([self.file], [], [], max(0, end - time.monotonic()))
            assert ready, f"no {pattern!r} in {self.shown!r}"
            self.shown += os.read(self.file, 10_000).decode()
        before, self.shown = self.shown[: found.end()], self.shown[found.end() :]
        return before

    def close(self) -> None:
        with contextlib.suppress(OSError):
            os.kill(self.pid, signal.SIGHUP)
            os.kill(self.pid, signal.SIGKILL)
        os.close(self.file)
        os.waitpid(self.pid, 0)


@pytest.fixture
def terminal(mm: Micromamba, run: Any) -> Iterator[Terminal]:
    found = Terminal(mm)
    yield found
    found.close()


def quoted(words: list[str]) -> str:
    return " ".join("'" + word.replace("'", "'\\''") + "'" for word in words)


@pytest.mark.parametrize("way", WAYS)
def test_ctrl_c_arrives_once(terminal: Terminal, run: Any, way: str) -> None:
    terminal.type(quoted(run(way, sys.executable, "-c", TRAPS, "SIGINT", "SIGTERM")) + "\n")
    terminal.expect("\nready")
    terminal.type("\x03")
    time.sleep(0.2)
    terminal.type("\x1a")  # nobody catches this one: the job stops
    terminal.expect("Stopped")
    terminal.type("kill %1; fg\n")
    # A signal to the whole job reaches the program, and who looks after it, who passes it on.
    twice = "( SIGTERM)?" if way == "labelled" else ""
    terminal.expect(f"\ngot SIGINT SIGTERM{twice}\r")


@pytest.mark.parametrize("way", WAYS)
def test_stopped_and_continued(terminal: Terminal, run: Any, way: str) -> None:
    program = (
        "import os; print(os.ttyname(0)); print('ready'); print('go' 't', input()); os._exit(7)"
    )
    terminal.type(quoted(run(way, sys.executable, "-u", "-c", program)) + "\n")
    assert "/dev/pts/" in terminal.expect("\nready")
    terminal.type("\x1a")
    terminal.expect("Stopped")
    terminal.type("jobs; fg\n")
    terminal.expect("Stopped")
    terminal.type("still here\n")
    terminal.expect("got still here")
    terminal.type("echo code $?\n")
    terminal.expect("code 7")


def test_ctrl_c_ends_what_does_not_catch_it(terminal: Terminal, run: Any) -> None:
    for way in WAYS:
        terminal.type(quoted(run(way, "sh", "-c", "echo re''ady; exec sleep 60")) + "\n")
        terminal.expect("\nready")
        terminal.type("\x03")
        terminal.type("echo code $?\n")
        terminal.expect("code 130")


# ps ----------------------------------------------------------------------------------------------


def listed(mm: Micromamba) -> list[dict[str, Any]]:
    return mm("ps", "list", "--json").json()["processes"]


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_in_the_background(run: Any, popen: Any, mm: Micromamba) -> None:
    show = "echo $$ > pid; cat; echo out; echo err >&2; touch done; exec sleep 60"
    code, out, err = finish(popen(run("direct", "-d", "sh", "-c", show)))
    assert (code, err) == (0, b"")
    pid = int(out.decode().removeprefix("Kill process with: kill "))
    until((mm.home / "done").exists)
    assert int((mm.home / "pid").read_text()) == pid
    assert os.getsid(pid) not in (os.getsid(0), 0)
    streams = {os.readlink(f"/proc/{pid}/fd/{number}") for number in range(3)}
    assert streams == {"/dev/null"}
    (entry,) = listed(mm)
    assert (entry["pid"], entry["prefix"]) == (pid, str(mm.env("direct")))
    assert entry["name"].endswith("_sh")
    assert entry["command"] == ["sh", "-c", show]
    table = mm("ps").out.splitlines()
    assert table[0].split() == ["PID", "Name", "Prefix", "Command"]
    assert table[1].split()[:4] == [str(pid), entry["name"], "direct", "sh"]
    assert mm("ps", "stop", str(pid)).out == f"Stopping {entry['name']} [{pid}]\n"
    until(lambda: listed(mm) == [])
    until(lambda: not list((mm.home / ".cache" / "mamba" / "proc").iterdir()))
    assert mm("ps").out == "No running processes\n"


def test_in_the_background_with_a_stream(run: Any, popen: Any, mm: Micromamba) -> None:
    process = popen(run("direct", "-d", "-a", "stdout", "sh", "-c", "sleep .1; echo later"))
    code, out, _ = finish(process)  # to the end of the stream: nothing else keeps it open
    assert code == 0
    assert out.endswith(b"later\n")


def test_by_label(run: Any, popen: Any, mm: Micromamba) -> None:
    first = popen(run("labelled", "sh", "-c", "echo ready; exec sleep 60"))
    assert first.stdout.readline() == b"ready\n"
    assert [entry["name"] for entry in listed(mm)] == ["it"]
    code, out, err = finish(popen(run("labelled", "true")))
    assert (code, out) == (1, b"")
    assert b"same name already exists" in err
    (ended,) = mm("ps", "kill", "it", "--json").json()["processes"]
    assert ended["name"] == "it"
    assert finish(first) == (128 + signal.SIGKILL, b"", b"")
    assert mm.fails("ps", "stop", "it").err.count("Did not find any matching process.") == 1
    assert finish(popen(run("labelled", "true")))[0] == 0


def test_a_killed_supervisor_leaves_a_true_list(run: Any, popen: Any, mm: Micromamba) -> None:
    process = popen(run("labelled", "sh", "-c", "echo $$; exec sleep 60"))
    pid = int(process.stdout.readline())
    process.kill()
    process.wait()
    assert [entry["pid"] for entry in listed(mm)] == [pid]
    mm("ps", "stop", "it")
    until(lambda: listed(mm) == [])
    assert list((mm.home / ".cache" / "mamba" / "proc").iterdir()) == []


def test_one_of_many_gets_the_label(run: Any, popen: Any, mm: Micromamba) -> None:
    started = [popen(run("labelled", "sh", "-c", "echo on; exec sleep 60")) for _ in range(5)]
    until(lambda: sum(process.poll() is not None for process in started) == 4)
    assert [process.poll() for process in started].count(1) == 4
    assert len(listed(mm)) == 1
    mm("ps", "kill", "it")


@pytest.mark.parametrize("options", [("--label", "x"), ("-d",)])
def test_a_list_that_cannot_be_kept_is_no_matter(
    mm: Micromamba, run: Any, options: tuple[str, ...]
) -> None:
    result = mm("run", "-n", "direct", *options, "true", XDG_CACHE_HOME="/proc/no")
    assert result.err == ""


@pytest.mark.parametrize("label", ["", " ", "123", "a\nb"])
def test_labels_that_are_none(mm: Micromamba, run: Any, label: str) -> None:
    mm.fails("run", "-n", "direct", "--label", label, "true", code=104)


def test_failures_in_the_background_are_told(mm: Micromamba, run: Any) -> None:
    (mm.home / "text").write_text("x")
    mm.fails("run", "-n", "direct", "-d", "no-such-tool", code=127)
    mm.fails("run", "-n", "direct", "-d", "./text", code=126)
    assert listed(mm) == []
