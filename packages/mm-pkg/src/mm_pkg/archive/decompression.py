"""Compressed streams as sequences of blocks.

A tar file is a sequence of 512-byte records, so blocks whose length is a
multiple of 512 never cut a record in two, and the tar reader hands out slices
of them without copying. Only the last block may have another length.

A block's memory is used again for a later one (`SPARE` blocks on): whoever
wants to keep the content copies it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import IO, Protocol, cast

from mm_pkg.errors import InvalidArchive

__all__ = ["BLOCK", "Readable", "bz2_blocks", "prefetched", "zstd_blocks"]

BLOCK = 1 << 20
"""Bytes in a block. Smaller ones cost calls, larger ones leave the processor's cache."""

SPARE = 6
"""Blocks whose memory takes turns: one being read, one being filled, the rest waiting."""


class Readable(Protocol):
    """Anything with ``read``."""

    def read(self, size: int = -1, /) -> bytes:
        """Up to *size* more bytes; ``b""`` at the end."""


def zstd_blocks(source: Readable) -> Iterator[memoryview]:
    """The content of a zstandard stream of one or more frames. Raises `InvalidArchive`."""
    from zstandard import ZstdDecompressor, ZstdError

    # libzstd itself refuses windows above 128 MiB, which is what level 22 uses.
    reader = ZstdDecompressor().stream_reader(
        cast("IO[bytes]", source), read_size=BLOCK, read_across_frames=True
    )
    try:
        yield from _blocks(reader.readinto)
    except ZstdError as error:
        raise InvalidArchive(f"its zstandard stream is damaged ({error})") from None


def bz2_blocks(source: Readable) -> Iterator[memoryview]:
    """The content of a bzip2 stream of one or more parts. Raises `InvalidArchive`."""
    yield from _blocks(_Bz2Reader(source).readinto)


def _blocks(readinto: Callable[[memoryview], int]) -> Iterator[memoryview]:
    buffers = [memoryview(bytearray(BLOCK)) for _ in range(SPARE)]
    turn = 0
    filled = BLOCK
    while filled == BLOCK:
        buffer = buffers[turn]
        turn = (turn + 1) % SPARE
        filled = 0
        while filled < BLOCK:
            count = readinto(buffer[filled:])
            if not count:
                break
            filled += count
        if filled:
            yield buffer[:filled]


class _Bz2Reader:
    """Reads a bzip2 stream. pbzip2 and others write it as several parts in a row."""

    def __init__(self, source: Readable) -> None:
        from bz2 import BZ2Decompressor

        self._new = BZ2Decompressor
        self._source = source
        self._stream = BZ2Decompressor()

    def readinto(self, buffer: memoryview) -> int:
        """Fill some of *buffer*; 0 at the end. Raises `InvalidArchive`."""
        while True:
            compressed = b""
            if self._stream.eof:
                compressed = self._stream.unused_data or self._source.read(BLOCK)
                if not compressed.startswith(b"BZh"):
                    return 0
                self._stream = self._new()
            elif self._stream.needs_input:
                compressed = self._source.read(BLOCK)
                if not compressed:
                    raise InvalidArchive("its bzip2 stream is cut short")
            try:
                data = self._stream.decompress(compressed, len(buffer))
            except (OSError, ValueError) as error:
                raise InvalidArchive(f"its bzip2 stream is damaged ({error})") from None
            if data:
                buffer[: len(data)] = data
                return len(data)


def prefetched(blocks: Iterator[memoryview]) -> Generator[memoryview]:
    """The same blocks, made by a thread of their own while earlier ones are used.

    Decompressing and writing files both release the interpreter's lock, so a
    large archive is unpacked in the time of the slower of the two. Errors
    surface in the consumer. Closing the generator stops the thread.
    """
    import threading
    from queue import SimpleQueue

    ready: SimpleQueue[memoryview | BaseException | None] = SimpleQueue()
    # One block is with the consumer and one with the producer.
    room = threading.Semaphore(SPARE - 2)
    stopped = threading.Event()

    def produce() -> None:
        try:
            for block in blocks:
                room.acquire()
                if stopped.is_set():
                    return
                ready.put(block)
            ready.put(None)
        except BaseException as error:
            ready.put(error)

    thread = threading.Thread(target=produce, name="mm-decompress", daemon=True)
    thread.start()
    try:
        while (item := ready.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
            room.release()
    finally:
        stopped.set()
        room.release()
        thread.join()
