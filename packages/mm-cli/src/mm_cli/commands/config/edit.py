"""``config get``, ``set``, ``append``, ``prepend``, ``remove`` and ``remove-key``."""

from __future__ import annotations

from mm_cli.command_line import Command, Parsed, UsageError, Words, flag, value
from mm_cli.errors import FAILURE
from mm_cli.options import GLOBAL, PREFIX
from mm_cli.report.console import Console
from mm_cli.session import Session, open_session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from mm_config import RcEditor

__all__ = ["COMMANDS"]

ARGUMENT_MISSING = 106
"""The exit code for a word that is missing, as of the command line's parser."""

INVALID = "Key is invalid or more than one key was received"
ABSENT = "Key is not present in file"
ONE_AT_A_TIME = "Only one value can be removed at a time"
"""Words of micromamba on standard output: scripts look for them."""


def _get(parsed: Parsed, console: Console) -> int:
    from mm_config import written_text
    from mm_config.listing import plain_data

    session = _open(parsed, console)
    name = session.words[0]
    editor = _editor(session)
    found = editor.value(name)
    console.document |= {"file": editor.path, "key": name, "value": plain_data(found)}
    if found is None:
        _say_absent(session, name)
    else:
        console.result(written_text(name, found))
    return 0


def _say_absent(session: Session, name: str) -> None:
    """Say that the file has no *name*, and if nothing has, what may have been meant."""
    from mm_config import InvalidKey
    from mm_config.assignment import key_of

    session.console.result(ABSENT)
    try:
        key_of(name)
    except InvalidKey as error:
        session.console.warn(error.message, error.hint)


def _set(parsed: Parsed, console: Console) -> int:
    from mm_config import InvalidKey

    session = _open(parsed, console)
    name, *values = session.words
    if len(values) > 1:
        console.result(INVALID)
        console.fail("`config set` takes one key and one value", hint="Quote a value with spaces.")
        return FAILURE
    editor = _editor(session, create=True)
    try:
        editor.set(name, *values or _missing(name))
    except InvalidKey as error:
        console.result(INVALID)
        console.fail(error.message, error.hint)
        return FAILURE
    _store(session, editor, name)
    if not session.config["dry_run"]:
        _say_overruled(parsed, session, editor.path, name)
    return 0


def _say_overruled(parsed: Parsed, session: Session, path: str, name: str) -> None:
    """Say so if the value that is now in the file at *path* has no effect."""
    import mm_config
    from mm_config.assignment import key_of

    key, _ = key_of(name)
    settings = {name: given for name, given in parsed.settings.items() if "." not in name}
    setting = mm_config.load(cli=settings).setting(key.name)
    if path in (candidate.source.path for candidate in setting.losers):
        winner = setting.winners[0].source
        label = session.config.machine.shortened(path)
        session.console.warn(
            f"'{name}' is set in {label}, but {winner} counts more",
            f"`config explain {key.name}` shows who says what.",
        )


def _missing(name: str) -> tuple[str]:
    """Complain that there is no value, unless *name* is wrong to begin with."""
    from mm_config.assignment import key_of

    key_of(name)
    raise UsageError(f"'{name}' has no value: words are KEY VALUE pairs", ARGUMENT_MISSING)


def _append(parsed: Parsed, console: Console) -> int:
    return _insert(parsed, console, lambda editor: editor.append)


def _prepend(parsed: Parsed, console: Console) -> int:
    return _insert(parsed, console, lambda editor: editor.prepend)


def _insert(
    parsed: Parsed,
    console: Console,
    way: Callable[[RcEditor], Callable[[str, list[str]], None]],
) -> int:
    """Add the values of all pairs of words, or, if one of them is wrong, none."""
    from mm_config.assignment import items_of

    session = _open(parsed, console)
    words = session.words
    if len(words) % 2:
        raise UsageError(f"'{words[-1]}' has no value: words are KEY VALUE pairs", ARGUMENT_MISSING)
    editor = _editor(session, create=True)
    names = words[::2]
    for name, text in zip(names, words[1::2], strict=True):
        way(editor)(name, items_of(text))
    _store(session, editor, *dict.fromkeys(names))
    return 0


def _remove(parsed: Parsed, console: Console) -> int:
    session = _open(parsed, console)
    name, item, *more = session.words
    if more:
        console.result(ONE_AT_A_TIME)
        console.fail("`config remove` takes one key and one value")
        return FAILURE
    editor = _editor(session)
    return _taken_out(session, editor, name, editor.remove(name, item))


def _remove_key(parsed: Parsed, console: Console) -> int:
    session = _open(parsed, console)
    name = session.words[0]
    editor = _editor(session)
    return _taken_out(session, editor, name, editor.remove_key(name))


def _taken_out(session: Session, editor: RcEditor, name: str, there: bool) -> int:
    """What was to go need not have been there: then it is said, and all is well."""
    if not there:
        _say_absent(session, name)
    _store(session, editor, name)
    return 0


def _open(parsed: Parsed, console: Console) -> Session:
    """The settings; where they contradict each other, those of no file: one has to be edited."""
    from mm_config import ConfigError, PrefixRules

    try:
        return open_session(parsed, console, PrefixRules.all())
    except ConfigError:
        if "config.env" in parsed.settings:
            raise  # where the environment is may depend on files
        parsed.settings.pop("rc_files", None)
        parsed.settings["no_rc"] = True
        return open_session(parsed, console, PrefixRules.all())


def _editor(session: Session, *, create: bool = False) -> RcEditor:
    from mm_config import RcEditor, edited_path

    path = edited_path(
        session.config,
        file=session.options.get("config.file", ""),
        system=session.options.get("config.system", False),
        environment=session.options.get("config.env", False),
    )
    return RcEditor.open(path, label=session.config.machine.shortened(path), create=create)


def _store(session: Session, editor: RcEditor, *names: str) -> None:
    """Write the file, and tell what became of *names*."""
    from mm_config.listing import plain_data

    console = session.console
    dry_run = session.config["dry_run"]
    changed = editor.changed
    if not dry_run:
        editor.save()
    console.document |= {
        "file": editor.path,
        "dry_run": dry_run,
        "changed": changed,
        "values": {name: plain_data(editor.value(name)) for name in names},
    }
    if not dry_run:
        return
    difference = editor.difference()
    console.document["difference"] = difference
    console.say(difference or f"{editor.label} stays as it is")
    console.say("Dry run. Nothing is written.")


EXCLUDING = ("config.file", "config.system", "config.env")


def _others(key: str) -> tuple[str, ...]:
    return tuple(other for other in EXCLUDING if other != key)


WHERE = (
    value(
        "--file", "config.file", "FILE", "Use this file (default: ~/.condarc).",
        excludes=_others("config.file"),
    ),
    flag(
        "--system", "config.system", "Use the file for all users of this machine.",
        excludes=_others("config.system"),
    ),
    flag(
        "--env", "config.env", "Use the environment's own file.",
        excludes=_others("config.env"),
    ),
)  # fmt: skip
"""Which file is read or edited."""


def _command(
    name: str,
    summary: str,
    run: Callable[[Parsed, Console], int],
    words: Words,
    *examples: str,
) -> Command:
    return Command(
        f"micromamba config {name}",
        summary,
        options=(*GLOBAL, *PREFIX, *WHERE),
        positionals=words,
        run=run,
        examples=tuple(f"micromamba config {name} {example}" for example in examples),
    )


KEY_VALUE = "KEY VALUE"

COMMANDS = (
    _command(
        "get",
        "Show what a file says of a setting.",
        _get,
        Words("KEY", "The setting, or MAP.ENTRY.", least=1, most=1),
        "channels",
        "proxy_servers.https --system",
    ),
    _command(
        "set",
        "Give a setting a value.",
        _set,
        Words(KEY_VALUE, "The setting (or MAP.ENTRY), and its value; a,b is a list.", least=1),
        "channel_priority strict",
        "custom_channels.lab https://conda.example.org",
        "platform osx-64 --env -n py",
    ),
    _command(
        "append",
        "Add values at the end of lists, where they count least.",
        _append,
        Words(KEY_VALUE, "Lists, and what to add to each: a,b is two values.", least=2),
        "channels conda-forge",
        "channels lab,conda-forge pinned_packages 'numpy <2'",
    ),
    _command(
        "prepend",
        "Add values at the beginning of lists, where they count most.",
        _prepend,
        Words(KEY_VALUE, "Lists, and what to add to each: a,b is two values.", least=2),
        "channels lab",
    ),
    _command(
        "remove",
        "Take a value out of a list, or an entry out of a map.",
        _remove,
        Words(KEY_VALUE, "The setting, and what to take out of it.", least=2),
        "channels defaults",
        "custom_channels lab",
    ),
    _command(
        "remove-key",
        "Take a setting out of a file.",
        _remove_key,
        Words("KEY", "The setting, or MAP.ENTRY.", least=1, most=1),
        "channel_priority",
    ),
)
