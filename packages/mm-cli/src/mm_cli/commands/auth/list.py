"""``auth list``: what credentials are stored for, and of which kind; never the secrets."""

from __future__ import annotations

from mm_cli.command_line import Command, Parsed
from mm_cli.options import OUTPUT
from mm_cli.report.console import Console

__all__ = ["COMMAND"]


def _run(parsed: Parsed, console: Console) -> int:
    from pathlib import Path

    from mm_channels.credentials import BasicAuth, CredentialStore
    from mm_cli.report.table import columns
    from mm_cli.session import open_session
    from mm_config import PrefixRules

    open_session(parsed, console, PrefixRules.none())
    stored = sorted(CredentialStore.of_user(Path.home()).read(console.warn).items())
    entries = [
        {"host": key, "type": each.kind}
        | ({"user": each.user} if isinstance(each, BasicAuth) else {})
        for key, each in stored
    ]
    console.document["credentials"] = entries
    if entries:
        rows = [(e["host"], e["type"], e.get("user", "")) for e in entries]
        console.result("\n".join(columns([("Host", "Type", "User"), *rows], padding=[0, 2, 2])))
    else:
        console.say("No credentials are stored")
    return 0


COMMAND = Command(
    "micromamba auth list",
    "List what credentials are stored for, without the secrets.",
    options=OUTPUT,
    examples=("micromamba auth list", "micromamba auth list --json"),
    run=_run,
)
