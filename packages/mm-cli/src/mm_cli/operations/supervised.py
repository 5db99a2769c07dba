"""Programs that `run` looks after: those with a label, and those in the background."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from typing import TYPE_CHECKING

from mm_cli.errors import CliError
from mm_cli.session import Session

if TYPE_CHECKING:
    from mm_shell import RunPlan
    from mm_shell.process_list import ProcessList

__all__ = ["run_supervised"]

ADJECTIVES = (
    *("amber", "brave", "calm", "clever", "eager", "fair", "gentle", "happy"),
    *("jolly", "keen", "light", "lively", "lucky", "mellow", "merry", "neat"),
    *("noble", "proud", "quick", "quiet", "rapid", "silent", "smart", "solid"),
    *("steady", "sunny", "swift", "tidy", "vivid", "warm"),
)


def run_supervised(session: Session, plan: RunPlan, program: str, prefix: str) -> int:
    """Run *program* with an entry in the list of processes; returns its exit code.

    In the background: 0 as soon as it has begun. Raises `CliError`.
    """
    from mm_shell.execution import STREAMS
    from mm_shell.process_list import ProcessList
    from mm_shell.supervision import detach, start

    options = session.options
    processes = ProcessList.of_user(os.environ)
    name = options.get("run.label") or _new_name(processes, session.words[0])
    in_background = bool(options.get("run.detach"))
    attached = options.get("run.attach", () if in_background else STREAMS)
    session.console.out.flush()
    launch = detach if in_background else start
    try:
        with processes.naming(name):
            begun = launch(
                program, plan.argv, plan.environ, attached=attached,
                on_start=_entry(processes, name, prefix, session.words),
                on_end=processes.discard,
            )  # fmt: skip
    except OSError as error:
        raise CliError(f"Cannot run {program}: {error.strerror}", code=126) from None
    if isinstance(begun, int):
        session.console.say(f"Kill process with: kill {begun}")
        return 0
    return begun.wait()


def _entry(
    processes: ProcessList, name: str, prefix: str, command: tuple[str, ...]
) -> Callable[[int], None]:
    from mm_shell.process_list import RunningProcess, process_start

    def enter(pid: int) -> None:
        started = process_start(pid) or ""
        processes.add(RunningProcess(pid, name, prefix, command, started))

    return enter


def _new_name(processes: ProcessList, command: str) -> str:
    """A name that no running process has: an adjective and the program's own."""
    taken = {process.name for process in processes.running()}
    program = os.path.basename(command)
    names = [name for each in ADJECTIVES if (name := f"{each}_{program}") not in taken]
    return random.choice(names) if names else f"{program}_{os.getpid()}"
