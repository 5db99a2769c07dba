"""Packages that are too new to be considered: a cut-off in time.

A malicious or broken upload is usually found within days. Who installs nothing
younger than a week never meets it; who sets a date gets that day's answer again.

>>> rule = ExcludeNewer.parse("2026-01-01", packages={"our-*": "never"})
>>> rule.cutoff("numpy", "https://host/conda-forge", "conda-forge")
1767311999999
>>> rule.cutoff("our-tool", "https://host/conda-forge", "conda-forge") is None
True
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from .errors import InvalidCutoff
from .package_name import is_pattern
from .spec_channel import same_channel
from .string_match import StringMatch

if TYPE_CHECKING:
    from datetime import datetime

    from mm_pkg.record import PackageRecord

__all__ = ["ExcludeNewer", "Hidden", "parse_cutoff"]

NEVER = ("never", "none", "false", "off", "no")
"""The words that exclude nothing, however new."""

UNITS = {
    "s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1,
    "m": 60, "min": 60, "mins": 60, "minute": 60, "minutes": 60,
    "h": 3600, "hr": 3600, "hrs": 3600, "hour": 3600, "hours": 3600,
    "d": 86400, "day": 86400, "days": 86400,
    "w": 604800, "wk": 604800, "week": 604800, "weeks": 604800,
}  # fmt: skip
"""Seconds in a unit of time. Months and years have no fixed length."""

LATEST_SECOND = 253402300799
"""Numbers above this (the year 9999 in seconds) are milliseconds."""

EARLIEST_SECOND = 100_000_000
"""Smaller numbers (before 1973) are slips: a missing unit, or a date without its dashes."""

HINT = "Give a date (2026-01-31), a time (2026-01-31T12:00:00Z), or an age: 7d, 2 weeks, P7D, 36h."


class Hidden(NamedTuple):
    """What a cut-off keeps from view of the packages of one name.

    newer    -- versions of packages newer than the cut-off, as written, without repeats
    packages -- how many packages that are
    undated  -- how many more say nothing of their age, and are hidden for that
    """

    newer: tuple[str, ...] = ()
    packages: int = 0
    undated: int = 0

    def __bool__(self) -> bool:
        return bool(self.packages or self.undated)

    def joined(self, other: Hidden) -> Hidden:
        """What two sources of one name hide together."""
        return Hidden(
            tuple(dict.fromkeys((*self.newer, *other.newer))),
            self.packages + other.packages,
            self.undated + other.undated,
        )


class ExcludeNewer(msgspec.Struct, frozen=True):
    """Until when a package must have been published to be considered.

    everything -- for packages that nothing else is said of
    packages -- by package name; ``*`` stands for any characters
    channels -- by channel: name, or URL

    All are milliseconds since 1970, None: however new. What is said of a package
    counts for more than what is said of its channel. A package exactly at the
    cut-off is considered; one without a date is not.
    """

    everything: int | None = None
    packages: dict[str, int | None] = {}
    channels: dict[str, int | None] = {}

    @classmethod
    def parse(
        cls,
        everything: str = "",
        *,
        packages: Mapping[str, str] | None = None,
        channels: Mapping[str, str] | None = None,
        now: float | None = None,
    ) -> ExcludeNewer:
        """The rule that texts spell; see `parse_cutoff`. Raises `InvalidCutoff`.

        now -- seconds since 1970 from which ages count; by default, the clock's
        """
        if now is None:
            import time

            now = time.time()
        moment = now
        return cls(
            parse_cutoff(everything, moment),
            {name.lower(): parse_cutoff(text, moment) for name, text in (packages or {}).items()},
            {name: parse_cutoff(text, moment) for name, text in (channels or {}).items()},
        )

    def __bool__(self) -> bool:
        cutoffs = (self.everything, *self.packages.values(), *self.channels.values())
        return any(cutoff is not None for cutoff in cutoffs)

    def cutoff(self, name: str, channel: str, channel_name: str) -> int | None:
        """The cut-off for packages called *name* of one channel (its URL and its name)."""
        if name in self.packages:
            return self.packages[name]
        for pattern, cutoff in self.packages.items():
            if is_pattern(pattern) and StringMatch.parse(pattern).matches(name):
                return cutoff
        for wanted, cutoff in self.channels.items():
            if same_channel(wanted, channel, channel_name):
                return cutoff
        return self.everything


def old_enough(
    packages: Mapping[str, PackageRecord], cutoff: int
) -> tuple[dict[str, PackageRecord], Hidden]:
    """Those of *packages* (by file name) that *cutoff* lets pass, and what it hides."""
    shown: dict[str, PackageRecord] = {}
    newer: list[str] = []
    undated = 0
    for fn, record in packages.items():
        published = record.published_ms
        if published <= 0:
            undated += 1
        elif published > cutoff:
            newer.append(record.version)
        else:
            shown[fn] = record
    return shown, Hidden(tuple(dict.fromkeys(newer)), len(newer), undated)


def parse_cutoff(text: str, now: float) -> int | None:
    """The moment that *text* names, in milliseconds since 1970; None: there is no limit.

    A date means the whole of that day, UTC; a time without a zone is UTC, too. Numbers
    are seconds or milliseconds since 1970. An age counts back from *now* (in seconds).

    >>> day = 86400_000
    >>> parse_cutoff("7d", 7 * 86400) == parse_cutoff("P1W", 7 * 86400) == 0
    True
    >>> parse_cutoff("2 weeks 1 day", 20 * 86400) == 5 * day
    True
    >>> parse_cutoff("1970-01-02T02:00:00+02:00", 0) == day
    True
    >>> parse_cutoff("never", 0) is None
    True
    >>> parse_cutoff("soon", 0)
    Traceback (most recent call last):
    mm_solve.errors.InvalidCutoff: 'soon' is neither a time nor an age

    Raises `InvalidCutoff`.
    """
    word = text.strip().lower()
    if not word or word in NEVER:
        return None
    if word.isascii() and word.isdigit():
        return _since_1970(word, text)
    age = _age(word, text)
    if age is not None:
        return int((now - age) * 1000)
    return _moment(text.strip(), text)


def _since_1970(digits: str, text: str) -> int:
    number = int(digits[:20])
    if number < EARLIEST_SECOND:
        raise InvalidCutoff(
            f"{text!r} could be a time or an age", text=text, hint=f"{HINT} A number needs a unit."
        )
    return number if number > LATEST_SECOND else number * 1000


_PLAIN = re.compile(r"([0-9]{1,9})\s*([a-z]+)(?:\s+|,\s*|$|(?=[0-9]))")
_ISO = re.compile(
    r"p(?:(?P<y>[0-9]{1,9})y)?(?:(?P<mo>[0-9]{1,9})m)?(?:(?P<w>[0-9]{1,9})w)?(?:(?P<d>[0-9]{1,9})d)?"
    r"(?:t(?:(?P<h>[0-9]{1,9})h)?(?:(?P<m>[0-9]{1,9})m)?(?:(?P<s>[0-9]{1,9})s)?)?"
)
_UNFIXED = ("y", "yr", "yrs", "year", "years", "mo", "mon", "month", "months")


def _age(word: str, text: str) -> int | None:
    """The seconds that *word* spells; None when it is no age at all."""
    if word[0] == "p":
        found = _ISO.fullmatch(word)
        parts = [(n, unit) for unit, n in found.groupdict().items() if n] if found else []
    else:
        parts = _PLAIN.findall(word)
        if _PLAIN.sub("", word):
            return None
    if not parts:
        return None
    for _, unit in parts:
        if unit in _UNFIXED:
            raise InvalidCutoff(
                f"{text!r}: a month and a year have no fixed length",
                text=text,
                hint="Say it in days or weeks, as in 30d.",
            )
        if unit not in UNITS:
            raise InvalidCutoff(f"{text!r}: {unit!r} is no unit of time", text=text, hint=HINT)
    return sum(int(number) * UNITS[unit] for number, unit in parts)


def _moment(word: str, text: str) -> int:
    from datetime import UTC, datetime, timedelta

    try:
        if len(word) == 10:
            day = datetime.strptime(word, "%Y-%m-%d").replace(tzinfo=UTC)
            return _unix_ms(day + timedelta(days=1)) - 1
        if not word[:4].isdigit() or len(word) < 16:
            raise ValueError
        moment = datetime.fromisoformat(word)
    except (ValueError, OverflowError):
        raise InvalidCutoff(
            f"{text!r} is neither a time nor an age", text=text, hint=HINT
        ) from None
    return _unix_ms(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _unix_ms(moment: datetime) -> int:
    from datetime import UTC, datetime, timedelta

    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
