"""Find the records of every package in the text of a ``repodata.json``, building none of them.

A solve reads the records of some hundred names out of tens of thousands. So the
text is passed through once, in pieces, and only remembered is where in it the
records of each name are: a few extents per name. Memory use does not grow with
the text.

Any legal JSON is understood. Pieces are normally cut with the text search of
`bytes`, checked by decoding the piece and counting keys; whatever does not pass
these checks is walked token by token.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from zlib import crc32

import msgspec

from mm_channels.index.json_text import PIECE, JsonText, NotRepodata
from mm_channels.index.preference import is_archive

__all__ = ["Extent", "NotRepodata", "Scanned", "describe_beginning", "scan"]

SECTIONS = {"packages.conda": ".conda", "packages": ".tar.bz2"}
"""The sections that hold records, preferred first, and their keys' usual ending."""

Extent = tuple[int, int, int]
"""Byte offset in the text, length in bytes, CRC-32. The bytes read ``"fn":{...},"fn":{...}``."""


class Scanned(msgspec.Struct, frozen=True):
    """What a scan found.

    extents  -- package name -> where its records are, ``.conda`` packages first
    subdir   -- ``info.subdir``, or ""
    base_url -- ``info.base_url`` (CEP 15) as written, or None when there is none
                or ``repodata_version`` does not allow it
    size     -- length of the text in bytes
    """

    extents: dict[str, list[Extent]]
    subdir: str
    base_url: str | None
    size: int


class _Named(msgspec.Struct, gc=False):
    name: str = ""


class _Info(msgspec.Struct):
    subdir: str | None = None
    base_url: str | None = None


_decode_names = msgspec.json.Decoder(dict[str, _Named]).decode


def scan(read: Callable[[int], bytes]) -> Scanned:
    """Scan the text that *read(size)* delivers piece by piece; ``b""`` is its end.

    >>> import io
    >>> text = b'{"packages": {"a-1-0.tar.bz2": {"name": "a"}}, "info": {"subdir": "noarch"}}'
    >>> found = scan(io.BytesIO(text).read)
    >>> found.subdir, {name: len(extents) for name, extents in found.extents.items()}
    ('noarch', {'a': 1})
    >>> offset, length, _ = found.extents["a"][0]
    >>> text[offset : offset + length]
    b'"a-1-0.tar.bz2": {"name": "a"}'

    Raises `NotRepodata` when the text is not JSON, is cut off, or has no packages section.
    """
    return _Scanner(JsonText(read)).scan()


class _Scanner:
    def __init__(self, text: JsonText) -> None:
        self.window = text
        self.found: dict[str, dict[str, list[Extent]]] = {section: {} for section in SECTIONS}
        self.sections = 0
        self.info = _Info()
        self.version = 1
        self.last: tuple[str, int] | None = None  # name and end of the member just noted
        self.careful_until = 0  # no bulk attempts before this offset

    def scan(self) -> Scanned:
        window = self.window
        first = window.peek()
        if first != 0x7B:
            raise NotRepodata(describe_beginning(window.text[window.pos : window.pos + 200]))
        window.expect(b"{")
        if window.peek() == 0x7D:
            window.expect(b"}")
        else:
            self._members()
        if window.peek() != -1:
            raise NotRepodata(f"more text follows the document's end at {window.base + window.pos}")
        if not self.sections:
            raise NotRepodata("it is JSON, but has no section of packages")
        return Scanned(
            extents=_merge(*self.found.values()),
            subdir=self.info.subdir or "",
            base_url=self.info.base_url if self.version >= 2 else None,
            size=window.base + window.pos,
        )

    def _members(self) -> None:
        window = self.window
        while True:
            key, value = window.key()
            if key in ("info", "repodata_version"):
                self._head()
            else:
                window.pos = value
                if key in SECTIONS:
                    self._section(key)
                else:
                    window.skip_value()
            if window.peek() != 0x2C:
                break
            window.pos += 1
        window.expect(b"}")

    def _head(self) -> None:
        window = self.window
        key, begin, end = window.member()
        value = window.text[begin:end]
        window.pos = end
        try:
            if key == "info":
                self.info = msgspec.json.decode(value, type=_Info | None) or self.info
            else:
                self.version = msgspec.json.decode(value, type=int)
        except msgspec.MsgspecError as error:
            raise NotRepodata(f"{key}: {error}") from None

    def _section(self, section: str) -> None:
        window = self.window
        window.expect(b"{")
        self.sections += 1
        self.last = None
        self.careful_until = 0
        extents = self.found[section]
        ending = SECTIONS[section]
        if window.peek() == 0x7D:
            window.pos += 1
            return
        while True:
            window.peek()
            if not self._bulk(ending, extents):
                self._one(extents)
            if window.peek() != 0x2C:
                break
            window.pos += 1
        window.expect(b"}")

    def _bulk(self, ending: str, extents: dict[str, list[Extent]]) -> bool:
        """Note all members in memory but the last; False when that cannot be done safely.

        Safe means: the cut-out piece decodes as an object, its keys all have
        the usual *ending*, and no other key in it has. Then a search for a
        key's text finds that key.
        """
        window = self.window
        mark = f'{ending}":'.encode()
        if window.base + window.pos < self.careful_until:
            return False
        if len(window.text) - window.pos < PIECE // 2:
            window.more()
        text, start = window.text, window.pos
        last_mark = text.rfind(mark, start)
        stop = text.rfind(b'"', start, max(last_mark, start))
        if stop <= start:
            self.careful_until = window.base + len(text)
            return False
        self.careful_until = window.base + stop
        end = text.rfind(b"}", start, stop) + 1
        if end == 0 or text[end:stop].strip() != b",":
            return False
        try:
            members = _decode_names(b"".join((b"{", memoryview(text)[start:end], b"}")))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return False
        if text.count(mark, start, stop) != len(members):
            return False
        runs = _runs(members, ending, text, start)
        if runs is None:
            return False
        runs.append(("", stop))
        for (name, begin), (_, limit) in pairwise(runs):
            self._note(name, begin, text.rfind(b"}", begin, limit) + 1, extents)
        # The comma that follows is left for the caller.
        window.pos = end
        return True

    def _one(self, extents: dict[str, list[Extent]]) -> None:
        """Note one member, found by walking it token by token."""
        window = self.window
        fn, value, end = window.member()
        try:
            name = msgspec.json.decode(memoryview(window.text)[value:end], type=_Named).name
        except (msgspec.ValidationError, UnicodeDecodeError, RecursionError):
            name = ""
        except msgspec.DecodeError as error:
            raise NotRepodata(f"{fn}: {error}") from None
        self._note(name if is_archive(fn) else "", window.pos, end, extents)
        window.pos = end

    def _note(self, name: str, begin: int, end: int, extents: dict[str, list[Extent]]) -> None:
        """Remember a run of members of one *name*; a nameless one is left out."""
        window = self.window
        view = memoryview(window.text)
        if not name:
            self.last = None
            return
        known = extents.setdefault(name, [])
        if self.last is not None and self.last[0] == name and self.last[1] >= window.base:
            offset, length, crc = known[-1]
            grown = view[offset + length - window.base : end]
            known[-1] = (offset, length + len(grown), crc32(grown, crc))
        else:
            known.append((window.base + begin, end - begin, crc32(view[begin:end])))
        self.last = (name, window.base + end)


def _runs(
    members: dict[str, _Named], ending: str, text: bytes, start: int
) -> list[tuple[str, int]] | None:
    """Name and position of the first of each run of members of one name, or None."""
    keys = list(members)
    if [key for key in keys if not key.endswith(ending)]:
        return None
    joined = "".join(keys)
    if "/" in joined or "\\" in joined:
        return None
    names = [member.name for member in members.values()]
    runs = []
    previous = None
    for key, name in zip(keys, names, strict=True):
        if name != previous:
            start = text.find(b'"%b":' % key.encode(), start)
            if start < 0:
                return None
            runs.append((name, start))
            previous = name
    return runs


def _merge(
    first: dict[str, list[Extent]], second: dict[str, list[Extent]]
) -> dict[str, list[Extent]]:
    for name, extents in second.items():
        first.setdefault(name, []).extend(extents)
    return first


def describe_beginning(beginning: bytes) -> str:
    """Why a text that begins so is no repodata, in words that help."""
    if not beginning:
        return "it is empty"
    if beginning.lstrip().startswith(b"<"):
        return "it is a web page: a sign-in page of the network, or a proxy's error"
    return f"it begins with {beginning[:20]!r}, not with an object"
