"""One run of a command: what was asked, the settings in force, and the way out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mm_cli.command_line import Parsed, UsageError
from mm_cli.report.console import Console

if TYPE_CHECKING:
    from mm_config import Config, PrefixRules

    from mm_cli.specfiles import SpecFile

__all__ = ["Session", "open_session"]

VERBOSITY = ("warning", "info", "debug", "trace")
"""How often ``-v`` was given -> log level."""


@dataclass(frozen=True, slots=True)
class Session:
    """What every command works with.

    words   -- the positional words
    options -- the command's own options, by key
    files   -- the spec files given with ``-f``, read
    """

    config: Config
    console: Console
    words: tuple[str, ...]
    options: dict[str, Any]
    files: tuple[SpecFile, ...] = ()

    @property
    def prefix(self) -> Path:
        """The environment acted upon. Raises `CliError` when none was named."""
        from mm_cli.errors import CliError

        if self.config.target_prefix is None:
            raise CliError("No target prefix specified", hint="Name one with -n NAME or -p PATH.")
        return self.config.target_prefix

    @property
    def always_yes(self) -> bool:
        """Whether questions answer themselves."""
        return bool(self.config["always_yes"])


def open_session(parsed: Parsed, console: Console, rules: PrefixRules) -> Session:
    """Load the settings for *parsed* and set the console up by them.

    Keys with a dot are the command's own options; all others are settings.
    Raises `mm_config.errors.ConfigError`, `CliError`.
    """
    import mm_config

    options = {key: value for key, value in parsed.settings.items() if "." in key}
    settings = {key: value for key, value in parsed.settings.items() if "." not in key}
    files = _read_files(settings)
    named = mm_config.SpecFileSettings(
        name=next((file.name for file in files if file.name), ""),
        channels=tuple(channel for file in files for channel in file.channels),
    )
    config = mm_config.load(
        cli=_priority_settled(settings), rules=rules, spec_file=named, executable=executable()
    )
    _set_up(console, config)
    return Session(config, console, tuple(parsed.words), options, files)


def executable() -> Path:
    """The launcher that started this process: what hooks and rc files call."""
    import os
    import shutil
    import sys

    started = sys.argv[0] if sys.argv else ""
    name = os.path.basename(started)
    if name in ("__main__.py", "-c", "-m", "") or not os.path.exists(started):
        found = shutil.which("micromamba", path=os.path.dirname(sys.executable))
        started = found or started
    return Path(os.path.abspath(started))


def _read_files(settings: dict[str, Any]) -> tuple[SpecFile, ...]:
    paths = settings.get("file_specs")
    if not paths:
        return ()
    from mm_cli.specfiles import read_spec_files

    return read_spec_files(paths)


def _priority_settled(settings: dict[str, Any]) -> dict[str, Any]:
    """Turn the shorthands of --channel-priority into the setting they stand for."""
    settled = dict(settings)
    for shorthand, meaning in (("strict", "strict"), ("no", "disabled")):
        if settled.pop(f"{shorthand}_channel_priority", False):
            if settled.get("channel_priority", meaning) != meaning:
                raise UsageError("Two different channel priorities are given", 108, "Give one of them.")
            settled["channel_priority"] = meaning
    return settled


def _set_up(console: Console, config: Config) -> None:
    console.json = bool(config["json"])
    console.quiet = bool(config["quiet"])
    verbosity = min(config["verbose"], len(VERBOSITY) - 1)
    console.level = "error" if console.quiet and not console.json else VERBOSITY[verbosity]
    if config.setting("log_level").configured:
        console.level = config["log_level"]
    for warning in config.warnings:
        console.warn(warning)
