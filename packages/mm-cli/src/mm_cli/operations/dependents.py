"""Who needs a package: the question that no index answers, put to every record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from mm_cli.operations.catalogue import Catalogue, Listed, parse_dependency
from mm_cli.operations.package_tree import Branch, grown

if TYPE_CHECKING:
    from mm_pkg.record import PackageRecord
    from mm_solve import MatchSpec

__all__ = ["dependent_tree", "dependents", "needed_by"]


def dependents(
    catalogue: Catalogue, spec: MatchSpec, targets: Sequence[PackageRecord]
) -> Iterator[list[Listed]]:
    """Every package with a dependency that one of *targets* satisfies.

    targets -- what *spec* selects; where it asks for a name only they are not looked at

    Comes in lists, each of packages of one name, in no order.
    """
    needs = needed_by(spec, targets)
    for listed, packages in catalogue.all_packages(spec.name if spec.has_exact_name else ""):
        # A name's packages have few dependencies, many times: each is judged once.
        texts: set[str] = set().union(*(package.depends for package in packages.values()))
        needing = set(filter(needs, texts))
        if not needing:
            continue
        found = catalogue.usable(
            listed(fn, package)
            for fn, package in packages.items()
            if not needing.isdisjoint(package.depends)
        )
        if found:
            yield found


def dependent_tree(
    catalogue: Catalogue, spec: MatchSpec, targets: Sequence[PackageRecord], root: Branch
) -> Branch:
    """Who needs *targets*, who needs those, and so on; each package in its newest version.

    root -- stands for *targets*, what *spec* selects
    """
    users_of = _users_by_name(catalogue)

    def users(branch: Branch) -> Iterator[Branch]:
        if branch is root:
            names = [name for name in users_of if spec.name_matches(name)]
            needs = needed_by(spec, targets)
        else:
            assert branch.listed is not None
            names, needs = [branch.name], _satisfied_by(branch.listed.package)
        found = {user.place: user for name in names for user in users_of.get(name, ())}
        for listed in found.values():
            specs = tuple(text for text in listed.package.depends if needs(text))
            if specs:
                yield Branch(listed.package.name, specs, listed=listed)

    return grown(root, users)


def needed_by(spec: MatchSpec, targets: Sequence[PackageRecord]) -> Callable[[str], bool]:
    """A test for dependencies: does one of *targets*, those *spec* selects, satisfy it?"""
    part = spec.name if spec.has_exact_name else ""

    def satisfied(text: str) -> bool:
        if part not in text.lower():
            return False
        dependency = parse_dependency(text)
        if dependency is None or not spec.name_matches(dependency.name):
            return False
        return spec.is_name_only or any(map(dependency.matches, targets))

    return _remembered(satisfied)


def _satisfied_by(package: PackageRecord) -> Callable[[str], bool]:
    """A test for dependencies: does *package* satisfy it?"""

    def satisfied(text: str) -> bool:
        if package.name not in text.lower():
            return False
        dependency = parse_dependency(text)
        return dependency is not None and dependency.matches(package)

    return satisfied


def _remembered(test: Callable[[str], bool]) -> Callable[[str], bool]:
    """*test*, asked once for each text: a channel has few texts, many times."""
    known: dict[str, bool] = {}

    def ask(text: str) -> bool:
        answer = known.get(text)
        if answer is None:
            answer = known[text] = test(text)
        return answer

    return ask


def _users_by_name(catalogue: Catalogue) -> dict[str, list[Listed]]:
    """Name -> the packages, each in its newest version, that depend on that name."""
    newest: dict[str, list[Listed]] = {}
    for listed, packages in catalogue.all_packages():
        best = catalogue.newest(listed(fn, package) for fn, package in packages.items())
        if best is not None:
            newest.setdefault(best.package.name, []).append(best)
    users: dict[str, list[Listed]] = {}
    for name in sorted(newest):
        best = catalogue.newest(newest[name])
        assert best is not None
        for needed in _names_needed(best.package.depends):
            users.setdefault(needed, []).append(best)
    return users


def _names_needed(depends: Iterable[str]) -> Iterable[str]:
    """The names in *depends*, each once."""
    specs = map(parse_dependency, depends)
    return dict.fromkeys(spec.name for spec in specs if spec is not None)
