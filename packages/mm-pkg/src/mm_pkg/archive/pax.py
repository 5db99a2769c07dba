"""Extended headers of pax tar files: longer names, larger sizes, finer times."""

from __future__ import annotations

from collections.abc import Mapping

from mm_pkg.errors import InvalidArchive

from .member import Member

__all__ = ["apply_pax", "decimal", "pax_records"]


def pax_records(content: bytes) -> dict[str, bytes]:
    r"""The records of an extended header: lines of length, key and value.

    >>> pax_records(b"13 path=a\nb.\n12 size=777\n")
    {'path': b'a\nb.', 'size': b'777'}

    Raises `InvalidArchive`.
    """
    records: dict[str, bytes] = {}
    at = 0
    while at < len(content) and content[at] != 0:
        digits, _, _ = content[at : at + 20].partition(b" ")
        end = at + decimal(digits)
        key, equals, value = content[at + len(digits) + 1 : end - 1].partition(b"=")
        if not equals or end > len(content) or content[end - 1 : end] != b"\n":
            raise InvalidArchive("its tar stream is damaged (bad pax header)")
        records[key.decode("utf-8", "replace")] = value
        at = end
    return records


def apply_pax(member: Member, records: Mapping[str, bytes]) -> None:
    """Put into *member* what the extended header says about it."""
    member.name = records.get("path", member.name)
    if member.link:
        member.link = records.get("linkpath", member.link)
    if "size" in records:
        member.size = member.stored = decimal(records["size"])
    if "mtime" in records:
        member.mtime_ns = _nanoseconds(records["mtime"])


def decimal(digits: bytes) -> int:
    """*digits* as a number. Raises `InvalidArchive`."""
    if not digits.isdigit() or len(digits) > 20:
        raise InvalidArchive("its tar stream is damaged (bad number in pax header)")
    return int(digits)


def _nanoseconds(seconds: bytes) -> int:
    """
    >>> _nanoseconds(b"1.5"), _nanoseconds(b"-2")
    (1500000000, -2000000000)
    """
    whole, _, fraction = seconds.partition(b".")
    negative = whole.startswith(b"-")
    value = decimal(whole.removeprefix(b"-")) * 1_000_000_000
    if fraction:
        value += decimal(fraction[:9].ljust(9, b"0"))
    return -value if negative else value
