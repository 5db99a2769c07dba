"""``why-not``: what keeps a package, or a version of it, away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mm_cli.command_line import Command, Parsed, Words
from mm_cli.operations.inquiry import OPTIONS, inquiring, open_inquiry
from mm_cli.report.console import Console

if TYPE_CHECKING:
    from mm_cli.operations.inquiry import Inquiry
    from mm_solve import WhyNot

__all__ = ["COMMAND"]

IN_THE_WAY = 1
"""Exit code where something would have to give way."""

AT_HAND = ("there", "possible")
"""Verdicts on what nothing keeps away."""


def _run(parsed: Parsed, console: Console) -> int:
    inquiry = open_inquiry(parsed, console)
    answers = _answers(inquiry)
    console.document |= {
        "prefix": None if inquiry.prefix is None else str(inquiry.prefix.path),
        "answers": [answer.to_dict() for answer in answers],
    }
    _show(console, answers)
    hindered = [answer for answer in answers if answer.verdict not in AT_HAND]
    if not hindered:
        return 0
    if console.json:  # a document that is no success says why
        specs = ", ".join(answer.spec for answer in hindered)
        console.fail(f"Something is in the way of {specs}", hindered[0].hint, IN_THE_WAY)
    return IN_THE_WAY


def _answers(inquiry: Inquiry) -> list[WhyNot]:
    import os

    from mm_cli.operations.request import parse_specs
    from mm_cli.operations.solving import resolving, solve_options
    from mm_solve import detect_virtual_packages, why_not

    session = inquiry.session
    specs = parse_specs(session.words)
    with inquiring(inquiry, channels=specs) as (outcome, cancellation):
        options, request, installed = solve_options(session), inquiry.request, inquiry.installed
        virtual = detect_virtual_packages(
            session.config["platform"], os.environ, session.console.warn
        )
        with resolving(session) as reporter:
            return [
                why_not(
                    spec,
                    request,
                    outcome.sources,
                    installed=installed,
                    current=outcome.records,
                    virtual_packages=virtual,
                    options=options,
                    reporter=reporter,
                    cancellation=cancellation,
                )
                for spec in specs
            ]


def _show(console: Console, answers: Sequence[WhyNot]) -> None:
    from mm_cli.report.wrapping import wrapped

    lines = None if console.shows("info") else 15
    texts = [answer.text(lines) for answer in answers]
    texts = [
        f"{text}\n{answer.hint}" if answer.hint else text
        for text, answer in zip(texts, answers, strict=True)
    ]
    console.result(wrapped("\n\n".join(texts), console.width))


COMMAND = Command(
    "micromamba why-not",
    "Show what keeps a package, or a version of it, away.",
    description=(
        "What would have to change, or to give way, for it to be installed: in an\n"
        "environment, or with --spec or --file, beside what a request asks for.\n"
        "The exit code is 0 where nothing is in its way."
    ),
    options=OPTIONS,
    positionals=Words("SPEC", "What might be installed, such as numpy or 'numpy=2.4'.", least=1),
    examples=(
        "micromamba why-not -n py 'numpy>=2'",
        "micromamba why-not python=3.14 --spec pandas -c conda-forge",
        "micromamba why-not -n py numpy=2.4 --json",
    ),
    run=_run,
)
