"""``ps list``: a table of the programs that run."""

from __future__ import annotations

from mm_cli.command_line import Command, Parsed
from mm_cli.commands.ps.matching import running
from mm_cli.options import OUTPUT
from mm_cli.report.console import Console

__all__ = ["COMMAND", "list_processes"]


def list_processes(parsed: Parsed, console: Console) -> int:
    """Show the programs that run, with their environments."""
    from pathlib import Path

    from mm_cli.report.table import columns
    from mm_cli.session import open_session
    from mm_config import PrefixRules

    config = open_session(parsed, console, PrefixRules.none()).config
    processes = running()
    console.document["processes"] = [process.to_dict() for process in processes]
    if not processes:
        console.result("No running processes")
        return 0
    rows = [
        (str(p.pid), p.name, config.env_name(Path(p.prefix)), " ".join(p.command))
        for p in processes
    ]
    table = columns([("PID", "Name", "Prefix", "Command"), *rows], align="<", padding=[2, 4, 4, 4])
    console.result("\n".join(table))
    return 0


COMMAND = Command(
    "micromamba ps list",
    "List the programs that run.",
    options=OUTPUT,
    examples=("micromamba ps list", "micromamba ps list --json"),
    run=list_processes,
)
