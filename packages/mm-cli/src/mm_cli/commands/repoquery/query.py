"""What ``search``, ``depends`` and ``whoneeds`` share: options, sources, ways to answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from mm_cli.command_line import Option, Parsed, flag, value
from mm_cli.options import CHANNEL, GLOBAL, NETWORK, PREFIX
from mm_cli.report.console import Console
from mm_cli.session import Session, open_session

if TYPE_CHECKING:
    from mm_cli.operations.catalogue import Catalogue, Listed
    from mm_cli.operations.package_tree import Branch
    from mm_cli.report.package_table import PackageRow
    from mm_pkg.record import RepodataRecord

__all__ = [
    "OPTIONS",
    "cards",
    "channel_of",
    "message",
    "no_match",
    "open_query",
    "package_data",
    "rows",
    "tree",
]

_SHAPES = ("repoquery.tree", "repoquery.table", "repoquery.pretty")


def _shape(names: str, key: str, help: str) -> Option:
    return flag(names, key, help, excludes=tuple(other for other in _SHAPES if other != key))


OPTIONS: tuple[Option, ...] = (
    *GLOBAL,
    *PREFIX,
    *NETWORK,
    *CHANNEL,
    _shape("-t,--tree", "repoquery.tree", "Show a tree."),
    _shape("--table", "repoquery.table", "Show a table."),
    _shape("--pretty", "repoquery.pretty", "Show a card for each package."),
    flag(
        "--local", "repoquery.local", "Look in the environment, not in channels.",
        excludes=("repoquery.remote", "platform"),
    ),
    flag(
        "--remote,-a,--all-channels", "repoquery.remote",
        "Look in channels, not in the environment.", excludes=("repoquery.local",),
    ),
    value("--platform", "platform", "PLATFORM", "Look for this platform, such as osx-arm64."),
)  # fmt: skip
"""Those of every query; what ``--recursive`` means differs."""


def open_query(parsed: Parsed, console: Console, *, installed: bool) -> tuple[Session, bool]:
    """The session, and whether to look into the environment.

    installed -- whether that is the default; a channel or a platform that is named means
    that it is not meant
    """
    from mm_config import PrefixRules

    named = [key for key in ("channels", "platform") if parsed.settings.get(key)]
    session = open_session(parsed, console, PrefixRules.all(), strict=True)
    options = session.options
    if options.get("repoquery.local"):
        if "channels" in named:
            console.warn("-c has no effect beside --local")
        return session, True
    return session, installed and not named and not options.get("repoquery.remote")


def message(text: str) -> str:
    """What is said when nothing matches *text*."""
    return f'No entries matching "{text}" found'


def no_match(session: Session, catalogue: Catalogue, text: str, name: str) -> dict[str, Any]:
    """Say that nothing matches *text*, a spec on *name*, and what may have been meant.

    Returns what the document says of it.
    """
    console = session.console
    console.result(message(text))
    console.say(
        "Try looking remotely with '--remote'."
        if catalogue.local
        else "Try looking in other channels with '-c, --channel'."
    )
    if "*" in name or any(name in source.names() for source in catalogue.sources):
        return {}
    similar = catalogue.similar(name)
    if similar:
        console.say(f"Did you mean {' or '.join(map(repr, similar))}?")  # repr: it is safe to print
    return {"suggestions": similar}


def package_data(catalogue: Catalogue, record: RepodataRecord) -> dict[str, Any]:
    """A package in the document, its channel by name."""
    from mm_cli.report.json_document import package

    return package(record) | {"channel": catalogue.label(record.channel)}


def rows(
    catalogue: Catalogue,
    found: Iterable[Listed],
    *,
    every_build: bool = False,
    depends: Callable[[Listed], str] = lambda listed: "",
) -> list[PackageRow]:
    """One row a version, or one a build. *found* are the newest first, name by name."""
    from mm_cli.report.package_table import PackageRow

    versions: dict[object, list[Listed]] = {}
    for listed in found:
        key = (listed.package.name, listed.package.version)
        versions.setdefault((*key, *listed.place) if every_build else key, []).append(listed)
    return [
        PackageRow(
            name=best.package.name,
            version=best.package.version,
            build=best.package.build,
            channel=channel_of(catalogue, best),
            subdir=best.subdir,
            more_builds=len(others),
            depends=depends(best),
        )
        for best, *others in versions.values()
    ]


def channel_of(catalogue: Catalogue, listed: Listed) -> str:
    """The name of the channel that a package is, or was, in."""
    channel = listed.record().channel if catalogue.local else listed.source.channel
    return catalogue.label(channel.rstrip("/"))


def cards(session: Session, catalogue: Catalogue, found: Sequence[Listed]) -> str:
    """One card a name. *found* are the newest first, name by name."""
    from mm_cli.report.package_card import card

    whole = session.console.shows("info")
    parts = []
    for _, same_name in groupby(found, key=lambda listed: listed.package.name):
        packages = list(same_name)
        versions = rows(catalogue, packages, every_build=whole)
        parts.append(card(packages[0].record(), versions, all_versions=whole))
    return "\n\n".join(parts)


def tree(root: Branch) -> str:
    """*root* and all below it, drawn."""
    from mm_cli.report.tree import tree_lines

    return "\n".join(tree_lines(root, lambda branch: branch.children, _label))


def _label(branch: Branch) -> str:
    from mm_cli.operations.package_tree import CYCLE, MISSING, SEEN

    package = branch.listed.package if branch.listed is not None else branch.virtual
    version = f"[{package.version}]" if package is not None else ""
    return {
        SEEN: f"{branch.name} already visited",
        CYCLE: f"{branch.name} already visited (cycle)",
        MISSING: f"{', '.join(branch.specs)} >>> NOT FOUND <<<",
    }.get(branch.state, f"{branch.name}{version}")
