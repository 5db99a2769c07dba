"""The settings in force, each resolved on demand, and the paths that follow from them."""

from __future__ import annotations

import os

from mm_config import prefixes
from mm_config.hooks import HOOKS
from mm_config.keys import KEYS
from mm_config.setting import merge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import Any

    from mm_config.environments import PrefixChecks
    from mm_config.layers import Layer
    from mm_config.machine import Machine
    from mm_config.rcfiles import RcFile
    from mm_config.setting import Candidate, Setting

__all__ = ["Config"]


class Config:
    """The settings of one run. ``config["offline"]`` is a value; iterate for the names.

    machine  -- what they were read on
    rc_files -- the configuration files found, the strongest first
    warnings -- what people should know about the sources; one line each
    """

    __slots__ = ("_candidates", "_settings", "machine", "rc_files", "warnings")
    machine: Machine
    rc_files: tuple[RcFile, ...]
    warnings: tuple[str, ...]

    def __init__(
        self,
        machine: Machine,
        stack: Iterable[Layer],
        *,
        settled: Mapping[str, Setting] | None = None,
        rc_files: Iterable[RcFile] = (),
        warnings: Iterable[str] = (),
    ) -> None:
        """The settings of the layers in *stack*, the strongest first.

        *settled* -- settings that are known already: the prefixes
        """
        self.machine = machine
        self.rc_files = tuple(rc_files)
        self.warnings = tuple(warnings)
        self._settings: dict[str, Setting] = dict(settled or {})
        self._candidates: dict[str, tuple[Candidate, ...]] = {}
        for layer in stack:
            for name, candidates in layer.items():
                self._candidates[name] = (*self._candidates.get(name, ()), *candidates)

    @property
    def no_rc(self) -> bool:
        """Whether configuration files were ruled out."""
        return self.flag("no_rc")

    def candidates(self, name: str) -> tuple[Candidate, ...]:
        """What every source says about *name*, the strongest first."""
        return self._candidates.get(name, ())

    def setting(self, name: str) -> Setting:
        """The setting called *name*, with its sources. Raises `KeyError`."""
        found = self._settings.get(name)
        if found is None:
            found = merge(KEYS[name], self.candidates(name))
            if name in HOOKS:
                found = HOOKS[name](self, found)
            self._settings[name] = found
        return found

    def __getitem__(self, name: str) -> Any:
        """The value of *name*: sequences as lists, paths as `pathlib.Path`, None for none.

        Raises `KeyError` for what is no setting.
        """
        value = self.setting(name).value
        kind = KEYS[name].kind
        if kind == "path" and isinstance(value, str):
            return _path(value) if value else None
        if isinstance(value, tuple):
            return [_path(item) if kind == "paths" else item for item in value]
        if isinstance(value, dict):
            return {
                entry: list(item) if isinstance(item, tuple) else item
                for entry, item in value.items()
            }
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(KEYS)

    def __len__(self) -> int:
        return len(KEYS)

    def __contains__(self, name: object) -> bool:
        return name in KEYS

    def flag(self, name: str) -> bool:
        """The value of a bool."""
        return self.setting(name).value is True

    def number(self, name: str) -> int:
        """The value of a whole number."""
        value = self.setting(name).value
        assert isinstance(value, int)
        return value

    def text(self, name: str) -> str:
        """The value of a text or path, as text; "" for none."""
        return self.text_of(self.setting(name))

    def text_of(self, setting: Setting) -> str:
        """The value of *setting*, a text or path, as text; "" for none."""
        value = setting.value
        assert value is None or isinstance(value, str)
        return value or ""

    def texts(self, name: str) -> tuple[str, ...]:
        """The value of a sequence; paths as text."""
        value = self.setting(name).value
        assert isinstance(value, tuple)
        return value

    @property
    def root_prefix(self) -> Path:
        """Where environments and package caches live."""
        return _path(self.text("root_prefix"))

    @property
    def target_prefix(self) -> Path | None:
        """The environment acted upon; None when none is named and no fallback is allowed."""
        found = self.text("target_prefix")
        return _path(found) if found else None

    @property
    def envs_dirs(self) -> list[Path]:
        """Where environments are looked up by name, in order."""
        return [_path(path) for path in self.texts("envs_dirs")]

    @property
    def pkgs_dirs(self) -> list[Path]:
        """The package caches, in order. Raises `NotADirectory`."""
        return [_path(path) for path in self.texts("pkgs_dirs")]

    def env_path(self, name: str) -> Path:
        """Where the environment called *name* is, or would be made.

        Raises `InvalidEnvironmentName`.
        """
        return _path(prefixes.env_path(name, self.text("root_prefix"), self.texts("envs_dirs")))

    def env_name(self, prefix: str | os.PathLike[str]) -> str:
        """What people call the environment at *prefix*: ``base``, its name, or its path."""
        path = os.fspath(prefix)
        return prefixes.env_name(path, self.text("root_prefix"), self.texts("envs_dirs"))

    def known_environments(self) -> tuple[Path, ...]:
        """The environments of this user, the root prefix among them; sorted."""
        from mm_config.environments import known_environments

        register = _path(os.path.join(self.machine.home, ".conda", "environments.txt"))
        return known_environments(register, self.envs_dirs, self.root_prefix)

    def check_environment(
        self, prefix: Path | None = None, checks: PrefixChecks | None = None
    ) -> None:
        """Make sure that *prefix* (default: the target) is an environment.

        Raises `NoTargetPrefix`, `PrefixExists`, `PrefixNotFound`, `NotAnEnvironment`.
        """
        from mm_config.environments import check_prefix

        check_prefix(self.target_prefix if prefix is None else prefix, checks)


def _path(text: str) -> Path:
    from pathlib import Path

    return Path(text)
