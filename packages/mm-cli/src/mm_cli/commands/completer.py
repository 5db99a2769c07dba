"""``completer``: what a shell asks while a command line is being written."""

from __future__ import annotations

from collections.abc import Sequence

from mm_cli.command_line import Command

__all__ = ["complete"]

WIDTH = 90
"""The most columns that candidates are laid out in."""


def complete(top: Command, words: Sequence[str]) -> int:
    """Print what the last of *words* may become. Never fails: a shell is waiting.

    In columns, as micromamba does; after a first word ``--lines`` one to a line, which
    names with blanks survive.
    """
    from mm_cli.operations.completion import candidates

    lines = list(words[:1]) == ["--lines"]
    words = words[1:] if lines else words
    try:
        found = candidates(top, words)
    except Exception:  # a broken setting, say: there is nowhere to tell of it
        return 0
    if found:
        print("\n".join(found if lines else _laid_out(found)))
    return 0


def _laid_out(words: Sequence[str]) -> list[str]:
    """*words* in columns of one width, row by row."""
    width = max(map(len, words)) + 2
    columns = max(1, WIDTH // width)
    rows = (words[at : at + columns] for at in range(0, len(words), columns))
    return ["".join(word.ljust(width) for word in row).rstrip() for row in rows]
