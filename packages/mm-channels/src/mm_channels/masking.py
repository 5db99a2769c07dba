"""Keep secrets out of text that people, logs and files get to see.

These functions work on any text. Where a URL is at hand as a value, use
`mm_channels.channel.CondaURL`, which shows no secrets in the first place.
"""

from __future__ import annotations

import re

__all__ = ["STARS", "mask_secrets", "strip_credentials"]

STARS = "*****"

_TOKEN = re.compile(r"/t/[^/\s\"'<>]+")
# User, colon, anything up to the last @; but not a scheme's colon, not a port's.
_PASSWORD = re.compile(r"(^|://|\s)([^\s:/@]*):(?!//|\d+/)\S*@", re.MULTILINE)
_USER = re.compile(r"(^|://|\s)[^\s:/@]*(?::(?!//|\d+/)\S*)?@", re.MULTILINE)


def mask_secrets(text: str) -> str:
    """*text* with passwords and tokens in URLs replaced by stars.

    >>> mask_secrets("GET https://me:secret@host/t/ab-123.4/chan failed")
    'GET https://me:*****@host/t/*****/chan failed'
    """
    return _PASSWORD.sub(rf"\1\2:{STARS}@", _TOKEN.sub(f"/t/{STARS}", text))


def strip_credentials(text: str) -> str:
    """*text* with user, password and token, masked or not, taken out of URLs.

    >>> strip_credentials("https://me:*****@host/t/ab-123/chan")
    'https://host/chan'
    """
    return _USER.sub(r"\1", _TOKEN.sub("", text)).replace(STARS, "")
