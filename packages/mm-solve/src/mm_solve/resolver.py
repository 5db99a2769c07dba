"""The learning search as a resolvelib resolver.

`Resolver` takes the place of `resolvelib.Resolver`: same provider, same
reporter, same `Result`, same exceptions. It learns from conflicts, copes with
cyclic dependencies, and with a provider that has masks (`MaskProvider`) it
does no work per candidate.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from resolvelib.reporters import BaseReporter
from resolvelib.resolvers.abstract import AbstractResolver, Result
from resolvelib.resolvers.criterion import Criterion
from resolvelib.resolvers.exceptions import (
    ResolutionImpossible,
    ResolutionTooDeep,
    ResolverException,
)
from resolvelib.structs import DirectedGraph, RequirementInformation, State

from .domain import candidates_in
from .problem import ROOT, Fact, Problem
from .provider import Grown, MaskProvider, ProviderProblem
from .search import Contradiction, OutOfRounds, Search

if TYPE_CHECKING:
    from resolvelib.providers import AbstractProvider

__all__ = ["Resolver"]

RT = TypeVar("RT")
CT = TypeVar("CT")
KT = TypeVar("KT")


class Resolver(AbstractResolver[RT, CT, KT], Generic[RT, CT, KT]):
    """Resolves requirements by conflict-driven search.

    >>> from resolvelib.providers import AbstractProvider
    >>> class Letters(AbstractProvider):
    ...     needs = {("app", 1): ["lib"], ("lib", 1): [], ("lib", 2): []}
    ...     def identify(self, thing): return thing if isinstance(thing, str) else thing[0]
    ...     def find_matches(self, identifier, requirements, incompatibilities):
    ...         return sorted((c for c in self.needs if c[0] == identifier), reverse=True)
    ...     def is_satisfied_by(self, requirement, candidate): return candidate[0] == requirement
    ...     def get_dependencies(self, candidate): return self.needs[candidate]
    >>> Resolver(Letters(), BaseReporter()).resolve(["app"]).mapping
    {'app': ('app', 1), 'lib': ('lib', 2)}
    """

    base_exception = ResolverException

    def __init__(
        self,
        provider: AbstractProvider[RT, CT, KT],
        reporter: BaseReporter[RT, CT, KT] | None = None,
    ) -> None:
        super().__init__(provider, reporter or BaseReporter())

    def resolve(
        self, requirements: Iterable[RT], max_rounds: int | None = None, **kwargs: Any
    ) -> Result[RT, CT, KT]:
        """Find a candidate for every identifier that *requirements* lead to.

        Raises `ResolutionImpossible` with the requirements that exclude each
        other, `ResolutionTooDeep` after *max_rounds* decisions, and
        `InconsistentCandidate` when the provider contradicts itself.
        """
        wanted = list(requirements)
        self.reporter.starting()
        for requirement in wanted:
            self.reporter.adding_requirement(requirement, None)
        view: Any = self.provider
        if not isinstance(view, MaskProvider):
            view = ProviderProblem(self.provider)
        chosen, roots = self._search(view, wanted, max_rounds)
        result = self._result(view, chosen, roots)
        self.reporter.ending(State(result.mapping, result.criteria, []))
        return result

    def _search(
        self, view: Any, wanted: list[RT], max_rounds: int | None
    ) -> tuple[dict[int, int], list[Fact]]:
        while True:
            problem = view if isinstance(view, ProviderProblem) else view.problem
            roots: list[Fact] = []
            try:
                roots += [view.fact(requirement) for requirement in wanted]
                return Search(problem, roots, max_rounds=max_rounds).run(), roots
            except Grown:
                view.restart()
            except OutOfRounds as error:
                raise ResolutionTooDeep(error.rounds) from None
            except Contradiction as contradiction:
                causes = _causes(view, problem, contradiction.facts)
                self.reporter.resolving_conflicts(causes)
                raise ResolutionImpossible(causes) from None

    def _result(
        self, view: Any, chosen: dict[int, int], roots: Sequence[Fact]
    ) -> Result[RT, CT, KT]:
        """What is reachable from the roots, as resolvelib presents it."""
        problem = view if isinstance(view, ProviderProblem) else view.problem
        mapping: dict[Any, Any] = {}
        information: dict[Any, list[Any]] = {}
        graph: DirectedGraph[Any] = DirectedGraph()
        graph.add(None)
        work: list[tuple[Any, Fact]] = [(None, fact) for fact in roots]
        for parent, fact in work:
            if fact.target not in chosen or not _counts(fact, chosen, problem):
                continue
            candidate = view.candidate(fact.target, chosen[fact.target])
            key = self.provider.identify(candidate)
            requirement = view.requirement(fact)
            origin = None if parent is None else mapping[parent]
            information.setdefault(key, []).append(RequirementInformation(requirement, origin))
            if key not in mapping:
                if fact.kind == "constrains":
                    information.pop(key)
                    continue
                mapping[key] = candidate
                self.reporter.pinning(candidate)
                graph.add(key)
                work += [(key, own) for own in problem.facts(fact.target, chosen[fact.target])]
            if (parent, key) not in set(graph.iter_edges()):
                graph.connect(parent, key)
        criteria = {key: Criterion([mapping[key]], found, []) for key, found in information.items()}
        return Result(mapping, graph, criteria)


def _counts(fact: Fact, chosen: dict[int, int], problem: Problem) -> bool:
    """Whether the premises of *fact* hold in the solution."""
    return all(
        problem.mask(premise) >> chosen.get(premise.target, 0) & 1 for premise in fact.premises
    )


def _causes(view: Any, problem: Problem, facts: Iterable[Fact]) -> list[Any]:
    """The facts of a proof as resolvelib tells them: a requirement and who has it."""
    causes = []
    for fact in sorted(facts, key=lambda fact: (fact.owner, fact.target, fact.text)):
        parent = None
        if fact.owner != ROOT:
            holder = next(candidates_in(problem.holders(fact)), 0)
            parent = view.candidate(fact.owner, holder)
        causes.append(RequirementInformation(view.requirement(fact), parent))
    return causes
