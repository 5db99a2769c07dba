"""``repoquery whoneeds``: which packages need another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from mm_cli.command_line import Command, Parsed, Words, flag
from mm_cli.commands.repoquery import query
from mm_cli.commands.repoquery.depends import only_spec, virtual_packages
from mm_cli.report.console import Console
from mm_cli.session import Session

if TYPE_CHECKING:
    from mm_cli.operations.catalogue import Catalogue, Listed, Place
    from mm_pkg.record import PackageRecord
    from mm_solve import MatchSpec

__all__ = ["COMMAND"]


class _Question(NamedTuple):
    """Who needs *targets*, which *spec* selects? Where only a name counts they are none."""

    catalogue: Catalogue
    spec: MatchSpec
    targets: Sequence[PackageRecord]


def _run(parsed: Parsed, console: Console) -> int:
    from mm_cli.operations.catalogue import open_catalogue

    session, local = query.open_query(parsed, console, installed=True)
    text, spec = only_spec(session)
    options = session.options
    result: dict[str, Any] = {"msg": "", "status": "OK", "pkgs": [], "graph_roots": [text]}
    with open_catalogue(session, [spec], local=local, whole=True) as catalogue:
        question = _Question(catalogue, spec, _targets(session, catalogue, spec))
        if options.get("repoquery.tree") or options.get("repoquery.recursive"):
            found = _transitive(session, question)
        else:
            found = _direct(session, question)
        if not found:
            result |= query.no_match(session, catalogue, text, spec.name)
            result["msg"] = query.message(text)
        elif console.json:
            result["pkgs"] = [query.package_data(catalogue, each.record()) for each in found]
    console.document |= {"query": {"query": text, "type": "whoneeds"}, "result": result}
    return 0


def _targets(session: Session, catalogue: Catalogue, spec: MatchSpec) -> list[PackageRecord]:
    if spec.is_name_only:
        return []
    facts = [fact for fact in virtual_packages(session).values() if spec.matches(fact)]
    return [*facts, *(listed.package for listed in catalogue.matching(spec))]


def _transitive(session: Session, question: _Question) -> list[Listed]:
    """Show those that need it, those that need these, and so on; returns them."""
    from mm_cli.operations.dependents import dependent_tree
    from mm_cli.operations.package_tree import Branch

    catalogue, spec, targets = question
    root = Branch(spec.name, listed=catalogue.newest(catalogue.matching(spec)))
    dependent_tree(catalogue, spec, targets, root)
    branches = {b.listed.place: b for b in root.packages() if b.specs and b.listed is not None}
    found = catalogue.newest_first(b.listed for b in branches.values() if b.listed is not None)
    if found and session.options.get("repoquery.tree"):
        session.console.result(query.tree(root))
    elif found:
        _show(session, catalogue, found, {place: b.specs for place, b in branches.items()})
    return found


def _direct(session: Session, question: _Question) -> list[Listed]:
    """Show those that need it themselves; returns them.

    A table has the newest of each name, unless ``-v`` asks for every version: of a large
    channel these are a hundred thousand.
    """
    from mm_cli.operations.dependents import dependents, needed_by

    catalogue, spec, targets = question
    groups = dependents(catalogue, spec, targets)
    more: dict[str, int] = {}
    if session.console.json or session.console.shows("info"):
        found = catalogue.newest_first(listed for group in groups for listed in group)
    else:
        found, more = _newest_of_each_name(catalogue, groups)
    if found and not session.console.json:
        needs = needed_by(spec, targets)
        specs = {listed.place: tuple(filter(needs, listed.package.depends)) for listed in found}
        _show(session, catalogue, found, specs, more)
    return found


def _newest_of_each_name(
    catalogue: Catalogue, groups: Iterable[list[Listed]]
) -> tuple[list[Listed], dict[str, int]]:
    """The newest package of each name, and how many others there are by name."""
    best: dict[str, list[Listed]] = {}
    count: dict[str, int] = {}
    for group in groups:
        newest = catalogue.newest(group)
        if newest is not None:
            name = newest.package.name
            best.setdefault(name, []).append(newest)
            count[name] = count.get(name, -1) + len(group)
    chosen = map(catalogue.newest, best.values())
    return catalogue.newest_first(each for each in chosen if each is not None), count


def _show(
    session: Session,
    catalogue: Catalogue,
    found: Sequence[Listed],
    specs: Mapping[Place, tuple[str, ...]],
    more: dict[str, int] | None = None,
) -> None:
    """A table of *found* with their *specs* by place, or a card for each."""
    from mm_cli.report.package_table import package_table

    if session.options.get("repoquery.pretty"):
        session.console.result(query.cards(session, catalogue, found))
        return
    rows = query.rows(catalogue, found, depends=lambda each: ", ".join(specs[each.place]))
    if more:
        rows = [row._replace(more_builds=more[row.name]) for row in rows]
    session.console.result(package_table(rows, session.console.width))


COMMAND = Command(
    "micromamba repoquery whoneeds",
    "Show which packages need another.",
    options=(
        *query.OPTIONS,
        flag("--recursive", "repoquery.recursive", "Those that need these as well."),
    ),
    positionals=Words("SPEC", "What they need; with a version, only that.", least=1),
    description=(
        "Looks into the environment; with --remote, -c or --platform into channels. The table "
        "has the newest build of each name, with -v all versions. With --tree or --recursive "
        "a package counts in its newest version only."
    ),
    examples=(
        "micromamba repoquery whoneeds -n py openssl",
        "micromamba repoquery whoneeds -n py --tree zlib",
        "micromamba repoquery whoneeds -c conda-forge 'numpy=1.26' --json",
    ),
    run=_run,
)
