"""The package cache: archives and extracted packages that all environments share.

Many processes use one cache at a time, on many machines. Therefore nobody
locks: entries are made aside and renamed into place, ready ones are never
written to, and what is read is checked.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from mm_pkg.cancellation import Cancellation
from mm_pkg.errors import (
    ArchiveMismatch,
    ExtractionFailed,
    InvalidPackage,
    NoWritableCache,
    PackageError,
)
from mm_pkg.record import InvalidRecord, PathEntry, RepodataRecord
from mm_pkg.reporter import SILENT, Reporter, Task

from .checksums import archive_matches, check_archive
from .completion import complete, with_archive_facts
from .entry import CachedPackage
from .identity import same_content, same_source
from .info_files import RECORD, read_index, read_paths, stored_record
from .layout import URLS, archive_name, entry_name, url_folder
from .partial import partial_folder, remove_abandoned, remove_tree
from .validation import find_damage, is_real_folder, remember_sizes

__all__ = ["PackageCache", "SafetyChecks"]

SafetyChecks = Literal["enabled", "warn", "disabled"]

_ATTEMPTS = 20
"""Times that putting an entry into place is tried while others do the same."""


class PackageCache:
    """The package caches in *dirs*, searched in that order; new entries go to the
    first that can be written to.

    safety_checks       -- "disabled" trusts extracted packages as they are; "warn"
                           and "enabled" want every file there and of its size, and
                           "enabled" refuses packages that contradict themselves or
                           have no known hash
    extra_safety_checks -- also compares every file's sha256
    """

    def __init__(
        self,
        dirs: Sequence[Path],
        *,
        safety_checks: SafetyChecks = "warn",
        extra_safety_checks: bool = False,
    ) -> None:
        self.dirs = tuple(Path(directory) for directory in dirs)
        self.safety_checks = safety_checks
        self.extra_safety_checks = extra_safety_checks
        self._writable: Path | None = None
        self._swept = False

    # -- looking

    def find(self, record: RepodataRecord) -> CachedPackage | None:
        """The extracted package that is *record*, whole and from its channel, or None."""
        for directory in self.dirs:
            for folder in self._entry_places(directory, record):
                package = self._load(folder, record)
                if package is not None:
                    return package
        return None

    def find_archive(self, record: RepodataRecord) -> Path | None:
        """The archive of *record* with the right hash, or None.

        Of a record without any hash only an archive that lies under its URL is trusted.
        """
        for directory in self.dirs:
            for path in self._archive_places(directory, record):
                if archive_matches(path, record):
                    return path
        return None

    def writable_dir(self) -> Path:
        """The first cache directory that can be written to; made when missing.

        Raises `NoWritableCache`.
        """
        if self._writable is None:
            self._writable = next(filter(_is_writable, self.dirs), None)
        if self._writable is None:
            names = tuple(str(directory) for directory in self.dirs)
            raise NoWritableCache(
                f"No package cache can be written to: {', '.join(names) or 'none is configured'}",
                hint="Set pkgs_dirs to a folder that you may write to.",
                dirs=names,
            )
        return self._writable

    def archive_path(self, record: RepodataRecord) -> Path:
        """Where to download *record*'s archive to; its folder exists.

        Raises `NoWritableCache` and `InvalidRecord`.
        """
        directory = self.writable_dir()
        name = archive_name(record)
        flat = directory / name
        hashless = not (record.sha256 or record.md5)
        if not hashless and not _belongs_to_another(directory / entry_name(record), record):
            return flat
        path = directory / url_folder(record) / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError:
            # A path too long for the file system, say: then the cached copy gives way.
            return flat
        return path

    # -- adding

    def extract(
        self,
        archive: Path,
        record: RepodataRecord,
        *,
        verified: bool = False,
        cancellation: Cancellation | None = None,
        reporter: Reporter = SILENT,
    ) -> CachedPackage:
        """Extract *archive*, which is *record*'s, into the cache.

        verified -- its hash has just been compared, so only its size is

        When another process is faster its entry is used. Raises `ArchiveMismatch`,
        `InvalidArchive`, `UnsafeArchive`, `InvalidPackage`, `ExtractionFailed`,
        `NoWritableCache` and `Cancelled`; the cache is then as before.
        """
        task = Task("extract", archive.name)
        reporter.started(task)
        try:
            self._check(archive, record, verified, reporter)
            directory = self.writable_dir()
            if not self._swept:
                self._swept = True
                remove_abandoned(directory)
            with partial_folder(directory) as partial:
                fresh = self._unpack(archive, record, partial, cancellation, reporter)
                package = self._put_into_place(fresh, directory, record)
            self._note(directory, record)
        except OSError as error:
            reporter.failed(task, str(error))
            raise ExtractionFailed.because(f"Cannot extract {archive}", error) from None
        except PackageError as error:
            reporter.failed(task, error.message)
            raise
        reporter.finished(task)
        return package

    # -- places

    def _entry_places(self, directory: Path, record: RepodataRecord) -> Iterator[Path]:
        yield from _existing(directory, record, entry_name(record))

    def _archive_places(self, directory: Path, record: RepodataRecord) -> Iterator[Path]:
        flat = bool(record.sha256 or record.md5)
        yield from _existing(directory, record, archive_name(record), flat=flat)

    def _load(self, folder: Path, record: RepodataRecord) -> CachedPackage | None:
        """The entry at *folder*, if it is *record* and whole."""
        stored = stored_record(folder)
        if stored is None or not (same_source(record, stored) and same_content(record, stored)):
            return None
        try:
            entries = read_paths(folder)
            completed = RepodataRecord.from_dict(complete(record, stored))
        except (InvalidPackage, InvalidRecord):
            return None
        if self.safety_checks != "disabled" and any(
            find_damage(folder, entries, hashes=self.extra_safety_checks)
        ):
            return None
        archive = folder.parent / archive_name(record)
        return CachedPackage(
            path=folder,
            record=completed,
            archive=archive if archive.is_file() else None,
            listed=entries,
        )

    # -- the steps of an extraction

    def _check(
        self, archive: Path, record: RepodataRecord, verified: bool, reporter: Reporter
    ) -> None:
        if not (record.sha256 or record.md5):
            message = f"No hash is known for {record.url or archive}: it cannot be verified"
            if self.safety_checks == "enabled":
                raise ArchiveMismatch(
                    message,
                    hint="Give its hash, or set safety_checks to warn.",
                    what="hash",
                    expected="",
                    actual="",
                )
            if self.safety_checks == "warn":
                reporter.warned(message)
        check_archive(archive, record, only_size=verified)

    def _unpack(
        self,
        archive: Path,
        record: RepodataRecord,
        partial: Path,
        cancellation: Cancellation | None,
        reporter: Reporter,
    ) -> CachedPackage:
        """Extract into a folder in *partial* and make that a complete entry."""
        from mm_pkg.archive import extract

        folder = partial / entry_name(record)
        extract(archive, folder, cancellation=cancellation)
        if not is_real_folder(folder / "info"):
            raise InvalidPackage(f"{archive} is not a package: it has no info folder")
        data = with_archive_facts(complete(record, read_index(folder)), archive)
        entries = read_paths(folder)
        self._check_contents(archive, folder, entries, reporter)
        _write_record(folder, data)
        return CachedPackage(folder, RepodataRecord.from_dict(data), archive, entries)

    def _check_contents(
        self, archive: Path, folder: Path, entries: Sequence[PathEntry], reporter: Reporter
    ) -> None:
        if self.safety_checks == "disabled":
            return
        damages = list(find_damage(folder, entries, hashes=self.extra_safety_checks))
        fatal = [
            damage
            for damage in damages
            if damage.what == "missing" or self.safety_checks == "enabled"
        ]
        if fatal:
            raise InvalidPackage(
                f"{archive} contradicts its own list of files: {fatal[0]}",
                hint="The package is broken: tell the owner of its channel.",
            )
        for damage in damages:
            reporter.warned(f"{archive.name} contradicts its own list of files: {damage}")
        remember_sizes(folder, damages)

    def _put_into_place(
        self, fresh: CachedPackage, directory: Path, record: RepodataRecord
    ) -> CachedPackage:
        """Rename the ready entry to its place, or use the one that is there by now."""
        problem: OSError | None = None
        for _ in range(_ATTEMPTS):
            folder = directory / entry_name(record)
            if _belongs_to_another(folder, record):
                folder = directory / url_folder(record) / folder.name
                folder.parent.mkdir(parents=True, exist_ok=True)
            try:
                # POSIX renames onto a missing or an empty folder only.
                fresh.path.rename(folder)
            except OSError as error:
                inode = _inode(folder)
                if inode is None:
                    problem = error
                    continue
                winner = self._load(folder, record)
                if winner is not None:
                    return winner
                _set_aside(folder, inode, fresh.path.parent)
                continue
            return CachedPackage(folder, fresh.record, fresh.archive, fresh.listed)
        raise problem or OSError(f"others keep replacing {directory / entry_name(record)}")

    def _note(self, directory: Path, record: RepodataRecord) -> None:
        """Append the URL to ``urls.txt``, in one write: others append as well."""
        if not record.url:
            return
        fd = os.open(directory / URLS, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        try:
            os.write(fd, f"{record.url}\n".encode())
        finally:
            os.close(fd)


def _existing(
    directory: Path, record: RepodataRecord, name: str, *, flat: bool = True
) -> Iterator[Path]:
    """The places for *name* that are there, in either layout.

    Most are not: asking with plain text is several times faster than with paths.
    """
    if flat and os.path.lexists(f"{directory}/{name}"):
        yield directory / name
    folder = url_folder(record)
    if os.path.lexists(f"{directory}/{folder}/{name}"):
        yield directory / folder / name


def _is_writable(directory: Path) -> bool:
    """Whether files can be made in *directory*: only trying tells, on network drives above all."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with open(directory / URLS, "ab"):
            return True
    except OSError:
        return False


def _belongs_to_another(folder: Path, record: RepodataRecord) -> bool:
    """Whether *folder* is an entry made from another channel's package."""
    stored = stored_record(folder)
    return stored is not None and not same_source(record, stored)


def _write_record(folder: Path, data: dict[str, Any]) -> None:
    target = folder / "info" / RECORD
    # A package must not ship one; if it does, as a link even, that one goes.
    remove_tree(target)
    target.write_bytes(msgspec.json.format(msgspec.json.encode(data), indent=4))


def _inode(path: Path) -> int | None:
    try:
        return path.lstat().st_ino
    except OSError:
        return None


def _set_aside(folder: Path, inode: int, partial: Path) -> None:
    """Move a bad entry away, to be removed with *partial*.

    Another process may have replaced it by a good one meanwhile: then that goes back.
    """
    aside = partial / f"aside-{os.urandom(4).hex()}"
    try:
        folder.rename(aside)
    except FileNotFoundError:
        return
    if _inode(aside) != inode:
        try:
            aside.rename(folder)
        except OSError:
            pass
