"""What can be wrong with the settings, and what to do about it.

Every exception that a user of this distribution may meet derives from
`ConfigError`. Messages are one line, name the file or variable, and hold no
secrets.
"""

from __future__ import annotations

__all__ = [
    "BadRootPrefix",
    "BadValue",
    "ConfigError",
    "ConflictingSettings",
    "InvalidEnvironmentName",
    "InvalidKey",
    "NoTargetPrefix",
    "NotADirectory",
    "NotAnEnvironment",
    "PrefixExists",
    "PrefixNotFound",
    "RcFileError",
]


class ConfigError(Exception):
    """The base of this distribution's errors.

    message -- one line: what is wrong, with which file, variable or option
    hint    -- one line: what to do about it; may be empty

    >>> error = ConfigError("offline is odd", hint="Say true or false.")
    >>> str(error), error.hint
    ('offline is odd', 'Say true or false.')
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class BadValue(ConfigError):
    """A value that the setting cannot take.

    key    -- the setting's name
    source -- where the value stands: a variable's name, "CLI", "API"
    """

    def __init__(self, message: str, *, key: str, source: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.key = key
        self.source = source


class InvalidKey(ConfigError):
    """The name is that of no setting, or of none that configuration files can hold.

    key -- the name
    """

    def __init__(self, message: str, *, key: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.key = key


class ConflictingSettings(ConfigError):
    """Two settings that exclude each other are both set."""


class RcFileError(ConfigError):
    """A configuration file that was asked for cannot be used.

    path -- the file
    """

    def __init__(self, message: str, *, path: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.path = path


class BadRootPrefix(ConfigError):
    """The place where the root prefix would be belongs to something else."""


class NotADirectory(ConfigError):
    """A setting names a file where a directory is needed."""


class InvalidEnvironmentName(ConfigError):
    """The text cannot name an environment."""


class NoTargetPrefix(ConfigError):
    """No environment was named, and no fallback is allowed or found."""


class PrefixNotFound(ConfigError):
    """There is no directory at the environment's path."""


class NotAnEnvironment(ConfigError):
    """There is a directory at the path, but it is no environment."""


class PrefixExists(ConfigError):
    """Something is already at the path."""
