"""``env list``: the environments there are."""

from __future__ import annotations

from mm_cli.command_line import Command, Parsed
from mm_cli.options import GLOBAL, PREFIX
from mm_cli.report.console import Console
from mm_cli.session import Session, open_session

__all__ = ["COMMAND", "show_environments"]


def _list(parsed: Parsed, console: Console) -> int:
    from mm_config import PrefixRules

    return show_environments(open_session(parsed, console, PrefixRules.all()))


def show_environments(session: Session) -> int:
    """The table of all known environments (also ``info --envs``)."""
    from mm_cli.report.table import columns

    config, console = session.config, session.console
    prefixes = config.known_environments()
    console.document["envs"] = [str(prefix) for prefix in prefixes]
    rows = [("  Name", "Active", "Path")]
    for prefix in prefixes:
        name = config.env_name(prefix)
        active = "*" if prefix == config.target_prefix else ""
        rows.append((f"  {'' if name == str(prefix) else name}", active, str(prefix)))
    header, *body = columns(rows, padding=[0, 2, 2])
    console.result("\n".join([header, "─" * (max(map(len, [header, *body])) + 2), *body]))
    return 0


COMMAND = Command(
    "micromamba env list",
    "List the environments there are.",
    options=(*GLOBAL, *PREFIX),
    examples=("micromamba env list", "micromamba env list --json"),
    run=_list,
)
