"""Run one command and report what it cost: ``python -I -S once.py REPORT CMD ARGS...``

A process of its own, with next to no memory: the kernel counts what the parent
held at the fork towards a child's peak.  Writes "seconds kilobytes status" to
the file REPORT; the command's output goes nowhere, its errors to stderr.
"""

import os
import sys
import time

report, *command = sys.argv[1:]
null = os.open(os.devnull, os.O_RDWR)
begin = time.perf_counter()
pid = os.posix_spawnp(
    command[0],
    command,
    os.environ,
    file_actions=[(os.POSIX_SPAWN_DUP2, null, 0), (os.POSIX_SPAWN_DUP2, null, 1)],
)
_, status, usage = os.wait4(pid, 0)
seconds = time.perf_counter() - begin
out = os.open(report, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
os.write(out, f"{seconds} {usage.ru_maxrss} {os.waitstatus_to_exitcode(status)}".encode())
