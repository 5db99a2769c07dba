from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

import mm_pkg.transaction.lock as lock_module
from mm_pkg.cancellation import Cancellation, Cancelled
from mm_pkg.errors import FrozenEnvironment, NotAnEnvironment, PrefixLocked
from mm_pkg.prefix import Prefix
from mm_pkg.reporter import Reporter
from mm_pkg.transaction import (
    LinkItem,
    LinkOptions,
    Plan,
    apply,
    create_empty,
    recover,
    remove_environment,
)
from mm_pkg.transaction.lock import PrefixLock


def test_holder_is_named(tmp_path: Path) -> None:
    with PrefixLock(tmp_path) as held:
        held.acquire()
        with pytest.raises(PrefixLocked) as caught:
            PrefixLock(tmp_path).acquire(timeout=0.05)
        assert caught.value.pid == os.getpid()
        assert caught.value.host == os.uname().nodename
        assert str(os.getpid()) in str(caught.value)
    assert os.listdir(tmp_path) == []
    with PrefixLock(tmp_path) as again:
        again.acquire(timeout=0.05)


def test_lock_dies_with_its_holder(tmp_path: Path) -> None:
    program = (
        "import sys, time, pathlib; from mm_pkg.transaction.lock import PrefixLock;"
        "PrefixLock(pathlib.Path(sys.argv[1])).acquire(); print('held', flush=True);"
        "time.sleep(60)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    assert not PrefixLock(tmp_path).try_acquire()
    holder.kill()
    holder.communicate()
    with PrefixLock(tmp_path) as lock:
        assert lock.try_acquire()


def test_waiting_ends_when_the_lock_is_free(tmp_path: Path) -> None:
    first = PrefixLock(tmp_path)
    first.acquire()
    threading.Timer(0.1, first.release).start()
    with PrefixLock(tmp_path) as second:
        second.acquire(timeout=5)


def test_waiting_can_be_cancelled(tmp_path: Path) -> None:
    stop = Cancellation()
    with PrefixLock(tmp_path) as held:
        held.acquire()
        threading.Timer(0.05, stop.cancel).start()
        with pytest.raises(Cancelled):
            PrefixLock(tmp_path).acquire(cancellation=stop)


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.EIO, errno.ENOSYS])
def test_file_system_without_locks(
    code: int, make: Any, prefix: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(code, "no locks here")

    monkeypatch.setattr(lock_module, "_lock", refuse)
    warnings: list[str] = []

    class Listener(Reporter):
        def warned(self, message: str) -> None:
            warnings.append(message)

    create_empty(prefix)
    apply(Plan(prefix, (), (LinkItem(make("a", {"x": b""})),)), reporter=Listener())
    assert (prefix / "x").exists()
    assert len(warnings) == 1
    assert "cannot be locked" in warnings[0]


def test_running_transaction_is_not_recovered(make: Any, prefix: Path) -> None:
    create_empty(prefix)
    with PrefixLock(prefix / "conda-meta") as held:
        held.acquire()
        (prefix / "conda-meta" / ".mm-journal").mkdir()
        assert not recover(prefix)
    assert recover(prefix)
    assert not recover(prefix)
    assert os.listdir(prefix / "conda-meta") == ["history"]


def test_many_processes_change_one_environment(make: Any, prefix: Path) -> None:
    packages = [make(f"p{n}", {f"d/{n}": b"x" * n}) for n in range(8)]
    children = []
    for package in packages:
        child = os.fork()
        if child == 0:
            try:
                apply(Plan(prefix, (), (LinkItem(package),)))
                os._exit(0)
            finally:
                os._exit(1)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 8
    assert set(Prefix(prefix).records()) == {f"p{n}" for n in range(8)}
    assert sorted(os.listdir(prefix / "d")) == sorted(str(n) for n in range(8))
    assert sorted(os.listdir(prefix.parent)) == [prefix.name]


def test_failed_creation_takes_its_parents_along(make: Any, tmp_path: Path) -> None:
    prefix = tmp_path / "a" / "b" / "env"
    package = make("x", {"f": b""})
    (package.path / "f").unlink()
    with pytest.raises(Exception, match="f is missing"):
        apply(Plan(prefix, (), (LinkItem(package),)))
    assert not (tmp_path / "a").exists()


def test_failed_creation_keeps_a_directory_that_was_there(make: Any, prefix: Path) -> None:
    prefix.mkdir(parents=True)
    (prefix / "mine").write_text("keep")
    package = make("x", {"f": b""})
    (package.path / "f").unlink()
    with pytest.raises(Exception, match="f is missing"):
        apply(Plan(prefix, (), (LinkItem(package),)))
    assert os.listdir(prefix) == ["mine"]


def test_create_empty(prefix: Path) -> None:
    create_empty(prefix)
    assert Prefix(prefix).is_environment
    assert (prefix / "conda-meta" / "history").read_bytes() == b""
    assert os.listdir(prefix / "conda-meta") == ["history"]
    create_empty(prefix)


def test_remove_environment(make: Any, prefix: Path) -> None:
    apply(Plan(prefix, (), (LinkItem(make("a", {"d/x": b""})),)))
    (prefix / "d").chmod(0o555)
    remove_environment(prefix)
    assert os.listdir(prefix.parent) == []
    with pytest.raises(NotAnEnvironment):
        remove_environment(prefix)


def test_frozen_environment_is_not_removed(prefix: Path) -> None:
    create_empty(prefix)
    (prefix / "conda-meta" / "frozen").touch()
    with pytest.raises(FrozenEnvironment):
        remove_environment(prefix)
    remove_environment(prefix, LinkOptions(override_frozen=True))
    assert not prefix.exists()


def test_recover_costs_little(prefix: Path) -> None:
    create_empty(prefix)
    start = time.perf_counter()
    for _ in range(100):
        recover(prefix)
    assert time.perf_counter() - start < 0.1


def test_lock_that_a_dead_process_has_left_to_its_child_for_an_instant(prefix: Path) -> None:
    create_empty(prefix)
    meta = prefix / "conda-meta"
    (meta / ".mm-journal").mkdir()
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    child = PrefixLock(meta)
    child.acquire()
    child.path.write_text(f"{dead.pid} {os.uname().nodename}\n")
    threading.Timer(0.1, child.release).start()
    assert recover(prefix)
