"""Install order: dependencies before dependents, the same for any input order.

Cycles exist (python and pip need each other). They are cut where it hurts
least: python comes before what it is the interpreter of, and a ``noarch:
python`` package comes after the packages of its cycle that are not, so that it
can be byte-compiled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from mm_pkg.record import PackageRecord

__all__ = ["dependency_name", "install_order"]

R = TypeVar("R", bound="PackageRecord")


def install_order(
    records: Iterable[R], extra_depends: Mapping[str, Sequence[str]] | None = None
) -> tuple[R, ...]:
    """*records* (one per name), each after the records it depends on.

    *extra_depends* names further dependencies by package. Dependencies on
    names that are not among *records* do not matter.

    >>> from mm_pkg.record import PackageRecord
    >>> def pkg(name, *depends):
    ...     return PackageRecord(name=name, version="1", build="0", build_number=0, depends=depends)
    >>> records = [pkg("pip", "python"), pkg("python", "pip", "zlib"), pkg("zlib")]
    >>> [record.name for record in install_order(records)]
    ['zlib', 'python', 'pip']
    """
    by_name = {record.name: record for record in records}
    needs = {
        name: _needed_names(by_name[name], by_name, (extra_depends or {}).get(name, ()))
        for name in sorted(by_name)
    }
    if "pip" in needs and "python" in needs:
        needs["python"].discard("pip")
        needs["pip"].add("python")
    ordered: list[R] = []
    for component in _components(needs):
        ordered += [by_name[name] for name in _cut_cycle(component, needs, by_name)]
    return tuple(ordered)


def _needed_names(
    record: PackageRecord, by_name: Mapping[str, PackageRecord], extra: Iterable[str]
) -> set[str]:
    names = {dependency_name(text) for text in (*record.depends, *extra)}
    return {name for name in names if name in by_name and name != record.name}


def dependency_name(dependency: str) -> str:
    """The package name at the start of a dependency string, without parsing the rest."""
    text = dependency.lstrip()
    if "::" in text:
        text = text.partition("::")[2]
    for index, character in enumerate(text):
        if character in " =<>!~[;\t":
            return text[:index].lower()
    return text.lower()


def _components(needs: Mapping[str, set[str]]) -> list[list[str]]:
    """Strongly connected components, each after those it needs (Tarjan, without recursion)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    found: list[list[str]] = []
    for root in needs:
        if root in index:
            continue
        work = [(root, iter(sorted(needs[root])))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            name, rest = work[-1]
            for other in rest:
                if other not in index:
                    index[other] = low[other] = len(index)
                    stack.append(other)
                    on_stack.add(other)
                    work.append((other, iter(sorted(needs[other]))))
                    break
                if other in on_stack:
                    low[name] = min(low[name], index[other])
            else:
                work.pop()
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[name])
                if low[name] == index[name]:
                    found.append(_pop_component(name, stack, on_stack))
    return found


def _pop_component(name: str, stack: list[str], on_stack: set[str]) -> list[str]:
    component = []
    while True:
        member = stack.pop()
        on_stack.discard(member)
        component.append(member)
        if member == name:
            return component


def _cut_cycle(
    component: list[str], needs: Mapping[str, set[str]], by_name: Mapping[str, PackageRecord]
) -> list[str]:
    """An order of a cycle's members: the one with fewest open needs next."""
    if len(component) == 1:
        return component
    waiting = set(component)
    ordered: list[str] = []
    while waiting:
        best = min(
            waiting,
            key=lambda name: (
                by_name[name].noarch_kind == "python",
                len(needs[name] & waiting),
                name != "python",
                name,
            ),
        )
        waiting.remove(best)
        ordered.append(best)
    return ordered
