"""The options that commands share, in the groups of the micromamba reference.

Each writes the mm_config key of the same name, so that configuration files,
environment variables and the command line stay one thing.
"""

from __future__ import annotations

from mm_cli.command_line import Option, count, flag, greedy, natural, repeated, value

__all__ = [
    "CHANNEL",
    "FILES",
    "GLOBAL",
    "INSTALL",
    "LINK",
    "NETWORK",
    "OUTPUT",
    "PLAN",
    "PREFIX",
    "RC",
    "SOLVER",
]

LOG_LEVELS = ("critical", "error", "warning", "info", "debug", "trace", "off")

PROGRESS = ("auto", "live", "plain", "none")

COLOURS = ("auto", "always", "never")

RC: tuple[Option, ...] = (
    greedy(
        "--rc-file", "rc_files", "FILE", "Read these configuration files instead of the usual ones."
    ),
    flag("--no-rc", "no_rc", "Read no configuration file."),
    flag("--no-env", "no_env", "Ignore configuration from environment variables."),
)

STREAM = ("output.json_stream",)

GLOBAL: tuple[Option, ...] = (
    *RC,
    count("-v,--verbose", "verbose", "Say more; -vv says still more."),
    value("--log-level", "log_level", "LEVEL", "How much to log.", choices=LOG_LEVELS),
    flag("-q,--quiet", "quiet", "Print results only; answer yes to questions."),
    flag("-y,--yes", "always_yes", "Answer yes to questions."),
    flag("--json", "json", "Print one JSON document; answer yes to questions.", excludes=STREAM),
    flag(
        "--json-stream",
        "output.json_stream",
        "Print events as they happen, one JSON object a line.",
        excludes=("json",),
    ),
    value("--progress", "progress", "HOW", "How progress is shown.", choices=PROGRESS),
    value("--color", "color", "WHEN", "Whether output is coloured.", choices=COLOURS),
    flag("--offline", "offline", "Use only what is on this machine."),
    flag("--dry-run", "dry_run", "Show what would be done, and do nothing."),
    flag("--download-only", "download_only", "Fetch and extract packages, link nothing."),
    flag("--use-uv", "use_uv", "Install what files leave to pip with uv."),
    flag("--debug", "debug", "Show where in the code failures come from.", hidden=True),
    flag("--print-config-only", "debug.print_config", "Print all settings.", hidden=True),
    flag("--print-context-only", "debug.print_context", "Accepted.", hidden=True),
)

_OF_OUTPUT = ("rc_files", "no_rc", "no_env", "verbose", "log_level", "quiet", "json")

OUTPUT: tuple[Option, ...] = tuple(option for option in GLOBAL if option.key in _OF_OUTPUT)
"""Of the global options those that mean something without environment and network."""

PREFIX: tuple[Option, ...] = (
    value("-r,--root-prefix", "root_prefix", "PATH", "Where environments and caches live."),
    value("-p,--prefix", "target_prefix", "PATH", "The environment, by path."),
    value("-n,--name", "env_name", "NAME", "The environment, by name."),
    value("--relocate-prefix", "relocate_prefix", "PATH", "The path written into installed files."),
)

NETWORK: tuple[Option, ...] = (
    value("--ssl-verify", "ssl_verify", "VALUE", "true, false, <system>, or a file of certificates."),
    value("--cacert-path", "cacert_path", "PATH", "A file of certificates to trust."),
    value(
        "--repodata-ttl", "local_repodata_ttl", "SECONDS",
        "How long metadata stays fresh: 0 always asks, 1 obeys the server.", convert=natural,
    ),
    flag("--ssl-no-revoke", "ssl_no_revoke", "Accepted: revocation is never looked up."),
    flag(
        "--retry-clean-cache", "retry_clean_cache",
        "Where there is no solution, ask for metadata anew and try once more.",
    ),
)  # fmt: skip

PRIORITIES = ("disabled", "flexible", "strict")

CHANNEL: tuple[Option, ...] = (
    repeated(
        "-c,--channel", "channels", "CHANNEL", "Search this channel; the first ranks highest."
    ),
    flag(
        "--override-channels", "override_channels", "Use no channels but those of the command line."
    ),
    value(
        "--channel-priority",
        "channel_priority",
        "PRIORITY",
        "disabled, flexible or strict.",
        choices=PRIORITIES,
    ),
    flag(
        "--strict-channel-priority", "strict_channel_priority", "Same as --channel-priority strict."
    ),
    flag("--no-channel-priority", "no_channel_priority", "Same as --channel-priority disabled."),
    value("--channel-alias", "channel_alias", "URL", "Where channel names are looked up."),
)

LINK: tuple[Option, ...] = (
    flag(
        "--skip-run-link-scripts", "skip_run_link_scripts",
        "Do not run the packages' link scripts.", off="--run-link-scripts",
    ),
    flag("--override-frozen", "link.override_frozen", "Change an environment that is marked frozen."),
)  # fmt: skip

FILES: tuple[Option, ...] = (
    repeated(
        "-f,--file", "file_specs", "FILE",
        "Read specs from a text, YAML, explicit or lock file, a URL, or - for standard input.",
    ),
    greedy("--category", "categories", "CATEGORY", "Take these categories of a lock file."),
    value("--environment", "lock.environment", "NAME", "Take this environment of a pixi lock."),
)  # fmt: skip

PLAN: tuple[Option, ...] = (
    value("-o,--output", "plan.output", "FILE", "With --dry-run: write the plan, for `apply`."),
)

STRATEGIES = ("highest", "lowest", "lowest-direct")

SAFETY = ("enabled", "warn", "disabled")

SOLVER: tuple[Option, ...] = (
    value("--exclude-newer", "exclude_newer", "TIME", "Ignore packages published after a time, or younger than an age such as 7d."),
    value(
        "--solver-strategy", "solver_strategy", "STRATEGY",
        "highest, lowest or lowest-direct versions.", choices=STRATEGIES,
    ),
    value("--solver-timeout", "solver_timeout", "SECONDS", "How long a solve may take; 0 is no limit.", convert=float),
)  # fmt: skip

INSTALL: tuple[Option, ...] = (
    *GLOBAL,
    *PREFIX,
    *NETWORK,
    *CHANNEL,
    *LINK,
    *FILES,
    *PLAN,
    flag("--no-pin", "no_pin", "Ignore pinned packages.", off="--pin"),
    flag("--no-py-pin", "no_py_pin", "Let python change its minor version.", off="--py-pin"),
    flag("--pyc", "compile_pyc", "Compile Python files (the default).", off="--no-pyc"),
    flag("--allow-uninstall", "allow_uninstall", "Let packages be removed.", off="--no-allow-uninstall"),
    flag("--allow-downgrade", "allow_downgrade", "Let packages go to lower versions.", off="--no-allow-downgrade"),
    flag("--allow-softlinks", "allow_softlinks", "Link softly where hard links cannot be.", off="--no-allow-softlinks"),
    flag("--always-softlink", "always_softlink", "Make soft links, not hard ones.", off="--no-always-softlink"),
    flag("--always-copy,--copy", "always_copy", "Copy files instead of linking them.", off="--no-always-copy"),
    value("--lock-timeout", "lock_timeout", "SECONDS", "How long to wait for another process.", convert=natural),
    value("--safety-checks", "safety_checks", "LEVEL", "enabled, warn or disabled.", choices=SAFETY),
    flag(
        "--extra-safety-checks", "extra_safety_checks",
        "Hash every file of a cached package.", off="--no-extra-safety-checks",
    ),
    *SOLVER,
    value("--platform", "platform", "PLATFORM", "Solve for this platform, such as linux-64."),
    flag(
        "--shortcuts", "shortcuts", "Make entries in the menus of Windows.", off="--no-shortcuts",
    ),
    flag(
        "--mamba-repodata-parsing", "mamba_repodata_parsing",
        "Accepted: metadata is read in one way.", off="--no-mamba-repodata-parsing",
    ),
    flag("--no-deps", "no_deps", "Install the named packages without dependencies."),
    flag("--only-deps", "only_deps", "Install the dependencies without the named packages."),
)  # fmt: skip
"""Every option of create, install and update."""
