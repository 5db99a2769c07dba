"""What makes a folder with packages an environment of this user."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mm_cli.session import Session

if TYPE_CHECKING:
    from mm_pkg import Prefix

__all__ = ["asked_platform", "settle"]


def asked_platform(session: Session) -> str:
    """The platform, if it was asked for once: by an option or a variable, not by a file."""
    asked = session.config.setting("platform").winners
    if asked and asked[0].source.kind in ("cli", "env"):
        return session.config.text("platform")
    return ""


def settle(prefix: Prefix, platform: str = "") -> None:
    """Make the environment known to all conda tools of this user.

    It need not hold a package: then nothing has made it yet.
    platform -- is to hold for all that comes into it; empty: the user's does
    """
    from mm_pkg import create_empty
    from mm_pkg.prefix import register_environment
    from mm_pkg.prefix.atomic_file import replace_file

    if not prefix.is_environment:
        create_empty(prefix.path)
    register_environment(prefix.path, Path.home() / ".conda" / "environments.txt")
    if platform:
        replace_file(prefix.path / ".mambarc", f"platform: {platform}\n".encode())
