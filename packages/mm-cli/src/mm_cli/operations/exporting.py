"""What an environment holds, in a form that makes the same environment elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from mm_cli.operations.channels import channel_label
from mm_cli.session import Session
from mm_cli.specfiles.environment_writer import EnvironmentFile

if TYPE_CHECKING:
    from mm_pkg import Prefix
    from mm_pkg.record import PrefixRecord
    from mm_solve import MatchSpec

__all__ = ["ExportStyle", "environment_file", "explicit_lines", "name_of"]


class ExportStyle(msgspec.Struct, frozen=True):
    """How packages are written.

    build, md5, sha256 -- add the build string, the hashes
    channel            -- ``channel/subdir::`` in front
    """

    build: bool = True
    md5: bool = False
    sha256: bool = False
    channel: bool = False


def environment_file(
    session: Session,
    prefix: Prefix,
    style: ExportStyle,
    *,
    from_history: bool = False,
    portable: bool = False,
) -> EnvironmentFile:
    """The environment at *prefix* as a file.

    from_history -- only what was asked for, as it was asked for
    portable     -- only what was asked for, with the versions that are there, to the
                    minor one; nothing that holds on this machine or platform only
    """
    from mm_cli.operations.pip_packages import pip_requirements

    installed = prefix.records()
    if portable:
        records = _asked_for(prefix, installed) or _needed_by_none(installed)
        dependencies = [_portable(prefix, record) for record in records]
    elif from_history:
        records = _asked_for(prefix, installed)
        dependencies = [_recorded(prefix, record) for record in records]
    else:
        records = sorted(installed.values(), key=lambda record: record.name)
        dependencies = [_exact(session, record, style) for record in records]
    return EnvironmentFile(
        name_of(session, prefix),
        channels=sorted({channel_label(session, r.channel) for r in records if r.channel}),
        dependencies=dependencies,
        pip=pip_requirements(prefix.path, installed),
        variables=prefix.env_vars(),
        prefix=None if portable else str(prefix.path),
    )


def name_of(session: Session, prefix: Prefix) -> str:
    """What to call the environment in a file: of one that has a path only, the folder's name."""
    name = session.config.env_name(prefix.path)
    return prefix.path.name if name == str(prefix.path) else name


def _asked_for(prefix: Prefix, installed: Mapping[str, PrefixRecord]) -> list[PrefixRecord]:
    """The installed packages that somebody asked for, by name."""
    return [installed[name] for name in sorted(prefix.requested_specs()) if name in installed]


def _needed_by_none(installed: Mapping[str, PrefixRecord]) -> list[PrefixRecord]:
    """Where nobody knows what was asked for: the packages that no other one needs."""
    from mm_solve import MatchSpec

    needed = {
        MatchSpec.parse_dependency(text).name
        for record in installed.values()
        for text in record.depends
    }
    free = [record for name, record in sorted(installed.items()) if name not in needed]
    return free or [record for _, record in sorted(installed.items())]


def _exact(session: Session, record: PrefixRecord, style: ExportStyle) -> str:
    text = f"{record.name}={record.version}"
    if style.build:
        text += f"={record.build}"
    hashes = [("md5", record.md5 if style.md5 else None)]
    hashes.append(("sha256", record.sha256 if style.sha256 else None))
    asked = [f"{key}={digest}" for key, digest in hashes if digest]
    if asked:
        text += f"[{','.join(asked)}]"
    if style.channel:
        text = f"{channel_label(session, record.channel)}/{record.subdir}::{text}"
    return text


def _recorded(prefix: Prefix, record: PrefixRecord) -> str:
    """The spec as it was asked for, in the canonical form."""
    text = prefix.requested_specs()[record.name]
    spec = _parsed(text)
    return text if spec is None else str(spec)


def _portable(prefix: Prefix, record: PrefixRecord) -> str:
    """A bound of the version that was asked for, or one up to the installed minor version.

    Builds, hashes, URLs and platforms hold for one platform only.
    """
    from mm_solve import MatchSpec

    spec = _parsed(prefix.requested_specs().get(record.name, record.name))
    channel = spec.channel if spec is not None and "://" not in spec.channel else ""
    chosen = spec is not None and "version" in vars(spec) and "build" not in vars(spec)
    if spec is not None and chosen:
        return str(MatchSpec(name=record.name, version=spec.version, channel=channel))
    text = f"{record.name}={minor_version(record.version)}"
    return f"{channel}::{text}" if channel else text


def minor_version(version: str) -> str:
    """The first two components of a version.

    >>> minor_version("3.13.1"), minor_version("2024a"), minor_version("1!2.0.1")
    ('3.13', '2024a', '1!2.0')
    """
    return ".".join(version.split("+")[0].split(".")[:2])


def _parsed(text: str) -> MatchSpec | None:
    from mm_solve import MatchSpec
    from mm_solve.errors import InvalidMatchSpec

    try:
        return MatchSpec.parse(text)
    except InvalidMatchSpec:
        return None


def explicit_lines(
    records: Iterable[PrefixRecord], *, md5: bool = True, sha256: bool = False
) -> list[str]:
    """``URL#hash`` of every package, dependencies first."""
    from mm_solve import install_order

    return [_explicit(record, md5, sha256) for record in install_order(records)]


def _explicit(record: PrefixRecord, md5: bool, sha256: bool) -> str:
    digest = (record.sha256 if sha256 else None) or (record.md5 if md5 else None)
    return _plain_url(record) + (f"#{digest}" if digest else "")


def _plain_url(record: PrefixRecord) -> str:
    """Where the archive is, its file name as people write it: ``a-1!2-0.conda``, not ``%21``."""
    folder, _, _ = record.url.rpartition("/")
    return f"{folder}/{record.fn}" if folder else ""
