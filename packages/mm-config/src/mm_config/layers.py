"""What each source says, before anybody is overruled.

A layer is the candidates of one rank by setting: the API, the command line, the
environment, one configuration file.
"""

from __future__ import annotations

from mm_config.errors import BadValue, ConflictingSettings
from mm_config.frozen import Frozen
from mm_config.keys import ALIASES, KEYS, Key
from mm_config.setting import Candidate, Source
from mm_config.values import from_document, from_python, from_variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import TypeVar

    from mm_config.rcfiles import RcFile
    from mm_config.setting import SourceKind

    Layer = Mapping[str, tuple[Candidate, ...]]
    Given = TypeVar("Given")

__all__ = ["SpecFileSettings", "given", "of_rc_file", "of_spec_files", "of_variables"]

LABELS: Mapping[str, SourceKind] = {"API": "api", "CLI": "cli"}


class SpecFileSettings(Frozen):
    """What the YAML files of ``-f`` say besides packages.

    name     -- of the environment; "" or None: none
    channels -- in order; ``$NAME`` and ``${NAME}`` are expanded on loading
    """

    __slots__ = ("channels", "name")
    name: str | None
    channels: tuple[str, ...]

    def __init__(self, name: str | None = None, channels: Iterable[str] = ()) -> None:
        self._set(name=name, channels=tuple(channels))


def given(values: Mapping[str, object], label: str) -> Layer:
    """The layer of *values* given by code ("API") or options ("CLI"); None: not given.

    Raises `BadValue`, and `KeyError` for what is no setting.
    """
    source = Source(LABELS[label], label)
    layer = {}
    for name, value in values.items():
        if name not in KEYS:
            raise KeyError(f"not a setting: {name}")
        if value is not None:
            key = KEYS[name]
            layer[name] = (Candidate(source, _read(from_python, key, value, source)),)
    return layer


def of_spec_files(settings: SpecFileSettings, env: Mapping[str, str]) -> Layer:
    """The layer of what spec files say; it ranks with the command line, after it."""
    if not settings.channels:
        return {}
    channels = settings.channels
    if any("$" in channel for channel in channels):
        from mm_config.expansion import expand

        channels = tuple(expand(channel, env) for channel in channels)
    return {"channels": (Candidate(Source("cli", "CLI"), channels),)}


def of_variables(env: Mapping[str, str]) -> Layer:
    """The layer of the environment variables.

    Raises `BadValue`: a variable that cannot be understood is never passed over,
    since nobody may be there to read a warning. Raises `ConflictingSettings` when two
    variables of one list are set.
    """
    layer: dict[str, tuple[Candidate, ...]] = {}
    for key in KEYS.values():
        names = [name for name in key.env if name in env]
        if not names:
            continue
        if key.separator and len(names) > 1:
            raise ConflictingSettings(
                f"The {' and '.join(names)} environment variables are both set,"
                " but only one must be declared",
                hint=f"Unset {names[-1]}.",
            )
        candidates = []
        for name in names:
            source = Source("env", name)
            value = _read(from_variable, key, env[name], source)
            if value is not None:
                candidates.append(Candidate(source, value))
        if candidates:
            layer[key.name] = tuple(candidates)
    return layer


def _read(reader: Callable[[Key, Given], object], key: Key, value: Given, source: Source) -> object:
    try:
        return reader(key, value)
    except ValueError as error:
        what = "environment variable " if source.kind == "env" else ""
        raise BadValue(
            f"Bad value for '{key.name}' from {what}{source.label}: {error}",
            key=key.name,
            source=source.label,
            hint=f"`config describe {key.name} -l` says what it can be.",
        ) from error


def of_rc_file(file: RcFile) -> tuple[Layer, tuple[str, ...]]:
    """The layer of one configuration file, and warnings about what it could not take."""
    layer: dict[str, tuple[Candidate, ...]] = {}
    warnings = [f"{file.label}: {remark}" for remark in file.remarks]
    for written, node in file.document.items():
        where = f"{file.label}:{node.line}"
        name = written if written in KEYS else ALIASES.get(written, "")
        if not name:
            warnings += _misspelt(written, where)
            continue
        key = KEYS[name]
        if written in key.deprecated:
            warnings.append(f"{where}: '{written}' is called '{name}' now")
        if node.is_null or (name != written and name in file.document):
            continue
        if not key.rc or (key.rc == "home" and file.level == "target"):
            warnings.append(f"{where}: '{written}' cannot be set here; it is ignored")
            continue
        source = Source("rc", file.label, file.path, node.line)
        try:
            value, lines = from_document(key, node)
        except ValueError as error:
            warnings.append(f"{where}: bad value for '{written}': {error}; it is ignored")
            continue
        parts = () if isinstance(lines, int) else lines
        layer[name] = (Candidate(source, value, parts),)
    return layer, tuple(warnings)


def _misspelt(name: str, where: str) -> list[str]:
    """A warning when *name* looks like a slip; other tools' settings are their own."""
    from mm_config.spelling import CONDA_KEYS, nearest

    guess = "" if name in CONDA_KEYS else nearest(name)
    return [f"{where}: {name!r} is no setting; did you mean '{guess}'?"] if guess else []
