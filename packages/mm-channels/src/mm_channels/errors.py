"""What can go wrong with channels: one class for each thing a user can do something about.

Messages are one line and free of secrets; `hint` says what to do. mm-cli maps
class names to exit codes.
"""

from __future__ import annotations

__all__ = [
    "AuthenticationError",
    "CacheWriteError",
    "CertificateError",
    "ChannelError",
    "CredentialStoreError",
    "InvalidChannel",
    "InvalidCredential",
    "MalformedRepodata",
    "NetworkError",
    "NotFound",
    "OfflineError",
    "SubdirNotFound",
    "VerificationError",
]


class ChannelError(Exception):
    """Base of all errors of this distribution.

    message -- one line: what is wrong, with which channel, URL or file
    hint    -- one line: what to do about it; may be empty
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InvalidChannel(ChannelError):
    """A text that cannot be read as a channel. `text` is that text, masked."""

    def __init__(self, message: str, *, text: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.text = text


class NetworkError(ChannelError):
    """A transfer failed for good. `url` is free of secrets; `status` is HTTP's, or None."""

    def __init__(
        self, message: str, *, url: str = "", status: int | None = None, hint: str = ""
    ) -> None:
        super().__init__(message, hint=hint)
        self.url = url
        self.status = status


class NotFound(NetworkError):
    """The server, or the file system, does not have it (404, 410)."""


class AuthenticationError(NetworkError):
    """The server wants other credentials than it got (401, 403, 407)."""


class CertificateError(NetworkError):
    """The server's certificate was not accepted, or the CA bundle cannot be read."""


class OfflineError(NetworkError):
    """Something is needed from the network, and the network may not be used."""


class VerificationError(NetworkError):
    """What was received is not what was promised: size or hash differ."""


class MalformedRepodata(ChannelError):
    """A channel's metadata cannot be read. `url` is free of secrets."""

    def __init__(self, message: str, *, url: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.url = url


class SubdirNotFound(ChannelError):
    """A channel has none of the platforms asked for. `url` is the channel's."""

    def __init__(self, message: str, *, url: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.url = url


class CacheWriteError(ChannelError):
    """A file could not be written: disk full, no permission. `path` says which."""

    def __init__(self, message: str, *, path: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.path = path


class InvalidCredential(ChannelError):
    """A credential, or the host it is for, that cannot be used. Holds no secret."""


class CredentialStoreError(ChannelError):
    """The stored credentials cannot be read or changed. `path` says which file."""

    def __init__(self, message: str, *, path: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.path = path
