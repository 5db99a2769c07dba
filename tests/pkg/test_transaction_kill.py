"""A transaction killed at any point leaves, after `recover`, the old or the new state."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mm_pkg.prefix import HistoryEntry, Prefix
from mm_pkg.transaction import LinkItem, Plan, apply, recover

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forked processes")

CHANGING = frozenset(
    {
        "open",
        "os.link",
        "os.symlink",
        "os.rename",
        "os.mkdir",
        "os.rmdir",
        "os.remove",
        "os.utime",
        "os.chmod",
        "os.truncate",
        "shutil.rmtree",
        "subprocess.Popen",
    }
)

History = HistoryEntry("test", date="2026-01-01 00:00:00")


def run_killed(action: Callable[[], object], kill_at: int) -> bool:
    """Run *action* in another process and kill -9 it before its n-th change of the disk.

    Returns whether it was killed; False means it came to its end.
    """
    child = os.fork()
    if child == 0:
        count = 0

        def hook(event: str, args: tuple[Any, ...]) -> None:
            nonlocal count
            if event in CHANGING:
                count += 1
                if count == kill_at:
                    os.kill(os.getpid(), signal.SIGKILL)

        try:
            sys.addaudithook(hook)
            action()
        except BaseException:
            os._exit(7)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def restore(backup: Path, prefix: Path) -> None:
    shutil.rmtree(prefix, ignore_errors=True)
    shutil.copytree(backup, prefix, symlinks=True)


@pytest.fixture
def upgrade(make: Any, file: Any, soft: Any, placeholder: str, prefix: Path) -> Plan:
    """A transaction with every kind of change, and the environment it starts from."""
    python = make.python()
    old = make(
        "app",
        {
            "bin/app": file(b"#!/bin/sh\necho 1\n", 0o755),
            "share/app/same": b"same",
            "share/app/gone/deep/file": b"old",
            "swap": b"a file that becomes a directory",
            "turn/inner": b"a directory that becomes a file",
            "current": soft("share/app"),
        },
        version="1.0",
    )
    stays = make("stays", {"share/both": b"of stays", "lib/stays": b"1"})
    loser = make("loser", {"share/win": b"of loser"})
    winner = make("winner", {"share/win": b"of winner"})
    module = make("module", {"site-packages/module.py": b"x = 1\n"}, noarch="python")
    first = [python, old, stays, loser, winner, module]
    apply(Plan(prefix, (), tuple(map(LinkItem, first)), History))
    (prefix / "share" / "users.txt").write_text("mine")
    new = make(
        "app",
        {
            "bin/app": file(b"#!/bin/sh\necho 2\n", 0o755),
            "share/app/same": b"same",
            "share/both": b"of app",
            "share/users.txt": b"of app too",
            "swap/inside": b"in the directory",
            "turn": b"the file",
            "etc/app.conf": file(f"at={placeholder}\n".encode(), placeholder=placeholder),
            "current": soft("share/both"),
            "new/empty": None,
        },
        version="2.0",
    )
    module2 = make(
        "module",
        {"site-packages/module.py": b"x = 2\n", "site-packages/more/m.py": b"y = 2\n"},
        version="2.0",
        noarch="python",
        entry_points=["mod = module:main"],
    )
    leaving = tuple(package.installed(prefix) for package in (old, winner, module))
    return Plan(prefix, leaving, (LinkItem(new), LinkItem(module2, ("module >1",))), History)


def states(plan: Plan, picture: Any, backup: Path) -> tuple[object, object]:
    """Pictures before and after, leaving the environment as before."""
    shutil.copytree(plan.prefix, backup, symlinks=True)
    before = picture(plan.prefix)
    apply(plan)
    after = picture(plan.prefix)
    assert before != after
    restore(backup, plan.prefix)
    assert picture(plan.prefix) == before
    return before, after


def forget_bytecode(make: Any) -> None:
    shutil.rmtree(make.pkgs / ".pyc", ignore_errors=True)


def test_killed_at_every_point(upgrade: Plan, make: Any, picture: Any, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    before, after = states(upgrade, picture, backup)
    seen = {"old": 0, "new": 0}
    point = 1
    while True:
        forget_bytecode(make)
        killed = run_killed(lambda: apply(upgrade), point)
        if not killed:
            break
        recover(upgrade.prefix)
        now = picture(upgrade.prefix)
        assert now in (before, after), f"a mixture after a kill at point {point}"
        seen["old" if now == before else "new"] += 1
        if now == after:
            restore(backup, upgrade.prefix)
        point += 1
    assert picture(upgrade.prefix) == after
    assert seen["old"] > 50
    assert seen["new"] > 5


def test_recovery_killed_too(upgrade: Plan, make: Any, picture: Any, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    before, after = states(upgrade, picture, backup)
    chance = random.Random(5)
    rounds = 0
    while rounds < 60:
        forget_bytecode(make)
        if not run_killed(lambda: apply(upgrade), chance.randrange(20, 160)):
            restore(backup, upgrade.prefix)
            continue
        rounds += 1
        for _ in range(3):
            run_killed(lambda: recover(upgrade.prefix), chance.randrange(1, 30))
        recover(upgrade.prefix)
        now = picture(upgrade.prefix)
        assert now in (before, after)
        if now == after:
            restore(backup, upgrade.prefix)


@pytest.mark.parametrize("existing", [False, True])
def test_new_environment_killed_at_every_point(
    existing: bool, make: Any, picture: Any, prefix: Path
) -> None:
    packages = [
        make.python(),
        make("app", {"bin/app": b"x", "lib/a/b/c": b"y"}),
        make("module", {"site-packages/module.py": b"x = 1\n"}, noarch="python"),
    ]
    plan = Plan(prefix, (), tuple(map(LinkItem, packages)), History)
    if existing:
        prefix.mkdir(parents=True)
        (prefix / "mine").write_text("keep")
    before = picture(prefix)
    apply(plan)
    after = picture(prefix)
    point = 1
    while True:
        forget_bytecode(make)
        shutil.rmtree(prefix)
        if existing:
            prefix.mkdir()
            (prefix / "mine").write_text("keep")
        elif prefix.parent.exists():
            assert os.listdir(prefix.parent) == []
        if not run_killed(lambda: apply(plan), point):
            break
        recover(prefix)
        assert picture(prefix) in (before, after), f"a mixture after a kill at point {point}"
        if picture(prefix) is None:
            prefix.mkdir(parents=True)
        elif existing:
            assert [n for n in os.listdir(prefix) if ".mm-" in n] == []
        point += 1
    assert picture(prefix) == after
    assert point > 60


def test_killed_at_random_moments(upgrade: Plan, make: Any, picture: Any, tmp_path: Path) -> None:
    """Not at chosen points, but whenever the signal arrives."""
    backup = tmp_path / "backup"
    before, after = states(upgrade, picture, backup)
    chance = random.Random(7)
    deadline = time.monotonic() + 5
    killed = 0
    while time.monotonic() < deadline:
        forget_bytecode(make)
        child = os.fork()
        if child == 0:
            try:
                apply(upgrade)
            finally:
                os._exit(0)
        time.sleep(chance.random() * 0.15)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        killed += os.WIFSIGNALED(status)
        recover(upgrade.prefix)
        now = picture(upgrade.prefix)
        assert now in (before, after)
        if now == after:
            restore(backup, upgrade.prefix)
    assert killed > 10


def test_next_transaction_recovers_by_itself(
    upgrade: Plan, picture: Any, make: Any, tmp_path: Path
) -> None:
    before, after = states(upgrade, picture, tmp_path / "backup")
    forget_bytecode(make)
    assert run_killed(lambda: apply(upgrade), 60)
    assert Prefix(upgrade.prefix).interrupted
    assert picture(upgrade.prefix) not in (before, after)
    apply(upgrade)
    assert picture(upgrade.prefix) == after
    assert not Prefix(upgrade.prefix).interrupted
