"""The first half of every change: load what can be reached, and solve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mm_cli.operations.channels import load_sources, requested_channels
from mm_cli.report.progress import ConsoleReporter, reporter_for
from mm_cli.session import Session

if TYPE_CHECKING:
    from mm_channels import Transport
    from mm_pkg.cancellation import Cancellation
    from mm_pkg.record import RecordSource
    from mm_solve import MatchSpec, SolveOptions

__all__ = ["open_sources", "resolving", "say_pins", "solve_options"]


def open_sources(
    session: Session,
    named: Sequence[str],
    transport: Transport,
    cancellation: Cancellation,
    *,
    whole: bool = False,
) -> tuple[RecordSource, ...]:
    """The records of all channels asked for; *named* are those that specs name.

    whole -- most names will be read
    """
    channels = requested_channels(session, named)
    reporter = reporter_for(session.console)
    try:
        return load_sources(
            session,
            channels,
            transport,
            whole=whole,
            reporter=reporter,
            cancellation=cancellation,
        )
    finally:
        reporter.close()


@contextmanager
def resolving(session: Session) -> Iterator[ConsoleReporter]:
    """Show that a solve is under way; gives who is to be told of its warnings."""
    from mm_pkg.reporter import Task

    reporter = reporter_for(session.console)
    task = Task("solve", "")
    reporter.started(task)
    try:
        yield reporter
        reporter.finished(task)
    finally:
        reporter.close()


def say_pins(session: Session, pins: Sequence[MatchSpec]) -> None:
    """Show what the solve has to respect."""
    if pins:
        session.console.say(
            "\n".join(["", "Pinned packages:", "", *(f"  - {p}" for p in pins), ""])
        )


def solve_options(session: Session) -> SolveOptions:
    """How to solve, from the settings."""
    from mm_solve import SolveOptions

    config = session.config
    return SolveOptions(
        channel_priority=config["channel_priority"],
        add_pip=config["add_pip_as_python_dependency"],
        allow_downgrade=config["allow_downgrade"],
        allow_uninstall=config["allow_uninstall"],
        order_request=config["order_solver_request"],
    )
