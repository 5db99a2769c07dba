"""``ps``: the programs that `run` started with a label or in the background."""

from __future__ import annotations

from mm_cli.command_line import Command, CommandModules
from mm_cli.commands.ps.list import list_processes
from mm_cli.options import OUTPUT

__all__ = ["COMMAND"]

MODULES = {"kill": "kill", "list": "list", "stop": "stop"}
"""Subcommand -> its module in this package."""

COMMAND = Command(
    "micromamba ps",
    "Show and end programs that run in environments.",
    description="These are the programs that `micromamba run` started with --label or --detach; "
    "without subcommand they are listed.",
    options=OUTPUT,
    subcommands=CommandModules(__name__, MODULES),
    examples=("micromamba ps", "micromamba ps stop server", "micromamba ps kill 4711"),
    run=list_processes,
)
