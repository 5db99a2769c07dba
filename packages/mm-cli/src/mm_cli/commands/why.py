"""``why``: what a package is there for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mm_cli.command_line import Command, Parsed, Words, natural, value
from mm_cli.errors import CliError
from mm_cli.operations.inquiry import OPTIONS, inquiring, open_inquiry
from mm_cli.report.console import Console

if TYPE_CHECKING:
    from mm_cli.operations.inquiry import Inquiry, Outcome
    from mm_solve import Why

__all__ = ["COMMAND"]


def _run(parsed: Parsed, console: Console) -> int:
    inquiry = open_inquiry(parsed, console)
    with inquiring(inquiry) as (outcome, _):
        answers = _answers(inquiry, outcome)
    console.document |= {
        "prefix": None if inquiry.prefix is None else str(inquiry.prefix.path),
        "packages": [answer.to_dict() for answer in answers],
    }
    _show(console, [answer for answer in answers if answer.version])
    _check(inquiry, outcome, [answer.name for answer in answers if not answer.version])
    return 0


def _answers(inquiry: Inquiry, outcome: Outcome) -> list[Why]:
    """For each word, why the packages that it selects are there; of a pattern, all of them."""
    from mm_cli.operations.request import parse_specs
    from mm_solve import Why, why

    session, records = inquiry.session, outcome.records
    requested = (*inquiry.specs, *inquiry.remembered)
    most = session.options.get("why.chains", 5)
    add_pip = session.config["add_pip_as_python_dependency"]
    found: dict[str, Why] = {}
    for spec in parse_specs(session.words):
        names = [name for name in sorted(records) if spec.matches(records[name])]
        for name in names:
            found[name] = why(name, records, requested, chains=most, add_pip=add_pip)
        if not names:
            found[str(spec)] = Why(str(spec), "")
    return list(found.values())


def _show(console: Console, answers: Sequence[Why]) -> None:
    from mm_cli.report.wrapping import wrapped

    if answers:
        console.result(wrapped("\n\n".join(answer.text() for answer in answers), console.width))


def _check(inquiry: Inquiry, outcome: Outcome, absent: Sequence[str]) -> None:
    """Raise `CliError` for what is not there at all."""
    if not absent:
        return
    from mm_cli.suggestions import names_meant

    verb = "is" if len(absent) == 1 else "are"
    raise CliError(
        f"{', '.join(absent)} {verb} not in {inquiry.label}",
        hint=names_meant(absent, outcome.records)
        or f"`micromamba why-not {absent[0]}` tells what is in its way.",
    )


COMMAND = Command(
    "micromamba why",
    "Show what a package is there for.",
    description=(
        "The shortest ways that lead to it from what was asked for; of an environment,\n"
        "or with --spec or --file, of what a request would come to."
    ),
    options=(
        *OPTIONS,
        value(
            "--chains", "why.chains", "NUMBER", "Show so many ways at most (5).", convert=natural
        ),
    ),
    positionals=Words("PACKAGE", "Its name, a pattern such as 'lib*', or a spec.", least=1),
    examples=(
        "micromamba why -n py libzlib",
        "micromamba why tzdata --spec pandas -c conda-forge",
        "micromamba why -n py 'lib*' --json",
    ),
    run=_run,
)
