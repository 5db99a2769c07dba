"""An environment being changed, which remembers what it was before it was touched.

The value that a variable had before level *n* + 1 was entered is kept in
``__CONDA_SHLVL_<n>_<NAME>`` (conda and micromamba do the same), and the names of
the variables that a prefix set in ``__MM_SHLVL_<n>_SET``: so leaving takes back
what entering set, even if the prefix has changed or gone since.
"""

from __future__ import annotations

from mm_shell.changes import PROMPT_VARIABLES, ChangePrompt, Changes, Export, Source, Step, Unset
from mm_shell.prefix_facts import is_settable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Draft"]


class Draft:
    """The environment ``environ`` as it is to become, starting as *before*."""

    def __init__(self, before: Mapping[str, str]) -> None:
        self.environ = dict(before)
        self.warnings: list[str] = []
        self._present = frozenset(self.environ)
        self._exports: dict[str, str] = {}
        self._unsets: dict[str, None] = {}

    def export(self, name: str, value: str) -> None:
        """Set *name*, even if to the value it has."""
        self._unsets.pop(name, None)
        self._exports.pop(name, None)  # the last to be set comes last
        self._exports[name] = self.environ[name] = value

    def unset(self, name: str) -> None:
        """Remove *name*; nothing if it is not there."""
        self.environ.pop(name, None)
        self._exports.pop(name, None)
        if name in self._present:
            self._unsets[name] = None

    def assign(self, name: str, value: str | None) -> None:
        """`export`, or `unset` if there is no value."""
        if value is None:
            self.unset(name)
        else:
            self.export(name, value)

    def save(self, name: str, level: int) -> None:
        """Keep the value of *name*, or its absence, for `restore` at the same *level*."""
        self.assign(f"__CONDA_SHLVL_{level}_{name}", self.environ.get(name))

    def restore(self, name: str, level: int) -> None:
        """Give *name* what it had when `save` was called at *level*."""
        saved = f"__CONDA_SHLVL_{level}_{name}"
        self.assign(name, self.environ.get(saved))
        self.unset(saved)

    def enter_variables(self, env_vars: Mapping[str, str], level: int) -> None:
        """Set a prefix's variables, entered from *level*."""
        for name, value in env_vars.items():
            self.save(name, level)
            self.export(name, value)
        self._record(env_vars, level)

    def leave_variables(self, env_vars: Mapping[str, str], level: int) -> None:
        """Take a prefix's variables back. *env_vars*: its own if it was not us who set them."""
        recorded = self._recorded(level)
        for name in env_vars if recorded is None else recorded:
            self.restore(name, level)
        self._record((), level)

    def refresh_variables(self, env_vars: Mapping[str, str], level: int) -> None:
        """Bring a prefix's variables up to date with what it defines now."""
        recorded = self._recorded(level) or []
        for name in recorded:
            if name not in env_vars:
                self.restore(name, level)
        for name, value in env_vars.items():
            if name not in recorded and f"__CONDA_SHLVL_{level}_{name}" not in self.environ:
                self.save(name, level)
            self.export(name, value)
        self._record(env_vars, level)

    def _record(self, names: Iterable[str], level: int) -> None:
        self.assign(f"__MM_SHLVL_{level}_SET", " ".join(names) or None)

    def _recorded(self, level: int) -> list[str] | None:
        recorded = self.environ.get(f"__MM_SHLVL_{level}_SET")
        if recorded is None:
            return None
        return [name for name in recorded.split() if is_settable(name)]

    def changes(
        self,
        *,
        path_first: bool = False,
        deactivate_scripts: Iterable[str] = (),
        activate_scripts: Iterable[str] = (),
        prompt: tuple[str, str] = ("", ""),
    ) -> Changes:
        """All of it as steps. *prompt*: the modifier shown until now, the one to be shown."""
        steps: list[Step] = []
        exports = dict(self._exports)
        if path_first and "PATH" in exports:
            steps.append(Export("PATH", exports.pop("PATH")))
        steps += map(Source, deactivate_scripts)
        steps += map(Unset, self._unsets)
        if prompt[0] != prompt[1]:
            shown = tuple((v, self.environ[v]) for v in PROMPT_VARIABLES if v in self.environ)
            steps.append(ChangePrompt(*prompt, shown))
        steps += [Export(name, value) for name, value in exports.items()]
        steps += map(Source, activate_scripts)
        return Changes(tuple(steps), tuple(self.warnings))
