"""Numbers of bytes for people."""

from __future__ import annotations

__all__ = ["human_size"]

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
