"""The list of processes: only what runs, whatever the files say; and nobody else can read them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from mm_shell.process_list import NameTaken, ProcessList, RunningProcess, process_start


@pytest.fixture
def processes(tmp_path: Path) -> ProcessList:
    return ProcessList.of_user({"XDG_CACHE_HOME": str(tmp_path / "cache")})


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(["sleep", "60"]) as process:
        yield process
        process.kill()


def listed(processes: ProcessList, pid: int, name: str = "n", started: str | None = None) -> None:
    began = process_start(pid) if started is None else started
    assert began is not None
    with processes.naming(name):
        processes.add(RunningProcess(pid, name, "/p", ["cmd", "a b", "\udcff"], began))


def test_what_runs_is_listed(processes: ProcessList, sleeper: subprocess.Popen[bytes]) -> None:
    assert processes.running() == []
    assert not Path(processes.folder).exists()
    listed(processes, sleeper.pid)
    (found,) = processes.running()
    assert found.to_dict() == {
        "pid": sleeper.pid, "name": "n", "prefix": "/p", "command": ["cmd", "a b", "\udcff"],
    }  # fmt: skip
    folder = Path(processes.folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    (file,) = folder.iterdir()
    assert file.name == f"{sleeper.pid}.json"
    assert file.stat().st_mode & 0o777 == 0o600
    processes.discard(sleeper.pid)
    processes.discard(sleeper.pid)
    assert processes.running() == []


def test_the_dead_are_taken_out(processes: ProcessList, sleeper: subprocess.Popen[bytes]) -> None:
    listed(processes, sleeper.pid)
    sleeper.kill()
    os.waitid(os.P_PID, sleeper.pid, os.WEXITED | os.WNOWAIT)  # a zombie now
    assert processes.running() == []
    assert list(Path(processes.folder).iterdir()) == []
    assert process_start(sleeper.pid) is None


def test_another_process_with_the_number_is_not_it(
    processes: ProcessList, sleeper: subprocess.Popen[bytes]
) -> None:
    listed(processes, sleeper.pid, started="another boot:1")
    (entry,) = Path(processes.folder).iterdir()
    impostor = RunningProcess(sleeper.pid, "n", "/p", ["cmd"], "another boot:1")
    assert not impostor.send(signal.SIGKILL)
    assert sleeper.poll() is None
    assert processes.running() == []
    assert not entry.exists()


def test_signals_arrive(sleeper: subprocess.Popen[bytes]) -> None:
    started = process_start(sleeper.pid)
    assert started
    process = RunningProcess(sleeper.pid, "n", "/p", ["cmd"], started)
    assert process.send(signal.SIGTERM)
    assert sleeper.wait(30) == -signal.SIGTERM
    assert not process.send(signal.SIGTERM)


def test_what_others_left_there_is_not_touched(processes: ProcessList) -> None:
    folder = Path(processes.folder)
    folder.mkdir(parents=True)
    entry = {"command": ["x"], "name": "n", "prefix": "/p", "host": "elsewhere", "pid": 2**22 + 1}
    files = {
        f"{2**22 + 1}.json": json.dumps(entry),
        "1.json": "{",
        "2.json": "[]",
        "3.json": "[" * 100_000,
        "4.json": '{"command": 1, "name": "n", "prefix": "/p"}',
        "x.json": "{}",
        "proc.lock": "",
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    assert processes.running() == []
    assert {path.name for path in folder.iterdir()} == set(files)


def test_micromambas_own_entries(processes: ProcessList, sleeper: subprocess.Popen[bytes]) -> None:
    folder = Path(processes.folder)
    folder.mkdir(parents=True)
    for pid in (sleeper.pid, 2**22 + 1):
        (folder / f"{pid}.json").write_text('{"command": ["x"], "name": "n", "prefix": "/p"}')
    assert [process.pid for process in processes.running()] == [sleeper.pid]
    assert len(list(folder.iterdir())) == 1


def test_one_process_a_name(processes: ProcessList, sleeper: subprocess.Popen[bytes]) -> None:
    listed(processes, sleeper.pid)
    with pytest.raises(NameTaken, match="same name already exists") as caught:
        listed(processes, os.getpid())
    assert caught.value.pid == sleeper.pid
    sleeper.kill()
    sleeper.wait()
    listed(processes, os.getpid())


def test_of_many_at_once_one_gets_the_name(processes: ProcessList) -> None:
    sleepers = [subprocess.Popen(["sleep", "60"]) for _ in range(6)]
    refused = []

    def enter(pid: int) -> None:
        try:
            listed(processes, pid)
        except NameTaken:
            refused.append(pid)

    threads = [threading.Thread(target=enter, args=(each.pid,)) for each in sleepers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 5
    assert len(processes.running()) == 1
    for each in sleepers:
        each.kill()
        each.wait()


def test_a_folder_that_cannot_be_is_no_matter(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    processes = ProcessList(tmp_path / "file" / "proc")
    listed(processes, os.getpid())
    assert processes.running() == []


def test_without_proc_ps_tells(
    sleeper: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    from mm_shell import process_list

    began = process_list._start_by_ps(sleeper.pid)
    assert began
    assert began == process_list._start_by_ps(sleeper.pid)
    sleeper.kill()
    sleeper.wait()
    assert process_list._start_by_ps(sleeper.pid) is None
