"""``conda-meta/frozen``: the marker of an environment that must not change (CEP 22)."""

from __future__ import annotations

from pathlib import Path

import msgspec

__all__ = ["FrozenMarker", "read_frozen"]


class FrozenMarker(msgspec.Struct, frozen=True):
    """An environment is frozen; ``message`` is what its owner says about it, or ""."""

    path: Path
    message: str = ""


def read_frozen(meta: Path) -> FrozenMarker | None:
    """The marker in *meta* (an environment's ``conda-meta``), or None.

    The file may be empty or hold a JSON object with a ``message``; a file that
    cannot be understood still freezes the environment.
    """
    path = meta / "frozen"
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError:
        return FrozenMarker(path)
    import msgspec

    try:
        data = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return FrozenMarker(path)
    message = data.get("message") if isinstance(data, dict) else None
    return FrozenMarker(path, " ".join(message.split()) if isinstance(message, str) else "")
