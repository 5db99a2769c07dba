"""``env config vars``: the variables that activation sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mm_cli.command_line import Command, Parsed, Words, flag
from mm_cli.errors import CliError
from mm_cli.options import GLOBAL, PREFIX
from mm_cli.report.console import Console
from mm_cli.session import Session, open_session

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mm_pkg import Prefix

__all__ = ["COMMAND"]


def _list(parsed: Parsed, console: Console) -> int:
    _, prefix = _open(parsed, console)
    variables = prefix.env_vars()
    console.document["env_vars"] = variables
    lines = [f"{name} = {text}" for name, text in variables.items()]
    console.result("\n".join(lines) or "No environment variables set.")
    return 0


def _set(parsed: Parsed, console: Console) -> int:
    from mm_shell import is_settable

    session, prefix = _open(parsed, console)
    given: dict[str, str] = {}
    for word in session.words:
        name, equals, text = word.partition("=")
        name = name.strip().upper()
        if not equals:
            raise CliError(
                f"{word!r} gives {word} no value", hint="Write NAME=VALUE; VALUE may be empty."
            )
        if not is_settable(name):
            raise CliError(
                f"An environment cannot set the variable {name!r}",
                hint="Use letters, digits and '_'; names that shells or activation use are taken.",
            )
        given[name] = text
    variables = {**_without(prefix.env_vars(), given), **given}
    console.document["env_vars"] = variables
    _store(session, prefix, variables)
    for name, text in given.items():
        console.say(f"Set {name} = {text}")
    _say_reactivate(session, prefix)
    return 0


def _unset(parsed: Parsed, console: Console) -> int:
    session, prefix = _open(parsed, console)
    before = prefix.env_vars()
    names = dict.fromkeys(word.strip().upper() for word in session.words)
    after = _without(before, names)
    known = {name.upper() for name in before}
    for name in names:
        if name not in known:
            console.warn(f"{name} is not set in {prefix.path}: there is nothing to unset")
    console.document["env_vars"] = after
    if after == before:
        return 0
    _store(session, prefix, after)
    for name in before:
        if name not in after:
            console.say(f"Unset {name}")
    _say_reactivate(session, prefix)
    return 0


def _open(parsed: Parsed, console: Console) -> tuple[Session, Prefix]:
    from mm_config import PrefixRules
    from mm_pkg import Prefix

    session = open_session(parsed, console, PrefixRules.all())
    session.repair()
    session.config.check_environment(session.prefix)
    return session, Prefix(session.prefix)


def _without(variables: Mapping[str, str], names: Mapping[str, object]) -> dict[str, str]:
    """*variables* but for those called as in *names*, whatever the case."""
    return {name: text for name, text in variables.items() if name.upper() not in names}


def _store(session: Session, prefix: Prefix, variables: Mapping[str, str]) -> None:
    from mm_pkg.errors import FrozenEnvironment

    marker = prefix.frozen
    if marker is not None and not session.options.get("link.override_frozen"):
        raise FrozenEnvironment(
            f"{prefix.path} is frozen" + (f": {marker.message}" if marker.message else ""),
            hint="Use --override-frozen to change it all the same.",
        )
    if session.config["dry_run"]:
        session.console.say("Dry run. Nothing is stored.")
        return
    prefix.set_env_vars(variables)


def _say_reactivate(session: Session, prefix: Prefix) -> None:
    import os

    if os.environ.get("CONDA_PREFIX") == str(prefix.path):
        session.console.say("\nTo make your changes take effect, activate the environment anew.")


_OVERRIDE = flag("--override-frozen", "link.override_frozen", "Change even what is marked frozen.")

COMMAND = Command(
    "micromamba env config",
    "Settings that an environment carries itself.",
    options=(*GLOBAL, *PREFIX),
    subcommands=(
        Command(
            "micromamba env config vars",
            "The environment variables that activation sets.",
            options=(*GLOBAL, *PREFIX),
            subcommands=(
                Command(
                    "micromamba env config vars list",
                    "List the variables.",
                    options=(*GLOBAL, *PREFIX),
                    examples=("micromamba env config vars list -n py",),
                    run=_list,
                ),
                Command(
                    "micromamba env config vars set",
                    "Set variables; their names become upper case.",
                    options=(*GLOBAL, *PREFIX, _OVERRIDE),
                    positionals=Words("NAME=VALUE", "What to set.", least=1),
                    examples=("micromamba env config vars set -n py DEBUG=1 DATA=/srv/data",),
                    run=_set,
                ),
                Command(
                    "micromamba env config vars unset",
                    "Forget variables.",
                    options=(*GLOBAL, *PREFIX, _OVERRIDE),
                    positionals=Words("NAME", "What to forget; case does not matter.", least=1),
                    examples=("micromamba env config vars unset -n py DEBUG",),
                    run=_unset,
                ),
            ),
            examples=(
                "micromamba env config vars set -n py DEBUG=1",
                "micromamba env config vars list -n py",
            ),
        ),
    ),
    examples=("micromamba env config vars set -n py DEBUG=1",),
)
