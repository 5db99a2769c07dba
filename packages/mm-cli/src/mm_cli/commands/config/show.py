"""``config list``, ``sources``, ``describe`` and ``explain``: what is in force, and why."""

from __future__ import annotations

from mm_cli.command_line import Command, Parsed, Words, flag
from mm_cli.options import CHANNEL, GLOBAL, NETWORK, PREFIX
from mm_cli.report.console import Console
from mm_cli.session import Session, open_session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["COMMANDS"]


def _open(parsed: Parsed, console: Console) -> Session:
    from mm_config import PrefixRules

    return open_session(parsed, console, PrefixRules.all())


def _list(parsed: Parsed, console: Console) -> int:
    import mm_config

    session = _open(parsed, console)
    show = session.options
    selection = {
        "names": _names(session),
        "sources": show.get("config.sources", False),
        "descriptions": show.get("config.descriptions", False),
        "long_descriptions": show.get("config.long_descriptions", False),
        "groups": show.get("config.groups", False),
        "all": show.get("config.all", False),
    }
    console.document |= mm_config.list_data(session.config, **selection)
    console.result(mm_config.list_text(session.config, **selection))
    return 0


def _describe(parsed: Parsed, console: Console) -> int:
    import mm_config

    session = _open(parsed, console)
    selection = {
        "names": _names(session),
        "long_descriptions": session.options.get("config.long_descriptions", False),
        "groups": session.options.get("config.groups", False),
    }
    console.document |= mm_config.describe_data(session.config, **selection)
    console.result(mm_config.describe_text(session.config, **selection))
    return 0


def _explain(parsed: Parsed, console: Console) -> int:
    import mm_config
    from mm_cli.errors import CliError

    session = _open(parsed, console)
    word, *part = session.words
    known = _names(session, session.words[:1])
    if not known:
        raise CliError(f"{word!r} is no setting", hint=_meant(word))
    console.document |= mm_config.explain_data(session.config, known[0], *part)
    console.result(mm_config.explain_text(session.config, known[0], *part))
    return 0


def _names(session: Session, words: Sequence[str] | None = None) -> list[str]:
    """The settings that *words* (default: all) name, be it by an alias; others are pointed out."""
    from mm_config.keys import ALIASES, KEYS

    found = []
    for word in session.words if words is None else words:
        name = ALIASES.get(word, word)
        if name in KEYS:
            found.append(name)
        elif words is None:
            session.console.warn(f"{word!r} is no setting", _meant(word))
    return found


def _meant(word: str) -> str:
    import mm_config

    guess = mm_config.nearest(word)
    return f"Did you mean '{guess}'?" if guess else "`config describe` lists the settings."


def _sources(parsed: Parsed, console: Console) -> int:
    import mm_config

    session = _open(parsed, console)
    console.document["sources"] = mm_config.sources_data(session.config)
    console.result(mm_config.sources_text(session.config))
    return 0


LONG = flag("-l,--long-descriptions", "config.long_descriptions", "Describe each key at length.")
GROUPS = flag("-g,--groups", "config.groups", "Show the groups of keys.")

COMMANDS = (
    Command(
        "micromamba config list",
        "Show the settings that differ from the defaults.",
        options=(
            *GLOBAL,
            *PREFIX,
            *NETWORK,
            *CHANNEL,
            flag("-s,--sources", "config.sources", "Say which source set each value."),
            flag("-a,--all", "config.all", "Show settings at their defaults as well."),
            flag("-d,--descriptions", "config.descriptions", "Describe each key."),
            LONG,
            GROUPS,
        ),
        positionals=Words("KEY", "Show these keys only."),
        run=_list,
        examples=("micromamba config list --sources", "micromamba config list channels -s -n py"),
    ),
    Command(
        "micromamba config sources",
        "Show the configuration files in use, the most important first.",
        options=(*GLOBAL, *PREFIX),
        run=_sources,
        examples=("micromamba config sources -n py",),
    ),
    Command(
        "micromamba config describe",
        "Explain the settings.",
        options=(*GLOBAL, *PREFIX, LONG, GROUPS),
        positionals=Words("KEY", "Explain these keys only."),
        run=_describe,
        examples=("micromamba config describe ssl_verify -l",),
    ),
    Command(
        "micromamba config explain",
        "Say why a setting has its value: who set it, and who was overruled.",
        options=(*GLOBAL, *PREFIX, *NETWORK, *CHANNEL),
        positionals=Words(
            "KEY [ITEM]", "The setting, and an item of a list or map.", least=1, most=2
        ),
        run=_explain,
        examples=(
            "micromamba config explain always_yes",
            "micromamba config explain channels conda-forge",
        ),
    ),
)
