"""Making files ready before the first change.

Everything that has to be written, rather than linked, is written into the
journal's ``stage`` folder. So a full disk, an unreadable source or a prefix
that does not fit shows while the environment is still as it was, and the
change itself consists of links and renames.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from mm_pkg.cancellation import Cancellation
from mm_pkg.errors import PrefixTooLong
from mm_pkg.link.codesign import needs_signature, sign
from mm_pkg.link.entry_points import entry_point_script
from mm_pkg.link.layout import FileAction, PackageLayout, PlannedFile, link_target
from mm_pkg.link.method import LinkMethod, copy_file, probe_method
from mm_pkg.link.placeholder import (
    DEFAULT_PLACEHOLDER,
    SHEBANG_LIMIT,
    replace_binary,
    replace_shebang,
    replace_text,
)
from mm_pkg.record import PathEntry
from mm_pkg.transaction.checked import CheckedPlan

__all__ = ["StagedPackage", "stage_packages"]

_CHECK_EVERY = 256


class StagedPackage(msgspec.Struct):
    """A package ready to be put in place.

    links   -- (absolute source, destination): to link as ``method`` says
    soft    -- (link text, destination)
    staged  -- (absolute path in the stage, destination): to rename
    entries -- the paths for ``conda-meta``, final but for bytecode
    """

    layout: PackageLayout
    method: LinkMethod
    links: list[tuple[str, str]] = msgspec.field(default_factory=list)
    soft: list[tuple[str, str]] = msgspec.field(default_factory=list)
    staged: list[tuple[str, str]] = msgspec.field(default_factory=list)
    entries: list[PathEntry] = msgspec.field(default_factory=list)


def stage_packages(
    checked: CheckedPlan, folder: Path, cancellation: Cancellation | None
) -> list[StagedPackage]:
    """Write into *folder* whatever *checked* needs written.

    Raises `PrefixTooLong`, OSError and `Cancelled`.
    """
    stager = _Stager(checked, folder, cancellation)
    return [stager.package(layout) for layout in checked.layouts]


class _Stager:
    def __init__(
        self, checked: CheckedPlan, folder: Path, cancellation: Cancellation | None
    ) -> None:
        self._folder = folder
        self._cancellation = cancellation
        self._options = checked.options
        self._target = os.fsencode(checked.target)
        self._python = checked.python
        self._count = 0
        self._methods: dict[int, LinkMethod] = {}
        self._unsigned: list[tuple[str, StagedPackage, int]] = []

    def package(self, layout: PackageLayout) -> StagedPackage:
        """Everything of one package."""
        package = StagedPackage(layout, self._method(layout))
        add = package.entries.append
        for number, file in enumerate(layout.files):
            if number % _CHECK_EVERY == 0 and self._cancellation is not None:
                self._cancellation.check()
            if file.action is FileAction.LINK and package.method is not LinkMethod.COPY:
                package.links.append((file.source, file.destination))
                add(_entry(file, file.entry.sha256 or _sha256(file.source)))
            else:
                add(self._special(file, package))
        _hash_soft_links(layout.files, package.entries)
        self._sign(package)
        return package

    def _method(self, layout: PackageLayout) -> LinkMethod:
        """Found out once for each device that packages come from."""
        if self._options.always_copy:
            return LinkMethod.COPY
        if self._options.always_softlink:
            return LinkMethod.SOFT
        sample = next((f.source for f in layout.files if f.action is FileAction.LINK), None)
        if sample is None:
            return LinkMethod.HARD
        device = os.lstat(sample).st_dev
        if device not in self._methods:
            self._methods[device] = probe_method(
                Path(sample), self._folder, allow_softlinks=self._options.allow_softlinks
            )
        return self._methods[device]

    def _special(self, file: PlannedFile, package: StagedPackage) -> PathEntry:
        """A path that is not simply linked."""
        match file.action:
            case FileAction.DIRECTORY:
                return _entry(file, None, "directory")
            case FileAction.SOFTLINK:
                package.soft.append((file.source, file.destination))
                return _entry(file, file.entry.sha256, "softlink")
            case FileAction.ENTRY_POINT:
                return self._entry_point(file, package)
            case FileAction.TEXT | FileAction.BINARY:
                return self._rewritten(file, package)
            case _:
                copy_file(file.source, self._next(file, package))
                return _entry(file, file.entry.sha256 or _sha256(file.source))

    def _next(self, file: PlannedFile, package: StagedPackage) -> str:
        path = f"{self._folder}/{self._count}"
        self._count += 1
        package.staged.append((path, file.destination))
        return path

    def _entry_point(self, file: PlannedFile, package: StagedPackage) -> PathEntry:
        python = self._python
        assert python is not None  # or there would be no entry points
        interpreter = "" if python.windows else f"{os.fsdecode(self._target)}/{python.executable}"
        point = package.layout.entry_points[file.entry.path]
        content = entry_point_script(point, interpreter)
        _write(self._next(file, package), content, 0o777 & ~_umask() | 0o555)
        digest = hashlib.sha256(content).hexdigest()
        entry = msgspec.structs.replace(file.entry, sha256=digest, size_in_bytes=len(content))
        return _entry(file._replace(entry=entry), digest, entry.path_type)

    def _rewritten(self, file: PlannedFile, package: StagedPackage) -> PathEntry:
        with open(file.source, "rb") as stream:
            content = stream.read()
            status = os.fstat(stream.fileno())
        placeholder = (file.entry.prefix_placeholder or DEFAULT_PLACEHOLDER).encode()
        try:
            content = self._replace(file, content, placeholder)
        except PrefixTooLong as error:
            raise PrefixTooLong(
                f"{package.layout.dist}: {file.destination}: {error.message}",
                path=file.destination,
                limit=error.limit,
                hint="Choose a shorter path for the environment.",
            ) from None
        path = self._next(file, package)
        _write(path, content, status.st_mode & 0o1777)
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
        if needs_signature(package.layout.record.subdir, content):
            self._unsigned.append((path, package, len(package.entries)))
        return _entry(file, hashlib.sha256(content).hexdigest())

    def _replace(self, file: PlannedFile, content: bytes, placeholder: bytes) -> bytes:
        windows = self._python is not None and self._python.windows
        if file.action is FileAction.BINARY:
            # Windows finds its libraries without absolute paths
            return content if windows else replace_binary(content, placeholder, self._target)
        if windows:
            return replace_text(content, placeholder, self._target.replace(b"\\", b"/"))
        limit = SHEBANG_LIMIT.get(sys.platform, SHEBANG_LIMIT["linux"])
        return replace_shebang(content, placeholder, self._target, limit)

    def _sign(self, package: StagedPackage) -> None:
        if not self._unsigned:
            return
        sign([path for path, _, _ in self._unsigned])
        for path, _, number in self._unsigned:
            package.entries[number] = msgspec.structs.replace(
                package.entries[number], sha256_in_prefix=_sha256(path)
            )
        self._unsigned.clear()


def _entry(
    file: PlannedFile, sha256_in_prefix: str | None, path_type: str = "hardlink"
) -> PathEntry:
    """How ``conda-meta`` lists *file*."""
    packaged = file.entry
    return PathEntry(
        path=file.destination,
        path_type=path_type,
        sha256=packaged.sha256 or (None if packaged.prefix_placeholder else sha256_in_prefix),
        sha256_in_prefix=sha256_in_prefix,
        size_in_bytes=packaged.size_in_bytes,
        file_mode=packaged.file_mode,
        prefix_placeholder=packaged.prefix_placeholder,
        no_link=packaged.no_link,
        original_path=file.original,
    )


def _hash_soft_links(files: Sequence[PlannedFile], entries: list[PathEntry]) -> None:
    """A soft link has the hash of the file of this package that it leads to."""
    links = [n for n, file in enumerate(files) if file.action is FileAction.SOFTLINK]
    if not links:
        return
    numbers = {file.destination: number for number, file in enumerate(files)}
    for number in links:
        seen, end = {number}, number
        while (target := link_target(files[end])) is not None and target in numbers:
            end = numbers[target]
            if end in seen or files[end].action is not FileAction.SOFTLINK:
                break
            seen.add(end)
        digest = entries[end].sha256_in_prefix if end not in seen else entries[number].sha256
        if digest is not None:
            entries[number] = msgspec.structs.replace(entries[number], sha256_in_prefix=digest)


def _write(path: str, content: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as stream:
        stream.write(content)
        if hasattr(os, "fchmod"):
            os.fchmod(descriptor, mode)


def _sha256(path: str) -> str:
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
