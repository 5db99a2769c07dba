"""What activation needs to know of an environment on disk.

Variables come from ``etc/conda/env_vars.d/*`` (packages' wishes) and from
``conda-meta/state`` (the user's, which win); scripts from ``etc/conda/activate.d``
and ``deactivate.d``. A file that cannot be read is a warning: activation must
not fail because of one package.
"""

from __future__ import annotations

import os

from mm_shell.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PrefixFacts", "is_settable", "read_prefix"]

UNSET = "***unset***"
"""What `conda env config vars unset` leaves as the value."""

ACTIVATIONS_OWN = (
    "PATH",
    "PS1",
    "CONDA_PREFIX",
    "CONDA_SHLVL",
    "CONDA_DEFAULT_ENV",
    "CONDA_PROMPT_MODIFIER",
)
SHELLS_OWN = (
    "ARGC",
    "BASHOPTS",
    "BASH_VERSINFO",
    "EGID",
    "CURRENT_FILE",
    "EUID",
    "FILE_PWD",
    "FISH_VERSION",
    "GID",
    "OLDPWD",
    "PPID",
    "PWD",
    "SHELLOPTS",
    "SHLVL",
    "UID",
    "ZSH_EVAL_CONTEXT",
    "ZSH_SUBSHELL",
)
"""Read-only, or with an effect of their own when set, in one shell or another."""
RESERVED = frozenset(ACTIVATIONS_OWN + SHELLS_OWN)
RESERVED_STARTS = ("CONDA_PREFIX_", "CONDA_STACKED_", "__CONDA_SHLVL_", "__MM_SHLVL_")


class PrefixFacts(Value):
    """``env_vars`` in order of definition; scripts (every extension) in order of execution."""

    __slots__ = ("activate_scripts", "deactivate_scripts", "env_vars", "warnings")
    env_vars: dict[str, str]
    activate_scripts: tuple[str, ...]
    deactivate_scripts: tuple[str, ...]
    warnings: tuple[str, ...]

    def __init__(
        self,
        env_vars: dict[str, str] | None = None,
        activate_scripts: tuple[str, ...] = (),
        deactivate_scripts: tuple[str, ...] = (),
        warnings: tuple[str, ...] = (),
    ) -> None:
        self._set(
            env_vars=env_vars or {},
            activate_scripts=activate_scripts,
            deactivate_scripts=deactivate_scripts,
            warnings=warnings,
        )


def is_settable(name: str) -> bool:
    """Whether an environment may set the variable *name*: every shell can name it, it is free.

    >>> is_settable("GDAL_DATA"), is_settable("A;B"), is_settable("PATH"), is_settable("É")
    (True, False, False, False)
    """
    return (
        name.isascii()
        and name.isidentifier()
        and name not in RESERVED
        and not name.startswith(RESERVED_STARTS)
    )


def read_prefix(prefix: str) -> PrefixFacts:
    """The facts of the environment at *prefix*; none when there is no such folder."""
    etc = os.path.join(prefix, "etc", "conda")
    warnings: list[str] = []
    return PrefixFacts(
        _env_vars(prefix, etc, warnings),
        tuple(_files(os.path.join(etc, "activate.d"), warnings)),
        tuple(reversed(_files(os.path.join(etc, "deactivate.d"), warnings))),
        tuple(warnings),
    )


def _files(folder: str, warnings: list[str]) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.path for entry in entries if entry.is_file())
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        warnings.append(f"{folder} cannot be read and is left out: {error.strerror}")
        return []


def _env_vars(prefix: str, etc: str, warnings: list[str]) -> dict[str, str]:
    env_vars: dict[str, str] = {}
    for path in _files(os.path.join(etc, "env_vars.d"), warnings):
        env_vars.update(_settable(path, _json_object(path, warnings), warnings))
    path = os.path.join(prefix, "conda-meta", "state")
    own = _json_object(path, warnings).get("env_vars") or {}
    for name, value in _settable(path, own, warnings):
        if name in env_vars:
            warnings.append(f"{path} replaces the value of {name} that a package sets")
        env_vars[name] = value
    return {name: value for name, value in env_vars.items() if value != UNSET}


def _json_object(path: str, warnings: list[str]) -> dict[str, object]:
    try:
        with open(path, "rb") as file:
            content = file.read()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        warnings.append(f"{path} cannot be read and is ignored: {error.strerror}")
        return {}
    import json  # costs as much as all the rest of activation: most environments need none

    try:
        data = json.loads(content) if content.strip() else {}
    except (ValueError, RecursionError) as error:
        warnings.append(f"{path} is not JSON and is ignored: {error}")
        return {}
    if not isinstance(data, dict):
        warnings.append(f"{path} does not hold a JSON object and is ignored")
        return {}
    return data


def _settable(path: str, env_vars: object, warnings: list[str]) -> Iterator[tuple[str, str]]:
    """The variables in *env_vars* that can be set, names upper-cased."""
    if not isinstance(env_vars, dict):
        warnings.append(f"{path}: env_vars is not a JSON object and is ignored")
        return
    for key, value in env_vars.items():
        name = key.upper()
        if not is_settable(name):
            warnings.append(f"{path}: the variable {key!r} cannot be set and is ignored")
        elif not isinstance(value, (str, int, float)) or not _is_storable(str(value)):
            warnings.append(f"{path}: the value of {name} is no text and is ignored")
        else:
            yield name, str(value)


def _is_storable(text: str) -> bool:
    """Whether an environment can hold *text*: no NUL, and expressible in bytes."""
    try:
        return b"\0" not in os.fsencode(text)
    except UnicodeEncodeError:
        return False
