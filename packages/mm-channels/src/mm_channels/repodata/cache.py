"""Repodata texts in a cache folder: find one, take in a new one.

Each subdir has three files there: ``H.json``, the text; ``H.state.json``, where it
came from and its validators; ``H.index``, made from the text. They are renamed into
place one by one. A reader believes a state or an index only if it names the size and
time of exactly the text it has opened, so readers need no lock. Writers take turns where
the file system lets them, lest the text of one meets the state of another and neither
is believed.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from mm_channels.atomic import replace_file, temporary_name, write_error
from mm_channels.index.store import drop_index, restamp
from mm_channels.repodata.state import State, cache_name

__all__ = ["CacheFiles", "Cached", "Intake", "find_cached"]

_WRITABLE_BY_GROUP = 0o775

_ABANDONED = 24 * 3600
"""Seconds after which an unfinished file has no writer any more."""


class CacheFiles(msgspec.Struct, frozen=True):
    """The names of the files of one subdir in one cache folder."""

    folder: str
    stem: str

    @classmethod
    def of(cls, folder: str | os.PathLike[str], url: str) -> CacheFiles:
        """Those of the repodata at *url* (public)."""
        return cls(os.fspath(folder), cache_name(url))

    @property
    def json(self) -> str:
        """The text."""
        return f"{self.folder}/{self.stem}.json"

    @property
    def state(self) -> str:
        """Its origin and validators."""
        return f"{self.folder}/{self.stem}.state.json"

    @property
    def index(self) -> str:
        """Where each name's records are in it."""
        return f"{self.folder}/{self.stem}.index"

    @property
    def shards(self) -> str:
        """The index of the subdir's shards: of its own, it belongs to no text."""
        return f"{self.folder}/{self.stem}.shards"

    def drop(self) -> None:
        """Remove the first three; what cannot be removed is left."""
        drop_index((self.state, self.index, self.json))


class Cached:
    """A cached text, open for reading. `file` belongs to who takes it with `take_file`.

    files   -- where it is in a cache folder; None for a text that is elsewhere
    fetched -- whether it has just come from the server
    """

    def __init__(
        self, files: CacheFiles | None, state: State, file: int, *, fetched: bool = False
    ) -> None:
        self.files = files
        self.state = state
        self.file = file
        self.fetched = fetched

    def age(self) -> float:
        """Seconds since it was last known to be what the server has."""
        return time.time() - self.state.mtime_ns / 1e9

    def take_file(self) -> int:
        """The open descriptor; the caller closes it."""
        file, self.file = self.file, -1
        return file

    def renewed(self, state: State) -> None:
        """The server says that the text is still right: remember that, if possible.

        *state* is that of the answer; a folder that cannot be written is left as it is.
        """
        if self.files is None:
            return
        now = int(time.time()) * 1_000_000_000  # whole seconds: any file system keeps them
        before = os.fstat(self.file)
        renewed = msgspec.structs.replace(state, size=before.st_size, mtime_ns=now)
        with contextlib.suppress(OSError), _in_turn(self.files.folder):
            if not os.path.samestat(before, os.stat(self.files.json)):
                return  # another process has put a newer text there meanwhile
            os.utime(self.file, ns=(now, now))
            try:
                replace_file(self.files.state, renewed.encode())
            except OSError:
                os.utime(self.file, ns=(before.st_atime_ns, before.st_mtime_ns))
                return
            restamp(self.files.index, self.file)

    def drop(self) -> None:
        """Forget it: it is not what it should be."""
        if self.files is not None:
            self.files.drop()

    def __del__(self) -> None:
        if self.file >= 0:
            os.close(self.file)


def find_cached(folders: Sequence[str | os.PathLike[str]], url: str) -> list[Cached]:
    """The usable texts of the repodata at *url* (public), in the order of *folders*."""
    found = (_open(CacheFiles.of(folder, url), url) for folder in folders)
    return [cached for cached in found if cached is not None]


def _open(files: CacheFiles, url: str) -> Cached | None:
    state = State.read(files.state)
    if state is None:
        return None
    try:
        file = os.open(files.json, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    cached = Cached(files, state, file)
    status = os.fstat(file)
    return cached if state.belongs_to(url, status.st_size, status.st_mtime_ns) else None


class Intake:
    """Takes in the bytes of a repodata, decompresses them, and puts the text into a cache folder.

    It is a sink of `mm_channels.transport.Transport.fetch`. Where no folder can be
    written the text goes to an anonymous temporary file.
    """

    def __init__(
        self, folders: Sequence[str | os.PathLike[str]], url: str, *, compressed: bool
    ) -> None:
        self._url = url
        self._compressed = compressed
        self._decompressor: Any = None
        self._files: CacheFiles | None = None
        self._temporary = ""
        self.first_bytes = b""
        self.complete = True
        """Whether the compressed stream came to its end."""
        self._file = self._create(folders)

    def _create(self, folders: Sequence[str | os.PathLike[str]]) -> int:
        for folder in folders:
            files = CacheFiles.of(folder, self._url)
            temporary = temporary_name(files.json)
            try:
                _make_folder(files.folder)
                _sweep(files)
                file = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
            except OSError:
                continue
            self._files, self._temporary = files, temporary
            return file
        import tempfile

        with tempfile.TemporaryFile() as anonymous:
            return os.dup(anonymous.fileno())

    def write(self, data: bytes) -> None:
        """Take the next bytes. Raises `CacheWriteError`, ValueError from decompression."""
        if len(self.first_bytes) < 200:
            self.first_bytes += data[: 200 - len(self.first_bytes)]
        if not self._compressed:
            self._store(data)
            return
        import zstandard

        while data:
            if self._decompressor is None:
                decompressor = zstandard.ZstdDecompressor(max_window_size=1 << 31)
                self._decompressor = decompressor.decompressobj()
                self.complete = False
            try:
                self._store(self._decompressor.decompress(data))
            except zstandard.ZstdError as error:
                raise ValueError(str(error)) from None
            if not self._decompressor.eof:
                return
            data = self._decompressor.unused_data
            self._decompressor = None
            self.complete = True

    def _store(self, data: bytes) -> None:
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(self._file, view) :]
        except OSError as error:
            raise write_error(self._temporary, error) from None

    def reset(self) -> None:
        """Forget all bytes taken so far: the transfer begins anew."""
        os.lseek(self._file, 0, os.SEEK_SET)
        os.ftruncate(self._file, 0)
        self._decompressor = None
        self.first_bytes = b""
        self.complete = True

    def commit(self, state: State) -> Cached:
        """Put the text and *state* (completed by size and time) in their places."""
        status = os.fstat(self._file)
        state = msgspec.structs.replace(state, size=status.st_size, mtime_ns=status.st_mtime_ns)
        file, self._file = self._file, -1
        cached = Cached(self._files, state, file, fetched=True)
        if self._files is not None:
            try:
                with _in_turn(self._files.folder):
                    Path(self._temporary).replace(self._files.json)
                    self._temporary = ""
                    replace_file(self._files.state, state.encode())
            except OSError as error:
                raise write_error(self._files.json, error) from None
        return cached

    def close(self) -> None:
        """Leave nothing behind, unless committed."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
        if self._temporary:
            with contextlib.suppress(OSError):
                Path(self._temporary).unlink()
            self._temporary = ""


@contextlib.contextmanager
def _in_turn(folder: str) -> Iterator[None]:
    """One writer at a time, if that can be had."""
    file = -1
    try:
        with contextlib.suppress(ImportError, OSError):
            import fcntl

            file = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        if file >= 0:
            os.close(file)


def _sweep(files: CacheFiles) -> None:
    """Remove what processes that were killed have left of this text."""
    for left in Path(files.folder).glob(f"{files.stem}.*.partial"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _ABANDONED:
                left.unlink()


def _make_folder(folder: str) -> None:
    """Create a cache folder, writable by the group as far as the umask allows."""
    Path(folder).mkdir(_WRITABLE_BY_GROUP, parents=True, exist_ok=True)
