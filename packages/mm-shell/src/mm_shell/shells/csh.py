r"""csh and tcsh.

They have no functions: what ``micromamba`` does is a script of ours that an alias
sources (``mamba.csh`` beside this module). Code reaches them through ``eval "`…`"``,
which joins lines with blanks: each statement ends with a semicolon, and a line break in
a value is written ``$'\n'``, which tcsh 6.22 and later read. ``!`` is history even in
quotes, everywhere but behind a backslash outside of them.
"""

from __future__ import annotations

import os

from mm_shell.shells.shell import Shell, program_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Family", "quote"]

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "mamba.csh")

OUTSIDE_QUOTES = {"'": "'\\''", "!": "'\\!'", "\n": "'$'\\n''"}
"""What cannot be within the quotes: leave them, say it, enter them again."""


def quote(text: str) -> str:
    r"""*text* as one word that the shell takes literally, whatever is in it.

    >>> print(quote("it's $HOME!"))
    'it'\''s $HOME'\!''
    """
    return "'" + "".join(OUTSIDE_QUOTES.get(each, each) for each in text) + "'"


class Family(Shell):
    """csh and tcsh: the same code."""

    script_extension = ".csh"
    prompt_variable = "prompt"

    def export(self, name: str, value: str) -> str:
        """As `Shell.export`."""
        return f"setenv {name} {quote(value)};"

    def unset(self, name: str) -> str:
        """As `Shell.unset`."""
        return f"unsetenv {name};"

    def source(self, path: str) -> str:
        """As `Shell.source`."""
        return f"source {quote(path)};"

    def set_prompt(self, text: str) -> str:
        """As `Shell.set_prompt`."""
        return f"set prompt={quote(text)};"

    def hook(self, executable: str, root_prefix: str) -> str:
        """Aliases called ``micromamba``, ``mm`` and as the executable is."""
        names = [*program_names(executable), "mm"]
        wrapper = quote(f"source {quote(SCRIPT)}")
        return HOOK % {
            "executable": quote(executable),
            "root_prefix": quote(root_prefix),
            "condabin": quote(os.path.join(root_prefix, "condabin")),
            "aliases": "".join(f"alias {name} {wrapper};\n" for name in names),
        }

    def enter(self, environment: str) -> str:
        """Without the alias, which is not known yet while this line is read."""
        return f"source {quote(SCRIPT)} activate {environment};\n"

    def startup_files(self, home: str, environ: Mapping[str, str]) -> tuple[str, ...]:
        """tcsh reads ``~/.cshrc`` only as long as there is no ``~/.tcshrc``."""
        own, common = os.path.join(home, ".tcshrc"), os.path.join(home, ".cshrc")
        if os.path.lexists(own):
            return (own,)
        return (common,) if self.name == "csh" or os.path.lexists(common) else (own,)

    def block(self, executable: str, root_prefix: str) -> str:
        """As `Shell.block`."""
        return BLOCK % {
            "executable": quote(executable),
            "root_prefix": quote(root_prefix),
            "shell": self.name,
        }

    def files(self, executable: str, root_prefix: str) -> dict[str, str]:
        """What others source to have the aliases: the hook."""
        path = os.path.join(root_prefix, "etc", "profile.d", "mamba.csh")
        return {path: self.hook(executable, root_prefix)}


HOOK = """\
setenv MAMBA_EXE %(executable)s;
setenv MAMBA_ROOT_PREFIX %(root_prefix)s;
%(aliases)s\
if (! $?CONDA_SHLVL) setenv PATH %(condabin)s:$PATH:q;
if (! $?CONDA_SHLVL) setenv CONDA_SHLVL 0;
"""

BLOCK = """\
setenv MAMBA_EXE %(executable)s
setenv MAMBA_ROOT_PREFIX %(root_prefix)s
if (-x $MAMBA_EXE:q) then
    alias __mamba_ask '$MAMBA_EXE:q shell hook --shell %(shell)s --root-prefix $MAMBA_ROOT_PREFIX:q'
    eval "`__mamba_ask`"
    unalias __mamba_ask
endif
"""
