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
from itertools import accumulate
from zlib import crc32

__all__ = ["Names"]


class Names:
    """The names in the sections *text*, *starts* and *checksums*.

    >>> ordered, sections = Names.arrange({"python", "pip", "zlib"})
    >>> names = Names(*sections)
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
    def arrange(names: Iterable[str]) -> tuple[list[str], tuple[bytes, bytes, bytes]]:
        """*names* in the order in which they are numbered, and the sections that hold them.

        A name must be one line.
        """
        given = list(names)
        encoded = [name.encode() for name in given]
        sums = list(map(crc32, encoded))
        order = sorted(range(len(given)), key=sums.__getitem__)
        lines = [encoded[place] + b"\n" for place in order]
        starts = array("I", accumulate(map(len, lines), initial=0))
        checksums = array("I", [sums[place] for place in order])
        sections = b"".join(lines), starts.tobytes(), checksums.tobytes()
        return [given[place] for place in order], sections

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
