"""Hide what must not be shown: passwords and tokens in the texts of settings."""

from __future__ import annotations

import re

__all__ = ["masked"]

_TOKEN = re.compile(r"(/t/)[^/\s]+")
_PASSWORD = re.compile(r"(^|\s|://)([^\s:/@]*):(?!//)\S+@")


def masked(text: str) -> str:
    """*text* with the passwords and tokens of URLs replaced by ``*****``.

    >>> masked("https://ada:secret@example.org/t/abc.def/main")
    'https://ada:*****@example.org/t/*****/main'
    """
    return _PASSWORD.sub(r"\1\2:*****@", _TOKEN.sub(r"\1*****", text))
