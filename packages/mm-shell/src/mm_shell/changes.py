"""What a shell has to do, as data: the result of activation, whatever the shell.

Steps are carried out in order. `mm_shell.shells` writes them in a shell's
language; `Changes.apply` does them to a mapping.
"""

from __future__ import annotations

import os

from mm_shell.value import Value

TYPE_CHECKING = False  # not from typing: importing it takes longer than this package does
if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ChangePrompt", "Changes", "Export", "Source", "Step", "Unset"]

PROMPT_VARIABLES = ("PS1", "prompt", "PROMPT")
"""Where shells keep their prompts: the POSIX family, csh, cmd.exe."""


class Step(Value):
    """One thing to do."""

    __slots__ = ()


class Export(Step):
    """Give the environment variable ``name`` the value ``value``."""

    __slots__ = ("name", "value")
    name: str
    value: str

    def __init__(self, name: str, value: str) -> None:
        self._set(name=name, value=value)


class Unset(Step):
    """Remove the variable ``name``."""

    __slots__ = ("name",)
    name: str

    def __init__(self, name: str) -> None:
        self._set(name=name)


class Source(Step):
    """Run the file ``path`` in the shell itself, if it is in the shell's language."""

    __slots__ = ("path",)
    path: str

    def __init__(self, path: str) -> None:
        self._set(path=path)


class ChangePrompt(Step):
    """Put ``new`` in front of the prompt, in place of ``old``.

    ``shown``: (variable, text) of the prompt variables that are set; a shell that
    keeps its prompt elsewhere sees to itself.
    """

    __slots__ = ("new", "old", "shown")
    old: str
    new: str
    shown: tuple[tuple[str, str], ...]

    def __init__(self, old: str, new: str, shown: tuple[tuple[str, str], ...]) -> None:
        self._set(old=old, new=new, shown=shown)

    def text(self, variable: str) -> str | None:
        """The new prompt in *variable*, or None when it is to be left alone.

        No prompt (as in a script: `PS1` tells many start-up files whether a person
        is looking), or one that powerline draws, is left alone.

        >>> ChangePrompt("(a) ", "(b) ", (("PS1", "(a) $ "),)).text("PS1")
        '(b) $ '
        """
        for name, text in self.shown:
            if name == variable and text and "POWERLINE_COMMAND" not in text:
                changed = self.new + self._without_old(text)
                return None if changed == text else changed
        return None

    def _without_old(self, text: str) -> str:
        if text.startswith(self.old):
            return text[len(self.old) :]
        return text.replace(self.old, "", 1)


class Changes(Value):
    """``steps`` in order, and ``warnings``: lines worth showing to the user."""

    __slots__ = ("steps", "warnings")
    steps: tuple[Step, ...]
    warnings: tuple[str, ...]

    def __init__(self, steps: tuple[Step, ...] = (), warnings: tuple[str, ...] = ()) -> None:
        self._set(steps=steps, warnings=warnings)

    def scripts(self, extension: str) -> list[str]:
        """The files to be sourced by a shell whose scripts end in *extension*."""
        sources = [step.path for step in self.steps if isinstance(step, Source)]
        return [path for path in sources if path.endswith(extension)]

    def scripts_around(self, extension: str) -> tuple[list[str], list[str]]:
        """`scripts` in two: those before the variables have changed, those after."""
        changing = [at for at, step in enumerate(self.steps) if not isinstance(step, Source)]
        last = changing[-1] if changing else 0
        before = self.scripts(extension)[: len(Changes(self.steps[:last]).scripts(extension))]
        return before, self.scripts(extension)[len(before) :]

    def to_dict(self, extension: str, prompt_variable: str = "") -> dict[str, object]:
        """What changes, as conda prints it: ``path``, ``vars`` and ``scripts``.

        Scripts are those with the *extension* of the shell's; *prompt_variable* is where
        it keeps its prompt, if it does.
        """
        exports = {step.name: step.value for step in self.steps if isinstance(step, Export)}
        shown = {}
        for step in self.steps:
            if isinstance(step, ChangePrompt) and (text := step.text(prompt_variable)) is not None:
                shown[prompt_variable] = text
        before, after = self.scripts_around(extension)
        path = exports.pop("PATH", None)
        return {
            "path": {} if path is None else {"PATH": path.split(os.pathsep)},
            "vars": {
                "export": exports,
                "set": shown,
                "unset": [step.name for step in self.steps if isinstance(step, Unset)],
            },
            "scripts": {"deactivate": before, "activate": after},
        }

    def apply(self, environ: Mapping[str, str]) -> dict[str, str]:
        """*environ* afterwards, as a shell's child would see it; scripts are not run.

        >>> Changes((Export("A", "1"), Unset("B"))).apply({"B": "2", "C": "3"})
        {'C': '3', 'A': '1'}
        """
        after = dict(environ)
        for step in self.steps:
            if isinstance(step, Export):
                after[step.name] = step.value
            elif isinstance(step, Unset):
                after.pop(step.name, None)
            elif isinstance(step, ChangePrompt):
                text = step.text("PS1")
                if text is not None:
                    after["PS1"] = text
        return after
