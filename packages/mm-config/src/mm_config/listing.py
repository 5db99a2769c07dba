"""Settings for people to read (YAML with comments) and for programs (data).

Passwords and tokens are masked in both. The texts have no newline at the end.
"""

from __future__ import annotations

import re

from mm_config.keys import KEYS
from mm_config.masking import masked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mm_config.keys import Key
    from mm_config.resolve import Config
    from mm_config.setting import Setting, Source

__all__ = [
    "describe_data",
    "describe_text",
    "list_data",
    "list_text",
    "sources_data",
    "sources_text",
    "written_text",
]


def list_text(
    config: Config,
    names: Sequence[str] = (),
    *,
    sources: bool = False,
    descriptions: bool = False,
    long_descriptions: bool = False,
    groups: bool = False,
    all: bool = False,
) -> str:
    """The settings *names*; without names, those that somebody set, of the ones that
    configuration files can set (*all*: set or not).

    sources           -- append to each value who gave it
    descriptions      -- put a line about each setting before it
    long_descriptions -- put all that is known about each setting before it
    groups            -- put a heading before each group of described settings
    """
    described = descriptions or long_descriptions
    blocks = []
    for key, heading in _with_headings(_selected(config, names, all), groups and described):
        lines = heading
        if described:
            lines += _description_lines(key, long_descriptions)
        lines += _value_lines(config.setting(key.name), sources)
        blocks.append("\n".join(lines))
    return ("\n\n" if described else "\n").join(blocks)


def describe_text(
    config: Config,
    names: Sequence[str] = (),
    *,
    long_descriptions: bool = False,
    groups: bool = False,
) -> str:
    """What the settings *names* mean; without names, all that configuration files can set."""
    selected = _with_headings(_selected(config, names, True), groups)
    return "\n\n".join(
        "\n".join(heading + _description_lines(key, long_descriptions)) for key, heading in selected
    )


def sources_text(config: Config) -> str:
    """The configuration files in use, the strongest first."""
    if config.no_rc:
        return "Configuration files disabled by --no-rc flag"
    return "\n".join(
        (
            "Configuration files (by precedence order):",
            *(f"{file.label}{'' if file.valid else ' (invalid)'}" for file in config.rc_files),
        )
    )


def written_text(name: str, value: object) -> str:
    """What a file says of the setting *name*, as `RcEditor.value` has it.

    >>> print(written_text("channels", ["lab", "conda-forge"]))
    channels:
      - lab
      - conda-forge
    """
    if isinstance(value, list):
        lines = [f"  - {scalar_text(item)}" for item in value]
        return "\n".join((f"{name}:", *lines)) if lines else f"{name}: []"
    if not isinstance(value, dict):
        return f"{name}: {scalar_text(value)}"
    lines = []
    for entry, item in value.items():
        lines += _entry_lines(entry, tuple(item) if isinstance(item, list) else item, "")
    return "\n".join((f"{name}:", *lines)) if lines else f"{name}: {{}}"


def list_data(
    config: Config,
    names: Sequence[str] = (),
    *,
    sources: bool = False,
    descriptions: bool = False,
    long_descriptions: bool = False,
    groups: bool = False,
    all: bool = False,
) -> dict[str, object]:
    """What `list_text` shows, as an object for JSON.

    A setting is its value; with sources or descriptions it is an object with
    ``value``, ``source`` (texts, the strongest first; one an element for
    sequences), ``description`` or ``long_description``. With descriptions and
    *groups*, the settings are in an object for each group.
    """
    described = descriptions or long_descriptions
    data: dict[str, object] = {}
    for key in _selected(config, names, all):
        setting = config.setting(key.name)
        entry: object = plain_data(setting.value)
        if sources or described:
            entry = _described(key, long_descriptions) if described else {}
            entry["value"] = plain_data(setting.value)
            if sources:
                entry["source"] = [source.label for source in setting.sources]
        _group(data, key, groups and described)[key.name] = entry
    return data


def describe_data(
    config: Config,
    names: Sequence[str] = (),
    *,
    long_descriptions: bool = False,
    groups: bool = False,
) -> dict[str, object]:
    """What `describe_text` shows, as an object for JSON."""
    data: dict[str, object] = {}
    for key in _selected(config, names, True):
        _group(data, key, groups)[key.name] = _described(key, long_descriptions)
    return data


def sources_data(config: Config) -> list[dict[str, object]]:
    """The configuration files as data: ``path``, ``valid``, and the ``problem`` if any."""
    return [
        {"path": file.path, "valid": file.valid}
        | ({"problem": file.problem} if file.problem else {})
        for file in config.rc_files
    ]


def _selected(config: Config, names: Sequence[str], everything: bool) -> list[Key]:
    if names:
        return [key for key in KEYS.values() if key.name in names]
    settable = (key for key in KEYS.values() if key.rc)
    return [key for key in settable if everything or config.setting(key.name).configured]


def _group(data: dict[str, object], key: Key, grouped: bool) -> dict[str, object]:
    if not grouped:
        return data
    group = data.setdefault(f"{key.group}Configuration", {})
    assert isinstance(group, dict)
    return group


def _described(key: Key, long: bool) -> dict[str, object]:
    from mm_config.descriptions import long_description

    if long:
        return {"long_description": "\n".join(long_description(key))}
    return {"description": key.description}


def plain_data(value: object) -> object:
    """*value* as JSON has it, secrets masked."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, (tuple, list)):
        return [plain_data(item) for item in value]
    if isinstance(value, dict):
        return {name: plain_data(item) for name, item in value.items()}
    return value


def _with_headings(keys: Iterable[Key], wanted: bool) -> Iterator[tuple[Key, list[str]]]:
    shown = None
    for key in keys:
        heading = _heading(key.group) if wanted and key.group != shown else []
        shown = key.group
        yield key, heading


def _heading(group: str) -> list[str]:
    rule = "# " + "#" * 54
    return [rule, f"# #{f'{group} Configuration'.center(52)}#", rule, ""]


def _description_lines(key: Key, long: bool) -> list[str]:
    from mm_config.descriptions import long_description

    lines = long_description(key) if long else (key.description,)
    return [f"# {key.name}", *(f"#   {line}".rstrip() for line in lines)]


def _value_lines(setting: Setting, with_sources: bool) -> list[str]:
    name, value = setting.key.name, setting.value

    def comment(sources: Iterable[Source]) -> str:
        if not with_sources:
            return ""
        return "  # " + " > ".join(dict.fromkeys(f"'{source.label}'" for source in sources))

    if isinstance(value, tuple):
        if not value:
            return [f"{name}: ~{comment(setting.sources)}"]
        lines = [
            f"  - {scalar_text(item)}{comment(sources)}"
            for item, sources in zip(value, setting.parts, strict=True)
        ]
        return [f"{name}:", *lines]
    if isinstance(value, dict):
        if not value:
            return [f"{name}: {{}}"]
        lines = []
        parts = setting.parts or (setting.sources,) * len(value)
        for (entry, item), sources in zip(value.items(), parts, strict=True):
            lines += _entry_lines(entry, item, comment(sources))
        return [f"{name}:", *lines]
    return [f"{name}: {scalar_text(value)}{comment(setting.sources)}"]


def _entry_lines(entry: str, item: object, comment: str) -> list[str]:
    if not isinstance(item, tuple):
        return [f"  {scalar_text(entry)}: {scalar_text(item)}{comment}"]
    return [f"  {scalar_text(entry)}:", *(f"    - {scalar_text(part)}{comment}" for part in item)]


_UNSHOWN = r"[^\x20-\x7e\xa1-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
"""Characters that YAML has as escapes only, or that it takes for the end of a line."""

_NEEDS_QUOTES = re.compile(
    r"""\A\Z | \A\s | \s\Z | \A[-?:](\s|\Z) | \A[,\[\]{}#&*!|>'"%@`] | :(\s|\Z) | \s\# |
    \A(~|null|Null|NULL|---|\.\.\.)\Z | """
    + _UNSHOWN,
    re.VERBOSE,
)
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}


def scalar_text(value: object) -> str:
    """A scalar in YAML: plain if it can be, else in double quotes; secrets masked.

    >>> scalar_text(True), scalar_text(10.0), scalar_text("({default_env}) ")
    ('true', '10', '"({default_env}) "')
    """
    if value is None:
        return "~"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.15g}"
    text = masked(str(value))
    if not isinstance(value, str) or not _NEEDS_QUOTES.search(text):
        return text
    escaped = re.sub(rf'["\\]|{_UNSHOWN}', lambda match: _escape(match[0]), text)
    return f'"{escaped}"'


def _escape(character: str) -> str:
    return _ESCAPES.get(character) or f"\\u{ord(character):04x}"
