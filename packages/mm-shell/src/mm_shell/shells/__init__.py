"""The shells, one module a family, found by name."""

from __future__ import annotations

from mm_shell.errors import UnknownShell
from mm_shell.shells.shell import Shell

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os

    from mm_shell.changes import Changes

__all__ = ["SUPPORTED", "Shell", "completion", "find_shell", "hook", "render"]

FAMILIES = {
    "bash": "posix",
    "zsh": "posix",
    "posix": "posix",
    "dash": "posix",
    "ksh": "posix",
    "mksh": "posix",
    "fish": "fish",
    "xonsh": "xonsh",
    "tcsh": "csh",
    "csh": "csh",
    "powershell": "powershell",
    "cmd.exe": "cmd",
    "nu": "nu",
}
"""Name of a shell -> the module of this package that knows its language.

Such a module holds a class ``Family``, a `Shell`."""

SUPPORTED = tuple(FAMILIES)


def find_shell(name: str) -> Shell:
    """The shell called *name*. Raises `UnknownShell`.

    >>> find_shell("zsh").script_extension
    '.sh'
    """
    if name not in FAMILIES:
        hint = f"Supported shells: {', '.join(SUPPORTED)}."
        raise UnknownShell(f"Unknown shell: {name!r}", shell=name, hint=hint)
    module = f"mm_shell.shells.{FAMILIES[name]}"
    family: type[Shell] = __import__(module, fromlist=["Family"]).Family
    return family(name)


def render(changes: Changes, shell: str) -> str:
    """*changes* as code for *shell* (a name) to evaluate: lines, or nothing.

    A path that is not text (file names may be any bytes) keeps its bytes as surrogate
    escapes: write the code with `os.fsencode`. Raises `UnknownShell`, `NotExpressible`.
    """
    return find_shell(shell).render(changes)


def hook(
    shell: str, executable: str | os.PathLike[str], root_prefix: str | os.PathLike[str]
) -> str:
    """Code that sets up a session of *shell* (a name) for activation.

    *executable* is the program to call, *root_prefix* where it keeps environments; both
    absolute. Write it with `os.fsencode`, as with `render`. Raises `UnknownShell`.
    """
    from os import fspath

    return find_shell(shell).hook(fspath(executable), fspath(root_prefix))


def completion(shell: str, executable: str | os.PathLike[str]) -> str:
    """Code that makes *shell* (a name) complete the command lines of *executable*.

    Raises `UnknownShell` and `NoCompletion`.
    """
    from os import fspath

    return find_shell(shell).completion(fspath(executable))
