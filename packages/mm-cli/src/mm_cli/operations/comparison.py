"""Two sets of packages, wherever they are written, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from mm_cli.operations.channels import channel_label
from mm_cli.session import Session

if TYPE_CHECKING:
    from mm_pkg.record import RepodataRecord

__all__ = ["Difference", "compare", "difference_data"]

Kind = Literal["added", "removed", "upgraded", "downgraded", "changed"]


class Difference(msgspec.Struct, frozen=True):
    """One package that is not the same on both sides.

    kind -- ``changed`` is another build, channel or content of the same version
    """

    kind: Kind
    name: str
    old: RepodataRecord | None = None
    new: RepodataRecord | None = None


def compare(
    old: Mapping[str, RepodataRecord], new: Mapping[str, RepodataRecord]
) -> tuple[Difference, ...]:
    """What differs from *old* to *new*, sorted by name.

    >>> from mm_pkg.record import RepodataRecord
    >>> def pkg(name, version):
    ...     record = RepodataRecord(name=name, version=version, build="0", build_number=0)
    ...     return {name: record}
    >>> [(d.kind, d.name) for d in compare(pkg("a", "1.9") | pkg("b", "1"), pkg("a", "1.10"))]
    [('upgraded', 'a'), ('removed', 'b')]
    """
    found = []
    for name in sorted({*old, *new}):
        before, after = old.get(name), new.get(name)
        if before is None:
            found.append(Difference("added", name, new=after))
        elif after is None:
            found.append(Difference("removed", name, old=before))
        elif not _same(before, after):
            found.append(Difference(_direction(before, after), name, before, after))
    return tuple(found)


def _same(old: RepodataRecord, new: RepodataRecord) -> bool:
    """By hash where both have one; else by version and, as far as known, build and channel."""
    if old.version != new.version or (old.build and new.build and old.build != new.build):
        return False
    for key in ("sha256", "md5"):
        mine, other = getattr(old, key), getattr(new, key)
        if mine and other:
            return bool(mine == other)
    return not old.channel or not new.channel or _name(old.channel) == _name(new.channel)


def _name(channel: str) -> str:
    """What histories of other tools write of a channel's URL: its last component."""
    return channel.rstrip("/").rpartition("/")[2]


def _direction(old: RepodataRecord, new: RepodataRecord) -> Kind:
    from mm_solve import Version
    from mm_solve.errors import InvalidVersion

    try:
        before, after = Version.parse(old.version), Version.parse(new.version)
    except InvalidVersion:
        return "changed"
    if before == after:
        return "changed"
    return "upgraded" if before < after else "downgraded"


def difference_data(session: Session, difference: Difference) -> dict[str, Any]:
    """As plain values: ``name``, ``kind``, and what there was (``from``) and is (``to``)."""
    data: dict[str, Any] = {"name": difference.name, "kind": difference.kind}
    for key, record in (("from", difference.old), ("to", difference.new)):
        if record is not None:
            data[key] = {
                "version": record.version,
                "build_string": record.build,
                "channel": channel_label(session, record.channel),
                "url": record.url,
            }
    return data
