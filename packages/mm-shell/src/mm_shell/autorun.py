"""What cmd.exe runs when it starts: one value in the registry, commands joined by ``&``."""

from __future__ import annotations

from mm_shell.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class Registry(Protocol):
        """Where the value is kept: the registry, or what stands in for it."""

        def get(self) -> str: ...
        def set(self, value: str) -> None: ...


__all__ = ["AutoRunEdit", "WindowsRegistry", "with_hook", "without_hook"]

KEY = r"Software\Microsoft\Command Processor"
NAME = "AutoRun"
MARK = "mamba_hook.bat"
"""What tells our command from others."""


def with_hook(value: str, command: str) -> str:
    r"""*value* with *command* for our hook: in place of the one it has, else at the end.

    >>> with_hook("prompt $G", '"C:\\mm\\condabin\\mamba_hook.bat"')
    'prompt $G & "C:\\mm\\condabin\\mamba_hook.bat"'
    """
    commands = _commands(value)
    at = next((at for at, each in enumerate(commands) if MARK in each), len(commands))
    others = [each for each in commands if MARK not in each]
    return " & ".join([*others[:at], command, *others[at:]])


def without_hook(value: str) -> str:
    """*value* without a command for our hook; as it is if there is none.

    >>> without_hook('"mamba_hook.bat" & b'), without_hook("a&&b")
    ('b', 'a&&b')
    """
    if MARK not in value:
        return value
    return " & ".join(each for each in _commands(value) if MARK not in each)


def _commands(value: str) -> list[str]:
    """Split at single ``&`` outside of quotes; ``&&`` belongs to what it joins."""
    commands, current, quoted = [], "", False
    at = 0
    while at < len(value):
        each = value[at]
        if each == '"':
            quoted = not quoted
        if value.startswith("&&", at) and not quoted:
            current += "&&"
            at += 2
            continue
        if each == "&" and not quoted:
            commands.append(current.strip())
            current = ""
        else:
            current += each
        at += 1
    return [each for each in [*commands, current.strip()] if each]


class AutoRunEdit(Value):
    """The value in *registry* is ``before`` and shall be ``after``."""

    __slots__ = ("after", "before", "registry")
    registry: Registry
    before: str
    after: str
    path = rf"HKEY_CURRENT_USER\{KEY}\{NAME}"

    def __init__(self, registry: Registry, before: str, after: str) -> None:
        self._set(registry=registry, before=before, after=after)

    def diff(self) -> str:
        """What changes, as a unified diff; empty if nothing does."""
        if self.before == self.after:
            return ""
        return f"--- {self.path}\n+++ {self.path}\n@@ -1 +1 @@\n-{self.before}\n+{self.after}\n"

    def apply(self) -> None:
        """Make the change. Raises `OSError`."""
        self.registry.set(self.after)


class WindowsRegistry:
    """The registry of this machine's user. Windows only."""

    def get(self) -> str:
        """The value; empty if there is none."""
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, KEY) as key:  # type: ignore[attr-defined,unused-ignore]
                return str(winreg.QueryValueEx(key, NAME)[0])  # type: ignore[attr-defined,unused-ignore]
        except FileNotFoundError:
            return ""

    def set(self, value: str) -> None:
        """Write it; an empty one is removed."""
        import winreg

        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, KEY) as key:  # type: ignore[attr-defined,unused-ignore]
            if value:
                winreg.SetValueEx(key, NAME, 0, winreg.REG_EXPAND_SZ, value)  # type: ignore[attr-defined,unused-ignore]
            else:
                winreg.DeleteValue(key, NAME)  # type: ignore[attr-defined,unused-ignore]
