"""What records state, as facts: each dependency text is read once a name.

Most dependencies are one fact. Two kinds count only at times:

* A condition (CEP 43, ``foo[when="python<3.11"]``) becomes the premises of a
  fact; a condition with "or" becomes several facts.
* Extras (CEP 44, ``foo[extras=[cuda]]``) make a name of their own, the *group*
  ``foo[cuda]``, which is there or not. Whoever asks for the extra needs the
  group; the group needs what the chosen ``foo`` lists under ``cuda``, on the
  premise that this very ``foo`` is chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from .candidates import GROUP, INSTALLED
from .domain import candidates_in
from .errors import InvalidMatchSpec
from .problem import ROOT, Fact

if TYPE_CHECKING:
    from .candidates import Candidates, Entry
    from .match_spec import MatchSpec
    from .universe import Universe

__all__ = ["Dependencies"]

PRESENT = 0b10
"""The one candidate of a group."""

ADDING = frozenset({"pip", "python"})
"""Names whose packages need more than their records say (see `Universe.added_depends`)."""


class Dependencies:
    """The facts of one universe's records.

    groups -- by the name of a group: the package and the extra it stands for
    """

    def __init__(self, universe: Universe, warn: Callable[[str], None]) -> None:
        self._universe = universe
        self._warn = warn
        self.groups: dict[str, tuple[str, str]] = {}

    def stated(self, candidates: Candidates, name: int, entry: Entry) -> tuple[Fact, ...]:
        """The facts that *entry*, a candidate of *name*, states."""
        if entry.source == GROUP:
            return self._of_group(name)
        record, rules = entry.record, candidates.rules
        facts: dict[Fact, None] = {}
        for text in (*record.depends, *self._universe.added_depends(entry)):
            known = rules.get(text)
            if known is None:
                known = rules[text] = self._read(name, text, "depends")
            for fact in known:
                facts[fact] = None
        for text in record.constrains:
            known = candidates.constraints.get(text)
            if known is None:
                known = candidates.constraints[text] = self._read(name, text, "constrains")
            for fact in known:
                if fact.target != name:  # a record is exempt from its own constraints
                    facts[fact] = None
        if entry.source == INSTALLED:
            return tuple(fact for fact in facts if not self._universe.broken(record.name, fact))
        return tuple(facts)

    def holders(self, fact: Fact) -> int:
        """All candidates of the owner that state *fact*."""
        if fact.owner == ROOT:
            return 0
        candidates = self._universe.candidates(fact.owner)
        mask = self._listing(candidates, fact)
        kept = mask & candidates.from_source(INSTALLED)
        return mask ^ kept if kept and self._universe.broken(candidates.name, fact) else mask

    def _listing(self, candidates: Candidates, fact: Fact) -> int:
        """The candidates in whose record *fact* is written."""
        mask = candidates.stating(fact.text, constrains=fact.kind == "constrains")
        if fact.kind != "constrains" and candidates.name in ADDING:
            for index in candidates_in(candidates.domain & ~mask):
                if fact.text in self._universe.added_depends(candidates.entry(index)):
                    mask |= 1 << index
        return mask

    def job(self, spec: MatchSpec, fact: Fact) -> list[Fact]:
        """The facts for a demand of the user: its condition and its extras counted."""
        if spec.when is None and not spec.extras:
            return [fact]
        return list(self._facts(ROOT, fact.text, fact.kind, spec, fact.target))

    def _read(self, owner: int, text: str, kind: str) -> tuple[Fact, ...]:
        """The facts for *text*; none (and a warning) when it is invalid."""
        known = self._universe.dependency(text)
        if known is None:
            return ()
        target, spec = known
        if spec.when is None and not spec.extras:
            return (Fact(owner, target, text, kind, spec, text.strip().lower() != spec.name),)
        try:
            return tuple(self._facts(owner, text, kind, spec, target))
        except InvalidMatchSpec as error:
            self._warn(f"a dependency is left out: {error}")
            return ()

    def _facts(
        self, owner: int, text: str, kind: str, spec: MatchSpec, target: int
    ) -> Iterator[Fact]:
        """One fact for each case in which *spec* counts, and one for each extra of it."""
        cases: list[tuple[MatchSpec, ...]] = [()]
        restricts = text.strip().lower() != spec.name
        if spec.when is not None:
            cases, restricts = spec.when.alternatives(), False
        for case in cases:
            premises = tuple(self._premise(owner, premise) for premise in case)
            yield Fact(owner, target, text, kind, spec, restricts, premises)
            for extra in spec.extras if kind in {"depends", "install"} else ():
                group = self._group(self._universe.name_of(target), extra)
                fact = Fact(owner, group, text, kind, None, False, premises)
                fact.mask = PRESENT
                yield fact

    def _premise(self, owner: int, spec: MatchSpec) -> Fact:
        if not spec.has_exact_name:
            raise InvalidMatchSpec(
                "a pattern stands for no single package", text=str(spec), what="a condition"
            )
        return Fact(owner, self._universe.id_of(spec.name), str(spec), "when", spec)

    # -- groups --------------------------------------------------------------------

    def _group(self, name: str, extra: str) -> int:
        """The name that stands for *extra* of the package *name*."""
        group = f"{name}[{extra}]"
        self.groups[group] = (name, extra)
        return self._universe.id_of(group)

    def _of_group(self, group: int) -> tuple[Fact, ...]:
        """What a group needs: for each text, on the premise that the package chosen lists it."""
        universe = self._universe
        name, extra = self.groups[universe.name_of(group)]
        base = universe.id_of(name)
        candidates = universe.whole(base)
        listed: dict[str, int] = {}
        for index in range(1, len(candidates) + 1):
            for text in candidates.record(index).extra_depends.get(extra, ()):
                listed[text] = listed.get(text, 0) | 1 << index
        facts: list[Fact] = []
        for text, mask in listed.items():
            premise = Fact(group, base, f"{name}[extras=[{extra}]]", "when")
            premise.mask = mask
            for fact in self._read(group, text, "depends"):
                fact.premises = (premise, *fact.premises)
                fact.restricts = False
                fact.holders = PRESENT
                facts.append(fact)
        return tuple(facts)
