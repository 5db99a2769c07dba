"""Updating what is installed, by name or all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mm_cli.errors import CliError
from mm_cli.operations.install import perform
from mm_cli.operations.request import (
    named_channels,
    parse_specs,
    pin_origins,
    pins,
    remembered_specs,
    requested_texts,
)
from mm_cli.operations.solving import open_sources, say_pins, solve_request
from mm_cli.operations.transaction import Change
from mm_cli.session import Session

if TYPE_CHECKING:
    from mm_channels import Transport
    from mm_pkg import Prefix
    from mm_pkg.cancellation import Cancellation
    from mm_pkg.record import PrefixRecord
    from mm_solve import Request

__all__ = ["update"]


def update(session: Session, prefix: Prefix, *, everything: bool, prune: bool) -> bool:
    """Bring packages to their newest versions.

    everything -- all that is installed; what is named besides is installed. Else what
                  is named, which has to be installed already
    prune      -- what nothing needs any more goes
    Returns whether the environment holds now what was asked for. Raises `CliError`.
    """

    def make(
        installed: dict[str, PrefixRecord], transport: Transport, cancellation: Cancellation
    ) -> Change:
        from mm_solve import changes

        request = _request(session, prefix, installed, everything, prune)
        specs = (*request.install, *request.update)
        sources = open_sources(session, named_channels(specs), transport, cancellation)
        say_pins(session, request.pins)
        solution = solve_request(session, request, sources, installed, cancellation)
        no_deps, only_deps = session.config["no_deps"], session.config["only_deps"]
        actions = changes(installed, solution, no_deps=no_deps, only_deps=only_deps)
        return Change(
            prefix.path,
            actions,
            # An update that changes nothing is no reason to remember anything.
            update_specs=requested_texts(session) if actions or everything else (),
            channel_names={s.channel.rstrip("/"): s.channel_name for s in sources},
        )

    return perform(session, prefix, make)


def _request(
    session: Session,
    prefix: Prefix,
    installed: dict[str, PrefixRecord],
    everything: bool,
    prune: bool,
) -> Request:
    from mm_solve import Request

    specs = parse_specs(requested_texts(session))
    request = Request(
        install=specs if everything else (),
        update=() if everything else specs,
        update_all=everything,
        keep=remembered_specs(session, prefix),
        prune=prune,
        pins=pins(session, prefix),
        pin_origins=pin_origins(session, prefix),
        python_pin=not session.config["no_py_pin"],
    )
    absent = request.not_installed(installed)
    if absent:
        # Before anything is fetched: a slip of the pen should cost no time.
        from mm_cli.suggestions import names_meant

        raise CliError(
            f"Package is not installed in prefix {prefix.path}: package name: {', '.join(absent)}",
            hint=names_meant(absent, installed)
            or "`micromamba install` installs it; `update --all` updates all there is.",
        )
    return request
