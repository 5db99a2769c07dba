"""Putting the members of an archive into a folder, and nowhere else.

Archives come from strangers. The rules (CEP 34 leaves them to the client):

* a name that is absolute, has a drive letter, ``..`` or a NUL is refused;
* nothing is written through a link: every folder on the way is one that was
  made, or seen to be a real folder, here;
* a hard link leads to an earlier file of the same tree;
* a relative symbolic link does not climb out of the tree. An absolute one is
  kept as it is: packages point to the system in this way, nothing here follows
  it, and whoever links the package into a prefix decides;
* folders in folders have an end: what is too deep nobody could delete again;
* devices and pipes are refused; set-uid, set-gid and sticky bits are dropped;
* the last of several members of one name wins.
"""

# Archives name files in bytes, and pathlib has none.

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator

from mm_pkg.errors import InvalidArchive, UnsafeArchive

from .member import Kind, Member

__all__ = ["Placement", "safe_name"]

_UNSAFE = re.compile(rb"(?:\A|[/\\])\.\.(?:[/\\]|\Z)|\A[/\\]|\A[A-Za-z]:|\0")
_EMPTY_PARTS = re.compile(rb"(?:\A|/)\.?(?:/|\Z)")
_NOARCH_PYTHON = (b"site-packages/", b"python-scripts/")
_NOARCH_DEPTH = 2
"""``site-packages`` of a package becomes ``lib/pythonX.Y/site-packages`` in a prefix."""

_CREATE = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_EXCL
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_DEEPEST = 256
"""Folders in folders; whoever deletes such a tree again recurses, `shutil.rmtree` too."""
_LATEST = 1 << 62
"""Largest modification time, in nanoseconds, that every file system call takes."""


def safe_name(name: bytes) -> bytes:
    """*name* relative to the archive's root, without ``.`` and empty parts.

    >>> safe_name(b"./lib//libz.so"), safe_name(b"./")
    (b'lib/libz.so', b'')

    Raises `UnsafeArchive` when it leads elsewhere.
    """
    if _UNSAFE.search(name):
        raise _unsafe(name, "it would be written outside the destination")
    if _EMPTY_PARTS.search(name):
        return b"/".join(part for part in name.split(b"/") if part not in (b"", b"."))
    return name


class Placement:
    """Writes members below one folder.

    root  -- an existing folder; what it holds already is kept, or replaced by
             members of the same name
    limit -- largest size of one file in bytes
    """

    def __init__(self, root: str | os.PathLike[str], limit: int) -> None:
        self._root = os.fsencode(root) + b"/"
        self._limit = limit
        self._folders = {b""}
        self._attributes: dict[bytes, Member] = {}

    def place(self, member: Member, content: Iterable[memoryview]) -> None:
        """Make *member*. Raises `UnsafeArchive`, `InvalidArchive` and OSError."""
        name = safe_name(member.name)
        if not name:
            return
        folder = name.rpartition(b"/")[0]
        if folder not in self._folders:
            if folder.count(b"/") >= _DEEPEST:
                raise _unsafe(member.name[:80], f"it is more than {_DEEPEST} folders deep")
            self._enter(folder, member)
        if member.kind is Kind.FILE:
            self._file(name, member, content)
        elif member.kind is Kind.DIRECTORY:
            self._directory(name, member)
        elif member.kind is Kind.SYMLINK:
            self._symlink(name, member)
        elif member.kind is Kind.HARD_LINK:
            self._hard_link(name, member)
        else:
            raise _unsafe(member.name, "it is a device or a pipe")

    def finish(self) -> None:
        """Give folders their times, which later members would have changed."""
        for name, member in reversed(self._attributes.items()):
            _set_time(self._root + name, member.mtime_ns)

    # -- folders

    def _enter(self, folder: bytes, member: Member) -> None:
        """Make *folder* and those above it, or see that they are real folders."""
        above = folder.rpartition(b"/")[0]
        if above not in self._folders:
            self._enter(above, member)
        path = self._root + folder
        try:
            os.mkdir(path)
        except FileExistsError:
            if not stat.S_ISDIR(os.lstat(path).st_mode):
                reason = f"it would be written through {os.fsdecode(folder)}, which is no folder"
                raise _unsafe(member.name, reason) from None
        self._folders.add(folder)

    def _directory(self, name: bytes, member: Member) -> None:
        path = self._root + name
        # Others' folders must stay removable and writable for us.
        mode = member.mode & 0o777 | 0o700
        if name not in self._folders:
            try:
                os.mkdir(path, mode)
            except FileExistsError:
                if not stat.S_ISDIR(os.lstat(path).st_mode):
                    os.unlink(path)
                    os.mkdir(path, mode)
        elif name not in self._attributes:
            # Made for an earlier member with all bits the umask leaves.
            os.chmod(path, mode & os.lstat(path).st_mode)
        self._folders.add(name)
        self._attributes[name] = member

    # -- files and links

    def _file(self, name: bytes, member: Member, content: Iterable[memoryview]) -> None:
        # The kernel takes the umask off. Without the owner's read bit the
        # package could be neither checked nor linked.
        mode = member.mode & 0o777 | 0o400
        path = self._root + name
        try:
            fd = os.open(path, _CREATE, mode)
        except FileExistsError:
            self._remove(path, member)
            fd = os.open(path, _CREATE, mode)
        try:
            if member.sparse is None:
                for piece in content:
                    _write(fd, piece)
            else:
                self._write_sparse(fd, member, iter(content))
            if os.utime in os.supports_fd:
                _set_time(fd, member.mtime_ns)
        finally:
            os.close(fd)
        if os.utime not in os.supports_fd:
            _set_time(path, member.mtime_ns)

    def _write_sparse(self, fd: int, member: Member, content: Iterator[memoryview]) -> None:
        if member.size > self._limit:
            raise _unsafe(member.name, f"it is {member.size} bytes long")
        piece = memoryview(b"")
        for offset, length in member.sparse or ():
            os.lseek(fd, offset, os.SEEK_SET)
            left = length
            while left:
                piece = piece or next(content)
                _write(fd, piece[:left])
                left, piece = left - len(piece[:left]), piece[left:]
        os.ftruncate(fd, member.size)

    def _symlink(self, name: bytes, member: Member) -> None:
        if not member.link or b"\0" in member.link:
            raise InvalidArchive(f"its member {_text(member.name)} is a link to nowhere")
        if _climbs_out(name, member.link):
            raise _unsafe(member.name, f"it is a link to {_text(member.link)}, outside")
        path = self._root + name
        try:
            os.symlink(member.link, path)
        except FileExistsError:
            self._remove(path, member)
            os.symlink(member.link, path)
        if os.utime in os.supports_follow_symlinks:
            _set_time(path, member.mtime_ns, follow_symlinks=False)

    def _hard_link(self, name: bytes, member: Member) -> None:
        target = safe_name(member.link)
        path, source = self._root + name, self._root + target
        if target == name:
            return
        if target.rpartition(b"/")[0] not in self._folders or not _is_file_or_link(source):
            raise _unsafe(
                member.name, f"it is a hard link to {_text(member.link)}, which is no earlier file"
            )
        try:
            _link(source, path)
        except FileExistsError:
            self._remove(path, member)
            _link(source, path)

    def _remove(self, path: bytes, member: Member) -> None:
        """Remove what is in the way of *member*; links are not followed."""
        if stat.S_ISDIR(os.lstat(path).st_mode):
            raise InvalidArchive(f"its member {_text(member.name)} is both a folder and a file")
        os.unlink(path)


def _climbs_out(name: bytes, target: bytes) -> bool:
    """Whether a relative link at *name* leads out of the tree, read as text.

    >>> _climbs_out(b"lib/a", b"../bin/a"), _climbs_out(b"lib/a", b"../../a")
    (False, True)
    >>> _climbs_out(b"site-packages/a", b"../../../bin/a")
    False
    """
    if target.startswith((b"/", b"\\")) or target[1:2] == b":":
        return False
    depth = name.count(b"/")
    if name.startswith(_NOARCH_PYTHON):
        depth += _NOARCH_DEPTH
    for part in target.split(b"/"):
        if part == b"..":
            depth -= 1
            if depth < 0:
                return True
        elif part not in (b"", b"."):
            depth += 1
    return False


def _is_file_or_link(path: bytes) -> bool:
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        return False
    return stat.S_ISREG(mode) or stat.S_ISLNK(mode)


def _link(source: bytes, path: bytes) -> None:
    """Hard-link, or copy where the file system has no hard links."""
    try:
        os.link(source, path, follow_symlinks=False)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):
        from shutil import copy2

        copy2(source, path, follow_symlinks=False)


def _write(fd: int, piece: memoryview) -> None:
    while piece:
        piece = piece[os.write(fd, piece) :]


def _set_time(target: int | bytes, mtime_ns: int, *, follow_symlinks: bool = True) -> None:
    mtime_ns = min(max(mtime_ns, -_LATEST), _LATEST)
    try:
        os.utime(target, ns=(mtime_ns, mtime_ns), follow_symlinks=follow_symlinks)
    except (OSError, OverflowError):
        # A time that the file system cannot hold is no reason to refuse the file.
        pass


def _text(name: bytes) -> str:
    """*name* as one printable line."""
    return ascii(os.fsdecode(name))


def _unsafe(name: bytes, reason: str) -> UnsafeArchive:
    return UnsafeArchive(f"its member {_text(name)} is refused: {reason}", member=os.fsdecode(name))
