"""What the search needs to know of a problem, and nothing of where it is from.

Names are small integers here. A `Fact` is one stated rule ("candidates H of
name A need name B in mask M"); a `Problem` hands out domains and facts lazily,
so that a name's records are read only when a search reaches it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

__all__ = ["ROOT", "Fact", "Problem"]

ROOT = -1
"""The owner of facts that hold whatever is chosen: what the user asked for."""


class Fact:
    """One rule of the problem: ``owner in holders  implies  target in mask``.

    owner  -- name whose candidates state the rule, or `ROOT`
    target -- name the rule is about
    text   -- the spec as it was written
    kind   -- "depends", "constrains" or, of root facts, the kind of job
    mask   -- values of *target* that satisfy it; None until *target* is open
    holders -- candidates of *owner* that state it; None until asked for
    restricts -- whether it always asks for more than the name
    premises -- what must hold besides for the rule to count (CEP 43): of each, the
        value of its target is in its mask. A name nobody needs is absent, and
        meets no premise
    """

    __slots__ = (
        "holders",
        "kind",
        "mask",
        "owner",
        "premises",
        "restricts",
        "spec",
        "target",
        "text",
    )

    def __init__(
        self,
        owner: int,
        target: int,
        text: str,
        kind: str,
        spec: Any = None,
        restricts: bool = True,
        premises: tuple[Fact, ...] = (),
    ) -> None:
        self.owner = owner
        self.target = target
        self.text = text
        self.kind = kind
        self.spec = spec
        self.restricts = restricts
        self.premises = premises
        self.mask: int | None = None
        self.holders: int | None = None

    @property
    def needs_target(self) -> bool:
        """Whether the rule asks for *target* (a constraint only restricts it)."""
        return self.mask is not None and not self.mask & 1 and not self.premises

    def __repr__(self) -> str:
        return f"Fact({self.owner} {self.kind} {self.text!r} of {self.target})"


class Problem(Protocol):
    """A package universe as the search sees it."""

    def given(self) -> Sequence[int]:
        """Names that are there whatever is chosen; they are opened before rules act on them.

        They state no facts. Asked for once: it is one list that may grow while facts are read.
        """

    def open(self, name: int) -> int:
        """Read *name*'s candidates; its initial domain, `ABSENT` included.

        Called once a name, when the search first needs it.
        """

    def facts(self, name: int, candidate: int) -> Sequence[Fact]:
        """The rules stated by one candidate. Called often: cache the answer."""

    def mask(self, fact: Fact) -> int:
        """The values of the (open) target that satisfy *fact*."""

    def holders(self, fact: Fact) -> int:
        """All candidates of the owner that state *fact*."""

    def choose(self, name: int, domain: int) -> int:
        """The preferred candidate among those in *domain* (at least one is)."""

    def ambiguous(self, name: int, domain: int) -> bool:
        """Whether several candidates of *domain* tie for the best place."""

    def rank(self, name: int, candidate: int) -> tuple[Any, ...]:
        """A sort key: of the packages taken, whose dependencies are decided first."""

    def precedence(self, fact: Fact) -> tuple[Any, ...]:
        """A sort key: which dependency of one package is decided first."""
