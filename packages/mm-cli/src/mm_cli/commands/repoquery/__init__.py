"""``repoquery``: questions to channels and environments."""

from __future__ import annotations

from mm_cli.command_line import Command
from mm_cli.commands.repoquery import depends, search, whoneeds

__all__ = ["COMMAND"]

COMMAND = Command(
    "micromamba repoquery",
    "Ask what packages there are, what they need, and who needs them.",
    subcommands=(
        search.search_command("micromamba repoquery search"),
        depends.COMMAND,
        whoneeds.COMMAND,
    ),
    examples=(
        "micromamba repoquery search -c conda-forge 'numpy>=2'",
        "micromamba repoquery depends --tree -n py flask",
        "micromamba repoquery whoneeds -n py openssl",
    ),
)
