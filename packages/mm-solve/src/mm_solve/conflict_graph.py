"""A conflict as nodes and edges, for programs.

The document of `ConflictGraph.to_dict` (schema 1; keys are only ever added)::

    {"schema": 1,
     "nodes": [
       {"id": 0, "kind": "demand", "demand": "install", "name": "numpy",
        "specs": ["numpy>=2"], "label": "numpy>=2", "installable": false},
       {"id": 1, "kind": "package", "name": "numpy", "versions": "2.0.0 … 2.4.2",
        "oldest": "2.0.0", "newest": "2.4.2", "count": 21, "some_builds": false,
        "installable": true},
       {"id": 2, "kind": "constraint", "name": "jpeg", "specs": ["jpeg <0.0.0a"],
        "label": "jpeg <0.0.0a", "installable": true},
       {"id": 3, "kind": "missing", "name": "nunpy", "specs": ["nunpy"], "label": "nunpy",
        "available": "", "builds": [], "similar": ["numpy"], "hidden": 0,
        "installable": false}],
     "edges": [
       {"source": 0, "target": 1, "kind": "requires", "specs": ["numpy>=2"],
        "label": "numpy>=2"},
       {"source": 1, "target": 4, "kind": "conflicts", "specs": [], "label": ""}]}

Kinds of nodes: ``demand`` (what was asked for; ``demand`` says how: ``install``,
``remove``, ``pin``, ``freeze``, ``no downgrade``, ``no uninstall``), ``package`` (a
group of versions of one name that matter alike), ``constraint`` (what a package
allows of another one, should that be installed), ``missing`` (nothing meets it).
``some_builds`` says that other builds of these versions require something else.
Kinds of edges: ``requires`` (edges of one source with one label lead to the
alternatives), ``constrains``, and ``conflicts`` (both ways, listed once).
``label`` is one spec that stands for all ``specs``; ``installable`` says whether
it can be had beside the demands told before it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from .conflict import Conflict, Option, Requirement
from .domain import ABSENT
from .obstacle import CONFLICT, Told, walk

__all__ = ["ConflictGraph", "Edge", "Node", "graph_of"]

SCHEMA = 1


class Node(NamedTuple):
    """A thing in a conflict; ``details`` holds what only its kind has (see the module)."""

    id: int
    kind: str
    name: str
    installable: bool
    details: dict[str, Any]


class Edge(NamedTuple):
    """How two things in a conflict hang together."""

    source: int
    target: int
    kind: str
    specs: tuple[str, ...] = ()
    label: str = ""


class ConflictGraph(NamedTuple):
    """The nodes, demands first, and the edges, by source."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        nodes = [
            {
                "id": node.id,
                "kind": node.kind,
                "name": node.name,
                "installable": node.installable,
                **node.details,
            }
            for node in self.nodes
        ]
        edges = [
            {
                "source": edge.source,
                "target": edge.target,
                "kind": edge.kind,
                "specs": list(edge.specs),
                "label": edge.label,
            }
            for edge in self.edges
        ]
        return {"schema": SCHEMA, "nodes": nodes, "edges": edges}


def graph_of(conflict: Conflict) -> ConflictGraph:
    """The graph of *conflict*, as far as its explanation tells it."""
    return _Builder(conflict).build()


class _Builder:
    def __init__(self, conflict: Conflict) -> None:
        self._conflict = conflict
        self._nodes: list[Node] = []
        self._edges: dict[Edge, None] = {}
        self._ids: dict[tuple[Any, ...], int] = {}
        self._reached: dict[tuple[str, str, tuple[str, ...]], list[int]] = {}

    def build(self) -> ConflictGraph:
        tales = walk(self._conflict) or list(map(Told, self._conflict.demands))
        demands = [
            (self._node("demand", told.subject, told.possible, number), told)
            for number, told in enumerate(tales)
        ]
        for number, told in demands:
            self._met(number, told)
        for _, told in demands:
            self._oppose(told)
        edges = sorted(self._edges)
        return ConflictGraph(tuple(self._nodes), tuple(edges))

    def _met(self, source: int, told: Told) -> None:
        """From a demand or a package to what meets the requirement *told*."""
        requirement = told.subject
        assert isinstance(requirement, Requirement)
        reached = self._reached.setdefault(_key(requirement), [])
        if requirement.missing or requirement.kind == "remove":
            if requirement.missing:
                self._link(source, self._node("missing", requirement, False), requirement)
            reached.append(source)
        elif requirement.kind == "constrains":
            target = self._node("constraint", requirement, told.possible)
            self._link(source, target, requirement)
            reached.append(target)
        elif any(isinstance(child.subject, Option) for child in told.children):
            for child in told.children:
                reached.append(self._package(source, requirement, child.subject, child))
        else:
            options = self._conflict.options_of(requirement)
            for option in options:
                reached.append(self._package(source, requirement, option, told))
            if not options:
                reached.append(source)

    def _package(
        self, source: int, requirement: Requirement, option: Requirement | Option, told: Told
    ) -> int:
        assert isinstance(option, Option)
        target = self._node("package", option, told.status != CONFLICT and told.possible)
        self._link(source, target, requirement)
        for child in told.children:
            self._met(target, child)
        return target

    def _oppose(self, told: Told) -> None:
        """Edges between what conflicts; all that is told has a node by now."""
        for child in told.children:
            self._oppose(child)
        if told.status != CONFLICT:
            return
        subject = told.subject
        if isinstance(subject, Option):
            ours = [self._ids["package", subject.name, subject.values]]
        else:
            ours = self._reached[_key(subject)]
        apart = [other for other in told.against if not other.values & subject.values & ~ABSENT]
        # Where no two exclude each other, it takes all of them.
        for other in apart or told.against:
            for another in self._reached.get(_key(other), ()):
                for one in ours:
                    if one != another:
                        self._edges[Edge(min(one, another), max(one, another), "conflicts")] = None

    def _link(self, source: int, target: int, requirement: Requirement) -> None:
        kind = "constrains" if requirement.kind == "constrains" else "requires"
        edge = Edge(source, target, kind, requirement.texts, requirement.spec)
        self._edges[edge] = None

    def _node(
        self, kind: str, subject: Requirement | Option, installable: bool, demand: int = -1
    ) -> int:
        if isinstance(subject, Option):
            key: tuple[Any, ...] = (kind, subject.name, subject.values)
            details = _of_package(subject)
        else:
            key = (kind, subject.name, subject.kind, subject.texts, demand)
            details = _DETAILS[kind](subject)
        number = self._ids.get(key)
        if number is None:
            number = self._ids[key] = len(self._nodes)
            self._nodes.append(Node(number, kind, subject.name, installable, details))
        return number


def _key(requirement: Requirement) -> tuple[str, str, tuple[str, ...]]:
    return requirement.kind, requirement.name, requirement.texts


def _of_package(option: Option) -> dict[str, Any]:
    return {
        "versions": option.extent,
        "oldest": option.versions[0] if option.versions else "",
        "newest": option.versions[-1] if option.versions else "",
        "count": len(option.versions),
        "some_builds": option.partial,
    }


def _of_constraint(requirement: Requirement) -> dict[str, Any]:
    found: dict[str, Any] = {"specs": list(requirement.texts), "label": requirement.label}
    if requirement.premises:
        found["because"] = [premise.text for premise in requirement.premises if premise.text]
    return found


def _of_demand(requirement: Requirement) -> dict[str, Any]:
    return {"demand": requirement.kind, **_of_constraint(requirement)}


def _of_missing(requirement: Requirement) -> dict[str, Any]:
    return {
        **_of_constraint(requirement),
        "available": requirement.present,
        "builds": list(requirement.builds),
        "similar": list(requirement.similar),
        "hidden": requirement.hidden,
    }


_DETAILS = {"demand": _of_demand, "constraint": _of_constraint, "missing": _of_missing}
"""What nodes of requirements say beside the name."""
