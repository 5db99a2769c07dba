"""Index files on disk: open the one that fits, or scan the text and leave one behind.

An index is a by-product that can always be made again. So nothing here fails
because of one: an unreadable, damaged or outdated index is built anew, and where
no folder can be written the table simply stays in memory.
"""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Callable, Iterator, Sequence

import msgspec

from mm_channels.atomic import replace_file
from mm_channels.index.table import Head, InvalidTable, Table

__all__ = ["drop_index", "open_table", "read_index", "restamp"]


def open_table(
    file: int,
    url: str,
    index_paths: Sequence[str],
    *,
    on_build: Callable[[int], None] = lambda size: None,
    on_read: Callable[[int], None] = lambda amount: None,
) -> Table:
    """The table for the repodata text open as descriptor *file*.

    url         -- the repodata's public URL; an index of another URL is not used
    index_paths -- where an index may be, the first writable one is where a new one goes
    on_build, on_read -- told the text's size before it is scanned, and each amount read

    Raises `mm_channels.index.scan.NotRepodata` and OSError from reading the text.
    """
    status = os.fstat(file)
    for path in index_paths:
        table = read_index(path)
        if table is not None and _fits(table.head, url, status):
            return table
    on_build(status.st_size)
    data = _build(file, url, status, on_read)
    for path in index_paths:
        try:
            replace_file(path, data)
        except OSError:
            continue
        break
    return Table(data)


def restamp(index_path: str, file: int) -> None:
    """Let the index at *index_path* follow a text whose time alone has changed."""
    table = read_index(index_path)
    status = os.fstat(file)
    if table is None or table.head.size != status.st_size:
        return
    head = msgspec.structs.replace(table.head, mtime_ns=status.st_mtime_ns)
    with contextlib.suppress(OSError):
        replace_file(index_path, table.with_head(head))


def drop_index(index_paths: Sequence[str]) -> None:
    """Remove index files; those that cannot be removed are left."""
    from pathlib import Path

    for path in index_paths:
        with contextlib.suppress(OSError):
            Path(path).unlink()


def read_index(path: str) -> Table | None:
    """The index file at *path*; None if there is none, or a damaged one."""
    try:
        with open(path, "rb", buffering=0) as handle:
            data = handle.read()
        return Table(data)
    except (OSError, InvalidTable):
        return None


def _fits(head: Head, url: str, status: os.stat_result) -> bool:
    found = (head.url, head.size, head.mtime_ns)
    return found == (url, status.st_size, status.st_mtime_ns)


def _build(file: int, url: str, status: os.stat_result, on_read: Callable[[int], None]) -> bytes:
    from mm_channels.index.scan import scan
    from mm_channels.index.table import build_table

    offset = 0

    def read(size: int) -> bytes:
        nonlocal offset
        piece = os.pread(file, size, offset)
        offset += len(piece)
        on_read(len(piece))
        return piece

    with _no_gc():
        scanned = scan(read)
    head = Head(
        url=url,
        size=status.st_size,
        mtime_ns=status.st_mtime_ns,
        subdir=scanned.subdir,
        base_url=scanned.base_url,
    )
    return build_table(head, scanned)


@contextlib.contextmanager
def _no_gc() -> Iterator[None]:
    """Without the cyclic collector: it would look at each new object again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
