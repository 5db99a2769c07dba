"""The part of a file that is for pip, installed by the environment's own pip or uv."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mm_cli.errors import CliError
from mm_cli.session import Session

if TYPE_CHECKING:
    from mm_cli.specfiles import SpecFile
    from mm_pkg import Prefix

__all__ = ["install_pip_part", "installer"]


def installer(session: Session, names: Collection[str]) -> str:
    """Which of "uv" and "pip" is to do it where packages called *names* are there.

    uv where the settings ask for it, or where it is there: python brings pip anyway.
    """
    return "uv" if session.config["use_uv"] or "uv" in names else "pip"


def install_pip_part(
    session: Session, prefix: Prefix, file: SpecFile, *, upgrade: bool = False
) -> None:
    """Install what *file* leaves to pip, if anything; relative paths start at its folder.

    What a lock names is installed as it is, without dependencies, and verified.
    Raises `CliError` when the installer fails.
    """
    from mm_cli.operations.locked import locked_requirements

    locked = locked_requirements(session, file)
    requirements = file.requirements(session.config["platform"])
    if locked:
        _install(
            session, prefix, [each.requirement for each in locked], file.folder, ["--no-deps"],
            [each.name for each in locked],
        )  # fmt: skip
    elif requirements:
        lines = [_anchored(each, file.folder) for each in requirements]
        options = ["--upgrade"] if upgrade else []
        _install(session, prefix, lines, file.folder, options, requirements)


def _install(
    session: Session,
    prefix: Prefix,
    lines: Sequence[str],
    folder: Path,
    options: Sequence[str],
    shown: Sequence[str],
) -> None:
    """Run the installer in *prefix* on a file with *lines*; *shown* is said of them."""
    import subprocess
    import tempfile

    import mm_shell

    console = session.console
    tool = installer(session, prefix.records())
    console.say(f"\nInstalling {tool} packages: {', '.join(shown)}")
    console.out.flush()
    with tempfile.NamedTemporaryFile("w", suffix=".txt", prefix="mm-requirements-") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        command = [*_command(tool, prefix.path), "-r", file.name, *options]
        if console.quiet or console.json:
            command.append("--quiet")
        plan = mm_shell.run_plan(os.environ, prefix.path, session.config.root_prefix, command)
        # With --json our stdout carries one document: pip's words go to stderr.
        output = 2 if console.json else None
        status = subprocess.run(plan.argv, env=plan.environ, cwd=folder, stdout=output).returncode
    if status:
        raise CliError(
            f"{tool} failed to install packages (exit code {status}): {', '.join(shown)}",
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
