"""``--help``: one level of the command line, at most 80 columns wide."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from mm_cli.command_line import Command, Option

__all__ = ["help_text"]

WIDTH, LEFT = 80, 28


def help_text(command: Command) -> str:
    """What the command is for, how it is written, and every word it takes."""
    parts = [[command.summary, *wrap(command.description, WIDTH)], [f"Usage: {_usage(command)}"]]
    if command.examples:
        parts.append(["Examples:", *(f"  {example}" for example in command.examples)])
    if list(command.subcommands):
        rows = ((name, sub.summary) for name, sub in command.subcommands.items())
        parts.append(["Commands:", *_rows(rows)])
    if command.positionals is not None and command.positionals.help:
        row = (command.positionals.name, command.positionals.help)
        parts.append(["Arguments:", *_rows(iter([row]))])
    options = [(_spelling(option), option.help) for option in command.options if not option.hidden]
    parts.append(["Options:", *_rows(iter([("-h, --help", "Show this help."), *options]))])
    return "\n\n".join("\n".join(line for line in part if line) for part in parts)


def _usage(command: Command) -> str:
    usage = f"{command.title} [options]"
    if list(command.subcommands):
        usage += " COMMAND …"
    if command.positionals is not None:
        name = command.positionals.name
        usage += f" {name}" if command.positionals.least else f" [{name}]"
    return usage


def _spelling(option: Option) -> str:
    text = ", ".join((*option.names, *option.off))
    if option.takes in ("flag", "count"):
        return text
    return f"{text} {option.metavar}{'…' if option.takes == 'words' else ''}"


def _rows(rows: Iterator[tuple[str, str]]) -> Iterator[str]:
    for left, right in rows:
        lines = wrap(right, WIDTH - LEFT - 2) or [""]
        if len(left) > LEFT - 2:
            yield f"  {left}"
            left = ""
        yield f"  {left:<{LEFT - 2}}  {lines[0]}".rstrip()
        yield from (f"{'':<{LEFT}}  {line}" for line in lines[1:])
