"""``auth logout``: forget a stored credential, or all."""

from __future__ import annotations

from mm_cli.command_line import Command, Parsed, UsageError, Words, flag
from mm_cli.errors import CliError
from mm_cli.options import OUTPUT
from mm_cli.report.console import Console

__all__ = ["COMMAND"]


def _run(parsed: Parsed, console: Console) -> int:
    from pathlib import Path

    from mm_channels.credentials import CredentialStore, storage_key
    from mm_cli.session import open_session
    from mm_config import PrefixRules

    session = open_session(parsed, console, PrefixRules.none())
    store = CredentialStore.of_user(Path.home())
    everything = bool(session.options.get("auth.all"))
    if everything and session.words:
        raise UsageError("Name a host or use --all, not both", 108)
    if everything:
        known = list(store.read())
        store.clear()
        console.document["hosts"] = known
        console.say(f"Logged out from {', '.join(known)}" if known else "No credentials are stored")
        return 0
    key = storage_key(session.words[0] if session.words else "")
    console.document["hosts"] = [key]
    if not store.remove(key):
        console.document["hosts"] = []
        raise CliError(
            f"You are not logged in to {key}",
            hint="`micromamba auth list` shows where you are.",
        )
    console.say(f"Logged out from {key}")
    return 0


COMMAND = Command(
    "micromamba auth logout",
    "Forget stored credentials.",
    options=(*OUTPUT, flag("--all", "auth.all", "Forget all of them.")),
    positionals=Words("HOST", "A host or URL, as it was given to `auth login`.", most=1),
    examples=("micromamba auth logout conda.example.org", "micromamba auth logout --all"),
    run=_run,
)
