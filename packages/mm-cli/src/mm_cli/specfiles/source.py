"""Where a spec file comes from: a path, a URL, or standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from mm_cli.report.console import masked
from mm_cli.specfiles.spec_file import SpecFileError

if TYPE_CHECKING:
    from mm_channels import Transport

__all__ = ["MAX_BYTES", "STDIN", "SpecText", "is_url", "read_text"]

MAX_BYTES = 64 << 20
"""Larger files are refused; the lock of a thousand packages has one megabyte."""

STDIN = "-"
"""The name that stands for standard input."""


class SpecText(msgspec.Struct, frozen=True):
    """The text of one file.

    name   -- the last part of its path, by which some formats are recognised
    label  -- how messages name it
    folder -- where relative paths in it start
    """

    text: str
    name: str
    label: str
    folder: Path


def is_url(given: str) -> bool:
    """Whether *given* is an address rather than a path."""
    return "://" in given


def read_text(given: str, transport: Callable[[], Transport]) -> SpecText:
    """The text that *given* (a path, an address, or ``-``) leads to.

    transport -- gives the network; called for addresses only
    Raises `SpecFileError`, and for addresses `mm_channels.errors.NetworkError`.
    """
    if given == STDIN:
        return _decoded(_standard_input(), "", "standard input", Path.cwd())
    if is_url(given):
        label = masked(given)
        return _decoded(_fetched(given, label, transport()), _last_part(given), label, Path.cwd())
    path = Path(given).expanduser()
    return _decoded(_local(path), path.name, str(path), path.absolute().parent)


def _decoded(content: bytes, name: str, label: str, folder: Path) -> SpecText:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SpecFileError(
            f"{label}:{line}: not a text file ({error.reason})", hint="Save the file as UTF-8 text."
        ) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise SpecFileError(
            f"{label}:{line}: not a text file (it has zero bytes)",
            hint="Save the file as UTF-8 text.",
        )
    return SpecText(text, name, label, folder)


def _local(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise SpecFileError(
            f"{path}: file not found", hint="Check how its path is spelt."
        ) from None
    except OSError as error:
        raise SpecFileError(
            f"{path}: {error.strerror}", hint="Give a file that can be read."
        ) from None
    return _limited(content, str(path))


def _standard_input() -> bytes:
    buffer = getattr(sys.stdin, "buffer", None)
    return _limited(
        buffer.read(MAX_BYTES + 1) if buffer else sys.stdin.read().encode(), "standard input"
    )


def _limited(content: bytes, label: str) -> bytes:
    if len(content) > MAX_BYTES:
        raise SpecFileError(
            f"{label}: larger than {MAX_BYTES >> 20} MiB, which no spec file is",
            hint="Check which file was meant.",
        )
    return content


def _last_part(url: str) -> str:
    return os.path.basename(url.partition("?")[0].partition("#")[0])


class _Memory:
    """The sink of a transfer: bytes in memory, not too many."""

    def __init__(self, label: str) -> None:
        self._label = label
        self.content = bytearray()

    def write(self, data: bytes) -> None:
        self.content += data
        _limited(bytes(self.content) if len(self.content) > MAX_BYTES else b"", self._label)

    def reset(self) -> None:
        self.content.clear()


def _fetched(url: str, label: str, transport: Transport) -> bytes:
    from mm_channels.errors import NotFound

    sink = _Memory(label)
    try:
        transport.fetch(url, sink, encoded=True)
    except NotFound:
        raise SpecFileError(
            f"{label}: file not found", hint="Check the address given with -f."
        ) from None
    return bytes(sink.content)
