"""``auth``: credentials for private channels."""

from __future__ import annotations

from mm_cli.command_line import Command, CommandModules

__all__ = ["COMMAND"]

MODULES = {"list": "list", "login": "login", "logout": "logout"}
"""Subcommand -> its module in this package."""

COMMAND = Command(
    "micromamba auth",
    "Store credentials for private channels.",
    subcommands=CommandModules(__name__, MODULES),
    examples=(
        "micromamba auth login conda.example.org --token-stdin < token.txt",
        "micromamba auth list",
        "micromamba auth logout conda.example.org",
    ),
)
