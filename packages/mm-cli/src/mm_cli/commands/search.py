"""``search``: short for ``repoquery search``."""

from __future__ import annotations

from mm_cli.commands.repoquery.search import search_command

__all__ = ["COMMAND"]

COMMAND = search_command("micromamba search")
