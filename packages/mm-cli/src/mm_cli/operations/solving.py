"""The first half of every change: load what can be reached, and solve."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mm_cli.operations.channels import load_sources, requested_channels
from mm_cli.report.progress import reporter_for
from mm_cli.session import Session

if TYPE_CHECKING:
    from mm_channels import SubdirIndex, Transport
    from mm_pkg.cancellation import Cancellation
    from mm_solve import SolveOptions

__all__ = ["open_sources", "solve_options"]


def open_sources(
    session: Session, named: Sequence[str], transport: Transport, cancellation: Cancellation
) -> tuple[SubdirIndex, ...]:
    """The records of all channels asked for; *named* are those that specs name."""
    channels = requested_channels(session, named)
    reporter = reporter_for(session.console)
    try:
        return load_sources(
            session, channels, transport, reporter=reporter, cancellation=cancellation
        )
    finally:
        reporter.close()


def solve_options(session: Session) -> SolveOptions:
    """How to solve, from the settings."""
    from mm_solve import SolveOptions

    config = session.config
    return SolveOptions(
        channel_priority=config["channel_priority"],
        add_pip=config["add_pip_as_python_dependency"],
        allow_downgrade=config["allow_downgrade"],
        allow_uninstall=config["allow_uninstall"],
    )
