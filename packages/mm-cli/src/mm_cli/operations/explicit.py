"""Installing archives that are named one by one, without a solve (CEP 23)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mm_cli.errors import CliError
from mm_cli.operations.request import requested_texts
from mm_cli.operations.transaction import Change
from mm_cli.session import Session
from mm_cli.specfiles.spec_file import ExplicitPackage, SpecFile
from mm_cli.specfiles.text import parse_explicit_line

if TYPE_CHECKING:
    from mm_channels import Transport
    from mm_pkg import Prefix
    from mm_pkg.record import PrefixRecord, RepodataRecord

__all__ = ["explicit_change", "explicit_record", "explicit_records", "without_secrets"]


def explicit_records(session: Session) -> list[RepodataRecord] | None:
    """The archives asked for one by one, in words, explicit files or locks, in link order.

    None when specs are to be solved. Raises `CliError` when both are asked for.
    """
    texts = requested_texts(session)
    solved = [file for file in session.files if file.is_solved]
    if solved and texts:
        raise CliError(
            f"{solved[0].label} lists archives, and {texts[0]} is not among them: "
            "they cannot be mixed",
            hint="Install what the file lists with a command of its own.",
        )
    if any(file.lock is not None for file in solved):
        from mm_cli.operations.locked import locked_records

        return locked_records(session)
    packages = _listed(session, solved) if solved else _named(texts)
    return None if packages is None else list(map(explicit_record, dict.fromkeys(packages)))


def _listed(session: Session, files: Sequence[SpecFile]) -> list[ExplicitPackage]:
    """What explicit files list; a file for another platform is remarked upon."""
    platform = session.config["platform"]
    for file in files:
        if file.platforms and platform not in file.platforms:
            session.console.warn(
                f"{file.label} is for {', '.join(file.platforms)}, not for {platform}"
            )
    return [package for file in files for package in file.explicit or ()]


def _named(texts: Sequence[str]) -> list[ExplicitPackage] | None:
    """The archives among words; None when there is none."""
    archives = [text for text in texts if text.partition("#")[0].endswith((".conda", ".tar.bz2"))]
    if not archives:
        return None
    if len(archives) < len(texts):
        raise CliError(
            f"{archives[0]} is an archive, and other specs are not: they cannot be mixed",
            hint="Install the archives with a command of their own.",
        )
    return [parse_explicit_line(text, "command line") for text in archives]


def explicit_record(package: ExplicitPackage) -> RepodataRecord:
    """What a URL says of the package behind it; the archive will tell the rest.

    >>> explicit_record(ExplicitPackage("https://h/c/noarch/a-b-1.0-0.conda")).name
    'a-b'
    """
    from mm_pkg.record import RepodataRecord

    return RepodataRecord.from_url(package.url, md5=package.md5, sha256=package.sha256)


def without_secrets(
    records: Sequence[RepodataRecord], transport: Transport
) -> list[RepodataRecord]:
    """*records* with public URLs; the credentials that were in them go to *transport* alone."""
    import msgspec

    from mm_channels import CondaURL, strip_credentials

    found = []
    for record in records:
        if "@" in record.url or "/t/" in record.url:
            location = CondaURL.parse(record.url)
            transport.learn(location)
            if location.has_credentials:
                channel = strip_credentials(record.channel)
                record = msgspec.structs.replace(record, url=location.public, channel=channel)
        found.append(record)
    return found


def explicit_change(
    prefix: Prefix,
    installed: dict[str, PrefixRecord],
    records: Sequence[RepodataRecord],
) -> Change:
    """Link exactly *records*, in their order, in place of others of the same names.

    Raises `CliError` when two of them have one name.
    """
    from mm_solve import explicit_changes

    _check_names(records)
    return Change(
        prefix.path,
        explicit_changes(installed, records),
        update_specs=[f"{r.name}=={r.version}={r.build}" for r in records],
    )


def _check_names(records: Sequence[RepodataRecord]) -> None:
    """An environment holds one package of a name."""
    first: dict[str, str] = {}
    for record in records:
        if first.setdefault(record.name, record.url) != record.url:
            raise CliError(
                f"{record.name} is listed twice: {first[record.name]} and {record.url}",
                hint="Keep the one that is meant.",
            )
