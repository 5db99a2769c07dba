"""nushell, which evaluates no text at run time.

Activation is data to it: one JSON object, ``set`` (name -> value), ``unset`` (names)
and ``scripts`` (paths); the hook's commands read it, and have a nushell of its own run
each script, whose environment they take over.
"""

from __future__ import annotations

import os
import sys

from mm_shell.changes import Changes, Export, Unset
from mm_shell.shells.shell import Shell, program_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Family", "quote"]

ESCAPES = {'"': '\\"', "\\": "\\\\"}


def quote(text: str) -> str:
    r"""*text* as one string that nushell takes literally, whatever is in it.

    >>> print(quote('say "hi"'))
    "say \"hi\""
    """
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character.isprintable():
        return ESCAPES.get(character, character)
    return f"\\u{{{ord(character):x}}}"


class Family(Shell):
    """nushell. Its code is no code but data."""

    script_extension = ".nu"

    def render(self, changes: Changes) -> str:
        """One line of JSON; nothing when there is nothing to do.

        Scripts to leave an environment come before its variables go, those to enter
        one come when they are there: ``before`` and ``after``.
        """
        if not changes.steps:
            return ""
        import json

        exports = {step.name: step.value for step in changes.steps if isinstance(step, Export)}
        unsets = [step.name for step in changes.steps if isinstance(step, Unset)]
        before, after = changes.scripts_around(self.script_extension)
        data = {"before": before, "unset": unsets, "set": exports, "after": after}
        return json.dumps(data) + "\n"

    def hook(self, executable: str, root_prefix: str) -> str:
        """Commands called ``micromamba``, ``mm`` and as the executable is."""
        names = [*program_names(executable), "mm"]
        fields = {
            "executable": quote(executable),
            "root_prefix": quote(root_prefix),
            "condabin": quote(os.path.join(root_prefix, "condabin")),
        }
        return HOOK % fields + "".join(COMMAND % {"name": name} for name in names) + PROMPT

    def startup_files(self, home: str, environ: Mapping[str, str]) -> tuple[str, ...]:
        """``config.nu``."""
        config = environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
        if sys.platform == "darwin" and not environ.get("XDG_CONFIG_HOME"):
            config = os.path.join(home, "Library", "Application Support")
        return (os.path.join(config, "nushell", "config.nu"),)

    def block(self, executable: str, root_prefix: str) -> str:
        """The whole hook: nushell can evaluate only what is there when it starts."""
        return self.hook(executable, root_prefix)


HOOK = r"""$env.MAMBA_EXE = %(executable)s
$env.MAMBA_ROOT_PREFIX = %(root_prefix)s
if "CONDA_SHLVL" not-in $env {
    $env.CONDA_SHLVL = "0"
    if %(condabin)s not-in $env.PATH { $env.PATH = [%(condabin)s ...$env.PATH] }
}

def __mamba_source [script: string] {
    # In a nushell of its own: here only constants can be sourced. Returns what it changed.
    let tell = '$env | transpose name value | where ($it.value | describe) == string | to json'
    let code = $"source ($script | to json)\n($tell)"
    let told = (^$nu.current-exe --no-config-file -c $code | from json)
    let own = [PWD OLDPWD SHLVL _ LAST_EXIT_CODE CMD_DURATION_MS FILE_PWD CURRENT_FILE]
    let before = $env
    $told | where name not-in $own | where {|it| ($before | get -o $it.name) != $it.value}
    | reduce -f {} {|it, all| $all | merge {$it.name: $it.value}}
}

def --env __mamba_xctivate [...words: string] {
    if ("-h" in $words) or ("--help" in $words) { ^$env.MAMBA_EXE shell ...$words; return }
    let code = (^$env.MAMBA_EXE shell ...$words --shell nu)
    if ($code | is-empty) { return }
    let todo = ($code | from json)
    for script in $todo.before { load-env (__mamba_source $script) }
    hide-env -i ...$todo.unset
    load-env ($todo.set | reject -o PATH)
    if "PATH" in $todo.set { $env.PATH = ($todo.set.PATH | split row (char esep)) }
    for script in $todo.after { load-env (__mamba_source $script) }
}

def --env --wrapped __mamba_wrap [...words: string] {
    let verb = ($words | get -o 0 | default "")
    if $verb in [activate deactivate reactivate] {
        __mamba_xctivate ...$words
    } else if $verb in [install update upgrade remove uninstall] {
        ^$env.MAMBA_EXE ...$words
        if ($env.CONDA_PREFIX? | default "") != "" { __mamba_xctivate reactivate }
    } else if $verb == self-update {
        ^$env.MAMBA_EXE ...$words
        rm -f $"($env.MAMBA_EXE).bkup"
    } else {
        ^$env.MAMBA_EXE ...$words
    }
}

"""

COMMAND = """\
def --env --wrapped %(name)s [...words: string] { __mamba_wrap ...$words }
"""

PROMPT = r"""
if "__MAMBA_PROMPT" not-in $env {
    $env.__MAMBA_PROMPT = $env.PROMPT_COMMAND?
    $env.PROMPT_COMMAND = {||
        let own = $env.__MAMBA_PROMPT
        let text = if ($own | describe) == "closure" { do $own } else { $own | default "" }
        $"($env.CONDA_PROMPT_MODIFIER? | default '')($text)"
    }
}
"""
