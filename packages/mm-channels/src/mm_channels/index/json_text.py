"""Walk through a JSON text that is read piece by piece, whatever its formatting."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

__all__ = ["PIECE", "JsonText", "NotRepodata"]

PIECE = 1 << 21
"""Bytes read at a time. Pieces that stay in the processor's cache are the fastest."""

_BLANK = re.compile(rb"[ \t\r\n]*")
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_NESTING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]"]', re.DOTALL)
_SCALAR = re.compile(rb"[-+.0-9A-Za-z]+")

_decode_key = msgspec.json.Decoder(str).decode


class NotRepodata(ValueError):
    """The text is not a repodata document. ``str()`` says why in a few words."""


def _blank_end(text: bytes, pos: int) -> int:
    blank = _BLANK.match(text, pos)
    assert blank is not None
    return blank.end()


class JsonText:
    """The part of the text in memory: `text[pos]` is the next byte to look at."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read
        self.text = b""
        self.base = 0
        self.pos = 0
        self.ended = False

    def more(self) -> bool:
        """Forget what lies before `pos` and read on; False at the end of the text."""
        piece = b"" if self.ended else self._read(PIECE)
        if not piece:
            self.ended = True
            return False
        self.text = self.text[self.pos :] + piece
        self.base += self.pos
        self.pos = 0
        return True

    def need(self) -> None:
        """Read on, or raise `NotRepodata` because the text is cut off."""
        if not self.more():
            raise NotRepodata(f"the text ends too early, after {self.base + len(self.text)} bytes")

    def peek(self) -> int:
        """The next byte that is not blank, not consumed; -1 at the end."""
        while True:
            self.pos = _blank_end(self.text, self.pos)
            if self.pos < len(self.text):
                return self.text[self.pos]
            if not self.more():
                return -1

    def expect(self, byte: bytes) -> None:
        """Consume *byte*, blanks before it allowed. Raises `NotRepodata`."""
        found = self.peek()
        if found != byte[0]:
            if found == -1:
                self.need()
            raise NotRepodata(
                f"byte {self.base + self.pos} is {chr(found)!r} instead of {byte.decode()!r}"
            )
        self.pos += 1

    def key(self) -> tuple[str, int]:
        """The object key at the next byte, not consumed, and where its value begins.

        Key and value's first byte are then in memory. Raises `NotRepodata`.
        """
        self.peek()
        while True:
            match = _STRING.match(self.text, self.pos)
            if match is not None:
                colon = _blank_end(self.text, match.end())
                value = _blank_end(self.text, colon + 1)
                if value < len(self.text):
                    break
                if colon < len(self.text) and self.text[colon] != 0x3A:
                    break
            elif self.pos < len(self.text) and self.text[self.pos] != 0x22:
                self.expect(b'"')
            self.need()
        if self.text[colon] != 0x3A:
            raise NotRepodata(f"byte {self.base + colon} is not the colon after a key")
        try:
            return _decode_key(match.group()), value
        except msgspec.DecodeError as error:
            raise NotRepodata(str(error)) from None

    def member(self) -> tuple[str, int, int]:
        """The member at the next byte: its key, where its value begins and ends.

        `pos` is then at the key, and all of the member is in memory.
        """
        key, value = self.key()
        while (end := self._end_of_value(value)) < 0:
            value -= self.pos
            self.need()
        return key, value, end

    def _end_of_value(self, pos: int) -> int:
        text = self.text
        if text[pos] not in b'{["':
            scalar = _SCALAR.match(text, pos)
            if scalar is None:
                raise NotRepodata(f"byte {self.base + pos} begins no JSON value")
            return scalar.end() if scalar.end() < len(text) or self.ended else -1
        depth = 0
        for token in _NESTING.finditer(text, pos):
            first = text[token.start()]
            if first in b"{[":
                depth += 1
            elif first in b"}]":
                depth -= 1
            elif token.end() - token.start() == 1:
                return -1
            if depth == 0:
                return token.end()
        return -1

    def skip_value(self) -> None:
        """Consume a value of any length without keeping it in memory."""
        if self.text[self.pos] not in b"{[":
            while (end := self._end_of_value(self.pos)) < 0:
                self.need()
            self.pos = end
            return
        depth = 0
        while True:
            end = len(self.text)
            for token in _NESTING.finditer(self.text, self.pos):
                opening = self.text[token.start()]
                if opening in b"{[":
                    depth += 1
                elif opening in b"}]":
                    depth -= 1
                    if depth == 0:
                        self.pos = token.end()
                        return
                elif token.end() - token.start() == 1:
                    end = token.start()
                    break
            self.pos = end
            self.need()
