"""What a command line may hold: commands, options and words, as data.

`mm_cli.command_parser` reads argument lists by it, `mm_cli.report.help` shows it.
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing's own costs 5 ms; type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Callable, ItemsView, Iterator, Sequence
    from typing import Protocol

    from mm_cli.report.console import Console

    class Subcommands(Protocol):
        """The commands below one, by name: a dict, or one that imports when asked."""

        def get(self, name: str, /) -> Command | None: ...
        def __contains__(self, name: object, /) -> bool: ...
        def __iter__(self) -> Iterator[str]: ...
        def items(self) -> ItemsView[str, Command]: ...


__all__ = [
    "Command",
    "CommandModules",
    "Option",
    "Parsed",
    "UsageError",
    "Words",
    "count",
    "flag",
    "greedy",
    "natural",
    "repeated",
    "value",
]


class UsageError(Exception):
    """The words on the command line do not fit. ``code`` is the exit code."""

    def __init__(self, message: str, code: int, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.hint = hint


class Option:
    """One option: its spellings, what it takes, and the setting it writes.

    names   -- spellings that set it, short ones first: ``("-n", "--name")``
    off     -- spellings of a flag that clear it: ``("--no-pin",)``
    key     -- the setting written; a key of mm_config, or the command's own
    takes   -- "flag", "count", "value", "list" (one word each time), "words" (greedy)
    convert -- text to value; raises ValueError
    choices -- the values allowed, compared without case
    excludes -- keys of options that cannot be given with it
    hidden  -- neither help nor completion names it
    """

    __slots__ = (
        "choices",
        "convert",
        "excludes",
        "help",
        "hidden",
        "key",
        "metavar",
        "names",
        "off",
        "takes",
    )

    def __init__(
        self,
        names: tuple[str, ...],
        key: str,
        takes: str,
        help: str,
        *,
        off: tuple[str, ...] = (),
        metavar: str = "",
        choices: tuple[str, ...] = (),
        convert: Callable[[str], object] = str,
        excludes: tuple[str, ...] = (),
        hidden: bool = False,
    ) -> None:
        self.names = names
        self.key = key
        self.takes = takes
        self.help = help
        self.off = off
        self.metavar = metavar
        self.choices = choices
        self.convert = convert
        self.excludes = excludes
        self.hidden = hidden

    @property
    def spelling(self) -> str:
        """How help and errors name it."""
        return ",".join(self.names)


def flag(
    names: str,
    key: str,
    help: str,
    off: str = "",
    *,
    excludes: tuple[str, ...] = (),
    hidden: bool = False,
) -> Option:
    """A switch; *off* are the spellings that clear it."""
    return Option(
        _names(names), key, "flag", help, off=_names(off), excludes=excludes, hidden=hidden
    )


def count(names: str, key: str, help: str) -> Option:
    """A switch that may be repeated; the value is how often."""
    return Option(_names(names), key, "count", help, metavar="NUMBER", convert=natural)


def value(
    names: str,
    key: str,
    metavar: str,
    help: str,
    *,
    choices: tuple[str, ...] = (),
    convert: Callable[[str], object] = str,
    excludes: tuple[str, ...] = (),
) -> Option:
    """An option with one value; the last one given counts."""
    return Option(
        _names(names), key, "value", help,
        metavar=metavar, choices=choices, convert=convert, excludes=excludes,
    )  # fmt: skip


def repeated(names: str, key: str, metavar: str, help: str) -> Option:
    """An option with one value each time; all of them count."""
    return Option(_names(names), key, "list", help, metavar=metavar)


def greedy(names: str, key: str, metavar: str, help: str) -> Option:
    """An option that takes every word up to the next option."""
    return Option(_names(names), key, "words", help, metavar=metavar)


def natural(text: str) -> int:
    """A whole number from 0 up. Raises ValueError."""
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def _names(spelling: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in spelling.split(",") if name.strip())


class Words:
    """The positional words of a command.

    name     -- how help names them
    least    -- fewer is an error
    most     -- more is an error; None is no limit
    verbatim -- the first one ends the options: the rest is another program's
    """

    __slots__ = ("help", "least", "most", "name", "verbatim")

    def __init__(
        self,
        name: str,
        help: str = "",
        *,
        least: int = 0,
        most: int | None = None,
        verbatim: bool = False,
    ) -> None:
        self.name = name
        self.help = help
        self.least = least
        self.most = most
        self.verbatim = verbatim


class Command:
    """A level of the command line: what it accepts, what it is for, and what does it.

    ``run`` gets what was parsed and the console, and returns the exit code; a
    command without it only groups its subcommands and shows its help.
    """

    __slots__ = (
        "description",
        "examples",
        "options",
        "positionals",
        "run",
        "subcommands",
        "summary",
        "title",
    )

    def __init__(
        self,
        title: str,
        summary: str,
        *,
        options: Sequence[Option] = (),
        run: Callable[[Parsed, Console], int] | None = None,
        positionals: Words | None = None,
        subcommands: Subcommands | tuple[Command, ...] = (),
        description: str = "",
        examples: Sequence[str] = (),
    ) -> None:
        self.title = title
        self.summary = summary
        self.run = run
        self.options = tuple(options)
        self.positionals = positionals
        self.subcommands: Subcommands = (
            {sub.name: sub for sub in subcommands}
            if isinstance(subcommands, tuple)
            else subcommands
        )
        self.description = description
        self.examples = tuple(examples)

    @property
    def name(self) -> str:
        """The last word of the title: ``list`` of ``env list``."""
        return self.title.rpartition(" ")[2]


class Parsed:
    """What was given: settings by key, positional words, and the command meant."""

    __slots__ = ("command", "help", "settings", "words")

    def __init__(self, command: Command) -> None:
        self.command = command
        self.settings: dict[str, object] = {}
        self.words: list[str] = []
        self.help = False


class CommandModules:
    """Commands by name, each in a module of its own that is imported when it is asked for.

    package -- the package the modules are in
    modules -- command -> module in it, which has the command as ``COMMAND``
    """

    __slots__ = ("_modules", "_package")

    def __init__(self, package: str, modules: dict[str, str]) -> None:
        self._package = package
        self._modules = modules

    def get(self, name: str, /) -> Command | None:
        """The command called *name*, imported; None when there is none."""
        module = self._modules.get(name)
        if module is None:
            return None
        from importlib import import_module

        command: Command = import_module(f"{self._package}.{module}").COMMAND
        return command

    def __contains__(self, name: object, /) -> bool:
        return name in self._modules

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def items(self) -> ItemsView[str, Command]:
        """All of them, imported."""
        return {name: command for name in self if (command := self.get(name))}.items()
