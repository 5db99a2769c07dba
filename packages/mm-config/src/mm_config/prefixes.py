"""Where environments are: the root prefix, the target, and names for both.

Functions on plain paths (str); `mm_config.Config` hands out `pathlib.Path`.
Nothing here writes.
"""

from __future__ import annotations

import os

from mm_config.errors import (
    BadRootPrefix,
    ConflictingSettings,
    InvalidEnvironmentName,
    NotADirectory,
    NoTargetPrefix,
)
from mm_config.frozen import Frozen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from mm_config.machine import Machine

__all__ = [
    "PrefixRules",
    "check_name",
    "default_root",
    "env_name",
    "env_path",
    "find_target",
    "looks_like_root",
    "named_target",
]


class PrefixRules(Frozen):
    """What may stand in for a target prefix that was not named.

    conda_prefix -- the active environment, ``$CONDA_PREFIX``
    default_env  -- the active environment by name, ``$CONDA_DEFAULT_ENV``
    root         -- the root prefix
    required     -- finding none raises `NoTargetPrefix`, instead of leaving None

    >>> PrefixRules.none() == PrefixRules(False, False, False)
    True
    """

    __slots__ = ("conda_prefix", "default_env", "required", "root")
    conda_prefix: bool
    default_env: bool
    root: bool
    required: bool

    def __init__(
        self,
        conda_prefix: bool = True,
        default_env: bool = True,
        root: bool = True,
        required: bool = False,
    ) -> None:
        self._set(conda_prefix=conda_prefix, default_env=default_env, root=root, required=required)

    @classmethod
    def all(cls) -> PrefixRules:
        """Every fallback is allowed: install, update, list, info, search, config."""
        return cls()

    @classmethod
    def active(cls) -> PrefixRules:
        """Only the active environment, by its path: remove."""
        return cls(True, False, False)

    @classmethod
    def none(cls) -> PrefixRules:
        """The prefix must be named: create, shell."""
        return cls(False, False, False)


def looks_like_root(path: str) -> bool:
    """Whether *path* holds what a root prefix holds."""
    return any(os.path.isdir(os.path.join(path, name)) for name in ("pkgs", "conda-meta", "envs"))


def default_root(machine: Machine) -> tuple[str, str]:
    """The root prefix when none was asked for, and a label for where that comes from.

    In order: ``$MAMBA_ROOT_PREFIX``, ``$MAMBA_DEFAULT_ROOT_PREFIX``, the root
    prefix that the program itself is installed in, ``~/micromamba``, and
    ``~/.local/share/mamba``. Raises `BadRootPrefix` when the last holds
    something else.
    """
    for variable in ("MAMBA_ROOT_PREFIX", "MAMBA_DEFAULT_ROOT_PREFIX"):
        if machine.env.get(variable):
            return machine.canonical(machine.env[variable]), variable
    for candidate in (*_around(machine.executable), os.path.join(machine.home, "micromamba")):
        if looks_like_root(candidate):
            return machine.canonical(candidate), "fallback"
    usual = os.path.join(machine.data_dir, "mamba")
    if not looks_like_root(usual) and _occupied(usual):
        raise BadRootPrefix(
            f"Could not use default root_prefix '{usual}': it exists and is no root prefix",
            hint="Set MAMBA_ROOT_PREFIX, or use -r, to say where environments shall live.",
        )
    return machine.canonical(usual), "fallback"


def _around(executable: str) -> tuple[str, ...]:
    """The prefixes that a program at *executable* may belong to, the likeliest first."""
    if not executable:
        return ()
    levels = 3 if os.name == "nt" else 2
    environment = os.path.abspath(executable)
    for _ in range(levels):
        environment = os.path.dirname(environment)
    folder = os.path.dirname(environment)
    if os.path.basename(folder) == "envs":
        return os.path.dirname(folder), environment
    return (environment,)


def _occupied(path: str) -> bool:
    try:
        return bool(os.listdir(path))
    except FileNotFoundError:
        return False
    except OSError:
        return True


def envs_dirs(configured: Sequence[str], root: str, machine: Machine) -> tuple[str, ...]:
    """Where names are looked up: *configured* and then the root prefix's own folder."""
    paths = [directory(path, machine, "envs_dirs") for path in configured]
    return tuple(dict.fromkeys((*paths, os.path.join(root, "envs"))))


def directory(path: str, machine: Machine, key: str) -> str:
    """*path* made canonical. Raises `NotADirectory` when it is something else."""
    found = machine.canonical(path)
    if os.path.exists(found) and not os.path.isdir(found):
        what = {"envs_dirs": "Env dir", "pkgs_dirs": "Packages dir"}[key]
        raise NotADirectory(
            f"{what} specified is not a directory: {found}", hint=f"Correct '{key}'."
        )
    return found


def check_name(name: str) -> str:
    """*name*, if an environment can have it; else raises `InvalidEnvironmentName`."""
    if "/" in name or "\\" in name:
        raise InvalidEnvironmentName(
            f"An unexpected file-system separator was found in environment name: '{name}'",
            hint="Use -p to name an environment by its path.",
        )
    if name.strip() in ("", ".", "..") or "\0" in name or "\n" in name:
        raise InvalidEnvironmentName(
            f"An environment cannot be named {name!r}", hint="Give a name such as 'py'."
        )
    return name


def env_path(name: str, root: str, dirs: Sequence[str]) -> str:
    """Where the environment called *name* is, or would be made.

    ``base`` is the root prefix. Else the first of *dirs* that holds the name;
    else the first in which it could be made; else the root prefix's own folder.
    Raises `InvalidEnvironmentName`.
    """
    if check_name(name) == "base":
        return root
    for folder in dirs:
        path = os.path.join(folder, name)
        if os.path.isdir(path):
            return path
    for folder in dirs:
        if _could_write(folder):
            return os.path.join(folder, name)
    return os.path.join(root, "envs", name)


def _could_write(folder: str) -> bool:
    """Whether something can be made in *folder*, which itself may have to be made."""
    while not os.path.exists(folder):
        parent = os.path.dirname(folder)
        if parent == folder:
            return False
        folder = parent
    return os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK)


def env_name(prefix: str, root: str, dirs: Sequence[str]) -> str:
    """What people call the environment at *prefix*: ``base``, its name, or its path.

    >>> env_name("/opt/mm/envs/py", "/opt/mm", ["/opt/mm/envs"])
    'py'
    """
    if prefix == root:
        return "base"
    folder, name = os.path.split(prefix)
    return name if folder in dirs else prefix


def named_target(text: str, root: str, dirs: Sequence[str], machine: Machine) -> tuple[str, str]:
    """The prefix that the text of ``-p`` means, and a warning ("" for none).

    A text without a separator is a name, as in micromamba; ``.``, ``..`` and
    ``~`` are paths.
    """
    if "/" in text or "\\" in text or text in (".", "..") or text.startswith("~"):
        return machine.canonical(text), ""
    path = env_path(text, root, dirs)
    return path, (
        f"'{text}' does not contain any filesystem separator, so it is taken for the name"
        f" of an environment: {path} (./{text} is the folder here)"
    )


def find_target(
    prefix: tuple[str, str] | None,
    name: tuple[str, str] | None,
    rules: PrefixRules,
    root: str,
    dirs: Sequence[str],
    machine: Machine,
) -> tuple[str, str, str]:
    """The target prefix ("" for none), a label for who named it, and a warning.

    prefix -- text and label of what names it by path; the label ``CLI`` is strong
    name   -- text and label of what names it by name; stronger than other *prefix*
    Raises `ConflictingSettings`, `InvalidEnvironmentName`, `NoTargetPrefix`.
    """
    if prefix and name and prefix[1] in ("API", "CLI"):
        raise ConflictingSettings(
            "Cannot set both prefix and env name", hint="Give -p or -n, not both."
        )
    if name:
        return env_path(name[0], root, dirs), name[1], ""
    if prefix:
        if not prefix[0]:
            raise InvalidEnvironmentName(
                "The path of an environment cannot be empty", hint="Give a path after -p."
            )
        path, warning = named_target(prefix[0], root, dirs, machine)
        return path, prefix[1], warning
    active = machine.env.get("CONDA_PREFIX", "")
    if rules.conda_prefix and active:
        return machine.canonical(active), "CONDA_PREFIX", ""
    active = machine.env.get("CONDA_DEFAULT_ENV", "")
    if rules.default_env and active:
        return named_target(active, root, dirs, machine)[0], "CONDA_DEFAULT_ENV", ""
    if rules.root:
        return root, "fallback", ""
    if rules.required:
        raise NoTargetPrefix("No target prefix specified", hint="Name one with -n NAME or -p PATH.")
    return "", "", ""
