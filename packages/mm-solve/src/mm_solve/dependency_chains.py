"""Why is this package here? The shortest ways that lead to it from what was asked for.

>>> from mm_pkg.record import PackageRecord
>>> def record(name, *depends):
...     return PackageRecord(name=name, version="1.0", build="0", build_number=0, depends=depends)
>>> installed = [record("app", "lib >=1", "zlib"), record("lib", "zlib"), record("zlib")]
>>> print(why("zlib", {r.name: r for r in installed}, ["app"]).text())
zlib 1.0 is here because of
└─ app: app 1.0 requires
   ├─ zlib;
   └─ lib >=1: lib 1.0 requires
      └─ zlib.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any, NamedTuple

from .errors import InvalidMatchSpec
from .excerpt import Line, excerpt
from .match_spec import MatchSpec
from .printable import printable

if TYPE_CHECKING:
    from mm_pkg.record import PackageRecord

__all__ = ["Chain", "Link", "Why", "why"]

CHAINS = 5
"""How many chains are found by default."""

STEPS = 20_000
"""Partial chains looked at before the search for more ends."""

NOBODY = "(not asked for)"
"""What a chain starts with when its first package is there for no known reason."""


class Link(NamedTuple):
    """One package of a chain.

    name, version, build -- of the package
    spec -- why it is in the chain: the dependency of the package before it, as written;
        of the first one, what was asked for, "" when nothing was
    """

    name: str
    version: str
    build: str
    spec: str


class Chain(NamedTuple):
    """From a package that was asked for to one that is needed for it.

    links -- each package is required by the one before
    """

    links: tuple[Link, ...]

    @property
    def requested(self) -> str:
        """The spec that was asked for; "" when the chain starts with an orphan."""
        return self.links[0].spec

    def __len__(self) -> int:
        return len(self.links)


class Why(NamedTuple):
    """The answer to `why`.

    name    -- the package asked about
    version -- the one that is there; "" when none is
    chains  -- shortest first, those of equal length by name; none: not there
    more    -- whether there are further chains
    """

    name: str
    version: str
    chains: tuple[Chain, ...] = ()
    more: bool = False

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "name": self.name,
            "version": self.version,
            "chains": [
                {"requested": chain.requested, "links": [link._asdict() for link in chain.links]}
                for chain in self.chains
            ],
            "more": self.more,
        }

    def text(self, lines: int | None = None) -> str:
        """As a tree; what several chains begin with is shown once."""
        if not self.version:
            return printable(f"{self.name} is not here.")
        roots: list[Line] = []
        for chain in self.chains:
            _add(roots, chain)
        head = f"{self.name} {self.version} is here because of"
        tail = ["(there are more ways)"] if self.more else []
        return "\n".join(map(printable, [head, *excerpt(roots, lines), *tail]))


def _add(lines: list[Line], chain: Chain) -> None:
    for number, link in enumerate(chain.links):
        last = number == len(chain.links) - 1
        text = link.spec or NOBODY
        if number == 0 and last:
            text = f"{text} is asked for" if link.spec else text
        elif not last:
            text = f"{text}: {link.name} {link.version} requires"
        known = next((line for line in lines if line.text == text), None)
        if known is None:
            known = Line(text)
            lines.append(known)
        lines = known.children


def why(
    name: str,
    records: Mapping[str, PackageRecord],
    requested: Iterable[MatchSpec | str] = (),
    *,
    chains: int = CHAINS,
    add_pip: bool = True,
) -> Why:
    """The shortest chains from what was *requested* to the package *name*.

    records   -- by name: what is installed, or what a `Solution` holds
    requested -- what the user asked for; where nothing of it leads to the package,
        the chains start with packages that nothing needs
    chains    -- the most to be found
    add_pip   -- python brings pip along

    Raises `InvalidMatchSpec` for a request that is no match spec.
    """
    name = name.lower()
    if name not in records:
        return Why(name, "")
    needs = _Dependents(records, add_pip)
    asked = _asked_for(requested, records)
    steps = needs.distances(asked)
    if name not in steps:
        asked = dict.fromkeys(needs.orphans_above(name), "")
        steps = needs.distances(asked)
    found = needs.shortest(name, asked, steps, chains + 1)
    return Why(name, records[name].version, tuple(found[:chains]), len(found) > chains)


def _asked_for(
    requested: Iterable[MatchSpec | str], records: Mapping[str, PackageRecord]
) -> dict[str, str]:
    """What was asked for of each package that was asked for."""
    specs = [MatchSpec.parse(spec) if isinstance(spec, str) else spec for spec in requested]
    found: dict[str, str] = {}
    for spec in sorted(specs, key=str):
        names = [spec.name] if spec.has_exact_name else sorted(records)
        for name in names:
            if name in records and spec.name_matches(name):
                found.setdefault(name, str(spec))
    return found


class _Dependents:
    """Who needs whom among some records.

    of -- by name: (name of a package that needs it, the dependency as written)
    """

    def __init__(self, records: Mapping[str, PackageRecord], add_pip: bool) -> None:
        self._records = records
        self.of: dict[str, list[tuple[str, str]]] = {name: [] for name in records}
        self._needs: dict[str, list[str]] = {name: [] for name in records}
        for owner in sorted(records):
            depends = records[owner].depends
            if add_pip and owner == "python":
                depends = (*depends, "pip")
            for text in dict.fromkeys(depends):
                target = _name_in(text)
                if target in records and target != owner:
                    self.of[target].append((owner, text))
                    self._needs[owner].append(target)

    def distances(self, starts: Iterable[str]) -> dict[str, int]:
        """Links from the nearest of *starts* to each package that they need."""
        found = dict.fromkeys(starts, 0)
        queue = deque(found)
        while queue:
            name = queue.popleft()
            for target in self._needs[name]:
                if target not in found:
                    found[target] = found[name] + 1
                    queue.append(target)
        return found

    def orphans_above(self, name: str) -> list[str]:
        """Packages that nothing needs and that need *name*; of a closed circle, all."""
        above = {name}
        queue = deque(above)
        while queue:
            for owner, _ in self.of[queue.popleft()]:
                if owner not in above:
                    above.add(owner)
                    queue.append(owner)
        return sorted(one for one in above if not self.of[one]) or sorted(above)

    def shortest(
        self, name: str, asked: Mapping[str, str], steps: Mapping[str, int], count: int
    ) -> list[Chain]:
        """The *count* shortest chains without a repeated package.

        Grown backwards from *name*; how far it is at least to a start is known exactly
        (*steps*), so that the first chains completed are the shortest ones.
        """
        found: list[Chain] = []
        heap: list[tuple[int, tuple[str, ...], tuple[str, ...], bool]] = []
        heappush(heap, (steps[name], (name,), (), False))
        for _ in range(STEPS):
            if not heap or len(found) == count:
                break
            _, path, specs, whole = heappop(heap)
            if whole:
                found.append(self._chain(path, (asked[path[0]], *specs)))
                continue
            if path[0] in asked:
                heappush(heap, (len(path) - 1, path, specs, True))
            for owner, text in self.of[path[0]]:
                if owner in steps and owner not in path:
                    heappush(
                        heap,
                        (len(path) + steps[owner], (owner, *path), (text, *specs), False),
                    )
        return found

    def _chain(self, path: tuple[str, ...], specs: tuple[str, ...]) -> Chain:
        links = []
        for name, spec in zip(path, specs, strict=True):
            record = self._records[name]
            links.append(Link(name, record.version, record.build, spec))
        return Chain(tuple(links))


def _name_in(text: str) -> str:
    """The name that a dependency is about; "" when it cannot be read."""
    try:
        return MatchSpec.parse_dependency(text).name
    except InvalidMatchSpec:
        return ""
