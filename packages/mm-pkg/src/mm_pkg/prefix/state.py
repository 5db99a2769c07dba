"""``conda-meta/state``: environment variables that activation sets.

A JSON object; only its ``env_vars`` is ours, other keys are kept as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mm_pkg.errors import InvalidPrefixFile
from mm_pkg.prefix.atomic_file import replace_file

__all__ = ["read_env_vars", "write_env_vars"]

UNSET = "***unset***"
"""What conda writes as the value of a variable that was taken back."""


def read_env_vars(meta: Path) -> dict[str, str]:
    """Name -> value as set in *meta* (an environment's ``conda-meta``).

    Raises `InvalidPrefixFile` when ``state`` is not a JSON object.
    """
    env_vars = _read(meta / "state").get("env_vars")
    if not isinstance(env_vars, dict):
        return {}
    return {str(k): str(v) for k, v in env_vars.items() if v is not None and v != UNSET}


def write_env_vars(meta: Path, env_vars: Mapping[str, str]) -> None:
    """Replace the variables by *env_vars*. Raises `InvalidPrefixFile` and OSError."""
    import msgspec

    path = meta / "state"
    data = {"version": 1, **_read(path), "env_vars": dict(env_vars)}
    replace_file(path, msgspec.json.format(msgspec.json.encode(data), indent=4))


def _read(path: Path) -> dict[str, Any]:
    try:
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    import msgspec

    try:
        data = msgspec.json.decode(content) if content.strip() else {}
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidPrefixFile(f"{path} is not JSON: {error}", path=path) from None
    if not isinstance(data, dict):
        raise InvalidPrefixFile(f"{path} does not hold a JSON object", path=path)
    return data
