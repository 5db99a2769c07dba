"""Running a program in an environment without a shell session to activate it in."""

from __future__ import annotations

import os

from mm_shell.activation import activate
from mm_shell.errors import NoCommand
from mm_shell.prefix_facts import read_prefix
from mm_shell.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mm_shell.prefix_facts import PrefixFacts

__all__ = ["RunPlan", "run_plan"]

SHELLS = ("bash", "sh")
"""Who runs activation scripts; most that packages ship are written for the first."""


class RunPlan(Value):
    """What to hand to `os.execvpe`.

    ``argv``: the command, or a shell that activates and then becomes the command.
    ``environ``: the environment to start it with. ``scripts``: the activation scripts
    that the shell will source, none when ``argv`` is the command itself.
    ``warnings``: lines worth showing to the user.
    """

    __slots__ = ("argv", "environ", "scripts", "warnings")
    argv: list[str]
    environ: dict[str, str]
    scripts: list[str]
    warnings: tuple[str, ...]

    def __init__(
        self,
        argv: list[str],
        environ: dict[str, str],
        scripts: list[str],
        warnings: tuple[str, ...],
    ) -> None:
        self._set(argv=argv, environ=environ, scripts=scripts, warnings=warnings)


def run_plan(
    environ: Mapping[str, str],
    prefix: str | os.PathLike[str],
    root_prefix: str | os.PathLike[str],
    command: Sequence[str],
    *,
    executable: str | os.PathLike[str] | None = None,
    facts: Callable[[str], PrefixFacts] = read_prefix,
) -> RunPlan:
    """How to run *command* as if *prefix* had been activated in a shell having *environ*.

    Without scripts to source this is the command itself with the environment computed
    here. Otherwise a shell gets the code by argument (no file is written) and replaces
    itself by the command: same process, so signals, streams and exit code are the
    command's. Without PATH in *environ* the system's default one is behind the
    prefix's. *executable*, if given, is told to the command as ``MAMBA_EXE``.

    Raises `NoCommand` and `InvalidPrefix`.
    """
    if not command:
        raise NoCommand("No command to run", hint="Name a program and its arguments.")
    before = {"PATH": os.defpath, **environ}
    if executable is not None:
        before["MAMBA_EXE"] = os.fspath(executable)
    warnings: list[str] = []

    def read(each: str) -> PrefixFacts:
        found = facts(each)
        warnings.extend(found.warnings)
        return found

    # Only what is wrong with the environment is worth a word: activation's own warnings
    # are about what will come back with deactivation, and here nothing will.
    changes = activate(before, prefix, root_prefix, facts=read)
    scripts = changes.scripts(".sh")
    if not scripts:
        return RunPlan(list(command), changes.apply(before), [], tuple(warnings))

    from mm_shell.shells import render

    code = ACTIVATE_AND_EXEC % render(changes, "posix")
    own = before.pop("BASH_ENV", None)
    if own is not None:  # for the command, not for the shell that becomes it
        quoted = own.replace("'", "'\\''")
        code = f"export BASH_ENV='{quoted}'\n{code}"
    argv = [_shell(before["PATH"]), "-c", code, "micromamba", *command]
    return RunPlan(argv, before, scripts, tuple(warnings))


ACTIVATE_AND_EXEC = """\
__mamba_activate() {
%s}
__mamba_activate
case "${BASH_VERSION-}" in
    "") exec "$@" ;;
    *) exec -- "$@" ;;
esac
"""
"""A function, so that scripts see no arguments and `set --` in one does not touch the command.

bash takes a command that begins with a dash for an option of exec; dash takes the word
that would prevent it for the command.
"""


def _shell(path: str) -> str:
    for name in SHELLS:
        for folder in path.split(os.pathsep):
            file = os.path.join(folder, name)
            if folder and os.access(file, os.X_OK) and os.path.isfile(file):
                return file
    return "/bin/sh"
