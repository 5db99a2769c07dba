"""Packages that were asked for once and are not any more: which of them can go."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mm_pkg.record import PackageRecord
    from mm_solve import MatchSpec

__all__ = ["dispensable"]


def dispensable(
    names: Collection[str], specs: Iterable[MatchSpec], records: Mapping[str, PackageRecord]
) -> tuple[str, ...]:
    """Those of *names* that nothing asked for by *specs* needs, directly or not.

    records -- the packages there would be if all stayed, by name

    >>> from mm_pkg.record import PackageRecord
    >>> from mm_solve import MatchSpec
    >>> def pkg(name, *depends):
    ...     return PackageRecord(name=name, version="1", build="0", build_number=0, depends=depends)
    >>> records = {r.name: r for r in (pkg("numpy", "python"), pkg("python"), pkg("six", "python"))}
    >>> dispensable(["python", "six"], [MatchSpec.parse("numpy")], records)
    ('six',)
    """
    from mm_solve import MatchSpec

    asked = list(specs)
    todo = [name for name in records if any(spec.name_matches(name) for spec in asked)]
    needed = set(todo)
    while todo:
        for text in records[todo.pop()].depends:
            name = MatchSpec.parse_dependency(text).name
            if name in records and name not in needed:
                needed.add(name)
                todo.append(name)
    return tuple(name for name in sorted(names) if name in records and name not in needed)
