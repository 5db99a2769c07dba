"""Removing whole environments, and when that must not be."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from mm_cli.errors import CliError
from mm_cli.session import Session

if TYPE_CHECKING:
    from mm_pkg import Prefix
    from mm_pkg.record import PrefixRecord

__all__ = ["check_disposable", "dispose", "environments_txt"]


def environments_txt() -> Path:
    """The list of environments that all conda tools of this user share."""
    return Path.home() / ".conda" / "environments.txt"


def check_disposable(session: Session, prefix: Prefix, verb: str) -> None:
    """Make sure that nobody needs the folder of *prefix* where it is.

    verb -- what is going to be done, such as "remove"

    Raises `CliError` for the root prefix, for an active environment, and for a folder
    that other environments or a package cache are in.
    """
    config, path = session.config, prefix.path
    if path == config.root_prefix:
        raise CliError(
            f"Cannot {verb} the root prefix {path}: the other environments need it",
            hint="`micromamba remove -n base --all` removes the packages in it.",
        )
    active = _active()
    if os.path.realpath(path) in active:
        raise CliError(
            f"Cannot {verb} {path}: it is active",
            hint="Leave it first, with `micromamba deactivate`.",
        )
    inside = [
        other
        for other in (*config.known_environments(), *config.pkgs_dirs)
        if other != path and other.is_relative_to(path) and other.exists()
    ]
    if inside:
        raise CliError(
            f"Cannot {verb} {path}: {inside[0]} lies in it",
            hint="Remove what is inside first.",
        )


def _active() -> set[str]:
    """The environments that the calling shell has activated, one on top of the other."""
    names = [
        name for name in os.environ if name == "CONDA_PREFIX" or name.startswith("CONDA_PREFIX_")
    ]
    return {os.path.realpath(os.environ[name]) for name in names if os.environ[name]}


def dispose(session: Session, prefix: Prefix) -> None:
    """Let *prefix* vanish, at once, with all that is in its folder.

    Packages with a script for their removal are unlinked first, so that it runs.
    Raises what `mm_pkg.remove_environment` raises.
    """
    from mm_cli.operations.interruption import interruptible
    from mm_cli.operations.transaction import link_options
    from mm_cli.report.progress import reporter_for
    from mm_pkg import Plan, apply, remove_environment, unregister_environment

    options = link_options(session)
    reporter = reporter_for(session.console)
    try:
        with interruptible() as cancellation:
            scripted = _scripted(prefix) if options.run_scripts else ()
            if scripted:
                outcome = apply(Plan(prefix.path, unlink=scripted), options, reporter, cancellation)
                for text in (*outcome.warnings, *outcome.messages):
                    session.console.warn(text)
            cancellation.check()
            remove_environment(prefix.path, options, reporter, cancellation)
    finally:
        reporter.close()
    unregister_environment(prefix.path, environments_txt())


def _scripted(prefix: Prefix) -> tuple[PrefixRecord, ...]:
    """Packages with a pre-unlink script, dependents before what they depend on."""
    from mm_pkg.link.scripts import link_script
    from mm_solve import install_order

    records = install_order(prefix.records().values())
    return tuple(
        record
        for record in reversed(records)
        if (prefix.path / link_script(record.name, "pre-unlink")).is_file()
    )
