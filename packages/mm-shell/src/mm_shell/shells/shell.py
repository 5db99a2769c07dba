"""What every shell can be told to do; a module beside this one says it in a shell's language."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mm_shell.changes import Changes

__all__ = ["Shell"]


class Shell:
    """One shell, by the ``name`` it is asked for.

    ``script_extension``: how the scripts end that it can source.
    """

    script_extension: str

    def __init__(self, name: str) -> None:
        self.name = name

    def render(self, changes: Changes) -> str:
        """Code that does *changes* when the shell evaluates it; lines, or nothing."""
        raise NotImplementedError

    def hook(self, executable: str, root_prefix: str) -> str:
        """Code that sets a session of the shell up for activation.

        It makes the program's name a function (alias, command, …) of the shell, which
        can change the shell's own environment; the program itself is at *executable*.
        """
        raise NotImplementedError
