"""``constructor``: what installers made by conda's constructor ask for on their first run."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from mm_cli.command_line import Command, Parsed, flag, value
from mm_cli.errors import CliError
from mm_cli.options import GLOBAL
from mm_cli.report.console import Console
from mm_cli.session import Session, open_session

if TYPE_CHECKING:
    from mm_pkg.cancellation import Cancellation
    from mm_pkg.record import RecordSource, RepodataRecord

__all__ = ["COMMAND"]

TARBALL = "_tmp.tar.bz2"
"""Where standard input is kept while it is unpacked."""

PIECE = 1 << 20


def _run(parsed: Parsed, console: Console) -> int:
    from mm_cli.operations.interruption import interruptible
    from mm_config import PrefixRules

    session = open_session(parsed, console, PrefixRules.none())
    prefix = Path(os.path.abspath(os.path.expanduser(_prefix(session))))
    console.document |= {"prefix": str(prefix), "extracted": []}
    options = session.options
    if not (options.get("constructor.tarball") or options.get("constructor.packages")):
        console.say("Nothing to do. Say --extract-tarball or --extract-conda-pkgs.")
    with interruptible() as cancellation:
        if options.get("constructor.tarball"):
            _extract_tarball(session, prefix, cancellation)
        if options.get("constructor.packages"):
            _extract_packages(session, prefix, cancellation)
    return 0


def _prefix(session: Session) -> str:
    prefix = session.options.get("constructor.prefix")
    if not prefix:
        raise CliError("No prefix was given", hint="Name the installer's folder: -p PATH.")
    return str(prefix)


def _extract_tarball(session: Session, prefix: Path, cancellation: Cancellation) -> None:
    """Unpack the .tar.bz2 on standard input into *prefix*."""
    from shutil import copyfileobj

    from mm_pkg import extract

    if session.config.flag("dry_run"):
        session.console.say(f"Dry run. Nothing was unpacked into {prefix}.")
        return
    prefix.mkdir(parents=True, exist_ok=True)
    tarball = prefix / TARBALL
    try:
        with tarball.open("wb") as file:
            copyfileobj(sys.stdin.buffer, file, PIECE)
        extract(tarball, prefix, cancellation=cancellation)
    finally:
        tarball.unlink(missing_ok=True)


def _extract_packages(session: Session, prefix: Path, cancellation: Cancellation) -> None:
    """Unpack the archives that ``pkgs/urls`` lists, each beside itself."""
    from mm_cli.report.progress import ConsoleReporter
    from mm_pkg import PackageCache

    console = session.console
    folder = prefix / "pkgs"
    cache = PackageCache([folder], safety_checks=session.config["safety_checks"])
    extracted: list[str] = []
    console.document["extracted"] = extracted
    reporter = ConsoleReporter(console)  # the lines below tell of the progress
    for record in _records(session, folder):
        cancellation.check()
        console.say(f"Extracting {record.fn}")
        if not session.config.flag("dry_run"):
            archive = folder / record.fn
            cache.extract(archive, record, cancellation=cancellation, reporter=reporter)
        extracted.append(record.fn)


def _records(session: Session, folder: Path) -> Iterator[RepodataRecord]:
    """What is known of the packages that *folder* lists: the repodata in it has the last word."""
    from mm_channels import repodata_at_hand
    from mm_cli.operations.explicit import explicit_record
    from mm_cli.specfiles.text import parse_explicit_line
    from mm_pkg.record import PackageRecord

    list_of_urls = folder / "urls"
    subdirs: dict[str, RecordSource | None] = {}
    if not list_of_urls.is_file():
        raise CliError(
            f"There is no {list_of_urls}", hint="-p takes the folder that an installer has filled."
        )
    for number, line in enumerate(list_of_urls.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        record = explicit_record(parse_explicit_line(line.strip(), f"{list_of_urls}:{number}"))
        place = record.platform_url
        if place not in subdirs:
            subdirs[place] = repodata_at_hand(folder / "cache", place)
        source = subdirs[place]
        listed: dict[str, PackageRecord] = dict(source.packages(record.name)) if source else {}
        if source is None or record.fn not in listed:
            session.console.warn(f"No repodata of {record.url}: what it says of itself counts")
            yield record
        else:
            yield _with_hashes(source.record(record.name, record.fn), record)


def _with_hashes(record: RepodataRecord, listed: RepodataRecord) -> RepodataRecord:
    """*record*, at the URL and with the hashes that the installer's list has."""
    import msgspec

    return msgspec.structs.replace(
        record,
        url=listed.url,
        md5=listed.md5 or record.md5,
        sha256=listed.sha256 or record.sha256,
    )


COMMAND = Command(
    "micromamba constructor",
    "Unpack what an installer made by constructor brings along.",
    options=(
        *GLOBAL,
        value("-p,--prefix", "constructor.prefix", "PATH", "The folder that is installed into."),
        flag(
            "--extract-conda-pkgs", "constructor.packages",
            "Unpack the archives listed in PATH/pkgs/urls.",
        ),
        flag(
            "--extract-tarball", "constructor.tarball",
            "Unpack the .tar.bz2 on standard input into PATH.",
        ),
    ),
    description="With both options the tarball comes first. Hostile archives are refused.",
    examples=(
        "micromamba constructor -p ./inst --extract-conda-pkgs",
        "micromamba constructor -p ./inst --extract-tarball < payload.tar.bz2",
    ),
    run=_run,
)  # fmt: skip
