r"""fish.

In single quotes everything is literal but ``\\`` and ``\'``. Variables whose name ends
in PATH are lists, joined by ``:`` for other programs, split at it when they are set.
"""

from __future__ import annotations

import os

from mm_shell.shells.shell import Shell, program_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Family", "quote"]


def quote(text: str) -> str:
    r"""*text* as one word that fish takes literally, whatever is in it.

    >>> print(quote("it's \\ $HOME"))
    'it\'s \\ $HOME'
    """
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


class Family(Shell):
    """fish, which shows the environment by its functions: no prompt is changed here."""

    script_extension = ".fish"

    def export(self, name: str, value: str) -> str:
        """As `Shell.export`."""
        return f"set -gx {name} {quote(value)}"

    def unset(self, name: str) -> str:
        """Quiet where a script has removed the variable already."""
        return f"set -e {name} || true"

    def source(self, path: str) -> str:
        """As `Shell.source`."""
        return f"source {quote(path)}"

    def hook(self, executable: str, root_prefix: str) -> str:
        """Functions, the prompt and completions."""
        fields = {
            "executable": quote(executable),
            "backup": quote(f"{executable}.bkup"),
            "root_prefix": quote(root_prefix),
            "condabin": quote(os.path.join(root_prefix, "condabin")),
        }
        names = [*program_names(executable), "mm"]
        functions = "".join(FUNCTION % {"name": name} for name in names)
        return HOOK % fields + functions + PROMPT

    def completion(self, executable: str, *, hooked: bool = False) -> str:
        """As `Shell.completion`."""
        names = [*program_names(executable), "mm"]
        registered = "".join(f"complete -c {name} -f -a '(__mamba_complete)'\n" for name in names)
        command = "__mamba_exe" if hooked else quote(executable)
        return COMPLETION % {"executable": command} + registered

    def startup_files(self, home: str, environ: Mapping[str, str]) -> tuple[str, ...]:
        """``config.fish``."""
        config = environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
        return (os.path.join(config, "fish", "config.fish"),)

    def block(self, executable: str, root_prefix: str) -> str:
        """As `Shell.block`."""
        return BLOCK % {"executable": quote(executable), "root_prefix": quote(root_prefix)}

    def files(self, executable: str, root_prefix: str) -> dict[str, str]:
        """The hook, for those who link it into their ``conf.d``."""
        path = os.path.join(root_prefix, "etc", "fish", "conf.d", "mamba.fish")
        return {path: self.hook(executable, root_prefix)}


HOOK = r"""# micromamba and mm as functions: this shell evaluates their activation code.
set -gx MAMBA_EXE %(executable)s
set -gx MAMBA_ROOT_PREFIX %(root_prefix)s

function __mamba_exe
    %(executable)s $argv
end

function __mamba_xctivate
    if contains -- -h $argv; or contains -- --help $argv
        %(executable)s shell $argv
        return
    end
    set -l __mamba_code (%(executable)s shell $argv --shell fish)
    or return
    # The lines again as one text, for values may go over several.
    __mamba_eval (string join \n -- $__mamba_code | string collect)
end

function __mamba_eval --no-scope-shadowing
    # Scripts shall see no arguments.
    set --local __mamba_text $argv[1]
    set --erase argv
    eval $__mamba_text
end

function __mamba_wrap
    switch "$argv[1]"
        case activate deactivate reactivate
            __mamba_xctivate $argv
        case install update upgrade remove uninstall
            __mamba_exe $argv
            or return
            if test -n "$CONDA_PREFIX"
                __mamba_xctivate reactivate
            end
        case self-update
            __mamba_exe $argv
            or return
            command rm -f -- %(backup)s
        case '*'
            __mamba_exe $argv
    end
end

if not set -q CONDA_SHLVL
    set -gx CONDA_SHLVL 0
    if not contains -- %(condabin)s $PATH
        set -gx PATH %(condabin)s $PATH
    end
end

"""

FUNCTION = """\
function %(name)s --wraps __mamba_exe
    __mamba_wrap $argv
end
"""

PROMPT = r"""
function __mamba_show
    if set -q CONDA_PROMPT_MODIFIER; and not set -q MAMBA_NO_PROMPT
        set_color -o green
        printf '%s' $CONDA_PROMPT_MODIFIER
        set_color normal
    end
end

if not functions -q __mamba_fish_prompt
    # The functions that draw prompts until now, which the new ones call.
    if functions -q fish_prompt
        functions -c fish_prompt __mamba_fish_prompt
    else
        function __mamba_fish_prompt
        end
    end
    if functions -q fish_right_prompt
        functions -c fish_right_prompt __mamba_fish_right_prompt
    else
        function __mamba_fish_right_prompt
        end
    end
    function __mamba_return
        return $argv[1]
    end
    function fish_prompt
        set -l __mamba_status $status
        if set -q MAMBA_LEFT_PROMPT
            __mamba_show
        end
        __mamba_return $__mamba_status # prompts show how the last command ended
        __mamba_fish_prompt
    end
    function fish_right_prompt
        set -l __mamba_status $status
        if not set -q MAMBA_LEFT_PROMPT
            __mamba_show
        end
        __mamba_return $__mamba_status
        __mamba_fish_right_prompt
    end
end
"""

COMPLETION = r"""
function __mamba_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l found (%(executable)s completer --lines $words[2..-1] 2>/dev/null)
    if test (count $found) -gt 0
        string join \n -- $found
    else # as other shells: a file, perhaps
        __fish_complete_path (commandline -ct)
    end
end
"""

BLOCK = """\
set -gx MAMBA_EXE %(executable)s
set -gx MAMBA_ROOT_PREFIX %(root_prefix)s
$MAMBA_EXE shell hook --shell fish --root-prefix $MAMBA_ROOT_PREFIX | source
"""
