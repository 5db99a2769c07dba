"""``config``: the settings in force, where they come from, and the files that hold them."""

from __future__ import annotations

from mm_cli.command_line import Command
from mm_cli.commands.config import edit, show
from mm_cli.options import GLOBAL, PREFIX

__all__ = ["COMMAND"]

COMMAND = Command(
    "micromamba config",
    "Configuration of micromamba: what is set, by whom, and how to change it.",
    options=(*GLOBAL, *PREFIX),
    subcommands=(*show.COMMANDS, *edit.COMMANDS),
    examples=(
        "micromamba config list --sources",
        "micromamba config explain channels",
        "micromamba config set channel_priority strict",
        "micromamba config append channels conda-forge",
    ),
)
