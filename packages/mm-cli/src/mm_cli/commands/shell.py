"""``shell``: code for a shell to evaluate."""

from __future__ import annotations

import os

from mm_cli.command_line import Command, Parsed, UsageError, Words, flag, value
from mm_cli.errors import CliError
from mm_cli.options import GLOBAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    import mm_shell
    from mm_cli.report.console import Console
    from mm_config import Config

__all__ = ["COMMAND"]

SHELL = value(
    "-s,--shell", "shell.type", "SHELL", "bash, zsh, posix or dash; guessed when not given."
)
ROOT = value("-r,--root-prefix", "root_prefix", "PATH", "Where environments live.")


def _shell_name(parsed: Parsed) -> str:
    from mm_shell import detect_shell

    given = parsed.settings.get("shell.type")
    name = given if isinstance(given, str) else detect_shell()
    if not name:
        raise CliError(
            "Cannot tell which shell this is", hint="Name it with --shell, as in --shell bash."
        )
    return name


def _hook(parsed: Parsed, console: Console) -> int:
    import mm_config
    import mm_shell
    from mm_cli.session import executable, open_session

    if parsed.words and "root_prefix" not in parsed.settings:
        parsed.settings["root_prefix"] = parsed.words[0]
    session = open_session(parsed, console, mm_config.PrefixRules.none())
    shell = _shell_name(parsed)
    text = mm_shell.hook(shell, executable(), session.config.text("root_prefix"))
    if session.config.flag("auto_activate_base") and not os.environ.get("CONDA_PREFIX"):
        text += "micromamba activate base\n"
    console.document |= {
        "operation": "shell_hook",
        "context": {"shell_type": shell},
        "actions": {"print": [text]},
    }
    console.code(text)
    return 0


def _activate(parsed: Parsed, console: Console) -> int:
    import mm_config
    import mm_shell
    from mm_cli.session import open_session

    target = _target(parsed)
    config = open_session(parsed, console, mm_config.PrefixRules.none()).config
    root = config.text("root_prefix")
    if os.sep in target:
        prefix = os.path.abspath(os.path.expanduser(target))
    else:
        from mm_config.prefixes import env_path

        prefix = env_path(target, root, config.texts("envs_dirs"))
    if not os.path.isdir(prefix):
        raise CliError(
            f"Cannot activate, prefix does not exist at: {prefix}",
            hint="`micromamba env list` shows the environments there are.",
        )
    stack = bool(parsed.settings.get("shell.stack"))
    changes = mm_shell.activate(os.environ, prefix, root, stack=stack, prompt=_prompt(config))
    return _emit(changes, parsed, console)


def _prompt(config: Config) -> mm_shell.Prompt:
    import mm_shell

    return mm_shell.Prompt(config.flag("changeps1"), config.text("env_prompt"))


def _target(parsed: Parsed) -> str:
    """The one environment meant: ``-p``, ``-n``, a word, or base."""
    given = [
        parsed.settings.pop(key, None) for key in ("shell.prefix", "shell.name")
    ] + parsed.words[:1]
    named = [each for each in given if isinstance(each, str)]
    if len(named) > 1:
        raise UsageError("Name the environment once: -p, -n or a word", 108)
    if not named:
        return "base"
    if given[0] is not None and os.sep not in named[0]:
        return os.path.join(os.curdir, named[0])
    return named[0]


def _reactivate(parsed: Parsed, console: Console) -> int:
    import mm_config
    import mm_shell
    from mm_cli.session import open_session

    config = open_session(parsed, console, mm_config.PrefixRules.none()).config
    root = config.text("root_prefix")
    return _emit(mm_shell.reactivate(os.environ, root, prompt=_prompt(config)), parsed, console)


def _deactivate(parsed: Parsed, console: Console) -> int:
    import mm_config
    import mm_shell
    from mm_cli.session import open_session

    config = open_session(parsed, console, mm_config.PrefixRules.none()).config
    root = config.text("root_prefix")
    return _emit(mm_shell.deactivate(os.environ, root, prompt=_prompt(config)), parsed, console)


def _emit(changes: mm_shell.Changes, parsed: Parsed, console: Console) -> int:
    import mm_shell

    shell = _shell_name(parsed)
    for warning in changes.warnings:
        console.warn(warning)
    text = mm_shell.render(changes, shell)
    console.document |= {"context": {"shell_type": shell}, "actions": {"print": [text]}}
    console.code(text)
    return 0


COMMAND = Command(
    "micromamba shell",
    "Code for your shell to evaluate.",
    subcommands=(
        Command(
            "micromamba shell hook",
            "Print the functions that make `micromamba activate` work.",
            options=(*GLOBAL, SHELL, ROOT),
            positionals=Words("ROOT_PREFIX", most=1),
            examples=('eval "$(micromamba shell hook --shell bash)"',),
            run=_hook,
        ),
        Command(
            "micromamba shell activate",
            "Print what activates an environment.",
            options=(
                *GLOBAL,
                SHELL,
                ROOT,
                value("-p,--prefix", "shell.prefix", "PATH", "The environment, by path."),
                value("-n,--name", "shell.name", "NAME", "The environment, by name."),
                flag(
                    "--stack",
                    "shell.stack",
                    "Keep the current environment on PATH.",
                    off="--no-stack",
                ),
            ),
            positionals=Words("PREFIX_OR_NAME", most=1),
            run=_activate,
        ),
        Command(
            "micromamba shell reactivate",
            "Print what brings the active environment up to date.",
            options=(*GLOBAL, SHELL, ROOT),
            run=_reactivate,
        ),
        Command(
            "micromamba shell deactivate",
            "Print what leaves the active environment.",
            options=(*GLOBAL, SHELL, ROOT),
            run=_deactivate,
        ),
    ),
)
