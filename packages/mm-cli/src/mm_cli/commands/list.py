"""``list``: what is installed in an environment."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mm_cli.command_line import Command, Parsed, Words, flag
from mm_cli.errors import CliError
from mm_cli.options import GLOBAL, PREFIX
from mm_cli.report.console import Console
from mm_cli.report.table import columns
from mm_cli.session import Session, open_session

if TYPE_CHECKING:
    from mm_pkg import Prefix
    from mm_pkg.record import PrefixRecord

__all__ = ["COMMAND"]


def _list(parsed: Parsed, console: Console) -> int:
    from mm_config import PrefixRules
    from mm_pkg import Prefix

    session = open_session(parsed, console, PrefixRules.all())
    _warn_of_ignored(session)
    session.repair()
    session.config.check_environment(session.prefix)
    prefix = Prefix(session.prefix)
    if session.options.get("list.revisions"):
        return _revisions(prefix, console)
    records = _chosen(session, prefix)
    console.document["packages"] = [_data(session, record) for record in records]
    console.result(f'List of packages in environment: "{session.prefix}"\n')
    for line in _lines(session, prefix, records):
        console.result(line)
    return 0


FORMS = {
    "list.revisions": "--revisions",
    "list.explicit": "--explicit",
    "list.canonical": "--canonical",
    "list.export": "--export",
}
"""The ways to show packages, the strongest first: of several, one counts."""


def _warn_of_ignored(session: Session) -> None:
    """Say which options have no effect beside the others."""
    options = session.options
    chosen, *weaker = [key for key in FORMS if options.get(key)] or [""]
    for key in weaker:
        session.console.warn(f"{FORMS[key]} has no effect beside {FORMS[chosen]}")
    for key, name in (("list.md5", "--md5"), ("list.sha256", "--sha256")):
        if options.get(key) and chosen != "list.explicit":
            session.console.warn(f"{name} has no effect without --explicit")


def _chosen(session: Session, prefix: Prefix) -> list[PrefixRecord]:
    """The packages asked for, by name."""
    from mm_cli.operations.pip_packages import pip_packages

    installed = prefix.records()
    records = list(installed.values())
    if not session.options.get("list.no_pip"):
        records += pip_packages(prefix.path, installed)
    if session.words:
        records = [record for record in records if _pattern(session).search(record.name)]
    return sorted(records, key=lambda r: r.name, reverse=bool(session.options.get("list.reverse")))


def _pattern(session: Session) -> re.Pattern[str]:
    text = session.words[0]
    try:
        return re.compile(f"^(?:{text})$" if session.options.get("list.full_name") else text)
    except re.error as error:
        raise CliError(f"{text!r} is not a regular expression: {error}") from None


def _lines(session: Session, prefix: Prefix, records: Sequence[PrefixRecord]) -> list[str]:
    options = session.options
    if options.get("list.explicit"):
        return [_explicit(record, options) for record in records if record.url]
    if options.get("list.canonical"):
        return [f"{_channel(session, r)}/{r.subdir}::{r.dist}" for r in records]
    if options.get("list.export"):
        return [f"{r.name}={r.version}={r.build}" for r in records]
    if not records:
        return []
    rows = [(f"  {r.name}", r.version, r.build, _channel(session, r)) for r in records]
    header, *body = columns(
        [("  Name", "Version", "Build", "Channel"), *rows],
        padding=[0, 2, 2, 2],
        width=max(0, session.console.width - 2),  # beside the end of the rule
        shrink=(3, 2),
    )
    rule = "─" * (max(map(len, [header, *body])) + 2)
    if session.console.colour:
        body = _requested_in_bold(body, records, prefix)
    return [header, rule, *body]


def _requested_in_bold(
    lines: list[str], records: Sequence[PrefixRecord], prefix: Prefix
) -> list[str]:
    requested = prefix.requested_specs()
    return [
        line.replace(record.name, f"\x1b[1;34m{record.name}\x1b[0m", 1)
        if record.name in requested
        else line
        for line, record in zip(lines, records, strict=True)
    ]


def _explicit(record: PrefixRecord, options: dict[str, Any]) -> str:
    for key, digest in (("list.md5", record.md5), ("list.sha256", record.sha256)):
        if options.get(key) and digest:
            return f"{record.url}#{digest}"
    return record.url


def _channel(session: Session, record: PrefixRecord) -> str:
    from mm_cli.operations.channels import channel_label

    return channel_label(session, record.channel)


def _data(session: Session, record: PrefixRecord) -> dict[str, Any]:
    return {
        "base_url": record.channel,
        "build_number": record.build_number,
        "build_string": record.build,
        "channel": _channel(session, record),
        "dist_name": record.dist,
        "md5": record.md5 or "",
        "name": record.name,
        "platform": record.subdir or "",
        "sha256": record.sha256 or "",
        "url": record.url,
        "version": record.version,
    }


def _revisions(prefix: Prefix, console: Console) -> int:
    revisions = [(revision.number, revision.entry) for revision in prefix.revisions()]
    console.document["revisions"] = [
        {"rev": number, "date": e.date, "install": list(e.link), "remove": list(e.unlink)}
        for number, e in revisions
    ]
    for number, entry in revisions:
        console.result(f"{entry.date} (rev {number})")
        for sign, dists in (("-", entry.unlink), ("+", entry.link)):
            for dist in dists:
                console.result(f"    {sign}{dist}")
        console.result("")
    return 0


COMMAND = Command(
    "micromamba list",
    "List the packages of an environment.",
    options=(
        *GLOBAL,
        *PREFIX,
        flag("-f,--full-name", "list.full_name", "REGEX must match the whole name."),
        flag("--no-pip", "list.no_pip", "Leave out packages that pip installed."),
        flag("--reverse", "list.reverse", "From Z to A."),
        flag("--explicit", "list.explicit", "One URL a line."),
        flag("--md5", "list.md5", "Add the md5 to each URL.", excludes=("list.sha256",)),
        flag("--sha256", "list.sha256", "Add the sha256 to each URL.", excludes=("list.md5",)),
        flag("-c,--canonical", "list.canonical", "channel/subdir::name-version-build"),
        flag("-e,--export", "list.export", "name=version=build"),
        flag("--revisions", "list.revisions", "What each transaction changed."),
    ),
    positionals=Words("REGEX", "Only packages whose name it is found in.", most=1),
    examples=("micromamba list -n py", "micromamba list -n py ^lib --json"),
    run=_list,
)
