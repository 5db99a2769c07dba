"""resolvelib's view of the conda universe.

`CondaProvider` answers every question of a `resolvelib.AbstractProvider`, so a
stock `resolvelib.Resolver` can be run over it. It also has the `problem` of
the same universe: `mm_solve.resolver.Resolver` uses that in place of calls per
candidate (an ordinary provider has none, and is served through those calls).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from resolvelib.providers import AbstractProvider

from .domain import ABSENT, candidate_bit, candidates_in
from .problem import ROOT, Fact, Problem

if TYPE_CHECKING:
    from mm_pkg.record import PackageRecord

    from .universe import Universe

__all__ = ["Candidate", "CondaProvider", "MaskProvider"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One value of a name: its index-th candidate, or index 0 for "not installed".

    A constraint is met by a package's absence; so absence is a candidate, which
    is found only as long as nothing depends on the name.
    """

    name: str
    index: int
    record: PackageRecord | None


@runtime_checkable
class MaskProvider(Protocol):
    """The optional hook: a provider that can state its problem in masks."""

    @property
    def problem(self) -> Problem:
        """The same problem, for the engine."""

    def fact(self, requirement: Any) -> Fact:
        """The fact that a root requirement states."""

    def candidate(self, name: int, index: int) -> Any:
        """The candidate behind a value of a domain."""

    def requirement(self, fact: Fact) -> Any:
        """The requirement that a fact states."""


class CondaProvider(AbstractProvider[Fact, Candidate, str]):
    """Facts as requirements, candidates of a universe as candidates."""

    def __init__(self, universe: Universe) -> None:
        self._universe = universe

    @property
    def problem(self) -> Problem:
        """The universe itself."""
        return self._universe

    def fact(self, requirement: Fact) -> Fact:
        """Requirements are facts."""
        return requirement

    def requirement(self, fact: Fact) -> Fact:
        """Facts are requirements."""
        return fact

    def candidate(self, name: int, index: int) -> Candidate:
        """The candidate *index* of the name with number *name*."""
        record = self._universe.candidates(name).record(index) if index else None
        return Candidate(self._universe.name_of(name), index, record)

    def mask(self, requirement: Fact) -> int:
        """The values of its name that satisfy *requirement*."""
        return self._universe.mask(requirement)

    def identify(self, requirement_or_candidate: Fact | Candidate) -> str:
        """The package name."""
        if isinstance(requirement_or_candidate, Fact):
            return self._universe.name_of(requirement_or_candidate.target)
        return requirement_or_candidate.name

    def get_preference(
        self,
        identifier: str,
        resolutions: Mapping[str, Candidate],
        candidates: Mapping[str, Iterator[Candidate]],
        information: Mapping[str, Iterator[Any]],
        backtrack_causes: Sequence[Any],
    ) -> tuple[bool, bool, str]:
        """Names in conflict first, then what the user asked for."""
        causes = {self.identify(cause.requirement) for cause in backtrack_causes}
        asked = any(info.parent is None for info in information[identifier])
        return (identifier not in causes, not asked, identifier)

    def find_matches(
        self,
        identifier: str,
        requirements: Mapping[str, Iterator[Fact]],
        incompatibilities: Mapping[str, Iterator[Candidate]],
    ) -> list[Candidate]:
        """Candidates that satisfy all requirements, in order of preference."""
        universe = self._universe
        number = universe.id_of(identifier)
        domain = universe.open(number)
        for requirement in requirements[identifier]:
            domain &= universe.mask(requirement)
        for candidate in incompatibilities[identifier]:
            domain &= ~candidate_bit(candidate.index)
        found = [self.candidate(number, 0)] if domain & ABSENT else []
        domain &= ~ABSENT
        while domain:
            index = universe.choose(number, domain)
            found.append(self.candidate(number, index))
            domain ^= candidate_bit(index)
        return found

    def is_satisfied_by(self, requirement: Fact, candidate: Candidate) -> bool:
        """Whether *candidate* is among the values *requirement* allows."""
        return bool(self._universe.mask(requirement) >> candidate.index & 1)

    def get_dependencies(self, candidate: Candidate) -> Iterable[Fact]:
        """Dependencies and constraints; none of what is not installed.

        Nor any that counts only at times: resolvelib cannot say so.
        """
        if not candidate.index:
            return ()
        facts = self._universe.facts(self._universe.id_of(candidate.name), candidate.index)
        return [fact for fact in facts if not fact.premises]


class Grown(Exception):
    """A provider named candidates of a name that the search had closed the list of."""


class ProviderProblem:
    """Any resolvelib provider as a `Problem`.

    resolvelib finds candidates by requirement, while a domain needs them all.
    Those of every requirement met so far are the list; a requirement that adds
    to a list already in use starts the search anew (`Grown`).
    """

    def __init__(self, provider: AbstractProvider[Any, Any, Any]) -> None:
        self._provider = provider
        self._ids: dict[Any, int] = {}
        self._identifiers: list[Any] = []
        self._found: list[list[Any]] = []
        self._opened: set[int] = set()
        self._facts: dict[tuple[int, int], tuple[Fact, ...]] = {}

    def restart(self) -> None:
        """Forget what depends on the lists of candidates, but keep the lists."""
        self._opened.clear()
        self._facts.clear()

    def fact(self, requirement: Any, owner: int = ROOT) -> Fact:
        """The fact that *requirement* states; finds its candidates."""
        identifier = self._provider.identify(requirement)
        name = self._id_of(identifier)
        matches = self._provider.find_matches(
            identifier, {identifier: iter([requirement])}, {identifier: iter([])}
        )
        found = list(matches() if callable(matches) else matches)
        for candidate in found:
            if not self._provider.is_satisfied_by(requirement, candidate):
                raise self._inconsistent(candidate, requirement)
        self._merge(name, found)
        return Fact(owner, name, repr(requirement), "depends", requirement)

    def requirement(self, fact: Fact) -> Any:
        """The requirement that *fact* states."""
        return fact.spec

    def candidate(self, name: int, index: int) -> Any:
        """The candidate behind a value."""
        return self._found[name][index - 1]

    def identifier(self, name: int) -> Any:
        """The provider's identifier of a name."""
        return self._identifiers[name]

    def _id_of(self, identifier: Any) -> int:
        number = self._ids.get(identifier)
        if number is None:
            number = self._ids[identifier] = len(self._identifiers)
            self._identifiers.append(identifier)
            self._found.append([])
        return number

    def _merge(self, name: int, found: list[Any]) -> None:
        """Add unknown candidates, each behind the one it came after."""
        known = self._found[name]
        place = 0
        for candidate in found:
            if candidate in known:
                place = known.index(candidate) + 1
                continue
            if name in self._opened:
                known.append(candidate)
                raise Grown
            known.insert(place, candidate)
            place += 1

    def _inconsistent(self, candidate: Any, requirement: Any) -> Exception:
        from resolvelib.resolvers import Criterion, InconsistentCandidate
        from resolvelib.structs import RequirementInformation

        information = [RequirementInformation(requirement, None)]
        return InconsistentCandidate(candidate, Criterion([candidate], information, []))

    def given(self) -> Sequence[int]:
        """See `Problem.given`: resolvelib knows of no such thing."""
        return ()

    def open(self, name: int) -> int:
        """See `Problem.open`."""
        self._opened.add(name)
        return (1 << (len(self._found[name]) + 1)) - 1

    def facts(self, name: int, candidate: int) -> Sequence[Fact]:
        """See `Problem.facts`."""
        known = self._facts.get((name, candidate))
        if known is None:
            wanted = self._provider.get_dependencies(self.candidate(name, candidate))
            known = self._facts[name, candidate] = tuple(
                self._own(self.fact(requirement, name), candidate) for requirement in wanted
            )
        return known

    def _own(self, fact: Fact, candidate: int) -> Fact:
        fact.holders = candidate_bit(candidate)
        return fact

    def mask(self, fact: Fact) -> int:
        """See `Problem.mask`."""
        mask = 0
        for index, candidate in enumerate(self._found[fact.target], start=1):
            if self._provider.is_satisfied_by(fact.spec, candidate):
                mask |= candidate_bit(index)
        return mask

    def holders(self, fact: Fact) -> int:
        """See `Problem.holders`: a requirement belongs to one candidate."""
        return fact.holders or 0

    def choose(self, name: int, domain: int) -> int:
        """See `Problem.choose`: the provider's own order."""
        return next(candidates_in(domain))

    def ambiguous(self, name: int, domain: int) -> bool:
        """See `Problem.ambiguous`."""
        return False

    def rank(self, name: int, candidate: int) -> tuple[Any, ...]:
        """See `Problem.rank`: first met, first served."""
        return (name,)

    def precedence(self, fact: Fact) -> tuple[Any, ...]:
        """See `Problem.precedence`."""
        return (fact.target,)
