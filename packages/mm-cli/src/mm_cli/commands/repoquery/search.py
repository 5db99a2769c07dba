"""``search``: which packages there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from mm_cli.command_line import Command, Parsed, Words, flag
from mm_cli.commands.repoquery import query
from mm_cli.report.console import Console
from mm_cli.session import Session

if TYPE_CHECKING:
    from mm_cli.operations.catalogue import Catalogue, Listed
    from mm_solve import MatchSpec

__all__ = ["search_command"]


def _run(parsed: Parsed, console: Console) -> int:
    from mm_cli.operations.catalogue import open_catalogue
    from mm_cli.operations.request import parse_specs

    session, local = query.open_query(parsed, console, installed=False)
    specs = parse_specs(session.words)
    result: dict[str, object] = {"msg": "", "status": "OK", "pkgs": []}
    with open_catalogue(session, specs, local=local) as catalogue:
        answers = [_answer(catalogue, spec) for spec in specs]
        for number, (text, spec, found) in enumerate(
            zip(session.words, specs, answers, strict=True)
        ):
            if number:
                console.result("")
            if found and not console.json:
                _show(session, catalogue, text, found)
            elif not found:
                result |= query.no_match(session, catalogue, text, spec.name)
        if console.json:
            result["pkgs"] = [
                query.package_data(catalogue, each.record()) for found in answers for each in found
            ]
    if not any(answers):
        result["msg"] = query.message(" ".join(session.words))
    console.document |= {
        "query": {"query": " ".join(session.words), "type": "search"},
        "result": result,
    }
    return 0


def _answer(catalogue: Catalogue, spec: MatchSpec) -> list[Listed]:
    """What *spec* selects: the newest first, name by name."""
    return _distinct(catalogue.newest_first(catalogue.matching(spec)))


def _distinct(found: Iterable[Listed]) -> list[Listed]:
    """Without packages that an earlier channel has as well."""
    kept: dict[tuple[str, str], list[Listed]] = {}
    for listed in found:
        same_name = kept.setdefault((listed.subdir, listed.package.dist), [])
        # Only what is called the same can be the same: few hashes have to be read.
        if not any(_same(listed, other) for other in same_name):
            same_name.append(listed)
    return [listed for same_name in kept.values() for listed in same_name]


def _same(one: Listed, other: Listed) -> bool:
    sha256 = one.record().sha256
    return sha256 is not None and sha256 == other.record().sha256


def _show(session: Session, catalogue: Catalogue, text: str, found: Sequence[Listed]) -> None:
    """The answer to the query *text*."""
    from mm_cli.report.package_table import package_table

    options, console = session.options, session.console
    every_build = bool(options.get("repoquery.recursive"))
    if options.get("repoquery.tree"):
        console.result(_tree(catalogue, found))
    elif options.get("repoquery.pretty") or not (
        "*" in text or every_build or options.get("repoquery.table")
    ):
        console.result(query.cards(session, catalogue, found))
    else:
        rows = query.rows(catalogue, found, every_build=every_build)
        console.result(package_table(rows, console.width))


def _tree(catalogue: Catalogue, found: Sequence[Listed]) -> str:
    """Names, their versions, the builds of those."""
    return "\n".join(
        line
        for name, packages in groupby(found, key=lambda listed: listed.package.name)
        for line in _name_lines(catalogue, name, packages)
    )


def _name_lines(catalogue: Catalogue, name: str, packages: Iterable[Listed]) -> list[str]:
    from mm_cli.report.tree import tree_lines

    below: dict[str, list[str]] = {name: []}
    for version, builds in groupby(packages, key=lambda listed: listed.package.version):
        below[name].append(f"{version}")
        below[version] = [
            f"{each.package.build}  {query.channel_of(catalogue, each)}/{each.subdir}"
            for each in builds
        ]
    return tree_lines(name, lambda node: below.get(node, []), str)


def search_command(title: str) -> Command:
    """The command under its name *title*: there are two."""
    return Command(
        title,
        "Find packages in channels.",
        options=(
            *query.OPTIONS,
            flag("--recursive", "repoquery.recursive", "Show every build, not one row a version."),
        ),
        positionals=Words("SPEC", "What to look for; * stands for anything.", least=1),
        examples=(
            f"{title} -c conda-forge 'numpy>=2'",
            f"{title} 'xtensor*' --json",
            f"{title} --local python",
        ),
        run=_run,
    )
