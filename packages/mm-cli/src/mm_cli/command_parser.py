"""Reads argument lists by micromamba's grammar, which is its own.

Options belong to the level they follow, a few take all words up to the next
option, flags have two spellings, nothing may be abbreviated, and errors have
exit codes of their own (CLI11's, 100 and up). argparse can be bent to none of
these and would cost a third of the start-up time of ``shell activate``; this
parser is smaller than the bending.

>>> from mm_cli.command_line import Command, Words, flag, value
>>> command = Command("demo", "Show.", options=(flag("-q,--quiet", "quiet", "Say less."),
...     value("-n,--name", "env_name", "NAME", "Which one.")), positionals=Words("specs"))
>>> parsed = parse(command, ["-qn", "x", "numpy", "--", "-y"])
>>> parsed.settings
{'quiet': True, 'env_name': 'x'}
>>> parsed.words
['numpy', '-y']
"""

from __future__ import annotations

from mm_cli.command_line import Command, Option, Parsed, UsageError

TYPE_CHECKING = False  # typing's own costs 5 ms; type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["parse"]

CONVERSION, VALIDATION, REQUIRED, EXCLUDES, UNEXPECTED, ARGUMENT_COUNT = (
    104,
    105,
    106,
    108,
    109,
    114,
)


def parse(command: Command, argv: Sequence[str], *, into: Parsed | None = None) -> Parsed:
    """Read *argv* (without the program and the words that chose *command*).

    A subcommand's name hands the rest over to it; settings of both levels end
    in one mapping. With ``--help`` reading stops: ``help`` is set.
    Raises `UsageError`.
    """
    parsed = into or Parsed(command)
    parsed.command = command
    reader = _Reader(command, argv, parsed)
    if reader.run() is None:
        _check_words(command, parsed)
    return parsed


class _Reader:
    def __init__(self, command: Command, argv: Sequence[str], parsed: Parsed) -> None:
        self.command = command
        self.argv = list(argv)
        self.at = 0
        self.parsed = parsed
        self.by_name = {n: (o, True) for o in command.options for n in o.names}
        self.by_name |= {n: (o, False) for o in command.options for n in o.off}
        self._verbatim = command.positionals is not None and command.positionals.verbatim

    def run(self) -> Parsed | None:
        """None when this level read everything, else what the subcommand read."""
        while self.at < len(self.argv):
            word = self.argv[self.at]
            self.at += 1
            if word == "--":
                self.parsed.words += self.argv[self.at :]
                return None
            if len(word) > 1 and word[0] == "-":
                self._option(word)
                if self.parsed.help:
                    return self.parsed
                continue
            if self._is_command(word):
                return self._descend(word)
            if self._verbatim:
                self._take_rest()
                return None
            self.parsed.words.append(word)
        return None

    def _is_command(self, word: str) -> bool:
        """Whether *word* chooses a subcommand, rather than being an argument of this one."""
        if self.command.positionals is None:
            return True
        return not self.parsed.words and word in self.command.subcommands

    def _take_rest(self) -> None:
        self.parsed.words += self.argv[self.at - 1 :]
        self.at = len(self.argv)

    def _descend(self, word: str) -> Parsed:
        names = list(self.command.subcommands)
        if not names:
            raise self._unexpected(word)
        sub = self.command.subcommands.get(word)
        if sub is not None:
            return parse(sub, self.argv[self.at :], into=self.parsed)
        from mm_cli.suggestions import command_meant

        raise UsageError(
            f"'{word}' is not a command of '{self.command.title}'",
            UNEXPECTED,
            command_meant(word, self.command),
        )

    def _option(self, word: str) -> None:
        if word.startswith("--"):
            name, equals, text = word.partition("=")
            self._long(name, text if equals else None)
        else:
            self._short(word)

    def _long(self, name: str, text: str | None) -> None:
        if name == "--help":
            self.parsed.help = True
            return
        option, on = self._find(name)
        if option.takes == "flag":
            self._store(option, on if text is None else on is _boolean(name, text))
        elif option.takes == "count":
            self._store(option, 1 if text is None else _converted(option, name, text))
        else:
            self._values(option, name, text)

    def _short(self, word: str) -> None:
        """``-q``, ``-qy`` (flags in one word), ``-nNAME``, ``-n NAME``."""
        letters = word[1:]
        while letters:
            name, letters = f"-{letters[0]}", letters[1:]
            if name == "-h":
                self.parsed.help = True
                return
            option, on = self._find(name, word)
            if option.takes == "flag":
                self._store(option, on)
            elif option.takes == "count":
                self._store(option, 1)
            else:
                self._values(option, name, letters.removeprefix("=") if letters else None)
                return

    def _values(self, option: Option, name: str, text: str | None) -> None:
        if option.takes == "words":
            words = [text] if text is not None else []
            while self.at < len(self.argv) and not self.argv[self.at].startswith("-"):
                words.append(self.argv[self.at])
                self.at += 1
        elif text is not None:
            words = [text]
        else:
            words = self.argv[self.at : self.at + 1]
            self.at += 1
        if not words:
            raise UsageError(f"{name} needs a value ({option.metavar})", ARGUMENT_COUNT)
        for each in words:
            self._store(option, _converted(option, name, each))

    def _store(self, option: Option, given: object) -> None:
        settings = self.parsed.settings
        for other in option.excludes:
            if other in settings:
                raise UsageError(
                    f"{option.spelling} excludes {_flag_of(self.command, other)}", EXCLUDES
                )
        if option.takes in ("list", "words"):
            collected = settings.setdefault(option.key, [])
            assert isinstance(collected, list)
            collected.append(given)
        elif option.takes == "count":
            before = settings.get(option.key, 0)
            assert isinstance(before, int)
            assert isinstance(given, int)
            settings[option.key] = before + given
        else:
            settings[option.key] = given

    def _find(self, name: str, word: str = "") -> tuple[Option, bool]:
        try:
            return self.by_name[name]
        except KeyError:
            raise self._unexpected(word or name) from None

    def _unexpected(self, word: str) -> UsageError:
        from mm_cli.suggestions import option_meant

        what = "an option" if word.startswith("-") else "expected here: an argument"
        return UsageError(
            f"{word} is not {what} of '{self.command.title}'",
            UNEXPECTED,
            option_meant(word, self.command, self.argv[self.at :]),
        )


def _check_words(command: Command, parsed: Parsed) -> None:
    words = command.positionals
    if words is None:
        if parsed.words:
            raise UsageError(f"'{command.title}' takes no argument '{parsed.words[0]}'", UNEXPECTED)
        return
    if len(parsed.words) < words.least:
        raise UsageError(f"'{command.title}' needs {words.name}", REQUIRED)
    if words.most is not None and len(parsed.words) > words.most:
        raise UsageError(
            f"'{command.title}' takes no argument '{parsed.words[words.most]}'", UNEXPECTED
        )


def _converted(option: Option, name: str, text: str) -> object:
    if option.choices:
        if text.lower() not in option.choices:
            from mm_cli.suggestions import nearest

            raise UsageError(
                f"{name}: {text!r} is not one of {', '.join(option.choices)}",
                VALIDATION,
                nearest(text.lower(), option.choices),
            )
        text = text.lower()
    try:
        return option.convert(text)
    except ValueError:
        raise UsageError(f"{name}: {text!r} is not a valid {option.metavar}", CONVERSION) from None


def _boolean(name: str, text: str) -> bool:
    words = {"true": True, "1": True, "yes": True, "on": True}
    words |= {"false": False, "0": False, "no": False, "off": False}
    try:
        return words[text.lower()]
    except KeyError:
        raise UsageError(f"{name}: {text!r} is neither true nor false", CONVERSION) from None


def _flag_of(command: Command, key: str) -> str:
    return next((o.spelling for o in command.options if o.key == key), key)
