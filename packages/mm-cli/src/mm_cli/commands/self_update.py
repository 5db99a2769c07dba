"""``self-update``: who installed this program updates it; say who that is, and how."""

from __future__ import annotations

import os
import sys
from typing import NamedTuple

from mm_cli import __version__
from mm_cli.command_line import Command, Parsed, value
from mm_cli.errors import CliError
from mm_cli.options import GLOBAL, INSTALL, PREFIX
from mm_cli.report.console import Console
from mm_cli.session import Session, open_session

__all__ = ["COMMAND"]

DISTRIBUTION = "mm-cli"


class Installer(NamedTuple):
    """A program that installs Python programs.

    update  -- how it brings one up to date; ``{python}`` is this interpreter
    version -- how it installs one version, ``{version}``
    """

    name: str
    update: str
    version: str


INSTALLERS = {
    "pipx": Installer("pipx", "pipx upgrade mm-cli", "pipx install --force mm-cli=={version}"),
    "uv tool": Installer("uv tool", "uv tool upgrade mm-cli", "uv tool install mm-cli=={version}"),
    "uv": Installer(
        "uv",
        "uv pip install --python {python} --upgrade mm-cli",
        "uv pip install --python {python} mm-cli=={version}",
    ),
    "conda": Installer(
        "conda", "conda update -p {prefix} mm-cli", "conda install -p {prefix} mm-cli={version}"
    ),
    "pip": Installer(
        "pip",
        "{python} -m pip install --upgrade mm-cli",
        "{python} -m pip install mm-cli=={version}",
    ),
    "source": Installer("source", "git -C {source} pull", "git -C {source} checkout {version}"),
}
"""How this program may have come here."""


def _run(parsed: Parsed, console: Console) -> int:
    from mm_config import PrefixRules

    session = open_session(parsed, console, PrefixRules.none())
    wanted = str(session.options.get("self_update.version") or "")
    source = _source()
    installer = INSTALLERS["source" if source else _installer()]
    command = _command(installer, wanted, source)
    console.document |= {
        "version": __version__,
        "installer": installer.name,
        "location": source or sys.prefix,
        "command": command,
    }
    _warn_of_others(session, parsed)
    if wanted == __version__:
        console.say(f"mm-cli {__version__} is installed already: it is up to date")
        return 0
    if session.config.flag("dry_run"):
        console.say(f"mm-cli {__version__} was installed by {installer.name}. To update it:")
        console.result(command)
        return 0
    raise CliError(
        f"mm-cli {__version__} does not replace itself: it was installed by {installer.name} "
        f"in {source or sys.prefix}",
        hint=f"Run: {command}",
    )


def _warn_of_others(session: Session, parsed: Parsed) -> None:
    """Name the options that were given for an installation: there is none."""
    usual = {option.key for option in (*GLOBAL, *PREFIX)}
    given = [o.spelling for o in INSTALL if o.key in parsed.settings and o.key not in usual]
    if given:
        session.console.warn(f"{', '.join(given)} has no effect: nothing is installed")


def _command(installer: Installer, version: str, source: str) -> str:
    import shlex

    places = {"python": sys.executable, "prefix": sys.prefix, "source": source}
    quoted = {key: shlex.quote(place) for key, place in places.items()}
    template = installer.version if version else installer.update
    return template.format(**quoted, version=shlex.quote(version))


def _source() -> str:
    """The folder of an editable installation; "" for others."""
    import json
    from importlib.metadata import distribution
    from urllib.parse import unquote, urlsplit

    text = distribution(DISTRIBUTION).read_text("direct_url.json")
    origin = json.loads(text) if text else {}
    if not origin.get("dir_info", {}).get("editable"):
        return ""
    return unquote(urlsplit(origin["url"]).path)


def _installer() -> str:
    """The key of `INSTALLERS` for this installation."""
    from importlib.metadata import distribution

    parts = os.path.normpath(sys.prefix).split(os.sep)
    if "pipx" in parts and "venvs" in parts:
        return "pipx"
    if "uv" in parts and "tools" in parts:
        return "uv tool"
    name = (distribution(DISTRIBUTION).read_text("INSTALLER") or "").strip()
    return name if name in INSTALLERS else "pip"


COMMAND = Command(
    "micromamba self-update",
    "Say how this program is brought up to date.",
    options=(
        *INSTALL,
        value("--version", "self_update.version", "VERSION", "This version, not the newest."),
    ),
    description=(
        "mm is a Python program: what installed it (pip, pipx, uv, conda) has a record of its "
        "files and updates it. This command finds out what that was, and never touches the "
        "files itself. With --dry-run the command to run is printed and the exit code is 0."
    ),
    examples=(
        "micromamba self-update",
        "micromamba self-update --dry-run --quiet",
        "micromamba self-update --version 2.8.100",
    ),
    run=_run,
)
