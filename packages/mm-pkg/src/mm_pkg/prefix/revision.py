"""Earlier states of an environment, read backwards from its history.

What is installed now is certain; the history says what each change did. Undoing
the changes one by one, the last first, leads to the state after any revision,
also where the beginning of the history is missing or other tools wrote it.

>>> from mm_pkg.prefix.history import parse_history
>>> entries = parse_history('''==> 2026-01-01 00:00:00 <==
... +conda-forge/noarch::a-1-0
... # update specs: ["a"]
... ==> 2026-01-02 00:00:00 <==
... -conda-forge/noarch::a-1-0
... +conda-forge/noarch::a-2-0
... # update specs: ["a >=2"]
... ''')
>>> state = state_at(0, entries, [Dist.parse("conda-forge/noarch::a-2-0")])
>>> str(state.packages["a"]), state.specs
('conda-forge/noarch::a-1-0', {'a': 'a'})
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mm_pkg.errors import UnknownRevision
from mm_pkg.prefix.history import HistoryEntry, requested_specs, revisions

__all__ = ["Dist", "State", "state_at"]


class Dist(NamedTuple):
    """A package as a history names it.

    channel -- as written, without subdir: a URL, a name, or "" where it is not known
    """

    channel: str
    subdir: str
    name: str
    version: str
    build: str

    @classmethod
    def parse(cls, text: str) -> Dist:
        """Read ``CHANNEL/SUBDIR::NAME-VERSION-BUILD``; old histories have the last part only.

        Raises ValueError for what names no package.
        """
        place, mark, dist = text.strip().rpartition("::")
        parts = dist.rsplit("-", 2)
        if len(parts) != 3 or not all(parts):
            raise ValueError(f"{text!r} names no package")
        channel, _, subdir = place.rstrip("/").rpartition("/") if mark else ("", "", "")
        return cls(channel, subdir, *parts)

    @property
    def dist(self) -> str:
        """The distribution string, ``name-version-build``."""
        return f"{self.name}-{self.version}-{self.build}"

    def __str__(self) -> str:
        place = "/".join(filter(None, (self.channel, self.subdir)))
        return f"{place}::{self.dist}" if place else self.dist


class State(NamedTuple):
    """An environment at one time.

    packages -- package name -> what is installed
    specs    -- package name -> the spec last asked for
    """

    packages: dict[str, Dist]
    specs: dict[str, str]


def state_at(number: int, entries: Sequence[HistoryEntry], installed: Iterable[Dist]) -> State:
    """The state after revision *number*, just before the next one.

    installed -- what is installed now

    Raises `UnknownRevision`.
    """
    numbered = revisions(entries)
    if not 0 <= number < len(numbered):
        known = f"0 to {len(numbered) - 1}" if numbered else "none"
        raise UnknownRevision(
            f"There is no revision {number}; known: {known}",
            hint="`micromamba list --revisions` shows them.",
        )
    packages = {dist.name: dist for dist in installed}
    for revision in reversed(numbered[number + 1 :]):
        _undo(revision.entry, packages)
    end = len(entries)
    if number + 1 < len(numbered):
        following = numbered[number + 1].entry
        end = next(at for at, entry in enumerate(entries) if entry is following)
    return State(packages, requested_specs(entries[:end]))


def _undo(entry: HistoryEntry, packages: dict[str, Dist]) -> None:
    for dist in _dists(entry.link):
        found = packages.get(dist.name)
        if found is not None and found.dist == dist.dist:
            del packages[dist.name]
    for dist in _dists(entry.unlink):
        packages[dist.name] = dist


def _dists(texts: Iterable[str]) -> Iterable[Dist]:
    for text in texts:
        try:
            yield Dist.parse(text)
        except ValueError:
            continue
