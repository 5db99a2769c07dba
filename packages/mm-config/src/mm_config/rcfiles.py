"""Configuration files: where they are, which count, and what one holds."""

from __future__ import annotations

import os

from mm_config.frozen import Frozen
from mm_config.plain_document import parse_plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Literal

    from mm_config.machine import Machine
    from mm_config.values import Located

    Level = Literal["system", "root", "user", "target", "explicit"]

__all__ = [
    "SEARCH_PATH",
    "RcFile",
    "explicit_files",
    "is_rc_name",
    "present",
    "read",
    "search_path",
]

_CONDA = (".condarc", "condarc", "condarc.d")
_MAMBA = (".mambarc", "mambarc", "mambarc.d")
_BOTH = (".condarc", "condarc", "condarc.d", ".mambarc")
_NAMES = (".condarc", "condarc", ".mambarc", "mambarc")

SEARCH_PATH: tuple[tuple[Level, str, tuple[str, ...]], ...] = (
    ("system", "system", _BOTH),
    ("root", "root", _BOTH),
    ("user", "config/conda", _CONDA),
    ("user", "home/.conda", _CONDA),
    ("user", "home", (".condarc",)),
    ("user", "active", _CONDA),
    ("user", "config/mamba", _MAMBA),
    ("user", "home/.mamba", _MAMBA),
    ("user", "home", (".mambarc",)),
    ("target", "target", _BOTH),
)
"""Level, folder and names of the files searched, the weakest first.

The first word of a folder is a place: ``system`` (``/etc/conda`` and
``/var/lib/conda``, or ``C:\\ProgramData\\conda``), ``root`` and ``target`` (the
prefixes), ``config`` (``$XDG_CONFIG_HOME``, ``~/.config``, or the roaming folder
of Windows), ``home``, ``active`` (``$CONDA_PREFIX``). A name ending in ``.d`` is
a folder of files, of which later names are stronger. ``$CONDARC`` and then
``$MAMBARC`` are stronger than all of these.
"""

LARGEST = 1 << 22
"""Bytes a configuration file may have."""


class RcFile(Frozen):
    """A configuration file that was found.

    path     -- where
    label    -- the path as people see it, with ``~``
    level    -- "system", "root", "user", "target" or "explicit"
    problem  -- why it cannot be used, following the path in a sentence; "" if it can
    document -- its settings by name
    remarks  -- what is odd about it, though usable
    """

    __slots__ = ("document", "label", "level", "path", "problem", "remarks")
    path: str
    label: str
    level: Level
    problem: str
    document: Mapping[str, Located]
    remarks: tuple[str, ...]

    def __init__(
        self,
        path: str,
        label: str,
        level: Level,
        problem: str = "",
        document: Mapping[str, Located] | None = None,
        remarks: tuple[str, ...] = (),
    ) -> None:
        self._set(
            path=path,
            label=label,
            level=level,
            problem=problem,
            document=document or {},
            remarks=remarks,
        )

    @property
    def valid(self) -> bool:
        """Whether it could be read."""
        return not self.problem

    def __hash__(self) -> int:
        return hash(self.path)


def is_rc_name(name: str) -> bool:
    """Whether a file called *name* is taken for a configuration file.

    >>> [is_rc_name(name) for name in (".condarc", "mambarc", "10.yml", "condarc.txt")]
    [True, True, True, False]
    """
    return name in _NAMES or name.endswith((".yml", ".yaml"))


def search_path(machine: Machine, root: str, target: str = "") -> dict[str, Level]:
    """The paths searched, the weakest first, with the level of each.

    root, target -- the prefixes; "" for none
    A path that comes up twice keeps its weaker position: the base environment's
    files are the root prefix's. It is the same on every system but for the
    folders that stand for the places.

    >>> from mm_config.machine import Machine
    >>> windows = Machine({"APPDATA": "C:\\\\A"}, home="C:\\\\U", system="win32")
    >>> [path for path in search_path(windows, "D:\\\\mm") if path.endswith(".condarc")][1:4]
    ['D:\\\\mm\\\\.condarc', 'C:\\\\A\\\\conda\\\\.condarc', 'C:\\\\U\\\\.conda\\\\.condarc']
    """
    places = _places(machine, root, target)
    found: dict[str, Level] = {}
    for level, folder, names in SEARCH_PATH:
        place, *rest = folder.split("/")
        for directory in places.get(place, ()):
            for name in names:
                found.setdefault(machine.join(directory, *rest, name), level)
    return found


def _places(machine: Machine, root: str, target: str) -> dict[str, tuple[str, ...]]:
    """First word of a folder in `SEARCH_PATH` -> the directories that it stands for."""
    active = machine.env.get("CONDA_PREFIX", "")
    if active and machine.canonical(active) == target:
        active = ""  # the target's rank counts, active or not
    return {
        "system": machine.system_dirs,
        "root": (root,),
        "config": (machine.config_dir,),
        "home": (machine.home,),
        "active": (active,) if active else (),
        "target": (target,) if target else (),
    }


def present(paths: Iterable[str]) -> Iterator[str]:
    """The files among *paths*, folders replaced by what they hold, in the same order."""
    for path in paths:
        if path.endswith(".d"):
            yield from _inside(path)
        elif os.path.isfile(path):
            yield path


def _inside(folder: str) -> list[str]:
    """The configuration files directly in *folder*, by name; none if there is no folder."""
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return []
    paths = [os.path.join(folder, name) for name in names if is_rc_name(name)]
    return [path for path in paths if os.path.isfile(path)]


def explicit_files(path: str) -> list[str]:
    """The files that *path*, asked for by name, stands for, the weakest first.

    Asked for by name, a file may be called anything and may be a pipe.
    """
    return _inside(path) if os.path.isdir(path) else [path]


def read(path: str, level: Level, machine: Machine) -> RcFile:
    """The configuration file at *path*; what is wrong with it is its ``problem``."""
    label = machine.shortened(path)
    try:
        with open(path, "rb") as stream:
            data = stream.read(LARGEST + 1)
        if len(data) > LARGEST:
            return RcFile(path, label, level, f"has more than {LARGEST} bytes")
        text = data.decode("utf-8-sig")
    except OSError as error:
        return RcFile(path, label, level, f"cannot be read: {error.strerror or error}")
    except UnicodeDecodeError:
        return RcFile(path, label, level, "is not UTF-8 text")
    plain = parse_plain(text, machine.env)
    if plain is not None:
        return RcFile(path, label, level, document=plain)
    from mm_config.rc_document import DocumentError, parse

    try:
        document, remarks = parse(text, machine.env)
    except DocumentError as error:
        return RcFile(path, label, level, f"{error}{error.where}")
    return RcFile(path, label, level, document=document, remarks=remarks)
