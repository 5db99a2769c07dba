"""Installing what was asked for, whichever way it was said."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from mm_cli.operations.channels import open_transport
from mm_cli.operations.interruption import interruptible
from mm_cli.operations.request import (
    named_channels,
    parse_specs,
    pin_origins,
    pins,
    remembered_specs,
    requested_texts,
)
from mm_cli.operations.solving import open_sources, retried, say_pins, solve_request
from mm_cli.operations.transaction import Change, carry_out, keep_plan, link_options, remember
from mm_cli.operations.unheeded_settings import say_unheeded
from mm_cli.session import Session

if TYPE_CHECKING:
    from mm_channels import Transport
    from mm_pkg import Prefix
    from mm_pkg.cancellation import Cancellation
    from mm_pkg.record import PrefixRecord
    from mm_solve import Actions, MatchSpec, Solution

__all__ = ["complete", "file_variables", "install", "perform", "store_variables"]


def install(
    session: Session, prefix: Prefix, *, afresh: bool = False, forget: Collection[str] = ()
) -> bool:
    """Install the session's specs and files into *prefix*.

    afresh -- what is installed now does not count: all of it goes
    forget -- names of packages that were asked for, and are not any more: they go, with
              what only they needed
    Returns whether the environment holds now what was asked for.
    """

    def make(
        installed: dict[str, PrefixRecord], transport: Transport, cancellation: Cancellation
    ) -> Change:
        return _change(session, prefix, installed, forget, transport, cancellation)

    return perform(session, prefix, make, afresh=afresh)


def perform(
    session: Session,
    prefix: Prefix,
    make: Callable[[dict[str, PrefixRecord], Transport, Cancellation], Change],
    *,
    afresh: bool = False,
) -> bool:
    """Carry out the change that *make* finds for what is installed in *prefix*.

    afresh -- what is installed now does not count: all of it goes
    Returns whether the environment is now as *make* wants it.
    """
    say_unheeded(session)
    with interruptible() as cancellation, open_transport(session) as transport:
        installed = prefix.records() if prefix.is_environment else {}
        counted = {} if afresh else installed
        change = retried(session, lambda: make(counted, transport, cancellation))
        if afresh:
            change = change.replacing(installed.values(), forgetting=prefix.requested_specs())
        if not change.actions and not afresh:
            return _nothing_to_do(session, prefix, change)
        done = carry_out(session, change, transport, cancellation)
        if done and afresh:
            from mm_pkg import remove_unowned

            remove_unowned(prefix.path, link_options(session))
    return done


def _change(
    session: Session,
    prefix: Prefix,
    installed: dict[str, PrefixRecord],
    forget: Collection[str],
    transport: Transport,
    cancellation: Cancellation,
) -> Change:
    from mm_cli.operations.explicit import explicit_change, explicit_records, without_secrets

    records = explicit_records(session)
    if records is not None:
        return explicit_change(prefix, installed, without_secrets(records, transport))
    return _solved(session, prefix, installed, forget, transport, cancellation)


def _solved(
    session: Session,
    prefix: Prefix,
    installed: dict[str, PrefixRecord],
    forget: Collection[str],
    transport: Transport,
    cancellation: Cancellation,
) -> Change:
    """Load, solve, and say what has to change."""
    from mm_solve import Request, changes

    config = session.config
    texts = _with_pip(session, requested_texts(session))
    specs = parse_specs(texts)
    sources = open_sources(session, named_channels(specs), transport, cancellation)
    pinned = pins(session, prefix)
    say_pins(session, pinned)
    request = Request(
        install=specs,
        keep=_kept(session, prefix, forget) if installed else (),
        pins=pinned,
        pin_origins=pin_origins(session, prefix),
        python_pin=not config["no_py_pin"],
        freeze_installed=config["freeze_installed"],
        force_reinstall=config["force_reinstall"],
    )
    solution = solve_request(session, request, sources, installed, cancellation)
    if gone := _dispensable(forget, specs, solution):
        request = msgspec.structs.replace(request, remove=parse_specs(gone))
        solution = solve_request(session, request, sources, installed, cancellation)
    actions = changes(installed, solution, no_deps=config["no_deps"], only_deps=config["only_deps"])
    if config["only_deps"]:
        texts = _dependencies_of(actions)
    return Change(
        prefix.path,
        actions,
        update_specs=texts,
        remove_specs=sorted(forget),
        channel_names={s.channel.rstrip("/"): s.channel_name for s in sources},
    )


def _dispensable(
    forget: Collection[str], specs: Iterable[MatchSpec], solution: Solution
) -> tuple[str, ...]:
    """What can go of *forget*: what is asked for may need the rest, which stays, unasked."""
    if not forget:
        return ()
    from mm_cli.operations.forgetting import dispensable

    return dispensable(forget, specs, {record.name: record for record in solution.records})


def _kept(session: Session, prefix: Prefix, forget: Collection[str]) -> tuple[MatchSpec, ...]:
    """What was asked for before, and still is."""
    return tuple(spec for spec in remembered_specs(session, prefix) if spec.name not in forget)


def _dependencies_of(actions: Actions) -> list[str]:
    """With ``--only-deps``: what is asked for is what the left out packages need."""
    left_out = [action.link for action in actions.of_kind("omit") if action.link is not None]
    needed = (spec for record in left_out for spec in record.depends)
    return list(dict.fromkeys(spec for spec in needed if not spec.startswith("__")))


def _with_pip(session: Session, texts: list[str]) -> list[str]:
    """Files with a ``pip:`` section need a program to install it in the environment."""
    platform = session.config["platform"]
    if not any(file.requirements(platform) for file in session.files):
        return texts
    from mm_cli.operations.pip_requirements import installer

    names = {spec.name for spec in parse_specs(texts)}
    needed = installer(session, names)
    return texts if needed in names else [*texts, needed]


def _nothing_to_do(session: Session, prefix: Prefix, change: Change) -> bool:
    """Everything is there already; still remember that it was asked for."""
    message = "All requested packages already installed"
    session.console.document |= {
        "message": message,
        "prefix": str(prefix.path),
        "dry_run": session.config["dry_run"],
    }
    session.console.say(message)
    if session.config["dry_run"]:
        keep_plan(session, change)
        _say_pip_parts(session)
        session.console.say("Dry run. Not executing the transaction.")
    if session.config["dry_run"] or session.config["download_only"]:
        return False
    if change.remove_specs or set(change.update_specs) - set(prefix.requested_specs().values()):
        # Else a later `remove` would take for an orphan what was asked for by name.
        remember(session, change)
    return True


def _say_pip_parts(session: Session) -> None:
    """Of a dry run: what files leave to pip."""
    for file in session.files:
        if file.pip or file.lock is not None:
            from mm_cli.operations.pip_requirements import pip_part

            part = pip_part(session, file)
            if part is not None:
                session.console.say(f"Packages for pip: {', '.join(part.shown)}")


def complete(session: Session, prefix: Prefix) -> None:
    """What files ask for beside packages: variables, and pip's part.

    Raises `CliError` when pip fails.
    """
    store_variables(session, prefix, file_variables(session))
    for file in session.files:
        if file.pip or file.lock is not None:
            from mm_cli.operations.pip_requirements import install_pip_part, pip_part

            part = pip_part(session, file)
            if part is not None:
                install_pip_part(session, prefix, part)


def file_variables(session: Session) -> dict[str, str]:
    """The ``variables:`` of the session's files; of one name the first file's counts."""
    return {name: text for file in reversed(session.files) for name, text in file.variables.items()}


def store_variables(session: Session, prefix: Prefix, variables: Mapping[str, str]) -> None:
    """Add *variables* to those that activation sets."""
    if not variables:
        return
    if session.config["no_env"]:
        session.console.warn(
            f"--no-env: the variables of files are not stored: {', '.join(sorted(variables))}"
        )
        return
    prefix.set_env_vars(prefix.env_vars() | dict(variables))
