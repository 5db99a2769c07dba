"""What becomes of some settings after their sources are merged.

`HOOKS` maps a setting to the function that computes what depends on other
settings or on the machine; `check` finds what cannot be true together.
"""

from __future__ import annotations

import os

from mm_config.errors import ConflictingSettings
from mm_config.setting import FALLBACK, Candidate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mm_config.resolve import Config
    from mm_config.setting import Setting

__all__ = ["HOOKS", "check"]

NODEFAULTS = "nodefaults"
VERBOSITY = ("warning", "info", "debug", "trace")
"""How often ``-v`` was given -> log level."""

YES = ("", "true", "1", "<true>", "yes", "y", "on")
NO = ("false", "0", "<false>", "no", "n", "off")


def _fallback(setting: Setting, value: object) -> Setting:
    candidate = Candidate(FALLBACK, value)
    parts = ((FALLBACK,),) * len(value) if isinstance(value, tuple) else ()
    return type(setting)(setting.key, value, (candidate,), parts)


def platform(config: Config, setting: Setting) -> Setting:
    """The platform of this machine, unless one is asked for."""
    if setting.value:
        return setting
    from mm_config.machine import subdir

    return setting.with_value(subdir())


def log_level(config: Config, setting: Setting) -> Setting:
    """What ``-v`` asks for, unless a level is given."""
    if setting.configured:
        return setting
    verbosity = config.number("verbose")
    return _fallback(setting, VERBOSITY[min(verbosity, len(VERBOSITY) - 1)])


def pkgs_dirs(config: Config, setting: Setting) -> Setting:
    """Canonical paths; by default, in the root prefix and then the user's own."""
    from mm_config.prefixes import directory

    if setting.configured:
        assert isinstance(setting.value, tuple)
        paths = [directory(path, config.machine, "pkgs_dirs") for path in setting.value]
        sources = dict(zip(reversed(paths), reversed(setting.parts), strict=True))
        unique = tuple(dict.fromkeys(paths))
        return setting.with_value(unique, tuple(sources[path] for path in unique))
    usual = [os.path.join(config.text("root_prefix"), "pkgs")]
    usual.append(os.path.join(config.machine.home, ".mamba", "pkgs"))
    if os.name == "nt" and config.machine.env.get("APPDATA"):
        usual.append(os.path.join(config.machine.env["APPDATA"], ".mamba", "pkgs"))
    return _fallback(setting, tuple(usual))


def channels(config: Config, setting: Setting) -> Setting:
    """Without the marker ``nodefaults``; with it on the command line, no others'.

    ``--override-channels`` is another way to write the marker.
    """
    assert isinstance(setting.value, tuple)
    strong = ("api", "cli")
    marked = overriding(config) or any(
        NODEFAULTS in candidate.value
        for candidate in setting.candidates
        if candidate.source.kind in strong and isinstance(candidate.value, tuple)
    )
    kept = [
        (name, sources)
        for name, sources in zip(setting.value, setting.parts, strict=True)
        if name != NODEFAULTS and not (marked and sources[0].kind not in strong)
    ]
    return setting.with_value(
        tuple(name for name, _ in kept), tuple(sources for _, sources in kept)
    )


def overriding(config: Config) -> bool:
    """Whether ``--override-channels`` is given and allowed."""
    return config.flag("override_channels") and config.flag("override_channels_enabled")


def channel_priority(config: Config, setting: Setting) -> Setting:
    """The shorthands of the command line win over variables and files."""
    for shorthand, meaning in PRIORITY_SHORTHANDS:
        if config.flag(shorthand):
            given = config.setting(shorthand).candidates
            said = tuple(Candidate(candidate.source, meaning) for candidate in given)
            return type(setting)(setting.key, meaning, (*said, *setting.candidates))
    return setting


PRIORITY_SHORTHANDS = (
    ("strict_channel_priority", "strict"),
    ("no_channel_priority", "disabled"),
)


def ssl_verify(config: Config, setting: Setting) -> Setting:
    """``<false>``, ``<system>``, or the path of certificates."""
    word = config.text_of(setting).lower()
    if config.flag("offline") or word in NO:
        return setting.with_value("<false>")
    certificates = config.text("cacert_path")
    if certificates:
        return setting.with_value(certificates)
    return setting.with_value("<system>") if word in YES else setting


def relocate_prefix(config: Config, setting: Setting) -> Setting:
    """Without ``~``; else as written, since it need not exist here."""
    return setting.with_value(config.machine.expanded(config.text_of(setting)))


HOOKS: Mapping[str, Callable[[Config, Setting], Setting]] = {
    "channel_priority": channel_priority,
    "channels": channels,
    "log_level": log_level,
    "pkgs_dirs": pkgs_dirs,
    "platform": platform,
    "relocate_prefix": relocate_prefix,
    "ssl_verify": ssl_verify,
}


def check(config: Config) -> list[str]:
    """Warnings about settings that have no effect together.

    Raises `ConflictingSettings` for those that cannot be true together.
    """
    if config.flag("always_softlink") and config.flag("always_copy"):
        raise ConflictingSettings(
            "'always_softlink' and 'always_copy' are mutually exclusive.",
            hint="Set one of them to false.",
        )
    _check_priority(config)
    if config.flag("override_channels") and not overriding(config):
        return [
            "'override_channels' disabled by 'override_channels_enabled' set to 'false' (skipped)"
        ]
    return []


def _check_priority(config: Config) -> None:
    asked = {name: meaning for name, meaning in PRIORITY_SHORTHANDS if config.flag(name)}
    if not asked:
        return
    for candidate in config.candidates("channel_priority"):
        if candidate.source.kind in ("api", "cli"):
            asked["channel_priority"] = str(candidate.value)
    if len(set(asked.values())) > 1:
        first, second = list(asked)[:2]
        raise ConflictingSettings(
            f"Cannot set both '{first}' and '{second}'.", hint="Give one of them."
        )
