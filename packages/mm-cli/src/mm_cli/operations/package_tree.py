"""Trees of packages that need each other, in either direction; cycles and repeats end them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mm_cli.operations.catalogue import Listed
    from mm_pkg.record import PackageRecord

__all__ = ["CYCLE", "MISSING", "SEEN", "Branch", "grown"]

CYCLE, SEEN, MISSING = "cycle", "seen", "missing"


class Branch:
    """A package in a tree, and what it needs, or who needs it.

    name, specs -- what was asked for
    listed   -- the package that answers to it
    virtual  -- or the fact of this machine that does
    state    -- "" as usual; "seen" when it was shown before; "cycle" when it is shown
                further up the same branch; "missing" when nothing answers
    children -- the branches below; empty for all states but ""
    """

    __slots__ = ("children", "listed", "name", "specs", "state", "virtual")

    def __init__(
        self,
        name: str,
        specs: tuple[str, ...] = (),
        *,
        listed: Listed | None = None,
        virtual: PackageRecord | None = None,
        state: str = "",
    ) -> None:
        self.name = name
        self.specs = specs
        self.listed = listed
        self.virtual = virtual
        self.state = state
        self.children: list[Branch] = []

    def packages(self) -> Iterator[Branch]:
        """This branch and all below it, each package once, in the order they are shown."""
        waiting = [self]
        while waiting:
            branch = waiting.pop()
            if branch.state in ("", MISSING):
                yield branch
            waiting += reversed(branch.children)


def grown(root: Branch, below: Callable[[Branch], Iterator[Branch]]) -> Branch:
    """*root* with all that *below* finds; a package met again is not entered again."""
    path: set[object] = {_identity(root)}
    seen: set[object] = set()
    growing = [(root, below(root))]
    while growing:
        branch, children = growing[-1]
        child = next(children, None)
        if child is None:
            growing.pop()
            path.discard(_identity(branch))
            continue
        branch.children.append(child)
        if child.state == MISSING:
            continue
        identity = _identity(child)
        if identity in path:
            child.state = CYCLE
        elif identity in seen:
            child.state = SEEN
        else:
            seen.add(identity)
            if child.listed is not None:
                path.add(identity)
                growing.append((child, below(child)))
    return root


def _identity(branch: Branch) -> object:
    return branch.listed.place if branch.listed is not None else branch.name
