"""bash, zsh, dash and whatever else reads POSIX shell language."""

from __future__ import annotations

from mm_shell.changes import ChangePrompt, Changes, Export, Source, Step, Unset
from mm_shell.shells.shell import Shell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Family", "quote"]


def quote(text: str) -> str:
    """*text* as one word that the shell takes literally, whatever is in it.

    >>> print(quote("it's $HOME"))
    'it'"'"'s $HOME'
    """
    return "'" + text.replace("'", "'\"'\"'") + "'"


def _export(step: Export) -> str:
    return f"export {step.name}={quote(step.value)}"


def _unset(step: Unset) -> str:
    return f"unset {step.name}"


def _source(step: Source) -> str:
    return f". {quote(step.path)}" if step.path.endswith(Family.script_extension) else ""


def _change_prompt(step: ChangePrompt) -> str:
    text = step.text("PS1")
    return "" if text is None else f"PS1={quote(text)}"


STATEMENTS: dict[type[Step], Callable[..., str]] = {
    Export: _export,
    Unset: _unset,
    Source: _source,
    ChangePrompt: _change_prompt,
}


class Family(Shell):
    """The POSIX family: all of them understand the same code."""

    script_extension = ".sh"

    def render(self, changes: Changes) -> str:
        """One statement a line (a value may go over several)."""
        statements = [STATEMENTS[type(step)](step) for step in changes.steps]
        return "".join(f"{statement}\n" for statement in statements if statement)

    def hook(self, executable: str, root_prefix: str) -> str:
        """Functions called ``micromamba``, ``mm`` and as the executable is."""
        from mm_shell.shells.posix_hook import hook

        return hook(self.name, executable, root_prefix)
