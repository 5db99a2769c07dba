"""Whole environments: make one without packages, remove one."""

from __future__ import annotations

from pathlib import Path

from mm_pkg.cancellation import Cancellation
from mm_pkg.errors import FrozenEnvironment, NotAnEnvironment
from mm_pkg.prefix.frozen import read_frozen
from mm_pkg.reporter import SILENT, Reporter
from mm_pkg.transaction.execution import apply
from mm_pkg.transaction.lock import PrefixLock
from mm_pkg.transaction.plan import LinkOptions, Plan
from mm_pkg.transaction.removal import discard, sweep
from mm_pkg.transaction.system_errors import plain_errors

__all__ = ["create_empty", "remove_environment"]


def create_empty(prefix: Path, options: LinkOptions | None = None) -> None:
    """Make an environment without packages; an existing one is left as it is."""
    apply(Plan(prefix), options)


def remove_environment(
    prefix: Path,
    options: LinkOptions | None = None,
    reporter: Reporter = SILENT,
    cancellation: Cancellation | None = None,
) -> None:
    """Delete the environment and all that is in its directory.

    It vanishes at once. Raises `NotAnEnvironment`, `FrozenEnvironment`,
    `PrefixLocked`, `PrefixNotWritable` and `LinkFailed`.
    """
    options = options or LinkOptions()
    meta = prefix / "conda-meta"
    if not meta.is_dir():
        raise NotAnEnvironment(
            f"{prefix} is not an environment", hint="It has no conda-meta directory."
        )
    if not options.override_frozen and (marker := read_frozen(meta)) is not None:
        raise FrozenEnvironment(
            f"{prefix} is frozen" + (f": {marker.message}" if marker.message else ""),
            hint="Use --override-frozen to remove it all the same.",
        )
    lock = PrefixLock(meta, enabled=options.use_lockfiles)
    with plain_errors(prefix, "removing it failed"), lock:
        lock.acquire(options.lock_timeout, reporter, cancellation)
        discard(prefix)
        sweep(prefix)
