"""Settings for conda-compatible tools: keys, rc files, environment, precedence, prefixes.

`load` reads every source and returns a `Config`; `list_text` and its relatives
show it. What is not asked for is not imported.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mm_config.edit import RcEditor, edited_path
    from mm_config.environments import PrefixChecks, check_prefix, known_environments
    from mm_config.errors import (
        BadRootPrefix,
        BadValue,
        ConfigError,
        ConflictingSettings,
        InvalidEnvironmentName,
        InvalidKey,
        NotADirectory,
        NotAnEnvironment,
        NoTargetPrefix,
        PrefixExists,
        PrefixNotFound,
        RcFileError,
    )
    from mm_config.explaining import explain_data, explain_text
    from mm_config.keys import GROUPS, KEYS, Key
    from mm_config.layers import SpecFileSettings
    from mm_config.listing import (
        describe_data,
        describe_text,
        list_data,
        list_text,
        sources_data,
        sources_text,
        written_text,
    )
    from mm_config.loading import load
    from mm_config.prefixes import PrefixRules
    from mm_config.rcfiles import RcFile
    from mm_config.resolve import Config
    from mm_config.setting import Candidate, Setting, Source
    from mm_config.spelling import nearest

__all__ = [
    "GROUPS",
    "KEYS",
    "BadRootPrefix",
    "BadValue",
    "Candidate",
    "Config",
    "ConfigError",
    "ConflictingSettings",
    "InvalidEnvironmentName",
    "InvalidKey",
    "Key",
    "NoTargetPrefix",
    "NotADirectory",
    "NotAnEnvironment",
    "PrefixChecks",
    "PrefixExists",
    "PrefixNotFound",
    "PrefixRules",
    "RcEditor",
    "RcFile",
    "RcFileError",
    "Setting",
    "Source",
    "SpecFileSettings",
    "check_prefix",
    "describe_data",
    "describe_text",
    "edited_path",
    "explain_data",
    "explain_text",
    "known_environments",
    "list_data",
    "list_text",
    "load",
    "nearest",
    "sources_data",
    "sources_text",
    "written_text",
]

_PLACES = {
    "edit": ("RcEditor", "edited_path"),
    "environments": ("PrefixChecks", "check_prefix", "known_environments"),
    "explaining": ("explain_data", "explain_text"),
    "keys": ("GROUPS", "KEYS", "Key"),
    "layers": ("SpecFileSettings",),
    "listing": (
        "describe_data",
        "describe_text",
        "list_data",
        "list_text",
        "sources_data",
        "sources_text",
        "written_text",
    ),
    "prefixes": ("PrefixRules",),
    "rcfiles": ("RcFile",),
    "loading": ("load",),
    "resolve": ("Config",),
    "setting": ("Candidate", "Setting", "Source"),
    "spelling": ("nearest",),
}
_MODULE_OF = {name: module for module, names in _PLACES.items() for name in names}

if not TYPE_CHECKING:  # to type checkers a misspelt name is an error

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        module = _MODULE_OF.get(name, "errors")
        value = getattr(__import__(f"{__name__}.{module}", fromlist=[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted(__all__)
