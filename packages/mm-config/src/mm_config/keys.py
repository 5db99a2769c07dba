"""The settings, as one table: all else about a setting derives from its row.

The order of the table is the order of every listing.
"""

from __future__ import annotations

import os
import sys

from mm_config.frozen import Frozen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    Kind = Literal[
        "bool", "int", "uint", "float", "str", "path", "enum", "strings", "paths", "map", "lists"
    ]
    RcLevel = Literal["", "home", "target"]

__all__ = ["ALIASES", "GROUPS", "KEYS", "Key"]


class Key(Frozen):
    """One setting.

    name        -- as in rc files
    kind        -- type of the value: "bool", "int", "uint" (not negative), "float",
                   "str", "path", "enum"; "strings" and "paths" (sequences); "map"
                   (text to text) and "lists" (text to list of text)
    default     -- the value when no source has any; None: computed, see `hooks`
    description -- one line, for people
    rc          -- where rc files may set it: "" nowhere, "home" in system, root and
                   user files, "target" also in the target prefix's own
    env         -- the environment variables that set it, the strongest first
    choices     -- the words of an "enum"
    spellings   -- further texts that mean one of its values
    aliases     -- conda's other names for it, understood in rc files
    deprecated  -- names it had once, understood in rc files with a warning
    separator   -- what divides a sequence in a variable; "": written like a YAML list
    """

    __slots__ = (
        "aliases",
        "choices",
        "default",
        "deprecated",
        "description",
        "env",
        "kind",
        "name",
        "rc",
        "separator",
        "spellings",
    )
    name: str
    kind: Kind
    default: object
    description: str
    rc: RcLevel
    env: tuple[str, ...]
    choices: tuple[str, ...]
    spellings: Mapping[str, object]
    aliases: tuple[str, ...]
    deprecated: tuple[str, ...]
    separator: str

    def __init__(
        self,
        name: str,
        kind: Kind,
        default: object,
        rc: RcLevel,
        env: str | tuple[str, ...],
        description: str,
        *,
        choices: tuple[str, ...] = (),
        spellings: Mapping[str, object] | None = None,
        aliases: tuple[str, ...] = (),
        deprecated: tuple[str, ...] = (),
        separator: str = "",
    ) -> None:
        fill = object.__setattr__
        fill(self, "name", name)
        fill(self, "kind", kind)
        fill(self, "default", default)
        fill(self, "description", description)
        fill(self, "rc", rc)
        fill(self, "env", (f"MAMBA_{name.upper()}",) if env == MAMBA else env)
        fill(self, "choices", choices)
        fill(self, "spellings", spellings or {})
        fill(self, "aliases", aliases)
        fill(self, "deprecated", deprecated)
        fill(self, "separator", separator)

    @property
    def group(self) -> str:
        """The heading under which listings show it."""
        return _GROUP_OF[self.name]

    @property
    def is_sequence(self) -> bool:
        """Whether the value is a list, appended to by each source."""
        return self.kind in ("strings", "paths")

    @property
    def is_map(self) -> bool:
        """Whether the value is a map, merged key by key."""
        return self.kind in ("map", "lists")


MAMBA = "MAMBA_*"
"""Stands for the variable named after the key: ``MAMBA_`` and the key in upper case."""

MAIN_CHANNELS = ("https://repo.anaconda.com/pkgs/main", "https://repo.anaconda.com/pkgs/r")
if sys.platform == "win32":
    MAIN_CHANNELS = (*MAIN_CHANNELS, "https://repo.anaconda.com/pkgs/msys2")

PRIORITIES = ("strict", "flexible", "disabled")
STRATEGIES = ("highest", "lowest", "lowest-direct")
SAFETY_LEVELS = ("enabled", "warn", "disabled")
CONFLICTS = ("clobber", "warn", "prevent")
PROGRESS = ("auto", "live", "plain", "none")
COLOURS = ("auto", "always", "never")
LOG_LEVELS = ("trace", "debug", "info", "warning", "error", "critical", "off")

T: RcLevel = "target"
H: RcLevel = "home"


# fmt: off
_TABLE: dict[str, tuple[Key, ...]] = {
    "Basic": (
        Key("root_prefix", "path", None, "", MAMBA,
            "Where environments and package caches live."),
        Key("target_prefix", "path", None, "", MAMBA,
            "The environment acted upon."),
        Key("relocate_prefix", "path", "", "", MAMBA,
            "The path written into installed files, if not the environment's own."),
        Key("env_name", "str", "", "", (),
            "The environment acted upon, by name."),
        Key("envs_dirs", "paths", (), H, ("CONDA_ENVS_DIRS", "CONDA_ENVS_PATH"),
            "Where environments are looked up by name.", separator=os.pathsep),
        Key("pkgs_dirs", "paths", None, T, ("CONDA_PKGS_DIRS",),
            "The package caches; the first writable one takes new packages."),
        Key("platform", "str", None, T, ("CONDA_SUBDIR", "MAMBA_PLATFORM"),
            "The platform to install for, such as linux-64.", aliases=("subdir",)),
        Key("clone", "str", "", "", (),
            "The environment to copy."),
        Key("specs", "strings", (), "", (),
            "The packages asked for."),
        Key("create_default_packages", "strings", (), T, MAMBA,
            "What each new environment holds besides what is asked for."),
        Key("mamba_repodata_parsing", "bool", True, T, MAMBA,
            "Accepted for compatibility: there is one way of reading repodata."),
        Key("debug", "bool", False, "", MAMBA,
            "Show what developers want to see."),
    ),
    "Channels": (
        Key("channels", "strings", ("conda-forge",), T, ("CONDA_CHANNELS",),
            "Where packages are searched, the most preferred channel first.",
            aliases=("channel",)),
        Key("channel_alias", "str", "https://conda.anaconda.org", T, MAMBA,
            "Where a channel given by its name alone is found."),
        Key("default_channels", "strings", MAIN_CHANNELS, T, MAMBA,
            "The members of the channel named 'defaults'."),
        Key("custom_channels", "map", {}, T, MAMBA,
            "Channel names with a location of their own."),
        Key("custom_multichannels", "lists", {}, T, (),
            "Names that stand for several channels."),
        Key("mirrored_channels", "lists", {}, T, MAMBA,
            "Channel names with the list of their mirrors."),
        Key("override_channels_enabled", "bool", True, T, MAMBA,
            "Whether --override-channels has its effect."),
        Key("override_channels", "bool", False, "", MAMBA,
            "Use only the channels of the command line."),
        Key("allowlist_channels", "strings", (), T, MAMBA,
            "The only channels that packages may come from; empty: any channel.",
            deprecated=("whitelist_channels",)),
        Key("denylist_channels", "strings", (), T, MAMBA,
            "Channels that no package may come from."),
    ),
    "Repodata": (
        Key("repodata_use_zst", "bool", True, T, (),
            "Look for zstd-compressed repodata."),
        Key("repodata_has_zst", "strings", ("https://conda.anaconda.org/conda-forge",), T, (),
            "Channels known to offer zstd-compressed repodata."),
        Key("use_sharded_repodata", "bool", True, T, MAMBA,
            "Use repodata in shards (CEP 16) where it is offered.",
            aliases=("repodata_use_shards",)),
        Key("repodata_shards_ttl", "uint", 86400, T, (),
            "Seconds for which a shard index stays fresh; 0 fetches it each time."),
        Key("repodata_shards_threads", "uint", 0, T, (),
            "Shards fetched at a time; 0 chooses by the machine."),
    ),
    "Network": (
        Key("cacert_path", "str", "", T, MAMBA,
            "A file of certificates to trust."),
        Key("client_ssl_cert", "str", "", T, MAMBA,
            "A file with the certificate to show to servers that ask for one.",
            aliases=("client_cert",)),
        Key("client_ssl_cert_key", "str", "", T, MAMBA,
            "A file with the key of that certificate, if the certificate's own lacks it.",
            aliases=("client_cert_key",)),
        Key("local_repodata_ttl", "uint", 1, T, (),
            "Seconds for which repodata stays fresh; 0 always asks, 1 obeys the server.",
            spellings={"true": 1, "false": 0}),
        Key("offline", "bool", False, T, MAMBA,
            "Use only what is on this machine."),
        Key("ssl_no_revoke", "bool", False, T, MAMBA,
            "Do not check for revoked certificates."),
        Key("ssl_verify", "str", "", T, MAMBA,
            "How servers are verified: true, false, <system>, or a file of certificates.",
            aliases=("verify_ssl",)),
        Key("proxy_servers", "map", {}, T, (),
            "Proxies, by scheme or by scheme and host."),
        Key("remote_connect_timeout_secs", "float", 10.0, T, MAMBA,
            "Seconds to wait for a connection."),
        Key("remote_backoff_factor", "uint", 3, T, MAMBA,
            "How the pause grows from one retry to the next."),
        Key("remote_max_retries", "uint", 3, T, MAMBA,
            "How often a failed request is tried again."),
    ),
    "Solver": (
        Key("channel_priority", "enum", "flexible", T, MAMBA,
            "How much the order of channels counts: strict, flexible or disabled.",
            choices=PRIORITIES, spellings={"true": "flexible", "false": "disabled"}),
        Key("strict_channel_priority", "bool", False, "", (),
            "Short for channel_priority: strict."),
        Key("no_channel_priority", "bool", False, "", (),
            "Short for channel_priority: disabled."),
        Key("file_specs", "strings", (), "", (),
            "The files that packages are read from."),
        Key("no_pin", "bool", False, "", MAMBA,
            "Ignore pinned packages."),
        Key("no_py_pin", "bool", False, T, MAMBA,
            "Let python change its minor version."),
        Key("add_pip_as_python_dependency", "bool", True, T, MAMBA,
            "Install pip with python."),
        Key("prefix_data_interoperability", "bool", False, T,
            ("CONDA_PREFIX_DATA_INTEROPERABILITY", "MAMBA_PREFIX_DATA_INTEROPERABILITY"),
            "Take packages installed by pip into account.", aliases=("pip_interop_enabled",)),
        Key("pinned_packages", "strings", (), T, MAMBA,
            "What each solve has to respect."),
        Key("freeze_installed", "bool", False, "", (),
            "Leave installed packages as they are."),
        Key("no_deps", "bool", False, "", (),
            "Install the named packages without their dependencies."),
        Key("only_deps", "bool", False, "", (),
            "Install the dependencies without the named packages."),
        Key("force_reinstall", "bool", False, "", (),
            "Install the named packages again."),
        Key("allow_uninstall", "bool", True, T, MAMBA,
            "Let packages be removed for the request's sake."),
        Key("allow_downgrade", "bool", True, T, MAMBA,
            "Let packages go to lower versions for the request's sake."),
        Key("order_solver_request", "bool", True, T, MAMBA,
            "Sort the request, so that its order has no effect."),
        Key("solver_strategy", "enum", "highest", T, MAMBA,
            "Which versions are preferred: highest, lowest or lowest-direct.",
            choices=STRATEGIES,
            spellings={"lowest-version": "lowest", "lowest-version-direct": "lowest-direct"}),
        Key("solver_timeout", "float", 0.0, T, MAMBA,
            "Seconds that a solve may take; 0 is no limit.",
            spellings={"none": 0.0, "never": 0.0}),
        Key("exclude_newer", "str", "", T, MAMBA,
            "Ignore packages published after this time, or younger than this age."),
        Key("exclude_newer_package", "map", {}, T, MAMBA,
            "Another exclude_newer for some packages, by name; never: for none of them."),
        Key("exclude_newer_channel", "map", {}, T, MAMBA,
            "Another exclude_newer for some channels, by name or URL."),
        Key("categories", "strings", ("main",), "", (),
            "The categories taken from a lock file."),
        Key("retry_clean_cache", "bool", False, "", MAMBA,
            "Fetch repodata anew when a request has no solution."),
    ),
    "Extract, Link & Install": (
        Key("download_threads", "uint", 5, T, MAMBA,
            "Transfers at a time; 0 chooses by the machine."),
        Key("extract_threads", "int", 0, T, MAMBA,
            "Packages extracted at a time; 0 chooses by the machine, -n leaves n processors free."),
        Key("allow_softlinks", "bool", False, T, MAMBA,
            "Make soft links where hard links cannot be."),
        Key("always_copy", "bool", False, T, MAMBA,
            "Copy files instead of linking them.", aliases=("copy",)),
        Key("always_softlink", "bool", False, T, MAMBA,
            "Make soft links, not hard ones.", aliases=("softlink",)),
        Key("path_conflict", "enum", "warn", T, MAMBA,
            "When a file is in the way of a package's: clobber, warn or prevent.",
            choices=CONFLICTS),
        Key("show_anaconda_channel_warnings", "bool", True, T, MAMBA,
            "Warn when packages come from repo.anaconda.com."),
        Key("shortcuts", "bool", True, T, MAMBA,
            "Make menu entries on Windows."),
        Key("safety_checks", "enum", "warn", T, ("CONDA_SAFETY_CHECKS", "MAMBA_SAFETY_CHECKS"),
            "What to do about a damaged cache entry: enabled, warn or disabled.",
            choices=SAFETY_LEVELS),
        Key("extra_safety_checks", "bool", False, T,
            ("CONDA_EXTRA_SAFETY_CHECKS", "MAMBA_EXTRA_SAFETY_CHECKS"),
            "Hash every file of a cached package."),
        Key("verify_artifacts", "bool", False, T, MAMBA,
            "Check the signatures of packages."),
        Key("trusted_channels", "strings", (), T, MAMBA,
            "Channels whose signatures are trusted."),
        Key("lock_timeout", "uint", 0, T, MAMBA,
            "Seconds to wait for another process; 0 waits for ever."),
        Key("use_lockfiles", "bool", True, T, MAMBA,
            "Keep two processes from writing the same place."),
        Key("compile_pyc", "bool", True, T, MAMBA,
            "Compile Python files when they are installed."),
        Key("skip_run_link_scripts", "bool", False, T, MAMBA,
            "Do not run the packages' link scripts."),
        Key("use_uv", "bool", False, T, MAMBA,
            "Install pip requirements with uv."),
    ),
    "Output, Prompt and Flow Control": (
        Key("always_yes", "bool", False, T, MAMBA,
            "Answer yes to questions.", aliases=("yes",)),
        Key("auto_activate_base", "bool", False, T, MAMBA,
            "Activate the base environment in new shells.", aliases=("auto_activate",)),
        Key("dry_run", "bool", False, "", MAMBA,
            "Show what would be done, and do nothing."),
        Key("download_only", "bool", False, "", MAMBA,
            "Fetch and extract packages, link nothing."),
        Key("log_level", "enum", None, T, MAMBA,
            "How much to log.", choices=LOG_LEVELS),
        Key("log_backtrace", "uint", 0, T, MAMBA,
            "How many earlier records an error brings along."),
        Key("log_pattern", "str", "%^%-9!l%-8n%$ %v", T, MAMBA,
            "The layout of a log line."),
        Key("json", "bool", False, T, MAMBA,
            "Print one JSON document."),
        Key("progress", "enum", "auto", T, MAMBA,
            "How progress is shown: auto, live, plain or none.", choices=PROGRESS,
            spellings={"true": "auto", "false": "none"}),
        Key("color", "enum", "auto", T, MAMBA,
            "Whether output is coloured: auto, always or never.", choices=COLOURS,
            spellings={"true": "always", "false": "never"}, aliases=("colour",)),
        Key("changeps1", "bool", True, T, MAMBA,
            "Show the active environment in the shell's prompt."),
        Key("shell_completion", "bool", True, T, MAMBA,
            "Complete commands in the shell."),
        Key("env_prompt", "str", "({default_env}) ", T, MAMBA,
            "What the prompt shows of the active environment."),
        Key("quiet", "bool", False, T, MAMBA,
            "Print results only."),
        Key("verbose", "uint", 0, "", (),
            "How much more to say than usual."),
    ),
    "Config sources": (
        Key("rc_files", "paths", (), "", (),
            "The configuration files read instead of the usual ones."),
        Key("no_rc", "bool", False, "", MAMBA,
            "Read no configuration file."),
        Key("no_env", "bool", False, "", MAMBA,
            "Ignore configuration from environment variables."),
    ),
}
# fmt: on

KEYS: dict[str, Key] = {key.name: key for keys in _TABLE.values() for key in keys}
"""Every setting by name, in the order of listings."""

GROUPS: tuple[str, ...] = tuple(_TABLE)
"""The groups, in the order of listings."""

_GROUP_OF = {key.name: group for group, keys in _TABLE.items() for key in keys}

ALIASES: dict[str, str] = {
    alias: key.name for key in KEYS.values() for alias in (*key.aliases, *key.deprecated)
}
"""Other names of settings, conda's and former ones -> the setting's name."""
