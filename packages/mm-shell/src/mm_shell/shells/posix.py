"""bash, zsh, ksh, dash and whatever else reads POSIX shell language."""

from __future__ import annotations

import os
import sys

from mm_shell.shells.shell import Shell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Family", "quote"]

RC_FILES = {
    "bash": ".bashrc",
    "zsh": ".zshrc",
    "ksh": ".kshrc",
    "mksh": ".mkshrc",
    "dash": ".profile",
    "posix": ".profile",
}
"""What an interactive shell reads; for those without such a file, what a login shell reads."""


def quote(text: str) -> str:
    """*text* as one word that the shell takes literally, whatever is in it.

    >>> print(quote("it's $HOME"))
    'it'"'"'s $HOME'
    """
    return "'" + text.replace("'", "'\"'\"'") + "'"


class Family(Shell):
    """The POSIX family: all of them understand the same code."""

    script_extension = ".sh"
    prompt_variable = "PS1"

    def export(self, name: str, value: str) -> str:
        """On Windows such a shell has a PATH of its own kind, which its `cygpath` makes."""
        if name == "PATH" and os.name == "nt":
            return f'export PATH="$(cygpath --path {quote(value)})"'
        return f"export {name}={quote(value)}"

    def unset(self, name: str) -> str:
        """As `Shell.unset`."""
        return f"unset {name}"

    def source(self, path: str) -> str:
        """As `Shell.source`."""
        return f". {quote(path)}"

    def set_prompt(self, text: str) -> str:
        """Not exported: it is the shell's own variable."""
        return f"PS1={quote(text)}"

    def hook(self, executable: str, root_prefix: str) -> str:
        """Functions called ``micromamba``, ``mm`` and as the executable is."""
        from mm_shell.shells.posix_hook import hook

        return hook(self.name, executable, root_prefix)

    def completion(self, executable: str, *, hooked: bool = False) -> str:
        """For bash and zsh."""
        from mm_shell.shells.posix_completion import SCRIPTS, completion

        if self.name not in SCRIPTS:
            return super().completion(executable, hooked=hooked)
        return completion(self.name, executable, "__mamba_exe" if hooked else quote(executable))

    def startup_files(self, home: str, environ: Mapping[str, str]) -> tuple[str, ...]:
        """One file. macOS and Windows start bash as a login shell, which reads another."""
        if self.name == "zsh":
            return (os.path.join(environ.get("ZDOTDIR") or home, ".zshrc"),)
        if self.name == "bash" and sys.platform in ("darwin", "win32"):
            return (os.path.join(home, ".bash_profile"),)
        return (os.path.join(home, RC_FILES[self.name]),)

    def block(self, executable: str, root_prefix: str) -> str:
        """Evaluates the hook; should the program be gone, there is just its name."""
        return BLOCK % {
            "shell": self.name,
            "executable": quote(executable),
            "root_prefix": quote(root_prefix),
        }

    def files(self, executable: str, root_prefix: str) -> dict[str, str]:
        """What others source to have the functions: the hook."""
        path = os.path.join(root_prefix, "etc", "profile.d", "mamba.sh")
        return {path: Family("posix").hook(executable, root_prefix)}


BLOCK = """\
export MAMBA_EXE=%(executable)s
export MAMBA_ROOT_PREFIX=%(root_prefix)s
if __mamba_setup="$("$MAMBA_EXE" shell hook --shell %(shell)s \
--root-prefix "$MAMBA_ROOT_PREFIX" 2> /dev/null)"; then
    eval "$__mamba_setup"
else
    micromamba() { "$MAMBA_EXE" "$@"; }
fi
unset __mamba_setup
"""
