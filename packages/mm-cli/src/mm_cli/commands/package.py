"""``package``: archives of packages, by hand."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from mm_cli.command_line import Command, Parsed, Words, natural, value
from mm_cli.options import GLOBAL
from mm_cli.report.console import Console
from mm_cli.session import Session, open_session

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["COMMAND"]


def _extract(parsed: Parsed, console: Console) -> int:
    from mm_cli.operations.interruption import interruptible
    from mm_pkg import extract

    session = _open(parsed, console)
    archive, destination = _paths(session)

    def do() -> None:
        with interruptible() as cancellation:
            extract(archive, destination, cancellation=cancellation)

    return _do(session, "Extracting", archive, destination, do)


def _compress(parsed: Parsed, console: Console) -> int:
    from mm_pkg import create

    session = _open(parsed, console)
    folder, archive = _paths(session)
    if folder.is_dir() and not (folder / "info" / "index.json").is_file():
        console.warn(f"{folder} has no info/index.json: the archive will be no package")

    level, threads = _compression(session)

    def do() -> None:
        create(folder, archive, level=level, threads=threads)

    return _do(session, "Compressing", folder, archive, do)


def _transmute(parsed: Parsed, console: Console) -> int:
    from mm_cli.operations.interruption import interruptible
    from mm_pkg.archive import other_format, transmute

    session = _open(parsed, console)
    (archive,) = _paths(session)
    destination = other_format(archive)
    level, threads = _compression(session)

    def do() -> None:
        with interruptible() as cancellation:
            transmute(archive, level=level, threads=threads, cancellation=cancellation)

    return _do(session, "Transmuting", archive, destination, do)


def _open(parsed: Parsed, console: Console) -> Session:
    from mm_config import PrefixRules

    return open_session(parsed, console, PrefixRules.none())


def _paths(session: Session) -> list[Path]:
    return [Path(os.path.abspath(os.path.expanduser(word))) for word in session.words]


def _compression(session: Session) -> tuple[int | None, int]:
    """The level, None for the usual one, and the number of threads."""
    threads = session.options.get("package.threads", 1)
    return session.options.get("package.level"), threads or os.cpu_count() or 1


def _do(
    session: Session, doing: str, source: Path, destination: Path, do: Callable[[], None]
) -> int:
    """Say it, do it unless this is a dry run, and report."""
    console, dry_run = session.console, session.config.flag("dry_run")
    console.say(f'{doing} "{source}" to "{destination}"')
    if dry_run:
        console.say("Dry run. Nothing was written.")
    else:
        do()
    console.document |= {
        "dry_run": dry_run,
        "source": str(source),
        "destination": str(destination),
    }
    if destination.is_file() and not dry_run:
        console.document |= {"size": destination.stat().st_size, "sha256": _sha256(destination)}
    return 0


def _sha256(path: Path) -> str:
    from hashlib import file_digest

    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


COMPRESSION = (
    value(
        "-c,--compression-level", "package.level", "LEVEL",
        "1 to 22 for .conda (15), 1 to 9 for .tar.bz2 (9).", convert=natural,
    ),
    value(
        "--compression-threads", "package.threads", "NUMBER",
        "Threads that compress a .conda (1); 0 is one a processor.", convert=natural,
    ),
)  # fmt: skip

COMMAND = Command(
    "micromamba package",
    "Unpack, make and convert package archives.",
    subcommands=(
        Command(
            "micromamba package extract",
            "Unpack an archive into a folder.",
            options=GLOBAL,
            positionals=Words("ARCHIVE DEST", "The archive, and the folder.", least=2, most=2),
            description="What would be written outside the folder is refused.",
            examples=("micromamba package extract zlib-1.3.1-h0_0.conda zlib",),
            run=_extract,
        ),
        Command(
            "micromamba package compress",
            "Make an archive of a folder.",
            options=(*GLOBAL, *COMPRESSION),
            positionals=Words("FOLDER DEST", "The folder, and the archive.", least=2, most=2),
            description=(
                "The archive's name says its format: .conda or .tar.bz2. The same files give the "
                "same bytes; with SOURCE_DATE_EPOCH set no time is later."
            ),
            examples=(
                "micromamba package compress zlib zlib-1.3.1-h0_0.conda",
                "micromamba package compress zlib zlib-1.3.1-h0_0.tar.bz2 -c 5",
            ),
            run=_compress,
        ),
        Command(
            "micromamba package transmute",
            "Make a .conda of a .tar.bz2, or the other way round.",
            options=(*GLOBAL, *COMPRESSION),
            positionals=Words("ARCHIVE", "The other one is put beside it.", least=1, most=1),
            examples=(
                "micromamba package transmute zlib-1.3.1-h0_0.tar.bz2",
                "micromamba package transmute zlib-1.3.1-h0_0.conda -c 9",
            ),
            run=_transmute,
        ),
    ),
    examples=("micromamba package extract zlib-1.3.1-h0_0.conda zlib",),
)
