"""The second half of every change: show, confirm, fetch, apply, report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from mm_cli.operations.channel_rules import check_channels
from mm_cli.operations.fetch import Located, fetch, locate
from mm_cli.report.json_document import actions as actions_object
from mm_cli.report.progress import reporter_for
from mm_cli.report.prompt import confirm
from mm_cli.report.transaction_table import Row, Section, transaction_text
from mm_cli.session import Session

if TYPE_CHECKING:
    from mm_channels import Transport
    from mm_pkg import CachedPackage, LinkOptions, PackageCache, Plan
    from mm_pkg.cancellation import Cancellation
    from mm_pkg.record import PrefixRecord
    from mm_solve import Actions

__all__ = ["Change", "carry_out", "keep_plan", "link_options", "public_spec", "remember", "show"]

SECTIONS = {
    "install": ("Install", "", "+"),
    "remove": ("Remove", "-", ""),
    "change": ("Change", "-", "+"),
    "reinstall": ("Reinstall", "", "o"),
    "upgrade": ("Upgrade", "-", "+"),
    "downgrade": ("Downgrade", "-", "+"),
    "omit": ("Ignored", "", "="),
}
"""Kind of action -> section title, mark of what goes, mark of what comes."""


class Change(msgspec.Struct, frozen=True):
    """What is about to happen to one environment.

    actions         -- package by package, in order
    update_specs    -- specs that were asked for; they go into the history
    remove_specs    -- specs to be forgotten
    channel_names   -- channel URL -> the name shown
    replaced        -- packages of an environment that is created anew: all of them go
    afresh          -- whether it is created anew
    fingerprint     -- of the environment that this was planned for; empty: of any
    foreign         -- those of what goes that pip has installed
    """

    prefix: Path
    actions: Actions
    update_specs: Sequence[str] = ()
    remove_specs: Sequence[str] = ()
    channel_names: dict[str, str] = msgspec.field(default_factory=dict)
    replaced: tuple[PrefixRecord, ...] = ()
    afresh: bool = False
    fingerprint: str = ""
    foreign: tuple[PrefixRecord, ...] = ()

    @property
    def unlink(self) -> tuple[PrefixRecord, ...]:
        """Every package that goes."""
        return (*self.replaced, *self.actions.unlink)

    def replacing(self, records: Iterable[PrefixRecord], forgetting: Iterable[str]) -> Change:
        """The same change in place of *records*; the specs *forgetting* no longer count."""
        return msgspec.structs.replace(
            self, replaced=tuple(records), remove_specs=tuple(forgetting), afresh=True
        )


def package_cache(session: Session) -> PackageCache:
    """The package caches of the settings."""
    from mm_pkg import PackageCache

    config = session.config
    return PackageCache(
        config.pkgs_dirs,
        safety_checks=config["safety_checks"],
        extra_safety_checks=config["extra_safety_checks"],
    )


def show(session: Session, change: Change, located: Located) -> None:
    """Print the transaction, or put it into the JSON document."""
    console = session.console
    console.document |= {
        "dry_run": session.config["dry_run"],
        "prefix": str(change.prefix),
        "actions": actions_object(
            str(change.prefix), located.missing, change.actions.link, change.unlink
        ),
    }
    if console.quiet or console.json:
        return
    need = {record.url for record in located.missing}
    text = transaction_text(
        change.prefix,
        _sections(change.actions),
        updating=change.update_specs,
        removing=change.remove_specs,
        cached={record.url for record in change.actions.link} - need,
        colour=console.colour,
        channel_names=_channel_names(session, change),
        width=console.width,
    )
    console.say(text)


def _channel_names(session: Session, change: Change) -> dict[str, str]:
    """Channel URL -> what to show for it, for every channel that is concerned."""
    from mm_cli.operations.channels import channel_label

    urls = {record.channel for record in (*change.actions.link, *change.actions.unlink)}
    return {url: channel_label(session, url) for url in urls} | change.channel_names


def _sections(actions: Actions) -> list[Section]:
    sections = []
    for kind, (title, gone, come) in SECTIONS.items():
        chosen = sorted((a for a in actions if a.kind == kind), key=lambda action: action.name)
        rows = []
        for action in chosen:
            if gone and action.unlink is not None:
                rows.append(Row(gone, action.unlink))
            if come and action.link is not None:
                rows.append(Row(come, action.link))
        if rows:
            sections.append(Section(title, rows, len(chosen)))
    return sections


def carry_out(
    session: Session,
    change: Change,
    transport: Transport,
    cancellation: Cancellation,
) -> bool:
    """Show *change*, ask, and do it. Returns whether it was done."""
    config, console = session.config, session.console
    check_channels(session, [record.url for record in change.actions.link])
    planned = change
    if config["prefix_data_interoperability"]:
        from mm_cli.operations.pip_takeover import taking_over

        change = taking_over(change)
    cache = package_cache(session)
    located = locate(cache, change.actions.link)
    show(session, change, located)
    if config["dry_run"]:
        keep_plan(session, planned)
        console.say("Dry run. Not executing the transaction.")
        return False
    if not confirm(console, "Confirm changes", default=True, always_yes=session.always_yes):
        return False
    packages = _fetch(session, located, cache, transport, cancellation)
    if config["download_only"]:
        console.say("Download only. The packages are in the cache, and nothing was linked.")
        return False
    _apply(session, change, packages, cancellation)
    return True


def keep_plan(session: Session, change: Change) -> None:
    """After a dry run: write *change* to the file that the options name, if they do."""
    output = session.options.get("plan.output")
    if output:
        from mm_cli.operations.planned import write_plan

        write_plan(session, change, str(output))


def _fetch(
    session: Session,
    located: Located,
    cache: PackageCache,
    transport: Transport,
    cancellation: Cancellation,
) -> dict[str, CachedPackage]:
    config = session.config
    reporter = reporter_for(session.console)
    try:
        return fetch(
            located,
            cache,
            transport,
            threads=threads(config["download_threads"]),
            extract_threads=threads(config["extract_threads"]),
            reporter=reporter,
            cancellation=cancellation,
        )
    finally:
        reporter.close()


def threads(setting: int) -> int:
    """How many threads a setting means: n, or CPUs minus n when negative, or 0 for a few."""
    import os

    cpus = os.cpu_count() or 1
    if setting > 0:
        return setting
    return min(10, cpus) if setting == 0 else max(1, cpus + setting)


def _apply(
    session: Session,
    change: Change,
    packages: dict[str, CachedPackage],
    cancellation: Cancellation,
) -> None:
    from mm_pkg import apply

    console = session.console
    console.say("\nTransaction starting")
    reporter = reporter_for(console)
    try:
        outcome = apply(
            plan(change, packages),
            link_options(session),
            reporter=reporter,
            cancellation=cancellation,
        )
    finally:
        reporter.close()
    for warning in outcome.warnings:
        console.warn(warning)
    for message in outcome.messages:
        console.say(message)
    console.say("Transaction finished")


def remember(session: Session, change: Change) -> None:
    """Write into the history what was asked for, where no package has to change."""
    from mm_pkg import apply

    apply(plan(change, {}), link_options(session))


def plan(change: Change, packages: dict[str, CachedPackage]) -> Plan:
    """The change as mm_pkg carries it out."""
    import sys

    from mm_cli.report.console import masked
    from mm_pkg import LinkItem, Plan
    from mm_pkg.prefix import HistoryEntry

    requested = _requested(change.update_specs)
    items = tuple(
        LinkItem(packages[record.url], requested_specs=requested.get(record.name, ()))
        for record in change.actions.link
    )
    history = HistoryEntry(
        command=masked(" ".join(["micromamba", *sys.argv[1:]])),
        update_specs=tuple(map(public_spec, change.update_specs)),
        remove_specs=tuple(map(public_spec, change.remove_specs)),
    )
    return Plan(
        change.prefix,
        unlink=tuple(record for record in change.unlink if record not in change.foreign),
        link=items,
        history=history,
        fingerprint=change.fingerprint,
        foreign=change.foreign,
    )


def public_spec(spec: str) -> str:
    """*spec* as a file may hold it: a channel's URL loses its credentials."""
    if "://" not in spec:
        return spec
    from mm_channels import strip_credentials

    return strip_credentials(spec)


def _requested(specs: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Package name -> the specs that asked for it."""
    from mm_solve import MatchSpec
    from mm_solve.errors import InvalidMatchSpec

    requested: dict[str, tuple[str, ...]] = {}
    for text in specs:
        try:
            name = MatchSpec.parse(text).name
        except InvalidMatchSpec:
            continue  # out of an old history: other tools write there as well
        requested[name] = (*requested.get(name, ()), public_spec(text))
    return requested


def link_options(session: Session) -> LinkOptions:
    """How to link, from the settings."""
    from mm_pkg import LinkOptions
    from mm_pkg.errors import NoWritableCache

    config = session.config
    try:
        pyc_cache = package_cache(session).writable_dir()
    except NoWritableCache:
        pyc_cache = None  # compiled modules are then not kept
    return LinkOptions(
        always_copy=config["always_copy"],
        always_softlink=config["always_softlink"],
        allow_softlinks=config["allow_softlinks"],
        compile_pyc=config["compile_pyc"],
        run_scripts=not config["skip_run_link_scripts"],
        relocate_prefix=config["relocate_prefix"],
        path_conflict=config["path_conflict"],
        pyc_cache=pyc_cache,
        root_prefix=config.root_prefix,
        lock_timeout=config["lock_timeout"],
        use_lockfiles=config["use_lockfiles"],
        override_frozen=bool(session.options.get("link.override_frozen")),
    )
