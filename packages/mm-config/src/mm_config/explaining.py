"""Why a setting has its value: who won, and whom that overruled, with file and line."""

from __future__ import annotations

from mm_config.frozen import Frozen
from mm_config.listing import plain_data, scalar_text
from mm_config.setting import DEFAULT, FALLBACK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from mm_config.resolve import Config
    from mm_config.setting import Setting, Source

__all__ = ["explain_data", "explain_text"]

FOLLOWS_FROM = {
    "channel_priority": ("strict_channel_priority", "no_channel_priority"),
    "channels": ("override_channels",),
    "log_level": ("verbose", "debug"),
    "ssl_verify": ("offline", "cacert_path"),
    "target_prefix": ("env_name",),
}
"""Setting -> others that may decide about its value."""


class _Said(Frozen):
    """What one source says: *value*, and whether that is in force."""

    __slots__ = ("in_force", "source", "value")
    source: Source
    value: object
    in_force: bool

    def __init__(self, source: Source, value: object, in_force: bool) -> None:
        self._set(source=source, value=value, in_force=in_force)


class _Part(Frozen):
    """An item of a list, or an entry of a map, and who says it, the strongest first."""

    __slots__ = ("name", "said")
    name: str
    said: tuple[_Said, ...]

    def __init__(self, name: str, said: Iterable[_Said]) -> None:
        self._set(name=name, said=tuple(said))

    @property
    def in_force(self) -> bool:
        return any(each.in_force for each in self.said)


def explain_text(config: Config, name: str, part: str = "") -> str:
    """Why the setting *name* has its value, for people.

    part -- only this item of a list, or entry of a map
    ``*`` stands before who is in force; the others follow, the strongest first.
    Raises `KeyError` for what is no setting.
    """
    setting = config.setting(name)
    if not (setting.key.is_sequence or setting.key.is_map):
        rows = _rows(_said_of(setting), with_values=True)
        lines = [f"{name}: {scalar_text(setting.value)}", *(f"  {row}" for row in rows)]
    else:
        lines = [f"{name}:"]
        for each in _chosen(config, setting, part):
            bullet = "" if setting.key.is_map else "- "
            gone = "" if each.in_force else "  (not in force)"
            lines.append(f"  {bullet}{scalar_text(each.name)}{gone}")
            lines += [f"    {row}" for row in _rows(each.said, with_values=setting.key.is_map)]
        if len(lines) == 1:
            lines.append(f"  nobody says {scalar_text(part)}" if part else "  empty")
    return "\n".join((*lines, *_remarks(config, setting)))


def explain_data(config: Config, name: str, part: str = "") -> dict[str, object]:
    """What `explain_text` says, as an object for JSON.

    ``key``, ``value``, and ``sources`` (of lists and maps: ``parts``, each with
    ``name``, ``in_force`` and ``sources``). A source has ``source``, ``kind``, ``value``
    and ``in_force``, and for files ``path`` and ``line``. ``follows_from`` names
    other settings that decided. Raises `KeyError`.
    """
    setting = config.setting(name)
    data: dict[str, object] = {"key": name, "value": plain_data(setting.value)}
    if setting.key.is_sequence or setting.key.is_map:
        data["parts"] = [
            {
                "name": plain_data(each.name),
                "in_force": each.in_force,
                "sources": [_source_data(said) for said in each.said],
            }
            for each in _chosen(config, setting, part)
        ]
    else:
        data["sources"] = [_source_data(said) for said in _said_of(setting)]
    data["follows_from"] = [other.key.name for other in _deciding(config, setting)]
    return data


def _said_of(setting: Setting) -> list[_Said]:
    """What each source says of a setting with one value; the default always has a word."""
    said = [
        _Said(candidate.source, candidate.value, at == 0)
        for at, candidate in enumerate(setting.candidates)
    ]
    if not said:
        return [_Said(DEFAULT, setting.value, True)]
    if setting.key.default is not None and said[-1].source != FALLBACK:
        said.append(_Said(DEFAULT, setting.key.default, False))
    return said


def _chosen(config: Config, setting: Setting, part: str) -> list[_Part]:
    parts = _entries(setting) if setting.key.is_map else _items(config, setting)
    return [each for each in parts if part in ("", each.name)]


def _items(config: Config, setting: Setting) -> list[_Part]:
    """The items of a list: those in force first, in order; then those that are not."""
    assert isinstance(setting.value, tuple)
    paths = setting.key.kind == "paths"
    found: dict[str, list[_Said]] = {item: [] for item in setting.value}
    for candidate in setting.candidates:
        assert isinstance(candidate.value, tuple)
        lines = candidate.lines or (candidate.source.line,) * len(candidate.value)
        assert isinstance(lines, tuple)
        for item, line in zip(candidate.value, lines, strict=True):
            name = config.machine.canonical(item) if paths else item
            said = found.setdefault(name, [])
            source = candidate.source.at(line)
            said.append(_Said(source, item, name in setting.value and not said))
    for item, (source, *_) in zip(setting.value, setting.parts, strict=True):
        if not found[item]:  # a default, or what was computed
            found[item].append(_Said(source, item, True))
    return [_Part(item, said) for item, said in found.items()]


def _entries(setting: Setting) -> list[_Part]:
    """The entries of a map, by name."""
    assert isinstance(setting.value, dict)
    found: dict[str, list[_Said]] = {name: [] for name in setting.value}
    for candidate in setting.candidates:
        assert isinstance(candidate.value, dict)
        lines = candidate.lines if isinstance(candidate.lines, dict) else {}
        for name, value in candidate.value.items():
            said = found.setdefault(name, [])
            said.append(_Said(candidate.source.at(lines.get(name, 0)), value, not said))
    return [_Part(name, said) for name, said in found.items()]


def _rows(said: Iterable[_Said], *, with_values: bool) -> list[str]:
    """One line for each source; values in a column."""
    said = tuple(said)
    width = max(len(str(each.source)) for each in said)
    return [
        f"{'*' if each.in_force else ' '} "
        + (f"{each.source!s:<{width}}  {_value_text(each.value)}" if with_values else "")
        + ("" if with_values else str(each.source))
        for each in said
    ]


def _value_text(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(scalar_text(item) for item in value)}]"
    return scalar_text(value)


def _source_data(said: _Said) -> dict[str, object]:
    source = said.source
    data: dict[str, object] = {
        "source": source.label,
        "kind": source.kind,
        "value": plain_data(said.value),
        "in_force": said.in_force,
    }
    return data | ({"path": source.path, "line": source.line} if source.path else {})


def _deciding(config: Config, setting: Setting) -> list[Setting]:
    """The other settings that somebody set, and that decide about *setting*."""
    others = (config.setting(name) for name in FOLLOWS_FROM.get(setting.key.name, ()))
    return [other for other in others if other.value and other.configured]


def _remarks(config: Config, setting: Setting) -> list[str]:
    return [
        f"  see {other.key.name}: {scalar_text(other.value)}  # '{other.sources[0]}'"
        for other in _deciding(config, setting)
    ]
