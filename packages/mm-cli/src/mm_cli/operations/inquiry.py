"""What a question is about: an environment, or what a request would come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from mm_cli.command_line import Option, Parsed, flag, repeated, value
from mm_cli.errors import CliError
from mm_cli.options import CHANNEL, FILES, GLOBAL, NETWORK, PREFIX, SOLVER
from mm_cli.session import Session, open_session

if TYPE_CHECKING:
    from mm_channels import Transport
    from mm_cli.report.console import Console
    from mm_pkg import Prefix
    from mm_pkg.cancellation import Cancellation
    from mm_pkg.record import PackageRecord, PrefixRecord, RecordSource
    from mm_solve import MatchSpec, Request

__all__ = ["OPTIONS", "Inquiry", "Outcome", "inquiring", "open_inquiry"]

OPTIONS: tuple[Option, ...] = (
    *GLOBAL,
    *PREFIX,
    *NETWORK,
    *CHANNEL,
    FILES[0],
    *SOLVER,
    repeated(
        "-s,--spec", "inquiry.specs", "SPEC",
        "Ask about what installing this would come to, instead of what is there.",
    ),
    flag("--no-pin", "no_pin", "Ignore pinned packages.", off="--pin"),
    flag("--no-py-pin", "no_py_pin", "Let python change its minor version.", off="--py-pin"),
    value("--platform", "platform", "PLATFORM", "Solve for this platform, such as linux-64."),
)  # fmt: skip
"""Which packages a question is about."""


class Inquiry(NamedTuple):
    """A session that asks, and what about.

    prefix -- the environment; None where the request is for a new one
    specs  -- what is to be installed in it
    """

    session: Session
    prefix: Prefix | None
    specs: tuple[MatchSpec, ...]

    @property
    def installed(self) -> dict[str, PrefixRecord]:
        """What is there."""
        return {} if self.prefix is None else self.prefix.records()

    @property
    def remembered(self) -> tuple[MatchSpec, ...]:
        """What was asked for before."""
        from mm_cli.operations.request import remembered_specs

        return () if self.prefix is None else remembered_specs(self.session, self.prefix)

    @property
    def label(self) -> str:
        """How messages call it."""
        if self.specs:
            return f"what {', '.join(map(str, self.specs))} would come to"
        return str(self.session.prefix)

    @property
    def request(self) -> Request:
        """What `install` would ask for."""
        from mm_cli.operations.request import pin_origins, pins
        from mm_solve import Request

        session = self.session
        return Request(
            install=self.specs,
            keep=self.remembered,
            pins=pins(session, self.prefix),
            pin_origins=pin_origins(session, self.prefix),
            python_pin=not session.config["no_py_pin"],
        )


def open_inquiry(parsed: Parsed, console: Console) -> Inquiry:
    """The inquiry of a command line: of a request where one is named, else of an environment.

    Raises `CliError` for an environment that is none, and for files that are no request.
    """
    from mm_cli.operations.request import parse_specs
    from mm_config import PrefixRules
    from mm_pkg import Prefix

    asked = bool(parsed.settings.keys() & {"inquiry.specs", "file_specs"})
    rules = PrefixRules.none() if asked else PrefixRules.all()
    session = open_session(parsed, console, rules, strict=True)
    path = session.config.target_prefix if asked else session.prefix
    specs = parse_specs(_texts(session))
    if asked and (path is None or not _is_named(session, Prefix(path))):
        return Inquiry(session, None, specs)
    session.repair()
    session.config.check_environment(session.prefix)
    return Inquiry(session, Prefix(session.prefix), specs)


def _is_named(session: Session, prefix: Prefix) -> bool:
    """Whether an environment is asked about: what a file calls its own need not exist yet."""
    return prefix.is_environment or not any(file.name for file in session.files)


def _texts(session: Session) -> list[str]:
    for file in session.files:
        if file.is_solved:
            raise CliError(
                f"{file.label} lists archives: it is no request",
                hint="Name specs, or another file.",
            )
    platform = session.config["platform"]
    texts = list(session.options.get("inquiry.specs") or ())
    return texts + [spec for file in session.files for spec in file.specs(platform)]


class Outcome(NamedTuple):
    """What there is, or would be.

    records -- by name
    sources -- the channels' records; none where nothing had to be solved
    """

    records: Mapping[str, PackageRecord]
    sources: tuple[RecordSource, ...] = ()


@contextmanager
def inquiring(
    inquiry: Inquiry, *, channels: tuple[MatchSpec, ...] | None = None
) -> Iterator[tuple[Outcome, Cancellation]]:
    """What the inquiry is about, and what stops work on the answer.

    channels -- specs that the answer needs channels for; None: it needs none for itself
    Raises what a solve raises.
    """
    from mm_cli.operations.channels import open_transport
    from mm_cli.operations.interruption import interruptible
    from mm_cli.operations.solving import retried

    with interruptible() as cancellation, open_transport(inquiry.session) as transport:
        outcome = retried(
            inquiry.session, lambda: _outcome(inquiry, channels, transport, cancellation)
        )
        yield outcome, cancellation


def _outcome(
    inquiry: Inquiry,
    channels: tuple[MatchSpec, ...] | None,
    transport: Transport,
    cancellation: Cancellation,
) -> Outcome:
    from mm_cli.operations.request import named_channels
    from mm_cli.operations.solving import open_sources, solve_request

    if not inquiry.specs and channels is None:
        return Outcome(inquiry.installed)
    named = named_channels((*inquiry.specs, *(channels or ())))
    sources = open_sources(inquiry.session, named, transport, cancellation)
    if not inquiry.specs:
        return Outcome(inquiry.installed, sources)
    request, session = inquiry.request, inquiry.session
    solution = solve_request(session, request, sources, inquiry.installed, cancellation)
    return Outcome({record.name: record for record in solution.records}, sources)
