"""The environment that a shell is to enter: by path, by name, or by a word that is either."""

from __future__ import annotations

import os

from mm_cli.command_line import Parsed, UsageError, value
from mm_cli.errors import CliError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mm_config import Config

__all__ = ["NAME", "PREFIX", "ROOT", "existing_prefix"]

ROOT = value("-r,--root-prefix", "root_prefix", "PATH", "Where environments live.")
PREFIX = value("-p,--prefix", "shell.prefix", "PATH", "The environment, by path.")
NAME = value("-n,--name", "shell.name", "NAME", "The environment, by name.")


def existing_prefix(parsed: Parsed, config: Config) -> str:
    """The path of the environment meant. Raises `UsageError`, and `CliError` if it is not there."""
    target = _target(parsed)
    if os.sep in target:
        prefix = os.path.abspath(os.path.expanduser(target))
    else:
        from mm_config.prefixes import env_path

        prefix = env_path(target, config.text("root_prefix"), config.texts("envs_dirs"))
    if not os.path.isdir(prefix):
        raise CliError(
            f"Cannot activate, prefix does not exist at: {prefix}",
            hint="`micromamba env list` shows the environments there are.",
        )
    return prefix


def _target(parsed: Parsed) -> str:
    """The one environment meant: ``-p``, ``-n``, a word, or base."""
    given = [parsed.settings.get(key) for key in ("shell.prefix", "shell.name")]
    named = [each for each in (*given, *parsed.words[:1]) if isinstance(each, str)]
    if len(named) > 1:
        raise UsageError("Name the environment once: -p, -n or a word", 108)
    if not named:
        return "base"
    if given[0] is not None and os.sep not in named[0]:
        return os.path.join(os.curdir, named[0])
    return named[0]
