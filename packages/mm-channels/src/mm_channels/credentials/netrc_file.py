"""User names and passwords in ``~/.netrc``, or where ``$NETRC`` says."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from mm_channels.credentials.kinds import BasicAuth

__all__ = ["NetrcFile"]


class NetrcFile:
    """Answers by host; a ``default`` entry is for all hosts without one of their own."""

    def __init__(self, home: Path, env: Mapping[str, str], warn: Callable[[str], None]) -> None:
        self._entries: dict[str, tuple[str, str, str]] = {}
        named = env.get("NETRC")
        path = Path(named).expanduser() if named else _usual(home)
        import netrc

        try:
            self._entries = netrc.netrc(os.fspath(path)).hosts
        except FileNotFoundError:
            if named:
                warn(f"NETRC names {path}, which does not exist")
        except netrc.NetrcParseError as error:  # whose message may hold a password
            warn(f"{path} cannot be understood at line {error.lineno}")
        except (OSError, ValueError):
            warn(f"{path} cannot be read")

    def find(self, host: str) -> BasicAuth | None:
        """User and password for *host* (no port)."""
        entry = self._entries.get(host) or self._entries.get("default")
        return BasicAuth(entry[0] or "", entry[2] or "") if entry else None


def _usual(home: Path) -> Path:
    return home / ("_netrc" if os.name == "nt" else ".netrc")
