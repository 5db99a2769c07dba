"""What somebody may have meant whose command line does not fit. Imported for errors only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from mm_cli.command_line import Command

__all__ = ["command_meant", "names_meant", "nearest", "option_meant"]

ELSEWHERE = {
    "add": "install",
    "delete": "remove",
    "dependencies": "repoquery depends",
    "find": "search",
    "freeze": "list --explicit",
    "help": "--help",
    "ls": "list",
    "rm": "remove",
    "show": "search",
    "version": "--version",
}
"""Words of other programs -> how it is said here."""

REFUSED = {
    "--verify-artifacts": "No signatures are verified here: hashes are, always. Leave it out.",
    "--trusted-channels": "It belongs to --verify-artifacts, which is not offered. Leave it out.",
}
"""Options of micromamba that are not offered -> why."""

SHELL_ONLY = ("activate", "deactivate", "reactivate")
"""What only the functions of an initialised shell can do."""


def nearest(word: str, known: Iterable[str]) -> str:
    """``Did you mean 'create'?``, or nothing.

    >>> nearest("craete", ["create", "clean"]), nearest("xyz", ["create"])
    ("Did you mean 'create'?", '')
    """
    from difflib import get_close_matches

    close = get_close_matches(word, list(known), n=1)
    return f"Did you mean '{close[0]}'?" if close else ""


def names_meant(words: Iterable[str], known: Iterable[str]) -> str:
    """``Did you mean zlib, jq?`` for names that are not among those *known*, or nothing.

    >>> names_meant(["zlb", "jqq", "xyz"], ["zlib", "jq"]), names_meant(["xyz"], ["jq"])
    ('Did you mean zlib, jq?', '')
    """
    from difflib import get_close_matches

    names = list(known)
    close = [name for word in words for name in get_close_matches(word, names, n=1)]
    return f"Did you mean {', '.join(dict.fromkeys(close))}?" if close else ""


def command_meant(word: str, command: Command) -> str:
    """A hint for *word*, which is not among the commands of *command*."""
    if word in SHELL_ONLY and command.name == command.title:
        return f"`{word}` needs the shell's help: micromamba shell init, then start a new shell."
    deeper = next((title for title in _below(command) if title.split()[-1] == word), "")
    meant = deeper or (ELSEWHERE.get(word, "") if command.name == command.title else "")
    return f"Did you mean '{meant}'?" if meant else nearest(word, command.subcommands)


def _below(command: Command, path: tuple[str, ...] = ()) -> Iterator[str]:
    """What follows *command*'s title in those of the commands below its own."""
    for name, sub in command.subcommands.items():
        for deeper in sub.subcommands:
            yield " ".join((*path, name, deeper))
        yield from _below(sub, (*path, name))


def option_meant(word: str, command: Command, rest: Sequence[str]) -> str:
    """A hint for *word*, which is no option of *command*; *rest* are the words after it."""
    name = word.partition("=")[0]
    if name in REFUSED:
        return REFUSED[name]
    for later in rest:
        sub = None if command.positionals else command.subcommands.get(later)
        if sub is not None and any(name in (*o.names, *o.off) for o in sub.options):
            return f"It belongs behind the command: {sub.title} {name} …"
    return nearest(name, [n for option in command.options for n in (*option.names, *option.off)])
