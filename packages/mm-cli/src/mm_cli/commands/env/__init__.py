"""``env``: environments as a whole."""

from __future__ import annotations

from mm_cli.command_line import Command, CommandModules
from mm_cli.options import GLOBAL, PREFIX

__all__ = ["COMMAND"]

MODULES = {
    "config": "config",
    "create": "create",
    "diff": "diff",
    "export": "export",
    "list": "list",
    "lock": "lock",
    "remove": "remove",
    "rename": "rename",
    "update": "update",
}
"""Subcommand -> its module in this package."""

COMMAND = Command(
    "micromamba env",
    "List, copy, share and remove environments.",
    options=(*GLOBAL, *PREFIX),
    subcommands=CommandModules(__name__, MODULES),
    examples=(
        "micromamba env list",
        "micromamba env export -n py > environment.yml",
        "micromamba env remove -n py",
    ),
)
