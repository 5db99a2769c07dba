"""What is remembered about a cached ``repodata.json``: the file ``<hash>.state.json``.

The format is micromamba's, so that both can share a cache folder.
"""

from __future__ import annotations

import re
import time
from datetime import datetime

import msgspec

__all__ = ["Checked", "State", "cache_name", "is_fresh"]

_TIME = "%Y-%m-%dT%H:%M:%SZ"
_MAX_AGE = re.compile(r"max-age=([0-9]{1,9})")
_DEFAULT_MAX_AGE = 3600
_REMEMBER = 14 * 24 * 3600


def cache_name(url: str) -> str:
    """The stem of a repodata's cache files: 8 hex digits, the same as conda's.

    url -- public URL of the subdir or of its ``repodata.json``

    >>> cache_name("https://conda.anaconda.org/conda-forge/linux-64/repodata.json")
    '497deca9'
    >>> cache_name("https://conda.anaconda.org/conda-forge/linux-64")
    '497deca9'
    """
    try:
        # hashlib would load all of OpenSSL for these few bytes.
        from _md5 import md5  # type: ignore[import-not-found]
    except ImportError:
        from hashlib import md5

    if not url.endswith(("/", ".json")):
        url += "/"
    if url.endswith("/repodata.json"):
        url = url.removesuffix("repodata.json")
    digest: str = md5(url.encode(), usedforsecurity=False).hexdigest()
    return digest[:8]


def is_fresh(age: float, cache_control: str, ttl: int, *, offline: bool = False) -> bool:
    """Whether a cached index may be used without asking the server.

    age -- seconds since it was last known to be current; below 0 if a clock was changed
    ttl -- 0: never; 1: as long as the server's ``max-age`` says, or an hour; else seconds

    >>> is_fresh(1199, "public, max-age=1200", 1), is_fresh(1200, "public, max-age=1200", 1)
    (True, False)
    >>> is_fresh(5, "max-age=" + "9" * 5000, 1), is_fresh(-4000, "", 1)
    (True, False)
    """
    if offline:
        return True
    limit = ttl
    if ttl == 1:
        found = _MAX_AGE.search(cache_control)
        limit = int(found.group(1)) if found else _DEFAULT_MAX_AGE
    return abs(age) < limit


class Checked(msgspec.Struct, frozen=True):
    """An answer about the server and when it was given (UTC)."""

    value: bool
    last_checked: str

    @classmethod
    def now(cls, value: bool) -> Checked:
        """The answer *value*, given now."""
        return cls(value, time.strftime(_TIME, time.gmtime()))

    @property
    def holds(self) -> bool:
        """Whether it was given within the last 14 days."""
        return self.given_within(_REMEMBER)

    def given_within(self, seconds: float) -> bool:
        """Whether it is no older than that."""
        try:
            # strptime would load the locale, which takes longer than the rest of a warm start.
            given = datetime.fromisoformat(self.last_checked).timestamp()
        except (ValueError, OverflowError):
            return False
        return time.time() - given < seconds


class State(msgspec.Struct, frozen=True, kw_only=True):
    """Validators of a cached repodata, and the file they belong to.

    url -- of the ``repodata.json``, without secrets
    etag, mod, cache_control -- response headers, empty where the server sent none.
        They are those of the ``.json.zst`` if `has_zst` is true
    size, mtime_ns -- of the JSON file; other values mean that another program wrote it
    """

    url: str
    etag: str = ""
    mod: str = ""
    cache_control: str = ""
    size: int = 0
    mtime_ns: int = 0
    has_zst: Checked | None = None
    has_shards: Checked | None = None

    @classmethod
    def read(cls, path: str) -> State | None:
        """The state in file *path*; None if there is none or it is damaged."""
        try:
            with open(path, "rb", buffering=0) as handle:
                return msgspec.json.decode(handle.read(), type=cls)
        except (OSError, msgspec.MsgspecError):
            return None

    def belongs_to(self, url: str, size: int, mtime_ns: int) -> bool:
        """Whether this describes the repodata of *url* in a file of that size and time."""
        if (self.size, self.mtime_ns) != (size, mtime_ns):
            return False
        mine = self.url
        if mine != url:
            from mm_channels.masking import strip_credentials

            mine = strip_credentials(mine).removesuffix(".zst")
        return mine == url

    def encode(self) -> bytes:
        """As micromamba writes it: indented JSON with sorted keys."""
        return msgspec.json.format(msgspec.json.encode(self, order="sorted"), indent=4) + b"\n"
