"""What to type in order to use an environment that has just been made or changed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mm_cli.session import Session

if TYPE_CHECKING:
    from mm_pkg import Prefix

__all__ = ["say_how_to_activate"]


def say_how_to_activate(session: Session, prefix: Prefix) -> None:
    """Say it, unless the environment is active already."""
    if os.environ.get("CONDA_PREFIX") != str(prefix.path):
        session.console.say(_hint(session, prefix))


def _hint(session: Session, prefix: Prefix) -> str:
    from shlex import quote

    config = session.config
    name = config.env_name(prefix.path)
    if config.setting("root_prefix").sources[0].kind == "cli":
        name = str(prefix.path)  # the name means something else without -r
    option = "-p" if name == str(prefix.path) else "-n"
    name = quote(name)
    return (
        "\nTo activate this environment, use:\n\n"
        f"    micromamba activate {name}\n\n"
        "Or to execute a single command in this environment, use:\n\n"
        f"    micromamba run {option} {name} mycommand\n"
    )
