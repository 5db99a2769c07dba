"""The first half of every change: load what can be reached, and solve."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from mm_cli.errors import CliError
from mm_cli.operations.channels import load_sources, requested_channels
from mm_cli.report.progress import ConsoleReporter, reporter_for
from mm_cli.session import Session

if TYPE_CHECKING:
    from mm_channels import Transport
    from mm_pkg.cancellation import Cancellation
    from mm_pkg.record import PrefixRecord, RecordSource
    from mm_solve import ExcludeNewer, MatchSpec, Request, Solution, SolveOptions

__all__ = [
    "open_sources",
    "resolving",
    "retried",
    "say_hidden",
    "say_pins",
    "solve_options",
    "solve_request",
]

T = TypeVar("T")


def open_sources(
    session: Session,
    named: Sequence[str],
    transport: Transport,
    cancellation: Cancellation,
    *,
    whole: bool = False,
    platforms: Sequence[str] = (),
) -> tuple[RecordSource, ...]:
    """The records of all channels asked for; *named* are those that specs name.

    whole     -- most names will be read
    platforms -- those whose packages are wanted, instead of the setting's
    """
    channels = requested_channels(session, named, platforms)
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
    except Exception as error:
        reporter.failed(task, str(getattr(error, "message", "stopped")))
        raise
    finally:
        reporter.close()


def retried(session: Session, attempt: Callable[[], T]) -> T:
    """The result of *attempt*; where that finds no solution, and the settings want it so
    (``retry_clean_cache``), of a second attempt with metadata that is asked for anew.

    Raises `mm_solve.errors.Unsolvable` of the last attempt.
    """
    try:
        return attempt()
    except Exception as error:
        from mm_solve.errors import Unsolvable

        config = session.config
        anew = config["retry_clean_cache"] and not config["offline"] and not session.asks_anew
        if not isinstance(error, Unsolvable) or not anew:
            raise
    session.console.say("No solution with the metadata at hand: once more, with metadata anew")
    session.asks_anew = True
    return attempt()


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

    def if_said(name: str) -> bool | None:
        """What somebody set; else the solver judges by what is asked for."""
        return config.flag(name) if config.setting(name).configured else None

    return SolveOptions(
        channel_priority=config["channel_priority"],
        add_pip=config["add_pip_as_python_dependency"],
        allow_downgrade=if_said("allow_downgrade"),
        allow_uninstall=if_said("allow_uninstall"),
        order_request=config["order_solver_request"],
        timeout=config["solver_timeout"] or None,
        exclude_newer=_exclude_newer(session),
        strategy=config["solver_strategy"],
    )


def _exclude_newer(session: Session) -> ExcludeNewer | None:
    """The rule of the settings; None when there is none. Raises `CliError`."""
    config = session.config
    everything = config["exclude_newer"]
    packages, channels = config["exclude_newer_package"], config["exclude_newer_channel"]
    if not (everything or packages or channels):
        return None
    from mm_solve import ExcludeNewer, InvalidCutoff

    try:
        return ExcludeNewer.parse(everything, packages=packages, channels=channels) or None
    except InvalidCutoff as error:
        raise CliError(f"exclude_newer: {error.message}", hint=error.hint) from None


def solve_request(
    session: Session,
    request: Request,
    sources: Sequence[RecordSource],
    installed: Mapping[str, PrefixRecord],
    cancellation: Cancellation,
) -> Solution:
    """What there is to be, so that *request* is met. Raises `mm_solve.SolveError`."""
    import os

    from mm_solve import detect_virtual_packages, solve

    config = session.config
    with resolving(session) as reporter:
        solution = solve(
            request,
            sources,
            installed=installed,
            virtual_packages=detect_virtual_packages(
                config["platform"], os.environ, session.console.warn
            ),
            options=solve_options(session),
            reporter=reporter,
            cancellation=cancellation,
        )
    say_hidden(session, solution)
    return solution


def say_hidden(session: Session, solution: Solution) -> None:
    """Say how many packages were left out for their age: silence would look like "none"."""
    if not solution.hidden:
        return
    newer = sum(hidden.packages for hidden in solution.hidden.values())
    undated = sum(hidden.undated for hidden in solution.hidden.values())
    session.console.document["excluded"] = {"newer": newer, "undated": undated}
    session.console.say(
        f"exclude_newer: left out {newer} packages as too new, {undated} for having no date"
    )
