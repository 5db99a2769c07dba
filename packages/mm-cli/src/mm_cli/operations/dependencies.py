"""What a package needs, each need answered by the newest package that it allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from mm_cli.operations.catalogue import Catalogue, Listed, parse_dependency
from mm_cli.operations.package_tree import MISSING, Branch, grown

if TYPE_CHECKING:
    from mm_pkg.record import PackageRecord

__all__ = ["dependency_tree"]


def dependency_tree(
    catalogue: Catalogue,
    root: Listed,
    virtual: Mapping[str, PackageRecord],
    *,
    recursive: bool = True,
) -> Branch:
    """What *root* needs, and if *recursive* what that needs, and so on.

    virtual -- virtual packages by name
    """
    answers: dict[tuple[str, ...], Branch] = {}

    def below(branch: Branch) -> Iterator[Branch]:
        if branch.listed is None or (branch.listed is not root and not recursive):
            return
        requirements = _requirements(branch.listed.package)
        catalogue.prefetch(requirements)
        for name, specs in requirements.items():
            if specs not in answers:
                answers[specs] = _answer(catalogue, name, specs, virtual)
            known = answers[specs]
            yield Branch(name, specs, listed=known.listed, virtual=known.virtual, state=known.state)

    return grown(Branch(root.package.name, listed=root), below)


def _requirements(package: PackageRecord) -> dict[str, tuple[str, ...]]:
    """Name -> the specs with which *package* depends on it, in its order."""
    needed: dict[str, tuple[str, ...]] = {}
    for text in package.depends:
        spec = parse_dependency(text)
        name = text if spec is None else spec.name
        needed[name] = (*needed.get(name, ()), text)
    return needed


def _answer(
    catalogue: Catalogue, name: str, texts: tuple[str, ...], virtual: Mapping[str, PackageRecord]
) -> Branch:
    """The newest package that all *texts* allow."""
    specs = [spec for text in texts if (spec := parse_dependency(text)) is not None]
    if len(specs) < len(texts):
        return Branch(name, texts, state=MISSING)
    fact = virtual.get(name)
    if fact is not None:
        state = "" if all(spec.matches(fact) for spec in specs) else MISSING
        return Branch(name, texts, virtual=fact, state=state)
    found = catalogue.newest(catalogue.matching(*specs))
    return Branch(name, texts, listed=found, state=MISSING if found is None else "")
