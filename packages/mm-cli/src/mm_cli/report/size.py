"""Numbers of bytes for people."""

from __future__ import annotations

__all__ = ["human_size", "parse_size"]

UNITS = ("B", "kB", "MB", "GB", "TB")


def human_size(count: int, *, digits: int = 0) -> str:
    """*count* bytes in powers of 1000.

    >>> human_size(999), human_size(12_345), human_size(12_345_678, digits=1)
    ('999B', '12kB', '12.3MB')
    """
    size, unit = float(count), 0
    while size >= 999.5 and unit < len(UNITS) - 1:
        size, unit = size / 1000, unit + 1
    return f"{size:.{digits if unit else 0}f}{UNITS[unit]}"


def parse_size(text: str) -> int:
    """The number of bytes that *text* means: ``500MB``, ``1.5 GB``, ``2GiB``, ``0``.

    >>> parse_size("1.5 GB"), parse_size("2GiB"), parse_size("12")
    (1500000000, 2147483648, 12)

    Raises ValueError.
    """
    import re

    match = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([kmgt]?)(i?)b?\s*", text.lower())
    if match is None or (match[3] and not match[2]):
        raise ValueError(text)
    return int(float(match[1]) * (1024 if match[3] else 1000) ** " kmgt".index(match[2] or " "))
