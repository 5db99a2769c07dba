"""What a transfer needs from those who ask for one, and what it tells them afterwards."""

from __future__ import annotations

from typing import Protocol

import msgspec

__all__ = ["Received", "Sink", "Validators"]


class Validators(msgspec.Struct, frozen=True):
    """Which version of a file is at hand already; empty texts where unknown."""

    etag: str = ""
    modified: str = ""

    def __bool__(self) -> bool:
        return bool(self.etag or self.modified)


class Received(msgspec.Struct, frozen=True):
    """How a transfer ended.

    not_modified -- what the validators told of is still right; no bytes came
    """

    not_modified: bool = False
    etag: str = ""
    modified: str = ""
    cache_control: str = ""


class Sink(Protocol):
    """Takes the bytes of one file in order."""

    def write(self, data: bytes) -> None:
        """The next bytes."""

    def reset(self) -> None:
        """The transfer begins anew: forget all bytes."""
