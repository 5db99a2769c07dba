"""The ``pip:`` part of an environment file, installed by the environment's own pip."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from mm_cli.errors import CliError
from mm_cli.session import Session

__all__ = ["install_requirements"]


def install_requirements(
    session: Session, prefix: Path, requirements: Sequence[str], folder: Path
) -> None:
    """Run ``python -m pip install`` in *prefix*; relative paths start at *folder*.

    Raises `CliError` when pip fails.
    """
    import subprocess
    import tempfile

    import mm_shell

    session.console.say(f"\nInstalling pip packages: {', '.join(requirements)}")
    session.console.out.flush()
    with tempfile.NamedTemporaryFile("w", suffix=".txt", prefix="mm-requirements-") as file:
        file.write("\n".join(_anchored(r, folder) for r in requirements) + "\n")
        file.flush()
        command = ["python", "-m", "pip", "install", "-r", file.name, "--no-input"]
        if session.console.quiet or session.console.json:
            command.append("--quiet")
        plan = mm_shell.run_plan(os.environ, prefix, session.config.root_prefix, command)
        # With --json our stdout carries one document: pip's words go to stderr.
        output = 2 if session.console.json else None
        status = subprocess.run(plan.argv, env=plan.environ, cwd=folder, stdout=output).returncode
    if status:
        raise CliError(
            f"pip failed to install packages (exit code {status}): {', '.join(requirements)}",
            hint=f"The conda packages are in {prefix}; mend the pip section and install again.",
        )


def _anchored(requirement: str, folder: Path) -> str:
    """``-r other.txt`` and ``-c other.txt`` are relative to the file they stand in."""
    option, _, path = requirement.partition(" ")
    if option in ("-r", "-c", "--requirement", "--constraint") and path and "://" not in path:
        return f"{option} {folder / path.strip()}"
    return requirement
