"""What there is to say about a setting beyond its line in the table."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mm_config.keys import Key

__all__ = ["default_text", "long_description"]

KINDS = {
    "bool": "true or false (also yes/no, on/off, 1/0)",
    "int": "a whole number",
    "uint": "a whole number, 0 or more",
    "float": "a number, 0 or more",
    "str": "a text",
    "path": "a path",
    "strings": "a list of texts; every source adds to it",
    "paths": "a list of paths; every source adds to it",
    "map": "a map of names to texts; sources are merged by name",
    "lists": "a map of names to lists; sources are merged by name",
}

WITHOUT_EFFECT = "This has no effect yet."

DETAILS: dict[str, tuple[str, ...]] = {
    "allowlist_channels": (
        "Names, URLs or folders, as for channels. Packages given by URL count as well.",
        "A channel that denylist_channels names is out, whatever this says.",
    ),
    "always_copy": ("Excludes always_softlink.",),
    "cacert_path": ("Takes the place of ssl_verify, unless that says false.",),
    "channel_priority": (
        "strict: a package that a preferred channel has is taken from no other.",
        "flexible: other channels serve when the preferred one has no solution.",
        "disabled: the highest version wins, whatever its channel.",
        "true means flexible, false means disabled.",
    ),
    "channels": (
        "A name (found at channel_alias), a URL, or the path of a folder.",
        "'nodefaults' on the command line, or in the spec file, rules out the channels of",
        "variables and configuration files; elsewhere it says nothing.",
    ),
    "custom_channels": (
        "The name is appended to the location: {lab: https://host} is https://host/lab.",
    ),
    "color": ("auto: on a terminal, unless NO_COLOR is set or TERM is dumb.",),
    "create_default_packages": (
        "For `create`; not when archives are named one by one, or an environment is copied.",
        "What is asked for by name counts for more. --no-default-packages leaves them out.",
    ),
    "denylist_channels": ("Names, URLs or folders, as for channels.",),
    "env_prompt": ("{prefix}, {name} and {default_env} are replaced.",),
    "envs_dirs": (
        "A new environment is made in the first that can be written to.",
        "The folder 'envs' of the root prefix always comes last.",
        "The variables hold paths separated as in PATH; only one of them may be set.",
    ),
    "exclude_newer": (
        "A date (2026-01-31, all of that day, UTC), a time (2026-01-31T12:00:00Z),",
        "seconds or milliseconds since 1970, or an age: 7d, 2 weeks, 36h, P7D.",
        "'never' excludes nothing. Packages without a date are excluded, installed ones",
        "are not. What the channel says of a package's date counts for more than what",
        "its builder said.",
    ),
    "exclude_newer_channel": ("Written like exclude_newer; 'never' for a channel of your own.",),
    "exclude_newer_package": (
        "Written like exclude_newer; 'never' for what you need at once.",
        "* in a name stands for any characters. Counts for more than a channel's.",
    ),
    "extract_threads": ("0 means up to ten.",),
    "local_repodata_ttl": (
        "0 always asks the server whether there is news.",
        "1 obeys the server's Cache-Control.",
        "More is a number of seconds.",
    ),
    "lock_timeout": ("0 waits for as long as it takes.",),
    "mirrored_channels": ("Each mirror is a URL: https, http, file or oci.", WITHOUT_EFFECT),
    "path_conflict": (
        "clobber: replaced without a word. warn: replaced, with a warning.",
        "prevent: nothing is changed. What is replaced comes back when the package goes.",
    ),
    "pkgs_dirs": (
        "Packages are read from all of them.",
        "By default: 'pkgs' in the root prefix, then ~/.mamba/pkgs.",
    ),
    "platform": ("By default, that of this machine.",),
    "progress": (
        "live: one line that is redrawn. plain: a line for each phase. none: no word.",
        "auto: live on a terminal, plain elsewhere and where CI is set.",
    ),
    "proxy_servers": (
        "From the most to the least specific: scheme://host, scheme, all://host, all.",
    ),
    "safety_checks": (
        "enabled: a damaged entry is an error. warn: a warning. disabled: not looked for.",
    ),
    "solver_strategy": (
        "lowest: the lowest versions that are allowed, to find out whether they still do.",
        "lowest-direct: that for the packages asked for by name; all others highest.",
    ),
    "ssl_verify": (
        "true or <system>: by the certificates of the system. false: not at all.",
        "Anything else is the path of certificates to trust.",
    ),
    "trusted_channels": (WITHOUT_EFFECT,),
    "verify_artifacts": (WITHOUT_EFFECT,),
}
"""Setting -> more lines about it."""


def long_description(key: Key) -> tuple[str, ...]:
    """All there is to say about *key*, in lines.

    >>> from mm_config.keys import KEYS
    >>> print("\\n".join(long_description(KEYS["offline"])))
    Use only what is on this machine.
    Value: true or false (also yes/no, on/off, 1/0).
    Default: false.
    Environment: MAMBA_OFFLINE.
    """
    lines = [key.description, *DETAILS.get(key.name, ())]
    kind = "one of " + ", ".join(key.choices) if key.choices else KINDS[key.kind]
    lines.append(f"Value: {kind}.")
    default = default_text(key.default)
    if default:
        lines.append(f"Default: {default}.")
    if key.env:
        lines.append(f"Environment: {', '.join(key.env)}.")
    if key.aliases:
        lines.append(f"Also known as: {', '.join(key.aliases)}.")
    if key.deprecated:
        lines.append(f"Once called: {', '.join(key.deprecated)}.")
    return tuple(lines)


def default_text(value: object) -> str:
    """*value*, a setting's default, in one line; "" for nothing."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ", ".join(value)
    return "" if value is None or value == {} else str(value)
