"""The conda package universe as a `mm_solve.problem.Problem`.

Sources, installed packages and virtual packages become candidates by name, on
first use; dependency strings are parsed once and become masks once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mm_pkg.record import PackageRecord, Prefetching

from .candidates import GROUP, INSTALLED, VIRTUAL, Candidates, Entry
from .dependencies import Dependencies
from .domain import ABSENT, best_candidate, candidate_bit
from .errors import InvalidMatchSpec, InvalidVersion
from .hold import HOLDS, allowed
from .match_spec import MatchSpec
from .offers import Offers, Test
from .policy import Policy
from .preference import TieBreaker
from .problem import ROOT, Fact
from .version import Version
from .virtual_packages import finder

if TYPE_CHECKING:
    from mm_pkg.record import PrefixRecord, RecordSource

    from .exclude_newer import Hidden

__all__ = ["Universe", "Unread"]

PIP = "pip"
PYTHON = "python"

OTHERS = candidate_bit(2)
"""In the domain of a settled name: what channels may have beside the installed record."""


class Unread(Exception):
    """Something speaks against what is installed, so that it matters what else there is.

    name -- the number of a settled name; `Universe.read` it, and search again
    """

    def __init__(self, name: int) -> None:
        super().__init__(name)
        self.name = name


class Universe:
    """Every package there is to choose from."""

    def __init__(
        self,
        sources: Sequence[RecordSource],
        installed: Mapping[str, PrefixRecord] | None = None,
        virtual_packages: Sequence[PackageRecord] = (),
        policy: Policy | None = None,
        warn: Callable[[str], None] = lambda message: None,
    ) -> None:
        self.sources = sources
        self.installed = installed or {}
        self.policy = policy or Policy()
        self.virtual_packages = virtual_packages
        self._virtual = finder(virtual_packages)
        self._given: list[int] = []
        self._warn = warn
        self._ids: dict[str, int] = {}
        self._names: list[str] = []
        self._candidates: list[Candidates | None] = []
        self._specs: dict[str, tuple[int, MatchSpec, Test | None] | None] = {}
        self._versions: dict[str, Version | None] = {}
        self._ties = TieBreaker(self)
        self._dependencies = Dependencies(self, warn)
        self._precedence: dict[Fact, tuple[Any, ...]] = {}
        self._offers = Offers(sources, self.installed, self.policy)
        self._has_pip: bool | None = None
        self._prefetches = [s.prefetch for s in sources if isinstance(s, Prefetching)]
        self._settled: set[int] = set()
        self._provisional: dict[int, list[Fact]] = {}

    @property
    def hidden(self) -> dict[str, Hidden]:
        """By name, what the policy's ``exclude_newer`` kept from view.

        That is versions newer than the cut-off, how many packages, and how many without
        a date (see `mm_solve.exclude_newer.Hidden`). Only names that were read, and
        that hide something, are in it.
        """
        return self._offers.hidden

    # -- names -----------------------------------------------------------------

    def id_of(self, name: str) -> int:
        """The number of *name*; made on first use."""
        number = self._ids.get(name)
        if number is None:
            number = self._ids[name] = len(self._names)
            self._names.append(name)
            self._candidates.append(None)
            if self._virtual(name) is not None:
                self._given.append(number)
        return number

    def name_of(self, number: int) -> str:
        """The name with that number."""
        return self._names[number]

    # -- Problem -----------------------------------------------------------------

    def given(self) -> list[int]:
        """See `Problem.given`: the system's virtual packages that were spoken of so far."""
        return self._given

    def open(self, name: int) -> int:
        """See `Problem.open`; a virtual package of the system is always there."""
        domain = self.candidates(name).domain
        if name in self._settled:
            return domain | OTHERS
        return domain if self._virtual(self._names[name]) is None else domain & ~ABSENT

    def facts(self, name: int, candidate: int) -> Sequence[Fact]:
        """See `Problem.facts`."""
        candidates = self.candidates(name)
        facts = candidates.facts[candidate]
        if facts is None:
            entry = candidates.entry(candidate)
            facts = self._dependencies.stated(candidates, name, entry)
            candidates.facts[candidate] = facts
            self._expect(facts)
        return facts

    def _expect(self, facts: Iterable[Fact]) -> None:
        if self._prefetches:
            self.expect(fact.target for fact in facts if fact.kind != "constrains")

    def expect(self, names: Iterable[int]) -> None:
        """Tell the sources what may be opened next: over a network it is good to know early."""
        if not self._prefetches:
            return
        unread = [
            self._names[name]
            for name in names
            if self._candidates[name] is None and name not in self._settled
        ]
        if unread:
            if PYTHON in unread and self.policy.add_pip:
                unread.append(PIP)
            for prefetch in self._prefetches:
                prefetch(unread)

    def mask(self, fact: Fact) -> int:
        """See `Problem.mask`."""
        if fact.mask is None:
            fact.mask = self._evaluate(fact)
        return fact.mask

    def holders(self, fact: Fact) -> int:
        """See `Problem.holders`."""
        if fact.owner in self._settled:
            raise Unread(fact.owner)
        if fact.holders is None:
            fact.holders = self._dependencies.holders(fact)
        return fact.holders

    def choose(self, name: int, domain: int) -> int:
        """See `Problem.choose`."""
        best = best_candidate(domain)
        tied = self.candidates(name).groups[best] & domain
        return best if tied & (tied - 1) == 0 else self._ties.first(name, tied)

    def ambiguous(self, name: int, domain: int) -> bool:
        """See `Problem.ambiguous`."""
        tied = self.candidates(name).groups[best_candidate(domain)] & domain
        return tied & (tied - 1) != 0

    def rank(self, name: int, candidate: int) -> tuple[Any, ...]:
        """See `Problem.rank`: from the last record of the last source backwards."""
        entry = self.candidates(name).entry(candidate)
        source = entry.source if entry.source >= 0 else len(self.sources) - entry.source
        text = entry.fn.encode()[:80].ljust(80, b"\0")
        return (-source, entry.fn.endswith(".conda"), -int.from_bytes(text))

    def precedence(self, fact: Fact) -> tuple[Any, ...]:
        """See `Problem.precedence`: the first record that satisfies it, in source order."""
        key = self._precedence.get(fact)
        if key is None:
            candidates, mask = self.candidates(fact.target), self.mask(fact)
            numbers = [n for n in range(len(self.sources)) if candidates.from_source(n) & mask]
            first = numbers[0] if numbers else len(self.sources)
            key = self._precedence[fact] = (first, self._names[fact.target], fact.text)
        return key

    # -- candidates ----------------------------------------------------------------

    def candidates(self, name: int) -> Candidates:
        """The candidates of a name, read on first use."""
        found = self._candidates[name]
        if found is None:
            text = self._names[name]
            lowest = self.policy.lowest is not None and self.policy.lowest(text)
            found = self._candidates[name] = Candidates(
                text, self._entries(text), self.parse_version, lowest
            )
        return found

    # -- settled names -------------------------------------------------------------

    def settle(self, names: Iterable[str]) -> None:
        """Do not read these installed names before something speaks against what is installed.

        Then `Unread` is raised. To be called before any of them is opened; each has to
        be one that is to be kept.
        """
        self._settled.update(map(self.id_of, names))

    @property
    def settled(self) -> frozenset[int]:
        """The names of which only the installed record was looked at."""
        return frozenset(self._settled)

    def read(self, names: Iterable[int]) -> None:
        """Let *names* be read like any other; what was concluded without is forgotten."""
        found = self._settled.intersection(names)
        self._settled -= found
        for name in found:
            self._candidates[name] = None
            for fact in self._provisional.pop(name, ()):
                fact.mask = None
        self.expect(found)

    def whole(self, name: int) -> Candidates:
        """The candidates of a name, where it matters that they are all there are."""
        if name in self._settled:
            raise Unread(name)
        return self.candidates(name)

    def _provisional_mask(self, fact: Fact) -> int:
        """The mask of a fact about a settled name that the installed record satisfies.

        What else there is may satisfy it as well: it is never chosen before it is read.
        """
        mask = 0 if fact.kind == "when" else self._exact_mask(fact)
        if not mask & candidate_bit(1):
            raise Unread(fact.target)
        self._provisional.setdefault(fact.target, []).append(fact)
        return mask | OTHERS

    def parse_version(self, text: str) -> Version | None:
        """The version *text* spells, parsed once; None when it spells none."""
        if text not in self._versions:
            try:
                self._versions[text] = Version.parse(text)
            except InvalidVersion as error:
                self._versions[text] = None
                self._warn(f"packages with this version are left out, if not installed: {error}")
        return self._versions[text]

    def _entries(self, name: str) -> list[Entry]:
        virtual = self._virtual(name)
        if virtual is not None:
            return [Entry(virtual, name, VIRTUAL, 0)]
        if name in self._dependencies.groups:
            record = PackageRecord(name=name, version="0", build="0", build_number=0)
            return [Entry(record, name, GROUP, 0)]
        if self._ids.get(name) in self._settled:
            kept = self.installed[name]
            return [Entry(kept, kept.fn, INSTALLED, 0, favoured=True)]
        return self._offers.entries(name)

    # -- facts -----------------------------------------------------------------------

    def names_like(self, spec: MatchSpec) -> list[str]:
        """The names that a spec with a glob for a name stands for, sorted."""
        return self._offers.names_like(spec)

    def dependency(self, text: str) -> tuple[int, MatchSpec] | None:
        """What a dependency string is about; None (and a warning) when it is invalid."""
        known = self._specs.get(text)
        if known is None and text not in self._specs:
            try:
                spec = MatchSpec.parse_dependency(text)
                known = (self.id_of(spec.name), spec, self.test(spec))
            except InvalidMatchSpec as error:
                self._warn(f"a dependency is left out, it is not a match spec: {error}")
            self._specs[text] = known
        return None if known is None else known[:2]

    def job(self, spec: MatchSpec, kind: str, name: str | None = None) -> Fact:
        """A fact that holds whatever is chosen: something the user asked for.

        *name* is the package meant when that of *spec* is a glob.
        """
        text = str(spec)
        if text not in self._specs:
            self._specs[text] = (self.id_of(spec.name), spec, self.test(spec))
        fact = Fact(ROOT, self.id_of(name or spec.name), text, kind, spec)
        self._expect((fact,))
        return fact

    def in_full(self, jobs: Iterable[Fact]) -> list[Fact]:
        """*jobs* with their conditions, and with what their extras ask for."""
        return [fact for job in jobs for fact in self._dependencies.job(job.spec, job)]

    def extras(self, chosen: Iterable[int]) -> dict[str, list[str]]:
        """By package, the extras that are in force when the names *chosen* are."""
        found: dict[str, list[str]] = {}
        for name in chosen:
            group = self._dependencies.groups.get(self._names[name])
            if group is not None:
                found.setdefault(group[0], []).append(group[1])
        return found

    def hold(self, name: str, kind: str) -> Fact:
        """A demand on an installed name that no spec expresses; see `mm_solve.hold`."""
        return Fact(ROOT, self.id_of(name), name, kind, MatchSpec(name=name))

    def broken(self, name: str, fact: Fact) -> bool:
        """Whether the installed package *name* has *fact* unmet in the prefix as it is.

        Then that is no reason to take the package away. One that the request names is
        to be put right.
        """
        if fact.premises or fact.spec is None or name in self.policy.mend:
            return False
        target = self._names[fact.target]
        there = self._virtual(target) or self.installed.get(target)
        if there is None:
            return fact.kind != "constrains"
        return not fact.spec.is_name_only and not fact.spec.matches(there)

    def added_depends(self, entry: Entry) -> tuple[str, ...]:
        """python depends on pip where there is one, unless it is installed already."""
        record = entry.record
        if record.name == PYTHON:
            if entry.source >= 0 and record.version[:1] >= "2" and self._pip_is_added():
                return (PIP,)
        elif record.name == PIP and entry.source >= 0 and self.policy.add_pip:
            return (PYTHON,)
        return ()

    def _pip_is_added(self) -> bool:
        if self._has_pip is None:
            self._has_pip = self.policy.add_pip and self._offers.has(PIP)
        return self._has_pip

    # -- matching --------------------------------------------------------------------

    def _evaluate(self, fact: Fact) -> int:
        if fact.target in self._settled:
            return self._provisional_mask(fact)
        return self._exact_mask(fact)

    def _exact_mask(self, fact: Fact) -> int:
        if fact.kind in HOLDS:
            return allowed(self, fact.kind, fact.target)
        mask = self.matching(fact.target, fact.spec, fact.text)
        if fact.kind in {"constrains", "pin"}:
            return mask | ABSENT
        if fact.kind == "remove":
            return ~mask
        return mask

    def matching(self, name: int, spec: Any, text: str) -> int:
        """The candidates of *name* that match *spec*, whose text is *text*."""
        candidates = self.candidates(name)
        mask = candidates.matching(spec, text)
        known = self._specs.get(text)
        test = known[2] if known is not None else self.test(spec)
        return mask if test is None else candidates.where(mask, test)

    def test(self, spec: MatchSpec) -> Test | None:
        """What *spec* asks beyond name, version and build; None when nothing."""
        return self._offers.test(spec)
