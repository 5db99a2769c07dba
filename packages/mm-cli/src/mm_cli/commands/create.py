"""``create``: a new environment."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mm_cli.command_line import Command, Parsed, Words, flag, value
from mm_cli.errors import CliError
from mm_cli.options import INSTALL
from mm_cli.report.console import Console
from mm_cli.session import Session, open_session

if TYPE_CHECKING:
    from mm_pkg import Prefix

__all__ = ["COMMAND", "NO_DEFAULTS"]


def _run(parsed: Parsed, console: Console) -> int:
    from mm_cli.operations.activation_hint import say_how_to_activate
    from mm_cli.operations.default_packages import add_default_packages
    from mm_cli.operations.install import install
    from mm_cli.operations.request import requested_texts
    from mm_config import PrefixRules
    from mm_pkg import Prefix

    session = open_session(parsed, console, PrefixRules.none(), strict=True)
    prefix = Prefix(session.prefix)
    session.repair()
    source = _clone_source(session)
    exists = _check_target(session, prefix)
    if exists and not session.config["dry_run"] and not _overwrite(session, prefix):
        raise CliError(
            f"The environment at {prefix.path} is left as it is",
            hint="Choose another name, or add packages to it with `micromamba install`.",
        )
    if source is not None:
        return _clone(session, source, prefix, afresh=exists)
    add_default_packages(session)
    if not requested_texts(session) and not any(f.is_solved or f.pip for f in session.files):
        return _create_empty(session, prefix)
    if install(session, prefix, afresh=exists):
        _settle(session, prefix)
        say_how_to_activate(session, prefix)
    return 0


def _clone_source(session: Session) -> Prefix | None:
    """The environment to clone, if ``--clone`` names one."""
    text = session.options.get("create.clone")
    if text is None:
        return None
    if session.options.get("plan.output"):
        raise CliError(
            "A copy of an environment takes along more than a plan says",
            hint="Clone without -o, or lock the environment with `micromamba env lock`.",
        )
    from mm_cli.operations.cloning import clone_source

    return clone_source(session, text)


def _clone(session: Session, source: Prefix, prefix: Prefix, *, afresh: bool) -> int:
    from mm_cli.operations.activation_hint import say_how_to_activate
    from mm_cli.operations.cloning import clone_packages, clone_settings

    if not source.records():
        _create_empty(session, prefix)
        if not session.config["dry_run"]:
            clone_settings(source, prefix)
    elif clone_packages(session, source, prefix, afresh=afresh):
        clone_settings(source, prefix)
        _settle(session, prefix)
        say_how_to_activate(session, prefix)
    return 0


def _check_target(session: Session, prefix: Prefix) -> bool:
    """Whether there is an environment at the target already. Raises `CliError`."""
    path = prefix.path
    if "\n" in str(path):
        raise CliError(
            f"An environment's path cannot have several lines: {str(path)!r}",
            hint="Choose another path: scripts, and lists of environments, would break.",
        )
    if not path.exists():
        return False
    if path == session.config.root_prefix:
        raise CliError(
            f"Cannot create the root prefix {path}: it exists",
            hint="Name another environment, or use `micromamba install -n base`.",
        )
    if not path.is_dir():
        raise CliError(
            f"Non-directory file at the target prefix: {path}", hint="Choose another path."
        )
    if prefix.is_environment:
        return True
    if os.path.lexists(path / "conda-meta" / ".mm-journal"):
        # not that of a dead process: it would have been put right before
        raise CliError(f"{path} is being created by another process", hint="Wait for it to finish.")
    if any(path.iterdir()):
        raise CliError(
            f"Non-conda folder exists at the target prefix: {path}",
            hint="Choose another path, or empty this folder.",
        )
    return False


def _overwrite(session: Session, prefix: Prefix) -> bool:
    from mm_cli.report.prompt import confirm

    question = f"Found conda-prefix at '{prefix.path}'. Overwrite?"
    return confirm(session.console, question, default=False, always_yes=session.always_yes)


def _create_empty(session: Session, prefix: Prefix) -> int:
    """An environment without packages."""
    from mm_pkg import remove_environment

    console = session.console
    path = str(prefix.path)
    console.document |= {"prefix": path, "dry_run": session.config["dry_run"]}
    if session.config["dry_run"]:
        console.document["actions"] = {"FETCH": [], "PREFIX": path}
        _plan_nothing(session, prefix)
        return 0
    if prefix.is_environment:
        remove_environment(prefix.path)
    _settle(session, prefix)
    console.say(f"Empty environment created at prefix: {path}")
    return 0


def _plan_nothing(session: Session, prefix: Prefix) -> None:
    """``-o`` of a dry run that would make an empty environment."""
    from mm_cli.operations.transaction import Change, keep_plan
    from mm_solve import Actions

    change = Change(prefix.path, Actions())
    keep_plan(session, change.replacing((), ()) if prefix.is_environment else change)


def _settle(session: Session, prefix: Prefix) -> None:
    from mm_cli.operations.creation import asked_platform, settle
    from mm_cli.operations.install import complete

    settle(prefix, asked_platform(session))
    complete(session, prefix)


NO_DEFAULTS = flag(
    "--no-default-packages", "create.no_defaults", "Leave out create_default_packages."
)

COMMAND = Command(
    "micromamba create",
    "Create an environment.",
    options=(
        *INSTALL,
        NO_DEFAULTS,
        value("--clone", "create.clone", "ENV", "Copy this environment, given by name or path."),
    ),
    positionals=Words("SPEC", "What to install, such as python=3.13 or 'numpy>=2'."),
    examples=(
        "micromamba create -n py -c conda-forge python=3.13",
        "micromamba create -f environment.yml",
        "micromamba create -n copy --clone py",
        "micromamba create -p ./env --dry-run --json numpy",
    ),
    run=_run,
)
