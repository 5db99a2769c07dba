"""Problems so small that every assignment can be tried, in the engine's own vocabulary."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from random import Random
from typing import Any

from mm_solve.clause import Clause
from mm_solve.domain import ABSENT, best_candidate
from mm_solve.problem import ROOT, Fact

Assignment = tuple[int, ...]
"""The candidate of each name; 0 where there is none."""


class TinyProblem:
    """A `Problem` given by its facts. *sizes* -- the number of candidates of each name."""

    def __init__(self, sizes: Sequence[int], facts: Iterable[Fact], given: Sequence[int] = ()):
        self.sizes = list(sizes)
        self.all_facts = list(facts)
        self.opened: list[int] = []
        self._given = list(given)

    def given(self) -> Sequence[int]:
        return self._given

    def open(self, name: int) -> int:
        assert name not in self.opened, "a name is opened once"
        self.opened.append(name)
        domain = (1 << self.sizes[name] + 1) - 1
        return domain & ~ABSENT if name in self._given else domain

    def facts(self, name: int, candidate: int) -> Sequence[Fact]:
        assert name in self.opened
        return [
            fact
            for fact in self.all_facts
            if fact.owner == name and fact.holders is not None and fact.holders >> candidate & 1
        ]

    def mask(self, fact: Fact) -> int:
        assert fact.mask is not None
        return fact.mask

    def holders(self, fact: Fact) -> int:
        return fact.holders or 0

    def choose(self, name: int, domain: int) -> int:
        return best_candidate(domain)

    def ambiguous(self, name: int, domain: int) -> bool:
        return (name + domain.bit_count()) % 3 == 0

    def rank(self, name: int, candidate: int) -> tuple[Any, ...]:
        return (-name, candidate)

    def precedence(self, fact: Fact) -> tuple[Any, ...]:
        return (fact.target, fact.text)


class Task:
    """A problem and what is asked of it."""

    def __init__(
        self,
        problem: TinyProblem,
        roots: list[Fact],
        wishes: list[int],
        choices: list[list[tuple[int, int]]],
    ) -> None:
        self.problem = problem
        self.roots = roots
        self.wishes = wishes
        self.choices = choices

    def clauses(self) -> list[Clause]:
        """The choices, each with a fact that stands for it."""
        made = []
        for number, literals in enumerate(self.choices):
            fact = Fact(ROOT, literals[0][0], f"choice {number}", "install")
            fact.mask = 0
            made.append(Clause(list(literals), (fact,)))
        return made

    def assignments(self) -> Iterator[Assignment]:
        """Everything there is to try."""
        return itertools.product(*(range(size + 1) for size in self.problem.sizes))

    def solutions(self, only: Iterable[Fact] | None = None) -> Iterator[Assignment]:
        """The assignments that satisfy every fact and choice; *only* these facts if given."""
        facts = [*self.problem.all_facts, *self.roots]
        choices = list(enumerate(self.choices))
        if only is not None:
            texts = {fact.text for fact in only}
            facts = [fact for fact in facts if fact.text in texts]
            choices = [(n, literals) for n, literals in choices if f"choice {n}" in texts]
        given = self.problem.given()
        for values in self.assignments():
            if (
                all(values[name] for name in given)
                and all(satisfied(fact, values) for fact in facts)
                and all(any(mask >> values[n] & 1 for n, mask in lits) for _, lits in choices)
            ):
                yield values

    def first_names(self) -> list[int]:
        """The names that are decided first, in order."""
        asked = [fact.target for fact in self.roots if fact.needs_target and fact.kind != "pin"]
        return list(dict.fromkeys([*asked, *self.wishes]))

    def needed(self, values: Assignment) -> set[int]:
        """The names of *values* that something asks for."""
        found = {*self.problem.given(), *(name for name in self.wishes if values[name])}
        for literals in self.choices:
            found |= {name for name, mask in literals if values[name] and mask >> values[name] & 1}
        facts = [*self.roots, *self.problem.all_facts]
        while True:
            more = {
                fact.target
                for fact in facts
                if (fact.owner == ROOT or fact.owner in found)
                and not (fact.mask or 0) & ABSENT
                and counts(fact, values)
                and values[fact.target]
            }
            if more <= found:
                return found
            found |= more


def counts(fact: Fact, values: Assignment) -> bool:
    """Whether *fact* says something about *values*."""
    if fact.owner != ROOT and not (fact.holders or 0) >> values[fact.owner] & 1:
        return False
    return all((p.mask or 0) >> values[p.target] & 1 for p in fact.premises)


def satisfied(fact: Fact, values: Assignment) -> bool:
    """Whether *values* keep to *fact*."""
    return not counts(fact, values) or bool((fact.mask or 0) >> values[fact.target] & 1)


def random_task(random: Random, conditions: bool = True, extras: bool = True) -> Task:
    """A problem of 3 to 5 names. *extras* -- wishes, choices and pins, too."""
    sizes = [random.choice((0, 1, 2, 2, 3, 3)) for _ in range(random.randint(3, 5))]
    names = range(len(sizes))
    given = [n for n in names if sizes[n] == 1 and random.random() < 0.15]
    serial = itertools.count()

    def some_mask(name: int) -> int:
        full = (1 << sizes[name] + 1) - 2
        return random.choice((full, random.getrandbits(sizes[name] + 1) & ~ABSENT))

    def fact(owner: int, kind: str) -> Fact:
        target = random.choice(names)
        premises = []
        if conditions and random.random() < 0.4:
            for _ in range(random.choice((1, 1, 2))):
                premise = Fact(owner, random.choice(names), "premise", "when")
                premise.mask = some_mask(premise.target)
                premises.append(premise)
        made = Fact(owner, target, f"fact {next(serial)}", kind, premises=tuple(premises))
        made.mask = some_mask(target) | (kind != "depends" and kind != "install")
        if owner != ROOT:
            made.holders = random.getrandbits(sizes[owner] + 1) & ~ABSENT
        return made

    facts = [
        fact(owner, random.choice(("depends", "depends", "constrains")))
        for owner in names
        for _ in range(random.choice((0, 1, 2, 3)))
        if sizes[owner] and owner not in given
    ]
    facts = [f for f in facts if f.holders and (f.kind == "depends" or f.target != f.owner)]
    kinds = ["install"] * random.randint(1, 3)
    wishes: list[int] = []
    choices: list[list[tuple[int, int]]] = []
    if extras:
        kinds += ["pin"] * random.choice((0, 0, 1))
        wishes = random.sample(names, random.choice((0, 0, 1, 2)))
        if random.random() < 0.3:
            picked = random.sample(names, random.choice((1, 2, 3)))
            choices = [[(n, some_mask(n)) for n in picked]]
            choices = [[lit for lit in lits if lit[1]] for lits in choices]
            choices = [lits for lits in choices if lits]
    return Task(
        TinyProblem(sizes, facts, given), [fact(ROOT, kind) for kind in kinds], wishes, choices
    )


def crowded_task(random: Random) -> Task:
    """Names of which most exclude each other value by value, with or without room for all."""
    count = random.randint(3, 4)
    size = random.randint(count - 1, count)
    facts = []
    for owner, target in itertools.permutations(range(count), 2):
        if random.random() < 0.93:
            for value in range(1, size + 1):
                fact = Fact(owner, target, f"{owner} {value} not {target}", "constrains")
                fact.holders = 1 << value
                fact.mask = ~(1 << value) & ((1 << size + 1) - 1)
                facts.append(fact)
    roots = []
    for name in range(count):
        root = Fact(ROOT, name, f"root {name}", "install")
        root.mask = (1 << size + 1) - 2
        roots.append(root)
        if random.random() < 0.4:
            less = Fact(ROOT, name, f"less of {name}", "install")
            less.mask = random.getrandbits(size + 1) & ~ABSENT
            roots.append(less)
    return Task(TinyProblem([size] * count, facts), roots, [], [])
