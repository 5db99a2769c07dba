"""``config``: the settings in force, and where they come from."""

from __future__ import annotations

from mm_cli.command_line import Command, Parsed, Words, flag
from mm_cli.options import CHANNEL, GLOBAL, NETWORK, PREFIX
from mm_cli.report.console import Console
from mm_cli.session import Session, open_session

__all__ = ["COMMAND"]


def _open(parsed: Parsed, console: Console) -> Session:
    from mm_config import PrefixRules

    return open_session(parsed, console, PrefixRules.all())


def _list(parsed: Parsed, console: Console) -> int:
    import mm_config

    session = _open(parsed, console)
    show = session.options
    selection = {
        "names": session.words,
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
        "names": session.words,
        "long_descriptions": session.options.get("config.long_descriptions", False),
        "groups": session.options.get("config.groups", False),
    }
    console.document |= mm_config.describe_data(session.config, **selection)
    console.result(mm_config.describe_text(session.config, **selection))
    return 0


def _sources(parsed: Parsed, console: Console) -> int:
    import mm_config

    session = _open(parsed, console)
    console.document["sources"] = mm_config.sources_data(session.config)
    console.result(mm_config.sources_text(session.config))
    return 0


LONG = flag("-l,--long-descriptions", "config.long_descriptions", "Describe each key at length.")
GROUPS = flag("-g,--groups", "config.groups", "Show the groups of keys.")

COMMAND = Command(
    "micromamba config",
    "Configuration of micromamba: what is set, and by whom.",
    options=(*GLOBAL, *PREFIX),
    subcommands=(
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
        ),
        Command(
            "micromamba config sources",
            "Show the configuration files in use, the most important first.",
            options=(*GLOBAL, *PREFIX),
            run=_sources,
        ),
        Command(
            "micromamba config describe",
            "Explain the settings.",
            options=(*GLOBAL, *PREFIX, LONG, GROUPS),
            positionals=Words("KEY", "Explain these keys only."),
            run=_describe,
        ),
    ),
)
