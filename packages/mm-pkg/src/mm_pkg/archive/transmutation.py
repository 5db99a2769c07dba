"""From one package format to the other, nothing lost on the way.

What was made is compared with what it was made from, member by member, before it
takes its place: file systems that know no case, say, keep but one of two files.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from mm_pkg.cancellation import Cancellation
from mm_pkg.errors import ExtractionFailed, PackageError

from .creation import create
from .member import Kind, Member
from .parts import archive_stem, default_limit, naming_archive, open_parts
from .placement import Placement, safe_name
from .tar import TarReader

__all__ = ["TransmutationFailed", "other_format", "transmute"]

OTHER = {".conda": ".tar.bz2", ".tar.bz2": ".conda"}
"""A format's extension -> that of the other."""


_SLASH = ord("/")


class TransmutationFailed(PackageError):
    """The new archive would not hold what the old one does."""


def transmute(
    archive: str | os.PathLike[str],
    destination: str | os.PathLike[str] | None = None,
    *,
    level: int | None = None,
    threads: int = 1,
    cancellation: Cancellation | None = None,
) -> Path:
    """Make the same package in the other format.

    destination    -- beside *archive* by default; one that exists is replaced, at the very end
    level, threads -- as for `create`

    Returns the destination. Raises what `extract` and `create` raise, `TransmutationFailed`
    and `Cancelled`; nothing is left behind then.
    """
    from tempfile import TemporaryDirectory

    archive = Path(archive)
    target = Path(destination or other_format(archive))
    stem = archive_stem(target)[0]
    try:
        with TemporaryDirectory(dir=target.parent, prefix=f".{stem}.") as folder:
            before = _facts(archive, Path(folder, "files"), cancellation)
            made = create(
                Path(folder, "files"),
                Path(folder, target.name),
                level=level,
                threads=threads,
                modes={name: facts.mode for name, facts in before.items()},
            )
            _compare(archive, before, _facts(made))
            made.replace(target)
    except OSError as error:
        raise ExtractionFailed.because(f"Cannot turn {archive} into {target}", error) from None
    return target


def other_format(archive: str | os.PathLike[str]) -> Path:
    """The name of the same package in the other format, beside it.

    >>> other_format("pkgs/zlib-1.3-0.tar.bz2")
    PosixPath('pkgs/zlib-1.3-0.conda')

    Raises `UnknownArchiveFormat`.
    """
    stem, extension = archive_stem(archive)
    return Path(archive).with_name(stem + OTHER[extension])


class _Facts(NamedTuple):
    """What is to be the same in both archives."""

    kind: Kind
    mode: int
    link: bytes
    digest: bytes


def _facts(
    archive: Path, folder: Path | None = None, cancellation: Cancellation | None = None
) -> dict[str, _Facts]:
    """Name -> what the archive holds; of folders only empty ones.

    folder -- where to unpack it, safely; it is made. None: it is only read
    """
    stem, extension = archive_stem(archive)
    placement = None
    if folder is not None:
        folder.mkdir()
        placement = Placement(folder, default_limit(archive.stat().st_size))
    found: dict[bytes, _Facts] = {}
    with naming_archive(archive), open(archive, "rb", buffering=0) as file:
        for tar in open_parts(file, stem, extension):
            for member in tar:
                if cancellation is not None:
                    cancellation.check()
                name = safe_name(member.name)
                digest = _digest(member, tar, placement)
                if member.kind is Kind.HARD_LINK:
                    target = safe_name(member.link)
                    if target != name:  # else it is no member at all
                        found[name] = found[target]
                elif name:
                    link = member.link if member.kind is Kind.SYMLINK else b""
                    if member.sparse is not None and folder is not None:
                        digest = _file_digest(folder / os.fsdecode(name))
                    found[name] = _Facts(member.kind, _mode(member), link, digest)
    if placement is not None:
        placement.finish()
    above = {name[:at] for name in found for at, byte in enumerate(name) if byte == _SLASH}
    return {os.fsdecode(name): facts for name, facts in found.items() if name not in above}


def _mode(member: Member) -> int:
    """The permissions that count: those of links do not, owners always may read."""
    if member.kind is Kind.SYMLINK:
        return 0o777
    return member.mode & 0o777 | (0o400 if member.kind is Kind.FILE else 0o700)


def _digest(member: Member, tar: TarReader, placement: Placement | None) -> bytes:
    """The checksum of the stored content, which *placement* gets at the same time."""
    digest = blake2b(digest_size=16)

    def watched() -> Iterator[memoryview]:
        for piece in tar.content():
            digest.update(piece)
            yield piece

    if placement is not None:
        placement.place(member, watched())
    for _ in watched():
        pass  # a placement takes no more than it needs
    return digest.digest()


def _file_digest(path: Path) -> bytes:
    """The checksum of a file on disk: of a sparse one, holes included."""
    from hashlib import file_digest

    with open(path, "rb") as file:
        return file_digest(file, lambda: blake2b(digest_size=16)).digest()


def _compare(archive: Path, before: dict[str, _Facts], after: dict[str, _Facts]) -> None:
    different = sorted(
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    )
    if different:
        raise TransmutationFailed(
            f"{archive} cannot be kept as it is in the other format: {different[0]!r} is not "
            f"the same ({len(different)} such)",
            hint="Does the file system tell upper from lower case?",
        )
