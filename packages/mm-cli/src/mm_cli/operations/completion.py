"""What may follow on a command line that is being written.

Never an error, never the network: whatever cannot be found out is not offered.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence

from mm_cli.command_line import Command, Option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mm_config import Config

__all__ = ["candidates"]


SPECIAL = frozenset(" '\"`$&|;<>()\\*?[]{}!#")
"""What means something to a shell."""


class _Line:
    """A command line up to the word that is being written.

    command  -- the command that the words so far chose
    settings -- what its options were given, by key
    words    -- the positional words
    awaited  -- the option whose value comes next, if one does
    ended    -- whether ``--``, or another program's words, ended the options
    """

    def __init__(self, top: Command, words: Sequence[str]) -> None:
        self.command = top
        self.settings: dict[str, object] = {}
        self.words: list[str] = []
        self.awaited: Option | None = None
        self.ended = False
        for word in words:
            self._take(word)

    def _take(self, word: str) -> None:
        if self.awaited is not None and word == "=":
            return  # bash takes --name=value for three words
        if self.awaited is not None and (self.awaited.takes != "words" or word[:1] != "-"):
            self._store(self.awaited, word)
            if self.awaited.takes != "words":
                self.awaited = None
        elif self.ended:
            self.words.append(word)
        elif word == "--":
            self.ended = True
        elif word[:1] == "-":
            self._option(word)
        else:
            self._word(word)

    def _option(self, word: str) -> None:
        self.awaited = None
        name, _, text = word.partition("=")
        option = self.option(name)
        if option is None and not word.startswith("--"):
            name, text = word[:2], word[2:]
            option = self.option(name)
        if option is None or option.takes in ("flag", "count"):
            return
        if text:
            self._store(option, text)
        else:
            self.awaited = option

    def option(self, name: str) -> Option | None:
        """The option of the command that is spelt *name*."""
        return next((o for o in self.command.options if name in o.names), None)

    def _store(self, option: Option, text: str) -> None:
        if option.takes in ("list", "words"):
            before = self.settings.get(option.key)
            self.settings[option.key] = [*(before if isinstance(before, list) else ()), text]
        else:
            self.settings[option.key] = text

    def _word(self, word: str) -> None:
        sub = None if self.words else self.command.subcommands.get(word)
        if sub is not None:
            self.command = sub
            return
        self.words.append(word)
        self.ended = self.command.positionals is not None and self.command.positionals.verbatim


def candidates(top: Command, words: Sequence[str]) -> list[str]:
    """What the last of *words*, the one being written, may become; sorted.

    The words are those after the program's name; the last may be empty.
    """
    *before, last = words or [""]
    line = _Line(top, before)
    if line.awaited is None and last[:2] == "--" and "=" in last and not line.ended:
        name, _, text = last.partition("=")
        option = line.option(name)
        found = _values(line, option) if option is not None else ()
        return sorted(
            {f"{name}={each}" for each in found if each.startswith(text) and _plain(each)}
        )
    if line.awaited is not None:
        last = "" if last == "=" else last
        found = _values(line, line.awaited)
    elif last[:1] == "-" and not line.ended:
        found = _options(line.command, last)
    else:
        found = _words(line, last, top)
    return sorted({each for each in found if each.startswith(last) and _plain(each)})


def _plain(word: str) -> bool:
    """Whether a shell takes *word* as it stands: channels and folders may hold other names."""
    return word.isprintable() and SPECIAL.isdisjoint(word)


def _options(command: Command, last: str) -> Iterable[str]:
    shown = (option for option in command.options if not option.hidden)
    spelt = ["-h", "--help", *(name for o in shown for name in (*o.names, *o.off))]
    return [name for name in spelt if last == "-" or (name[:2] == "--") == (last[:2] == "--")]


def _values(line: _Line, option: Option) -> Iterable[str]:
    """The values that *option* may have."""
    if option.choices:
        return option.choices
    find = VALUES.get(option.key)
    return () if find is None else find(line)


def _words(line: _Line, last: str, top: Command) -> Iterable[str]:
    """The positional words, or the commands, that may come next."""
    commands = [] if line.words else list(line.command.subcommands)
    if line.command.positionals is None:
        return [*commands, "deactivate"] if line.command is top else commands
    most = line.command.positionals.most
    if most is not None and len(line.words) >= most:
        return ()
    title = line.command.title.partition(" ")[2]
    find = WORDS.get(title)
    if find is None:
        return ()
    if not last and find is _packages:
        return ()  # ten thousand names are no help
    return [*commands, *find(line)]


def _config(line: _Line) -> Config:
    """The settings in force for what was written so far."""
    from mm_cli.session import executable
    from mm_config import PrefixRules, load

    keys = ("root_prefix", "target_prefix", "env_name", "channels", "platform")
    given = {key: line.settings[key] for key in keys if key in line.settings}
    if "override_channels" in line.settings:
        given["override_channels"] = True
    return load(cli=given, rules=PrefixRules.all(), executable=executable())


def _environments(line: _Line) -> Iterable[str]:
    """The names of environments."""
    config = _config(line)
    names = (config.env_name(prefix) for prefix in config.known_environments())
    return [name for name in names if os.sep not in name]


def _packages(line: _Line) -> Iterable[str]:
    """The names that the indexes on this machine have."""
    from mm_channels import names_at_hand, resolve_channels
    from mm_cli.operations.channels import channel_context
    from mm_cli.report.console import Console
    from mm_cli.session import Session

    config = _config(line)
    context = channel_context(Session(config, Console(quiet=True), (), {}))
    channels = resolve_channels(config["channels"], context)
    return names_at_hand(channels, [folder / "cache" for folder in config.pkgs_dirs])


def _installed(line: _Line) -> Iterable[str]:
    """The names of installed packages: those of the files of records."""
    prefix = _config(line).text("target_prefix")
    files = os.listdir(os.path.join(prefix, "conda-meta"))
    return [file.rsplit("-", 2)[0] for file in files if file.endswith(".json")]


def _channels(line: _Line) -> Iterable[str]:
    from mm_cli.operations.channel_names import WELL_KNOWN

    return [*_config(line)["channels"], *WELL_KNOWN]


def _platforms(line: _Line) -> Iterable[str]:
    from mm_channels.channel import KNOWN_PLATFORMS

    return KNOWN_PLATFORMS


def _shells(line: _Line) -> Iterable[str]:
    from mm_shell.shells import SUPPORTED

    return SUPPORTED


def _settings(line: _Line) -> Iterable[str]:
    from mm_config import KEYS

    return KEYS


def _setting_or_value(line: _Line) -> Iterable[str]:
    """Settings; after one of them, what it can be."""
    from mm_config import KEYS

    if not line.words:
        return KEYS
    key = KEYS.get(line.words[0])
    if key is None or len(line.words) > 1:
        return ()
    return ("true", "false") if key.kind == "bool" else key.choices


def _processes(line: _Line) -> Iterable[str]:
    """The labels of the programs that run."""
    from mm_shell.process_list import ProcessList

    return [process.name for process in ProcessList.of_user(os.environ).running()]


def _programs(line: _Line) -> Iterable[str]:
    """What the environment can run."""
    return os.listdir(os.path.join(_config(line).text("target_prefix"), "bin"))


Finder = Callable[[_Line], Iterable[str]]

VALUES: dict[str, Finder] = {
    "env_name": _environments,
    "create.clone": _environments,
    "channels": _channels,
    "trusted_channels": _channels,
    "platform": _platforms,
    "shell.name": _environments,
    "shell.type": _shells,
}
"""Setting, or option of a command -> what finds its values."""

WORDS: dict[str, Finder] = {
    "activate": _environments,
    "config append": _settings,
    "config describe": _settings,
    "config explain": _settings,
    "config get": _settings,
    "config list": _settings,
    "config prepend": _settings,
    "config remove": _settings,
    "config remove-key": _settings,
    "config set": _setting_or_value,
    "create": _packages,
    "env create": _packages,
    "env diff": _environments,
    "env lock": _packages,
    "env update": _packages,
    "install": _packages,
    "list": _installed,
    "ps kill": _processes,
    "ps stop": _processes,
    "remove": _installed,
    "repoquery depends": _packages,
    "repoquery search": _packages,
    "repoquery whoneeds": _packages,
    "run": _programs,
    "search": _packages,
    "shell": _environments,
    "shell activate": _environments,
    "uninstall": _installed,
    "update": _installed,
    "upgrade": _installed,
    "why": _installed,
    "why-not": _packages,
}
"""Command -> what finds its positional words."""
