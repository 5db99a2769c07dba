"""Many names in a few bytes arrays, found by bisection: opening them builds no objects.

Three sections of an index file: the names in UTF-8, each followed by a line feed;
where each begins (n+1 numbers, 32 bit); the CRC-32 of each. They are sorted by that
checksum, so that `bisect` looks for a number in an array of numbers. That takes less
than a microsecond; comparing texts on the way took five.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from zlib import crc32

__all__ = ["Names", "in_order"]


def in_order(names: Iterable[str]) -> list[str]:
    """*names* in the order in which `Names` numbers them; a name must be one line."""
    return sorted(names, key=lambda name: (crc32(name.encode()), name))


class Names:
    """The names in the sections *text*, *starts* and *checksums*.

    >>> ordered = in_order({"python", "pip", "zlib"})
    >>> names = Names(*Names.sections(ordered))
    >>> [names.find(name) for name in (*ordered, "nix")], len(names)
    ([0, 1, 2, -1], 3)
    """

    __slots__ = ("_checksums", "_starts", "_text")

    def __init__(
        self, text: bytes | memoryview, starts: bytes | memoryview, checksums: bytes | memoryview
    ) -> None:
        self._text = memoryview(text)
        self._starts = memoryview(starts).cast("I")
        self._checksums = memoryview(checksums).cast("I")

    @staticmethod
    def sections(ordered: Iterable[str]) -> tuple[bytes, bytes, bytes]:
        """The three sections that hold the names *ordered* by `in_order`."""
        encoded = [name.encode() for name in ordered]
        starts = array("I", [0])
        for name in encoded:
            starts.append(starts[-1] + len(name) + 1)
        checksums = array("I", [crc32(name) for name in encoded])
        text = b"".join([name + b"\n" for name in encoded])
        return text, starts.tobytes(), checksums.tobytes()

    def __len__(self) -> int:
        return len(self._checksums)

    def __iter__(self) -> Iterator[str]:
        return iter(bytes(self._text).decode().split("\n")[:-1])

    def find(self, name: str) -> int:
        """The number of *name*, -1 if it is not there."""
        wanted = name.encode("utf-8", "surrogatepass")
        checksum = crc32(wanted)
        checksums, starts = self._checksums, self._starts
        at = bisect_left(checksums, checksum)
        while at < len(checksums) and checksums[at] == checksum:
            if self._text[starts[at] : starts[at + 1] - 1] == wanted:
                return at
            at += 1
        return -1
