"""``env create``: ``create`` under conda's name."""

from __future__ import annotations

from mm_cli.command_line import Command
from mm_cli.commands import create
from mm_cli.options import INSTALL

__all__ = ["COMMAND"]

COMMAND = Command(
    "micromamba env create",
    "Create an environment.",
    options=(*INSTALL, create.NO_DEFAULTS),
    positionals=create.COMMAND.positionals,
    examples=(
        "micromamba env create -f environment.yml",
        "micromamba env create -n py -c conda-forge python=3.13",
    ),
    run=create.COMMAND.run,
)
