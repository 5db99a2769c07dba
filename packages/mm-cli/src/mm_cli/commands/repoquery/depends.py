"""``repoquery depends``: what a package needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mm_cli.command_line import Command, Parsed, Words, flag
from mm_cli.commands.repoquery import query
from mm_cli.errors import CliError
from mm_cli.report.console import Console
from mm_cli.session import Session

if TYPE_CHECKING:
    from mm_cli.operations.catalogue import Catalogue
    from mm_cli.operations.package_tree import Branch
    from mm_cli.report.package_table import PackageRow
    from mm_pkg.record import PackageRecord
    from mm_solve import MatchSpec

__all__ = ["COMMAND", "only_spec", "virtual_packages"]


def _run(parsed: Parsed, console: Console) -> int:
    from mm_cli.operations.catalogue import open_catalogue

    session, local = query.open_query(parsed, console, installed=True)
    text, spec = only_spec(session)
    with open_catalogue(session, [spec], local=local) as catalogue:
        root = _tree(session, catalogue, spec)
        result: dict[str, Any] = {"msg": "", "status": "OK", "pkgs": [], "graph_roots": [text]}
        if root is None:
            result |= query.no_match(session, catalogue, text, spec.name)
            result["msg"] = query.message(text)
        elif console.json:
            result |= _data(catalogue, root)
        else:
            _show(session, catalogue, root)
    console.document |= {"query": {"query": text, "type": "depends"}, "result": result}
    return 0


def only_spec(session: Session) -> tuple[str, MatchSpec]:
    """The one spec given. Raises `CliError` where there are several."""
    from mm_cli.operations.request import parse_specs

    if len(session.words) != 1:
        raise CliError(
            f"Only one query is supported, not {len(session.words)}",
            hint="Put what belongs together into quotes, as in 'numpy >=2'.",
        )
    return session.words[0], parse_specs(session.words)[0]


def virtual_packages(session: Session) -> dict[str, PackageRecord]:
    """What this machine, or the platform asked for, is known to offer, by name."""
    import os

    from mm_solve import detect_virtual_packages

    found = detect_virtual_packages(session.config["platform"], os.environ)
    return {package.name: package for package in found}


def _tree(session: Session, catalogue: Catalogue, spec: MatchSpec) -> Branch | None:
    from mm_cli.operations.dependencies import dependency_tree

    package = catalogue.newest(catalogue.matching(spec))
    if package is None:
        return None
    options = session.options
    recursive = bool(options.get("repoquery.recursive") or options.get("repoquery.tree"))
    return dependency_tree(catalogue, package, virtual_packages(session), recursive=recursive)


def _data(catalogue: Catalogue, root: Branch) -> dict[str, Any]:
    """The package itself comes first; what is no package is told of apart."""
    branches = list(root.packages())
    packages = [
        query.package_data(catalogue, branch.listed.record())
        for branch in branches
        if branch.listed is not None
    ]
    return {
        "pkgs": packages,
        "graph_roots": packages[:1],
        "virtual_packages": [b.virtual.dist for b in branches if b.virtual and not b.state],
        "missing": [spec for b in branches if b.state for spec in b.specs],
    }


def _show(session: Session, catalogue: Catalogue, root: Branch) -> None:
    from mm_cli.report.package_table import package_table

    console = session.console
    if session.options.get("repoquery.tree"):
        console.result(query.tree(root))
    elif session.options.get("repoquery.pretty"):
        listed = [branch.listed for branch in root.packages() if branch.listed is not None]
        console.result(query.cards(session, catalogue, listed))
    else:
        first, *others = root.packages()
        others.sort(key=lambda branch: branch.name)
        rows = [_row(catalogue, branch) for branch in (first, *others)]
        console.result(package_table(rows, console.width))


def _row(catalogue: Catalogue, branch: Branch) -> PackageRow:
    from mm_cli.report.package_table import PackageRow

    if branch.state:
        asked = ", ".join(spec.removeprefix(branch.name).strip() or "*" for spec in branch.specs)
        return PackageRow(branch.name, asked, ">>> NOT FOUND <<<", "", "")
    if branch.listed is None:
        assert branch.virtual is not None
        fact = branch.virtual
        return PackageRow(fact.name, fact.version, fact.build, "(virtual)", fact.subdir or "")
    return query.rows(catalogue, [branch.listed])[0]


COMMAND = Command(
    "micromamba repoquery depends",
    "Show what a package needs.",
    options=(
        *query.OPTIONS,
        flag("--recursive", "repoquery.recursive", "What its dependencies need as well."),
    ),
    positionals=Words("SPEC", "The package; the newest that matches counts.", least=1),
    description=(
        "Looks into the environment; with --remote, -c or --platform into channels. Each "
        "dependency is answered by the newest package that it allows: what is installed "
        "together is for `create --dry-run` to say."
    ),
    examples=(
        "micromamba repoquery depends -n py python",
        "micromamba repoquery depends -c conda-forge --tree 'numpy>=2'",
        "micromamba repoquery depends --remote --recursive xtensor --json",
    ),
    run=_run,
)
