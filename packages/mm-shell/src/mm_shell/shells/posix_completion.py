"""Completion of command lines in bash and zsh: the program knows what may follow."""

from __future__ import annotations

from mm_shell.shells.shell import program_names

__all__ = ["SCRIPTS", "completion"]

BASH = r"""
__mamba_complete() {
    local __mamba_line
    COMPREPLY=()
    while IFS= \read -r __mamba_line; do
        \printf -v __mamba_line %%q "${__mamba_line}"
        COMPREPLY+=("${__mamba_line}")
    done < <(%(program)s completer --lines "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
\complete -o default -F __mamba_complete %(names)s
"""

ZSH = r"""
__mamba_complete() {
    \builtin local -a __mamba_found
    __mamba_found=("${(@f)$(%(program)s completer --lines "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
    if [[ -n "${__mamba_found[*]}" ]]; then
        \builtin compadd -a __mamba_found
    else
        _files
    fi
}

__mamba_register() {
    # At the first prompt: by then start-up files have set up completion, or never will.
    \builtin setopt localoptions noksharrays
    precmd_functions=(${precmd_functions:#__mamba_register})
    if (( ! ${+functions[compdef]} )); then
        \builtin autoload -Uz compinit && compinit -i -D
    fi
    compdef __mamba_complete %(names)s
    \builtin unfunction __mamba_register
}

if [[ -o interactive ]]; then
    if (( ${+functions[compdef]} )); then
        compdef __mamba_complete %(names)s
    else
        precmd_functions+=(__mamba_register)
    fi
fi
"""

SCRIPTS = {"bash": BASH, "zsh": ZSH}
"""Shell -> what it has to evaluate."""


def completion(shell: str, executable: str, command: str) -> str:
    """The text for *shell*, a key of `SCRIPTS`; *command* is the code that calls the program."""
    names = " ".join([*program_names(executable), "mm"])
    return SCRIPTS[shell] % {"program": command, "names": names}
