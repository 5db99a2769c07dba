"""Changing what shells read when they start, and telling of it."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from mm_cli.command_line import Parsed
    from mm_cli.report.console import Console
    from mm_shell import Edit

__all__ = ["change", "home", "root_setting"]


def home() -> str:
    """The user's folder."""
    return os.path.expanduser("~")


def root_setting(parsed: Parsed) -> None:
    """Take the positional word for ``--root-prefix``; ``base`` is the one in force anyway."""
    word = parsed.words[0] if parsed.words else ""
    if word and word != "base" and "root_prefix" not in parsed.settings:
        parsed.settings["root_prefix"] = word


def change(
    edits: Sequence[Edit], heading: str, facts: dict[str, str], *, dry_run: bool, console: Console
) -> None:
    """Make the changes, or with *dry_run* show them as diffs."""
    changed = console.document.setdefault("changes", [])
    assert isinstance(changed, list)
    changed += [{"path": edit.path, "diff": edit.diff()} for edit in edits]
    console.say(heading)
    for what, value in facts.items():
        console.say(f"  - {what}: {value}")
    if dry_run:
        for edit in edits:
            console.result(edit.diff().rstrip("\n"))
        console.say("Dry run: nothing was changed.")
        return
    for edit in edits:
        edit.apply()
        console.say(f"  - changed: {edit.path}")
