"""The part of a file that is for pip, installed by the environment's own pip or uv."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from mm_cli.errors import CliError
from mm_cli.session import Session

if TYPE_CHECKING:
    from mm_cli.specfiles import SpecFile
    from mm_pkg import Prefix

__all__ = ["PipPart", "install_pip_part", "installer", "pip_part"]


def installer(session: Session, names: Collection[str]) -> str:
    """Which of "uv" and "pip" is to do it where packages called *names* are there.

    uv where the settings ask for it, or where it is there: python brings pip anyway.
    """
    return "uv" if session.config["use_uv"] or "uv" in names else "pip"


class PipPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one file leaves to pip.

    lines   -- of a requirements file
    shown   -- what is said of them
    folder  -- where relative paths in them start
    options -- further options for pip, or uv
    """

    lines: tuple[str, ...]
    shown: tuple[str, ...]
    folder: str
    options: tuple[str, ...] = ()


def pip_part(session: Session, file: SpecFile) -> PipPart | None:
    """What *file* leaves to pip on the platform in force; None when it is nothing.

    What a lock names is installed as it is, without dependencies, and verified.
    """
    from mm_cli.operations.locked import locked_requirements

    folder = str(file.folder)
    locked = locked_requirements(session, file)
    if locked:
        lines = tuple(each.requirement for each in locked)
        return PipPart(lines, tuple(each.name for each in locked), folder, ("--no-deps",))
    requirements = file.requirements(session.config["platform"])
    if not requirements:
        return None
    lines = tuple(_anchored(each, file.folder) for each in requirements)
    upgrade = ("--upgrade",) if session.options.get("pip.upgrade") else ()
    return PipPart(lines, requirements, folder, upgrade)


def install_pip_part(session: Session, prefix: Prefix, part: PipPart) -> None:
    """Install *part* into *prefix*, with its own uv or pip.

    Raises `CliError` when that fails.
    """
    import subprocess
    import tempfile

    import mm_shell

    console = session.console
    tool = installer(session, prefix.records())
    console.say(f"\nInstalling {tool} packages: {', '.join(part.shown)}")
    console.out.flush()
    with tempfile.NamedTemporaryFile("w", suffix=".txt", prefix="mm-requirements-") as file:
        file.write("\n".join(part.lines) + "\n")
        file.flush()
        command = [*_command(tool, prefix.path), "-r", file.name, *part.options]
        if console.quiet or console.json:
            command.append("--quiet")
        plan = mm_shell.run_plan(os.environ, prefix.path, session.config.root_prefix, command)
        # With --json our stdout carries one document: pip's words go to stderr.
        output = 2 if console.json else None
        status = subprocess.run(
            plan.argv, env=plan.environ, cwd=part.folder, stdout=output
        ).returncode
    if status:
        raise CliError(
            f"{tool} failed to install packages (exit code {status}): {', '.join(part.shown)}",
            hint=f"The conda packages are in {prefix.path}; mend the rest and install again.",
        )


def _command(tool: str, prefix: Path) -> list[str]:
    """How *tool* is told to install into *prefix*, and to ask nothing."""
    if tool == "uv":
        return ["uv", "pip", "install", "--python", str(prefix / "bin" / "python")]
    return ["python", "-m", "pip", "install", "--no-input"]


def _anchored(requirement: str, folder: Path) -> str:
    """``-r other.txt`` and ``-c other.txt`` are relative to the file they stand in."""
    option, _, path = requirement.partition(" ")
    if option in ("-r", "-c", "--requirement", "--constraint") and path and "://" not in path:
        return f"{option} {folder / path.strip()}"
    return requirement
