r"""The functions that a POSIX shell needs for ``micromamba activate``.

What the text has to bear with: ``set -e`` and ``set -u``; aliases and options of
an interactive shell (``\`` before a command keeps aliases away, quotes do for the
rest); zsh, whose ``$name`` is not split; being evaluated as one line, which the
first character, ``#``, makes harmless; ksh, which has neither ``local`` nor, at times,
``hash``.
"""

from __future__ import annotations

import os

from mm_shell.shells.posix import quote
from mm_shell.shells.shell import program_names

__all__ = ["hook"]

FUNCTIONS = r"""# micromamba and mm as functions: this shell evaluates their activation code.
\export MAMBA_EXE=%(executable)s
\export MAMBA_ROOT_PREFIX=%(root_prefix)s

__mamba_exe() {
    %(executable)s "$@"
}

__mamba_xctivate() {
    for __mamba_code in "$@"; do
        case "${__mamba_code}" in
            -h | --help)
                \unset __mamba_code
                %(executable)s shell "$@"
                \return
                ;;
        esac
    done
    __mamba_code="$(PS1="${PS1-}" %(executable)s shell "$@" --shell %(shell)s)" || {
        \set -- "$?"
        \unset __mamba_code
        \return "$1"
    }
    \eval "\unset __mamba_code
\set --
${__mamba_code}"
    \hash -r 2>/dev/null || \true
}

__mamba_wrap() {
    case "${1-}" in
        activate | deactivate | reactivate)
            __mamba_xctivate "$@"
            ;;
        install | update | upgrade | remove | uninstall)
            __mamba_exe "$@" || \return
            [ -z "${CONDA_PREFIX-}" ] || __mamba_xctivate reactivate
            ;;
        self-update)
            __mamba_exe "$@" || \return
            \rm -f -- %(executable)s.bkup
            ;;
        *)
            __mamba_exe "$@"
            ;;
    esac
}

"""

OWN_NAME = r"""\unalias %(name)s 2>/dev/null || \true
\eval '%(name)s() { __mamba_wrap "$@"; }'
"""
"""`eval`: the alias is gone only when the next line is read, and it is read already."""

SHORT_NAME = r"""\alias mm >/dev/null 2>&1 || \eval 'mm() { __mamba_wrap "$@"; }'
"""
"""Two letters may well be somebody's alias: that one stays."""

PATH = r"""
if [ -z "${CONDA_SHLVL+x}" ]; then
    \export CONDA_SHLVL=0
    case ":${PATH-}:" in
        *:%(condabin)s:*) ;;
        *) \export PATH=%(condabin)s"${PATH+:${PATH}}" ;;
    esac
fi
"""


def hook(shell: str, executable: str, root_prefix: str) -> str:
    """The text for *shell*, whose name the functions pass on to *executable*."""
    fields = {
        "shell": shell,
        "executable": quote(executable),
        "root_prefix": quote(root_prefix),
        "condabin": quote(os.path.join(root_prefix, "condabin")),
    }
    own = "".join(OWN_NAME % {"name": name} for name in program_names(executable))
    return FUNCTIONS % fields + own + SHORT_NAME + PATH % fields
