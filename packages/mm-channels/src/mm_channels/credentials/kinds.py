"""The kinds of credentials. Their text never shows the secret."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from mm_channels.errors import InvalidCredential
from mm_channels.masking import STARS

__all__ = ["BasicAuth", "BearerToken", "CondaToken", "Credential", "S3Keys"]


class _Secret(msgspec.Struct, frozen=True):
    """Shows its kind and who it is for, and no more.

    kind -- what micromamba and rattler call it
    """

    kind: ClassVar[str]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({STARS})"

    __str__ = __repr__


class BasicAuth(_Secret, frozen=True):
    """User and password (``Authorization: Basic``), as clear text.

    >>> BasicAuth("me", "secret")
    BasicAuth('me', *****)
    """

    kind = "BasicHTTPAuthentication"
    user: str
    password: str

    def __repr__(self) -> str:
        return f"BasicAuth({self.user!r}, {STARS})"


class CondaToken(_Secret, frozen=True):
    """A token that goes in front of the path: ``/t/TOKEN``. Raises `InvalidCredential`."""

    kind = "CondaToken"
    token: str

    def __post_init__(self) -> None:
        _check(self.token, "token")


class BearerToken(_Secret, frozen=True):
    """A token for the header ``Authorization: Bearer``. Raises `InvalidCredential`."""

    kind = "BearerToken"
    token: str

    def __post_init__(self) -> None:
        _check(self.token, "bearer token")


class S3Keys(_Secret, frozen=True):
    """What requests to an S3 bucket are signed with."""

    kind = "S3Credentials"
    access_key_id: str
    secret_access_key: str
    session_token: str = ""


Credential = BasicAuth | BearerToken | CondaToken | S3Keys
"""One stored credential, of any kind."""


def _check(token: str, what: str) -> None:
    """A token travels in a URL or a header: one word of visible ASCII characters."""
    if not token or not all("!" <= character <= "~" for character in token):
        raise InvalidCredential(
            f"The {what} is empty, or has blanks or characters that no token has",
            hint="Check that it was copied as a whole, and nothing else with it.",
        )
