"""Bytecode for the packages of a transaction: linked from the cache, or compiled."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from mm_pkg.cancellation import Cancellation
from mm_pkg.link.layout import FileAction
from mm_pkg.link.method import CANNOT_LINK, copy_file
from mm_pkg.link.pyc import CompileJob, compile_sources, store_bytecode
from mm_pkg.reporter import Reporter, Task
from mm_pkg.transaction.checked import CheckedPlan, PlannedBytecode, pyc_caches
from mm_pkg.transaction.journal import move

__all__ = ["compile_bytecode", "keep_bytecode"]

Made = Mapping[str, bool]
"""Destination of a bytecode file -> whether it was compiled just now."""


def compile_bytecode(
    checked: CheckedPlan,
    stage: Path,
    reporter: Reporter,
    cancellation: Cancellation | None,
) -> tuple[list[dict[str, bool]], list[str]]:
    """Put all planned bytecode in place, whose sources are there already.

    Returns for each package what is there now, and warnings: a source that
    does not compile is no error. Raises OSError and `Cancelled`.
    """
    root = f"{checked.prefix}/"
    made: list[dict[str, bool]] = []
    jobs: dict[str, tuple[int, PlannedBytecode]] = {}
    for number, planned in enumerate(checked.bytecode):
        made.append({})
        for each in planned:
            if each.cached is not None and _link(each.cached, root + each.destination):
                made[number][each.destination] = False
            elif "\n" not in root and "\t" not in root:
                jobs[f"{len(jobs)}.pyc"] = (number, each)
    if not jobs:
        return made, []
    return made, _compile(checked, jobs, made, stage, reporter, cancellation)


def _link(cached: str, target: str) -> bool:
    """False when the cached file has gone meanwhile."""
    try:
        os.link(cached, target)
    except OSError as error:
        if error.errno == errno.ENOENT:
            return False
        if error.errno not in CANNOT_LINK:
            raise
        copy_file(cached, target)
    return True


def _compile(
    checked: CheckedPlan,
    jobs: Mapping[str, tuple[int, PlannedBytecode]],
    made: Sequence[dict[str, bool]],
    stage: Path,
    reporter: Reporter,
    cancellation: Cancellation | None,
) -> list[str]:
    root, python = f"{checked.prefix}/", checked.python
    assert python is not None  # or nothing would be planned
    task = Task("compile", f"{len(jobs)} files", len(jobs))
    reporter.started(task)
    failed, trouble = compile_sources(
        Path(root + python.executable),
        [
            CompileJob(root + each.file.destination, target, each.file.entry.path)
            for target, (_, each) in jobs.items()
        ],
        stage,
        workers=checked.options.compile_workers,
        isolated=python.major > 2,
        cancellation=cancellation,
    )
    broken: dict[int, list[str]] = {}
    for target, (number, each) in jobs.items():
        if target in failed:
            broken.setdefault(number, []).append(each.file.destination)
            continue
        try:
            move(f"{stage}/{target}", root + each.destination)
        except FileNotFoundError:
            continue
        made[number][each.destination] = True
    reporter.finished(task)
    warnings = [
        f"{checked.layouts[number].dist}: {len(paths)} files cannot be byte-compiled,"
        f" such as {paths[0]}"
        for number, paths in broken.items()
    ]
    if trouble:
        warnings.append(f"not everything was byte-compiled: {trouble}")
        # what is missing says nothing about the sources then: do not remember it
        for number in {number for number, _ in jobs.values()}:
            made[number].update(dict.fromkeys(made[number], False))
    return warnings


def keep_bytecode(checked: CheckedPlan, made: Sequence[Made]) -> None:
    """Keep what was compiled just now for the next environment. Never fails."""
    for layout, planned, results in zip(checked.layouts, checked.bytecode, made, strict=True):
        if not layout.record.sha256 or not any(results.values()):
            continue
        compiled: dict[str, tuple[str | None, int, int]] = {}
        for each in planned:
            file = each.file
            if file.action is FileAction.TEXT:
                continue  # its source differs from environment to environment
            there = f"{checked.prefix}/{each.destination}"
            compiled[file.entry.path] = (
                there if each.destination in results else None,
                file.mtime,
                file.size,
            )
        store_bytecode(
            pyc_caches(checked, layout),
            checked.bytecode_format,
            layout.record.sha256,
            compiled,
        )
