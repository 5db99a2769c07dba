"""When to try again, and after how long."""

from __future__ import annotations

import random
import time
from email.utils import parsedate_to_datetime

__all__ = ["backoff_delay", "is_retryable", "is_success", "retry_after_seconds"]

LONGEST_WAIT = 120.0
"""Seconds; a server that wants more is not waited for any longer."""

_RETRYABLE = frozenset((408, 413, 425, 429))


def is_success(status: int) -> bool:
    """Whether an answer brings what was asked, or says that nothing changed."""
    return 200 <= status < 300 or status == 304


def is_retryable(status: int) -> bool:
    """Whether the same request may succeed later.

    >>> [status for status in (304, 404, 429, 503) if is_retryable(status)]
    [429, 503]
    """
    return status in _RETRYABLE or status >= 500


def retry_after_seconds(value: str | None) -> float | None:
    """The seconds that a ``Retry-After`` header asks for, at most `LONGEST_WAIT`.

    The header holds seconds or a date. None when absent or unreadable.

    >>> retry_after_seconds("7"), retry_after_seconds("soon")
    (7.0, None)
    """
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(value).timestamp() - time.time()
        except (TypeError, ValueError):
            return None
    return min(max(seconds, 0.0), LONGEST_WAIT) if seconds == seconds else None


def backoff_delay(attempt: int, factor: float) -> float:
    """Seconds before retry number *attempt* (from 1): doubling, and spread by chance.

    The chance keeps many clients from coming back all at once.
    """
    delay: float = min(factor * 2.0 ** (attempt - 1), LONGEST_WAIT)
    return delay * random.uniform(0.5, 1.0)
