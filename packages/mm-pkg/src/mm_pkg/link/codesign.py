"""Apple silicon runs signed programs only: sign again what prefix replacement changed."""

from __future__ import annotations

import sys
from collections.abc import Sequence

__all__ = ["needs_signature", "sign"]

_MACH_O = (
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"\xfe\xed\xfa\xcf",
    b"\xfe\xed\xfa\xce",
    b"\xca\xfe\xba\xbe",
)
_FILES_PER_CALL = 500


def needs_signature(subdir: str | None, content: bytes) -> bool:
    """Whether a rewritten file of a package for *subdir* must be signed here."""
    return sys.platform == "darwin" and subdir == "osx-arm64" and content.startswith(_MACH_O)


def sign(paths: Sequence[str]) -> None:
    """Sign in place. A file that cannot be signed is left as it is, as conda does."""
    import subprocess

    for start in range(0, len(paths), _FILES_PER_CALL):
        subprocess.run(
            ["/usr/bin/codesign", "-s", "-", "-f", *paths[start : start + _FILES_PER_CALL]],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
