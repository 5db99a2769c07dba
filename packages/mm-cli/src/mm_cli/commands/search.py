"""``search``: which packages a channel has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from mm_cli.command_line import Command, Parsed, Words, flag, value
from mm_cli.options import CHANNEL, GLOBAL, NETWORK, PREFIX
from mm_cli.report.console import Console
from mm_cli.session import Session, open_session

if TYPE_CHECKING:
    from mm_pkg.record import RecordSource, RepodataRecord
    from mm_solve import MatchSpec

__all__ = ["COMMAND"]


def _run(parsed: Parsed, console: Console) -> int:
    from mm_cli.operations.request import parse_specs
    from mm_config import PrefixRules

    session = open_session(parsed, console, PrefixRules.all(), strict=True)
    specs = parse_specs(session.words)
    sources = _sources(session, specs)
    names = {source.channel.rstrip("/"): source.channel_name for source in sources}
    found = [_newest_first(_matching(sources, spec, console)) for spec in specs]
    console.document |= _data(session.words, found, names)
    for number, (text, records) in enumerate(zip(session.words, found, strict=True)):
        if number:
            console.result("")
        _show(session, text, records, names)
    return 0


def _sources(session: Session, specs: Sequence[MatchSpec]) -> Sequence[RecordSource]:
    from mm_cli.operations.channels import open_transport
    from mm_cli.operations.interruption import interruptible
    from mm_cli.operations.request import named_channels
    from mm_cli.operations.solving import open_sources

    if session.options.get("search.local"):
        from mm_cli.operations.installed import InstalledSource

        session.console.say("Using local repodata...")
        session.config.check_environment(session.prefix)
        return [InstalledSource(session.prefix)]
    session.console.say("Getting repodata from channels...")
    with interruptible() as cancellation, open_transport(session) as transport:
        return open_sources(session, named_channels(specs), transport, cancellation)


def _matching(
    sources: Sequence[RecordSource], spec: MatchSpec, console: Console
) -> list[RepodataRecord]:
    """Every package that *spec* selects, once, in order of the channels.

    A package whose version is none is left out with a warning, as when solving.
    """
    from mm_solve import Version
    from mm_solve.errors import InvalidVersion

    found: dict[str, RepodataRecord] = {}
    for source in sources:
        if not spec.matches_channel(source.channel, source.channel_name):
            continue
        for name in _names(source, spec.name):
            for fn, package in source.packages(name).items():
                try:
                    Version.parse(package.version)
                except InvalidVersion as error:
                    console.warn(f"{fn} is left out: {error.message}")
                    continue
                if not spec.needs_full_record and not spec.matches(package):
                    continue
                record = source.record(name, fn)
                if spec.matches(record):
                    found.setdefault(record.sha256 or record.url, record)
    return list(found.values())


def _names(source: RecordSource, pattern: str) -> Iterable[str]:
    if "*" not in pattern:
        return [pattern]
    return [name for name in source.names() if fnmatchcase(name, pattern)]


def _newest_first(records: list[RepodataRecord]) -> list[RepodataRecord]:
    """By name; within a name the newest version and the highest build number first."""
    from mm_solve import Version

    records.sort(
        key=lambda r: (Version.parse(r.version), r.build_number, r.timestamp_ms), reverse=True
    )
    return sorted(records, key=lambda r: r.name)


def _data(
    words: Sequence[str], found: Sequence[Sequence[RepodataRecord]], names: dict[str, str]
) -> dict[str, object]:
    """The answer to all queries as one document."""
    from mm_cli.report.json_document import package

    packages = [
        package(r) | {"channel": names.get(r.channel, r.channel)}
        for records in found
        for r in records
    ]
    return {
        "query": {"query": " ".join(words), "type": "search"},
        "result": {"msg": "", "status": "OK", "pkgs": packages},
    }


def _show(
    session: Session, text: str, records: Sequence[RepodataRecord], names: dict[str, str]
) -> None:
    """The answer to the query *text*."""
    from mm_cli.report.package_card import Found, card, table

    console = session.console
    if not records:
        console.result(f'No entries matching "{text}" found')
        console.say(
            "Try looking remotely with '--remote'."
            if session.options.get("search.local")
            else "Try looking in other channels with '-c, --channel'."
        )
        return
    versions: dict[tuple[str, str], list[RepodataRecord]] = {}
    for record in records:
        versions.setdefault((record.name, record.version), []).append(record)
    found = [
        Found(builds[0], len(builds) - 1, names.get(builds[0].channel, builds[0].channel))
        for builds in versions.values()
    ]
    pretty = session.options.get("search.pretty") or "*" not in text
    console.result(card(found) if pretty else table(found))


COMMAND = Command(
    "micromamba search",
    "Find packages in channels.",
    options=(
        *GLOBAL,
        *PREFIX,
        *NETWORK,
        *CHANNEL,
        flag("--pretty", "search.pretty", "Show a card, not a table."),
        flag(
            "--local", "search.local", "Look in the environment, not in channels.", off="--remote"
        ),
        value("--platform", "platform", "PLATFORM", "Look for this platform, such as osx-arm64."),
    ),
    positionals=Words("SPEC", "What to look for; * stands for anything.", least=1),
    examples=("micromamba search -c conda-forge 'numpy>=2'", "micromamba search 'xtensor*' --json"),
    run=_run,
)
