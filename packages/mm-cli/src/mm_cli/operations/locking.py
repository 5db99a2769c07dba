"""Making locks: which packages, for which platforms, from a request or an environment.

A lock is for other machines, so nothing of this one gets into it: the solve for
each platform assumes a modest system of that kind, unless ``CONDA_OVERRIDE_*``
says what is there. The same request on the same metadata gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from mm_cli.errors import CliError
from mm_cli.operations.request import parse_specs
from mm_cli.session import Session
from mm_cli.specfiles.lock_content import LockContent

if TYPE_CHECKING:
    from mm_channels import Transport
    from mm_pkg import Prefix
    from mm_pkg.cancellation import Cancellation
    from mm_pkg.record import PrefixRecord, RecordSource, RepodataRecord
    from mm_solve import MatchSpec, Solution

__all__ = [
    "Wish",
    "assumed_system",
    "joined",
    "lock_environment",
    "lock_request",
    "wishes_of_files",
]

MAIN = "main"
"""The category of what belongs to no other."""

ASSUMED = {
    "linux": {"LINUX": "5.10", "GLIBC": "2.28"},
    "osx": {"OSX": "11.0"},
    "win": {"WIN": "10"},
}
"""System -> the versions a lock assumes where nothing is said (they are those of conda-lock)."""

ARCHITECTURES = {"64": "x86_64", "32": "x86"}
"""Architecture part of a platform -> what every such machine can run, where names differ."""


class Wish(msgspec.Struct, frozen=True):
    """What is to be locked for one platform: category -> specs as text."""

    platform: str
    specs: Mapping[str, tuple[str, ...]]

    @property
    def texts(self) -> tuple[str, ...]:
        """All specs, without repeats."""
        return tuple(dict.fromkeys(text for texts in self.specs.values() for text in texts))


def wishes_of_files(session: Session, platforms: Sequence[str]) -> list[Wish]:
    """What words and files ask for, platform by platform."""
    wishes = []
    for platform in platforms:
        specs: dict[str, tuple[str, ...]] = {}
        if session.words:
            specs[MAIN] = session.words
        for file in session.files:
            specs[file.category] = (*specs.get(file.category, ()), *file.specs(platform))
        wishes.append(Wish(platform, specs))
    return wishes


def assumed_system(platform: str, environ: Mapping[str, str]) -> dict[str, str]:
    """``CONDA_OVERRIDE_*`` variables that describe a modest machine of *platform*.

    Those in *environ* count for more. No GPU is assumed.

    >>> assumed_system("osx-arm64", {"CONDA_OVERRIDE_OSX": "14.2", "HOME": "/"})
    {'CONDA_OVERRIDE_CUDA': '', 'CONDA_OVERRIDE_ARCHSPEC': 'arm64', 'CONDA_OVERRIDE_OSX': '14.2'}
    """
    system, _, architecture = platform.partition("-")
    facts = {"CUDA": "", "ARCHSPEC": ARCHITECTURES.get(architecture, architecture)}
    facts |= ASSUMED.get(system, {})
    assumed = {f"CONDA_OVERRIDE_{name}": text for name, text in facts.items()}
    said = {name: text for name, text in environ.items() if name.startswith("CONDA_OVERRIDE_")}
    return assumed | said


def lock_request(
    session: Session,
    wishes: Sequence[Wish],
    transport: Transport,
    cancellation: Cancellation,
    *,
    before: Mapping[str, Sequence[RepodataRecord]] | None = None,
    update: Sequence[str] = (),
    channels: Sequence[str] = (),
) -> LockContent:
    """Solve every wish, with metadata that is loaded once for all of them.

    before   -- platform -> what an earlier lock has; it is kept where it can be
    update   -- of that, the packages to bring up to date
    channels -- further ones to search, after those of the settings
    Raises `CliError` for a name in *update* that was not locked, and what loading
    and solving raise.
    """
    from mm_cli.operations.request import named_channels
    from mm_cli.operations.solving import open_sources

    specs = {wish.platform: parse_specs(wish.texts) for wish in wishes}
    named = [*named_channels([s for each in specs.values() for s in each]), *channels]
    platforms = [wish.platform for wish in wishes]
    sources = open_sources(session, named, transport, cancellation, platforms=platforms)
    _check_update(before or {}, update)
    packages = {}
    assumed = {}
    for wish in wishes:
        solver = _PlatformSolve(session, wish, sources)
        kept = (before or {}).get(wish.platform, ())
        records = solver.run(specs[wish.platform], kept, update, cancellation)
        packages[wish.platform] = dict(_by_category(wish, records))
        assumed[wish.platform] = solver.assumed
    searched = tuple(dict.fromkeys(source.channel.rstrip("/") for source in sources))
    return LockContent(packages, searched, assumed=assumed)


def joined(contents: Sequence[LockContent]) -> LockContent:
    """What *contents* say of different platforms, in one."""
    return LockContent(
        {platform: each.packages[platform] for each in contents for platform in each.packages},
        tuple(dict.fromkeys(channel for each in contents for channel in each.channels)),
        tuple(dict.fromkeys(source for each in contents for source in each.sources)),
        {platform: each.assumed[platform] for each in contents for platform in each.assumed},
    )


def _check_update(before: Mapping[str, Sequence[RepodataRecord]], update: Sequence[str]) -> None:
    locked = {record.name for records in before.values() for record in records}
    for name in update:
        if name not in locked:
            raise CliError(
                f"{name} is not in the lock, so it cannot be updated",
                hint="Name a package that is locked, or make the lock anew without --update.",
            )


class _PlatformSolve:
    """The solve for one platform."""

    def __init__(self, session: Session, wish: Wish, sources: Sequence[RecordSource]) -> None:
        import os

        from mm_solve import detect_virtual_packages

        self._session = session
        self._platform = wish.platform
        self._sources = [s for s in sources if s.subdir in (wish.platform, "noarch")]
        self._virtual = detect_virtual_packages(
            wish.platform, assumed_system(wish.platform, os.environ), session.console.warn
        )
        self.assumed = tuple(
            f"{p.name}={p.version}={p.build}" if p.build != "0" else f"{p.name}={p.version}"
            for p in self._virtual
        )

    def run(
        self,
        specs: tuple[MatchSpec, ...],
        before: Sequence[RepodataRecord],
        update: Sequence[str],
        cancellation: Cancellation,
    ) -> tuple[RepodataRecord, ...]:
        """The records that *specs* need, dependencies first.

        What *before* has is taken for installed, and stays where it can; not so what
        *update* names, which the solver may choose freely. Raises `CliError`.
        """
        from mm_cli.operations.solving import resolving, say_hidden, solve_options
        from mm_solve import Request, solve
        from mm_solve.errors import Unsolvable

        installed = {r.name: self._as_installed(r) for r in before if r.name not in update}
        request = Request(install=specs, pins=self._pins())
        with resolving(self._session) as reporter:
            try:
                solution = solve(
                    request,
                    self._sources,
                    installed=installed,
                    virtual_packages=self._virtual,
                    options=solve_options(self._session),
                    reporter=reporter,
                    cancellation=cancellation,
                )
            except Unsolvable as error:
                error.message = f"{self._platform}: {error.message}"
                raise
        say_hidden(self._session, solution)
        return tuple(_published(record) for record in _needed(solution, specs))

    def _pins(self) -> tuple[MatchSpec, ...]:
        config = self._session.config
        return () if config["no_pin"] else parse_specs(config["pinned_packages"])

    def _as_installed(self, record: RepodataRecord) -> PrefixRecord:
        """A locked package as the solver takes what is there; the channel knows it best."""
        from mm_pkg.record import PrefixRecord, RepodataRecord

        for source in self._sources:
            if (source.channel.rstrip("/"), source.subdir) == (record.channel, record.subdir):
                try:
                    record = source.record(record.name, record.fn)
                except KeyError:
                    continue  # it has been taken from the channel: the lock's word stands
                break
        else:
            _check_known(record)
        return PrefixRecord(
            **{key: getattr(record, key) for key in RepodataRecord.__struct_fields__}
        )


def _check_known(record: RepodataRecord) -> None:
    if record.stub and not record.depends:
        raise CliError(
            f"{record.dist} has gone from the channels, and the lock does not say what it needs",
            hint=f"Let it be replaced: --update {record.name}.",
        )


def _published(record: RepodataRecord) -> RepodataRecord:
    from mm_pkg.record import PrefixRecord

    return record.as_published() if isinstance(record, PrefixRecord) else record


def _needed(solution: Solution, specs: Sequence[MatchSpec]) -> Iterator[RepodataRecord]:
    """The solution without what was kept, but is needed no more."""
    by_name = {record.name: record for record in solution.records}
    reached = _closure(by_name, [n for n in by_name if any(s.name_matches(n) for s in specs)])
    if "python" in reached and "pip" in by_name:
        reached |= _closure(by_name, ["pip"])  # nothing needs it, python brings it
    return (record for record in solution.records if record.name in reached)


def _closure(by_name: Mapping[str, RepodataRecord], names: Iterable[str]) -> set[str]:
    """*names* and everything they need, of what is there."""
    from mm_solve import MatchSpec

    reached: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in reached or name not in by_name:
            continue
        reached.add(name)
        waiting += [MatchSpec.parse(text).name for text in by_name[name].depends]
    return reached


def _by_category(
    wish: Wish, records: Sequence[RepodataRecord]
) -> Iterator[tuple[str, tuple[RepodataRecord, ...]]]:
    """Category -> everything that its specs need, also where other categories need it too."""
    if len(wish.specs) < 2:
        yield next(iter(wish.specs), MAIN), tuple(records)
        return
    by_name = {record.name: record for record in records}
    for category, texts in wish.specs.items():
        specs = parse_specs(texts)
        reached = _closure(by_name, [n for n in by_name if any(s.name_matches(n) for s in specs)])
        if "python" in reached and "pip" in by_name:
            reached |= _closure(by_name, ["pip"])
        yield category, tuple(record for record in records if record.name in reached)


def lock_environment(session: Session, prefix: Prefix) -> LockContent:
    """Exactly what is installed in *prefix*, for its platform.

    Raises `CliError` for packages of unknown origin, and without any.
    """
    from mm_solve import install_order

    records = [record.as_published() for record in prefix.records().values()]
    unknown = sorted(r.dist for r in records if not r.url or not (r.md5 or r.sha256))
    if unknown:
        raise CliError(
            f"It is not known where these packages came from: {', '.join(unknown)}",
            hint="Install them anew from a channel, or lock a request: name specs or a file.",
        )
    channels = tuple(dict.fromkeys(sorted(record.channel for record in records)))
    packages = {session.config["platform"]: {MAIN: install_order(records)}}
    return LockContent(packages, channels, sources=("an environment",))
