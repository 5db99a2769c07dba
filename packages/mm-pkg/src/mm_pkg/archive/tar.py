"""Reading tar files: ustar, GNU and pax, as a sequence of members.

`TarReader` turns blocks of bytes into `Member` values. It knows the format and
nothing of file systems; where members may go is `placement`'s business.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zlib import adler32

from mm_pkg.errors import InvalidArchive, UnsafeArchive

from .member import Kind, Member
from .pax import apply_pax, pax_records
from .sparse import gnu_sparse, is_pax_sparse, pax_sparse

__all__ = ["TarReader"]

RECORD = 512
MAX_HEADER = 1 << 20
"""Longest extended header (long name, pax records) that is read, in bytes."""

_SPACES = 8 * ord(" ")
_ADLER_BASE = 65521


_KINDS = {
    b"0": Kind.FILE,
    b"\0": Kind.FILE,
    b"7": Kind.FILE,
    b"S": Kind.FILE,
    b"1": Kind.HARD_LINK,
    b"2": Kind.SYMLINK,
    b"3": Kind.SPECIAL,
    b"4": Kind.SPECIAL,
    b"5": Kind.DIRECTORY,
    b"6": Kind.SPECIAL,
}
"""Other types are regular files, as POSIX wants."""

_EXTENDED = frozenset({b"x", b"X", b"g", b"L", b"K"})
_WITHOUT_CONTENT = {Kind.DIRECTORY, Kind.SYMLINK, Kind.HARD_LINK, Kind.SPECIAL}


class TarReader:
    """Iterates over the members of a tar file given as blocks (see `decompression`).

    While a member is the current one, `content` yields its bytes; what is not
    taken is skipped. Raises `InvalidArchive`.
    """

    def __init__(self, blocks: Iterable[memoryview]) -> None:
        self._blocks = iter(blocks)
        self._block = memoryview(b"")
        self._at = 0
        self._left = 0
        self._padding = 0
        self._globals: dict[str, bytes] = {}

    def __iter__(self) -> Iterator[Member]:
        while True:
            self._skip(self._left + self._padding)
            member = self._next_member()
            if member is None:
                self._drain()
                return
            yield member

    def content(self) -> Iterator[memoryview]:
        """The current member's stored bytes, in pieces valid until the next is asked for.

        Raises `InvalidArchive`.
        """
        while self._left:
            if self._at >= len(self._block) and not self._next_block():
                raise InvalidArchive("its tar stream is cut short")
            piece = self._block[self._at : self._at + self._left]
            self._at += len(piece)
            self._left -= len(piece)
            yield piece

    # -- records and blocks

    def _next_block(self) -> bool:
        block = next(self._blocks, None)
        self._at = 0
        self._block = block if block is not None else memoryview(b"")
        return block is not None

    def _record(self) -> bytes | None:
        """The next 512 bytes; None at the end of the stream."""
        if self._at >= len(self._block) and not self._next_block():
            return None
        record = bytes(self._block[self._at : self._at + RECORD])
        self._at += RECORD
        if len(record) != RECORD:
            raise InvalidArchive("its tar stream is cut short")
        return record

    def _skip(self, count: int) -> None:
        while count > 0:
            here = len(self._block) - self._at
            if here >= count:
                self._at += count
                break
            count -= max(here, 0)
            if not self._next_block():
                # Some writers leave out the padding of the last member.
                if count > self._padding:
                    raise InvalidArchive("its tar stream is cut short")
                break
        self._left = self._padding = 0

    def _drain(self) -> None:
        """Read on to the end, so that checksums of the layers below are compared."""
        while self._next_block():
            pass

    def _begin_content(self, size: int) -> None:
        self._left = size
        self._padding = -size % RECORD

    def _whole_content(self, what: str) -> bytes:
        if self._left > MAX_HEADER:
            raise UnsafeArchive(f"it has a {what} of {self._left} bytes")
        content = b"".join(bytes(piece) for piece in self.content())
        self._skip(self._padding)
        return content

    # -- headers

    def _next_member(self) -> Member | None:
        """Read headers up to one that describes a member; None at the end."""
        name = link = None
        pax: dict[str, bytes] = {}
        while (header := self._record()) is not None:
            if header[0] == 0 and not any(header):
                return None
            _check_sum(header)
            kind = header[156:157]
            if kind not in _EXTENDED:
                return self._member(header, name, link, pax)
            self._begin_content(_number(header[124:136], "size"))
            if kind == b"L":
                name = self._whole_content("member name").rstrip(b"\0")
            elif kind == b"K":
                link = self._whole_content("link target").rstrip(b"\0")
            elif kind == b"g":
                self._globals.update(pax_records(self._whole_content("pax header")))
            else:
                pax = pax_records(self._whole_content("pax header"))
        if name is not None or link is not None or pax:
            raise InvalidArchive("its tar stream is cut short")
        return None

    def _member(
        self, header: bytes, name: bytes | None, link: bytes | None, pax: dict[str, bytes]
    ) -> Member:
        member = Member(
            _name(header) if name is None else name,
            _KINDS.get(header[156:157], Kind.FILE),
            _number(header[100:108], "mode"),
            _number(header[124:136], "size"),
            _number(header[136:148], "time") * 1_000_000_000,
        )
        if member.kind is Kind.SYMLINK or member.kind is Kind.HARD_LINK:
            member.link = _text(header[157:257]) if link is None else link
        if pax or self._globals:
            apply_pax(member, {**self._globals, **pax})
        if member.name.endswith(b"/") and member.kind is Kind.FILE:
            # Archives older than POSIX mark directories in this way.
            member.kind = Kind.DIRECTORY
        if member.kind in _WITHOUT_CONTENT:
            member.size = member.stored = 0
        self._begin_content(member.stored)
        if header[156:157] == b"S":
            gnu_sparse(member, header, self._record)
        elif pax and is_pax_sparse(pax):
            pax_sparse(member, pax, self._content_record)
        return member

    def _content_record(self) -> bytes | None:
        """The next 512 bytes of the current member's content."""
        if self._left < RECORD:
            return None
        self._left -= RECORD
        return self._record()


def _check_sum(header: bytes) -> None:
    """Compare the header's checksum: the sum of its bytes, its own field as spaces.

    The low half of adler32 is that sum modulo 65521, and many times faster than `sum`.
    """
    expected = _number(header[148:156], "checksum")
    front, back = header[:148], header[156:]
    actual = (adler32(front, 0) & 0xFFFF) + (adler32(back, 0) & 0xFFFF) + _SPACES
    if (actual - expected) % _ADLER_BASE == 0:
        return
    # Some old writers added the bytes up as signed ones.
    signed = sum(byte - 256 if byte > 127 else byte for byte in front + back) + _SPACES
    if signed != expected:
        raise InvalidArchive("its tar stream is damaged (wrong header checksum)")


def _text(field: bytes) -> bytes:
    return field.partition(b"\0")[0]


def _name(header: bytes) -> bytes:
    name = header[:100].partition(b"\0")[0]
    # Only POSIX headers have a prefix; GNU ones keep other things there.
    if header[345] and header[257:263] == b"ustar\0":
        name = header[345:500].partition(b"\0")[0] + b"/" + name
    return name


def _number(field: bytes, what: str) -> int:
    """An octal number, or a base-256 one where the first bit is set."""
    first = field[0]
    if first & 0x80:
        value = int.from_bytes(field, "big", signed=False) & ((1 << (8 * len(field) - 1)) - 1)
        if first & 0x40:
            value -= 1 << (8 * len(field) - 1)
    else:
        digits = field.partition(b"\0")[0].strip()
        if not digits:
            return 0
        try:
            value = int(digits, 8)
        except ValueError:
            raise InvalidArchive(f"its tar stream is damaged (bad {what})") from None
    if value < 0 and what != "time":
        raise InvalidArchive(f"its tar stream is damaged (negative {what})")
    return value
