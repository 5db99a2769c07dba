"""Sets of packages that a few letters name: an environment, a revision of one, a file."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from mm_cli.errors import CliError
from mm_cli.session import Session

if TYPE_CHECKING:
    from mm_cli.specfiles import SpecFile
    from mm_pkg import Prefix
    from mm_pkg.record import RepodataRecord

__all__ = ["PackageSet", "package_set"]

_REVISION = re.compile(r"(?P<environment>.*)@(?P<number>\d+)")


class PackageSet(msgspec.Struct, frozen=True):
    """Packages by name, one each.

    label    -- how messages name the set
    packages -- conda packages, known as well as where they come from tells
    pip      -- packages that pip installed; None where nothing is known about them
    """

    label: str
    packages: Mapping[str, RepodataRecord]
    pip: Mapping[str, RepodataRecord] | None = None


def package_set(session: Session, text: str) -> PackageSet:
    """The set that *text* names.

    That is an environment by name or path, a revision of one (``ENV@3``, or ``@3`` of the
    target environment), or a file or address of any kind that lists exact packages: an
    explicit file, a lock file, an exported environment.
    Raises `CliError`, `mm_pkg.errors.UnknownRevision`, and what reading files raises.
    """
    environment = _environment(session, text)
    if environment is not None:
        return _installed(environment)
    if "://" in text or text == "-" or os.path.isfile(text):
        return _listed(session, text)
    revision = _REVISION.fullmatch(text)
    if revision is not None:
        return _at_revision(session, text, revision["environment"], int(revision["number"]))
    raise CliError(
        f"{text} is neither an environment nor a file",
        hint="`micromamba env list` shows the environments there are.",
    )


def _environment(session: Session, text: str) -> Prefix | None:
    from mm_cli.operations.cloning import environment_called
    from mm_config.errors import InvalidEnvironmentName
    from mm_pkg import Prefix

    try:
        prefix = Prefix(environment_called(session, text))
    except InvalidEnvironmentName:
        return None
    session.repair(str(prefix.path))
    return prefix if prefix.is_environment else None


def _installed(prefix: Prefix) -> PackageSet:
    from mm_cli.operations.pip_packages import pip_packages

    records = prefix.records()
    return PackageSet(
        str(prefix.path),
        dict(records),
        {record.name: record for record in pip_packages(prefix.path, records)},
    )


def _at_revision(session: Session, text: str, environment: str, number: int) -> PackageSet:
    from mm_pkg import Prefix

    prefix = _environment(session, environment) if environment else Prefix(session.prefix)
    if prefix is None or not prefix.is_environment:
        raise CliError(
            f"{text}: there is no environment {environment or session.prefix}",
            hint="`micromamba env list` shows the environments there are.",
        )
    installed = prefix.records()
    packages = {
        name: installed[name]
        if name in installed and installed[name].dist == dist.dist
        else _named(name, dist.version, dist.build, dist.channel)
        for name, dist in prefix.state_at(number).packages.items()
    }
    return PackageSet(f"{prefix.path}@{number}", packages)


def _listed(session: Session, text: str) -> PackageSet:
    from contextlib import ExitStack

    from mm_cli.operations.channels import open_transport
    from mm_cli.specfiles import read_spec_files

    with ExitStack() as stack:
        file = read_spec_files([text], lambda: stack.enter_context(open_transport(session)))[0]
    if file.lock is not None:
        return PackageSet(file.label, _locked(session, file))
    if file.explicit is not None:
        from mm_cli.operations.explicit import explicit_record

        return PackageSet(file.label, _by_name(map(explicit_record, file.explicit)))
    return _exported(session, file)


def _locked(session: Session, file: SpecFile) -> dict[str, RepodataRecord]:
    from mm_cli.operations.locked import lock_groups

    assert file.lock is not None
    platform, groups = session.config["platform"], lock_groups(session, file.lock)
    file.lock.check(platform, groups)
    return _by_name(file.lock.chosen(platform, groups))


def _by_name(records: Iterable[RepodataRecord]) -> dict[str, RepodataRecord]:
    return {record.name: record for record in records}


def _exported(session: Session, file: SpecFile) -> PackageSet:
    """What an environment file names, if it names each version exactly."""
    platform = session.config["platform"]
    packages = _by_name(_exact(text, file.label) for text in file.specs(platform))
    pip = {}
    for requirement in file.requirements(platform):
        name, mark, version = requirement.partition("==")
        if not mark:
            name, version = requirement.partition(" @ ")[0], requirement
        record = _named(name.strip().lower().replace("_", "-"), version.strip(), "pypi_0", "pypi")
        pip[record.name] = record
    return PackageSet(file.label, packages, pip)


def _exact(text: str, label: str) -> RepodataRecord:
    from mm_solve import MatchSpec

    spec = MatchSpec.parse(text)
    if not spec.version.is_exact:
        raise CliError(
            f"{label}: {text} leaves open which version is meant, so there is nothing to compare",
            hint="Compare environments, explicit files, lock files, or exports with builds.",
        )
    record = _named(spec.name, str(spec.version).lstrip("="), "", spec.channel)
    build = "" if spec.build.is_free else str(spec.build)
    return msgspec.structs.replace(
        record, build=build, md5=spec.md5 or None, sha256=spec.sha256 or None
    )


def _named(name: str, version: str, build: str, channel: str) -> RepodataRecord:
    from mm_pkg.record import RepodataRecord

    return RepodataRecord(name=name, version=version, build=build, build_number=0, channel=channel)
