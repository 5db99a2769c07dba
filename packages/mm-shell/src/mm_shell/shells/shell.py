"""What every shell can be told to do; a module beside this one says it in a shell's language."""

from __future__ import annotations

import os

from mm_shell.changes import ChangePrompt, Changes, Export, Source, Unset
from mm_shell.errors import NoCompletion

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Shell", "program_names"]


class Shell:
    """One shell, by the ``name`` it is asked for.

    ``script_extension``: how the scripts end that it can source.
    ``reads_files_only``: it cannot evaluate text: code must be handed over in a file.
    ``prompt_variable``: where it keeps its prompt, if in a variable that callers pass on.
    ``marks``: the lines around our block in its start-up files.
    ``blank_file_is_none``: a start-up file is there only for what is in it.
    """

    script_extension: str
    marks = ("# >>> mamba initialize >>>", "# <<< mamba initialize <<<")
    blank_file_is_none = False
    reads_files_only = False
    prompt_variable = ""

    def __init__(self, name: str) -> None:
        self.name = name

    def render(self, changes: Changes) -> str:
        """Code that does *changes* when the shell evaluates it; lines, or nothing.

        Raises `NotExpressible` for a value that the shell cannot hold.
        """
        statements = map(self._statement, changes.steps)
        return "".join(f"{statement}\n" for statement in statements if statement)

    def _statement(self, step: object) -> str:
        if isinstance(step, Export):
            return self.export(step.name, step.value)
        if isinstance(step, Unset):
            return self.unset(step.name)
        if isinstance(step, Source):
            known = step.path.endswith(self.script_extension)
            return self.source(step.path) if known else ""
        assert isinstance(step, ChangePrompt)
        text = step.text(self.prompt_variable) if self.prompt_variable else None
        return "" if text is None else self.set_prompt(text)

    def export(self, name: str, value: str) -> str:
        """The statement that gives the environment variable *name* a *value*."""
        raise NotImplementedError

    def unset(self, name: str) -> str:
        """The statement that removes the environment variable *name*."""
        raise NotImplementedError

    def source(self, path: str) -> str:
        """The statement that runs the script at *path* in the shell itself."""
        raise NotImplementedError

    def set_prompt(self, text: str) -> str:
        """The statement that makes *text* the prompt. Only with a ``prompt_variable``."""
        raise NotImplementedError

    def hook(self, executable: str, root_prefix: str) -> str:
        """Code that sets a session of the shell up for activation.

        It makes the program's name a function (alias, command, …) of the shell, which
        can change the shell's own environment; the program itself is at *executable*.
        """
        raise NotImplementedError

    def enter(self, environment: str) -> str:
        """Code after the hook's, in the same text: activate *environment*, a plain name."""
        return f"micromamba activate {environment}\n"

    def completion(self, executable: str, *, hooked: bool = False) -> str:
        """Code that completes the program's command lines. Raises `NoCompletion`.

        *hooked*: it follows the hook, and can use the hook's functions.
        """
        raise NoCompletion(
            f"There is no completion for the shell {self.name}",
            shell=self.name,
            hint="There is one for bash, zsh, fish, powershell.",
        )

    def startup_files(self, home: str, environ: Mapping[str, str]) -> tuple[str, ...]:
        """The files that the shell reads when it starts and that `block` belongs into.

        *home* is the user's folder; *environ* may say that the files are elsewhere.
        """
        raise NotImplementedError

    def block(self, executable: str, root_prefix: str) -> str:
        """What a start-up file has to hold: lines, without the marks around them."""
        raise NotImplementedError

    def files(self, executable: str, root_prefix: str) -> dict[str, str]:
        """Files below the root prefix that belong to an initialised shell: path -> text."""
        return {}


def program_names(executable: str) -> list[str]:
    """What the program is called: ``micromamba``, and as its file is; ``mm`` comes besides.

    Not if that is no name for a function, or a Python's (``python -m`` starts us too).

    >>> program_names("/opt/bin/mamba"), program_names("/venv/bin/python3"), program_names("/m-m")
    (['micromamba', 'mamba'], ['micromamba'], ['micromamba'])
    """
    own, _, _ = os.path.basename(executable.replace("\\", "/")).partition(".")
    plain = own.isascii() and own.isidentifier() and not own.startswith(("_", "python"))
    return ["micromamba", own] if plain and own not in ("micromamba", "mm") else ["micromamba"]
