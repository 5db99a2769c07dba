"""The story of a solve: a universe, a request, a search, a solution or a reason.

>>> SolveOptions().channel_priority
'flexible'
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

import msgspec

from mm_pkg.cancellation import Cancellation
from mm_pkg.record import PackageRecord, PrefixRecord, RecordSource, RepodataRecord
from mm_pkg.reporter import SILENT, Reporter, Task

from .candidates import INSTALLED
from .errors import NotInstalled
from .jobs import jobs_for, mended_names, reinstalled_names, settled_names, updated_names
from .order import install_order
from .policy import Policy
from .request import Request, python_pins
from .search import Contradiction, OutOfTime, Search
from .universe import Universe, Unread

if TYPE_CHECKING:
    from .exclude_newer import ExcludeNewer, Hidden

__all__ = ["Solution", "SolveOptions", "solve"]

FEW_INTERRUPTIONS = 16
"""How often a search starts anew because a name must be read; then all are read."""


SOLVING = Task("solve", "")
"""Advanced by the steps of a search, where it takes more than a few."""


class SolveOptions(msgspec.Struct, frozen=True):
    """How to solve.

    channel_priority -- see solver semantics: a higher channel is looked at
        first ("flexible"), hides the names it has from lower ones ("strict"),
        or nothing of the kind ("disabled")
    add_pip -- python brings pip where the channels have it
    allow_downgrade -- whether installed packages may go to lower versions (but for
        what the request names in a lower one); None: not for an update
    allow_uninstall -- whether installed packages may go for the request's sake;
        None: but for those in `Request.keep`
    order_request -- sort the jobs, so that the order of arguments is no matter
    only_tar_bz2 -- consider no ``.conda`` archives
    timeout -- seconds after which `SolveTimeout` is raised; None: no limit
    exclude_newer -- hides packages of channels that are too new; None: no limit
    strategy -- which versions are preferred: the "highest", the "lowest", or
        ("lowest-direct") the lowest of what is asked for by name and the highest of
        all else. Of one version the best build is taken in any case
    """

    channel_priority: Literal["strict", "flexible", "disabled"] = "flexible"
    add_pip: bool = True
    allow_downgrade: bool | None = None
    allow_uninstall: bool | None = None
    order_request: bool = True
    only_tar_bz2: bool = False
    timeout: float | None = None
    exclude_newer: ExcludeNewer | None = None
    strategy: Literal["highest", "lowest", "lowest-direct"] = "highest"


class Solution(msgspec.Struct, frozen=True):
    """What the environment is to hold.

    records -- in install order: dependencies before dependents; an installed
        package that stays is its `PrefixRecord`
    request -- what was asked
    pins    -- the pins that were observed, the automatic ones included
    hidden  -- by name, what ``exclude_newer`` kept from view of the packages that were
        looked at; see `mm_solve.exclude_newer.Hidden`
    """

    records: tuple[RepodataRecord, ...]
    request: Request
    pins: tuple[str, ...] = ()
    hidden: dict[str, Hidden] = {}


def solve(
    request: Request,
    sources: Sequence[RecordSource],
    *,
    installed: Mapping[str, PrefixRecord] | None = None,
    virtual_packages: Sequence[PackageRecord] = (),
    options: SolveOptions | None = None,
    reporter: Reporter = SILENT,
    cancellation: Cancellation | None = None,
) -> Solution:
    """Find the packages that satisfy *request*, or say why there are none.

    Raises `Unsolvable`, whose ``conflict`` says why, `NotInstalled` for an update of
    what is not there, `SolveTimeout`, and `mm_pkg.cancellation.Cancelled`.

    A long search advances ``Task("solve", "")`` of *reporter*; to start and finish
    that task is the caller's, who may have more to do under the same name.
    """
    options = options or SolveOptions()
    prefix = installed or {}
    absent = request.not_installed(prefix)
    if absent:
        raise NotInstalled(absent)
    if request.python_pin:
        request = request.with_pins(python_pins(prefix, request.specs))
    universe = Universe(
        sources,
        prefix,
        virtual_packages,
        Policy(
            channel_priority=options.channel_priority,
            add_pip=options.add_pip,
            only_tar_bz2=options.only_tar_bz2,
            update=updated_names(request, prefix),
            reinstall=reinstalled_names(request, prefix),
            mend=mended_names(request, prefix),
            exclude_newer=options.exclude_newer,
            lowest=_lowest(request, options.strategy),
        ),
        reporter.warned,
    )
    universe.settle(settled_names(request, prefix))
    with _quiet_gc():
        chosen = _search(universe, request, options, reporter, cancellation)
        records = [_full_record(universe, name, candidate) for name, candidate in chosen]
        present = [record for record in records if record is not None]
        ordered = install_order(present, _extra_depends(universe, chosen, present))
    return Solution(ordered, request, tuple(str(pin) for pin in request.pins), universe.hidden)


def _search(
    universe: Universe,
    request: Request,
    options: SolveOptions,
    reporter: Reporter,
    cancellation: Cancellation | None,
) -> list[tuple[int, int]]:
    deadline = None if options.timeout is None else time.monotonic() + options.timeout
    jobs = jobs_for(
        request,
        universe,
        allow_downgrade=options.allow_downgrade,
        allow_uninstall=options.allow_uninstall,
        order_request=options.order_request,
    )
    check = None if cancellation is None else cancellation.check
    holds = list(jobs.holds)
    interruptions = 0
    while True:
        try:
            found = Search(
                universe,
                [*jobs.roots, *holds],
                jobs.wishes,
                deadline=deadline,
                check=check,
                choices=jobs.choices,
                progress=lambda steps: reporter.advanced(SOLVING, steps),
            ).run()
            return sorted(found.items())
        except Unread as unread:
            interruptions += 1
            patient = interruptions < FEW_INTERRUPTIONS
            universe.read([unread.name] if patient else universe.settled)
        except Contradiction as contradiction:
            if universe.settled:
                # It may be due to what was not read.
                universe.read(universe.settled)
                continue
            stays = [fact for fact in holds if fact.kind == "stay"]
            blamed = [fact for fact in stays if fact in contradiction.facts]
            if not blamed:
                from .diagnosis import unsolvable

                raise unsolvable(
                    universe, request, options, jobs, contradiction, deadline
                ) from None
            holds.remove(blamed[-1])
        except OutOfTime as stopped:
            from .stalemate import timed_out

            raise timed_out(stopped.search, universe, options.timeout or 0) from None


def _lowest(request: Request, strategy: str) -> Callable[[str], bool] | None:
    """Whether of a name the lowest version is preferred; None: of none."""
    if strategy == "highest":
        return None
    if strategy == "lowest":
        return lambda name: True
    direct = (*request.install, *request.update)
    return lambda name: any(spec.name_matches(name) for spec in direct)


def _full_record(universe: Universe, name: int, candidate: int) -> RepodataRecord | None:
    """Everything known of a chosen package; None for a virtual one."""
    entry = universe.candidates(name).entry(candidate)
    if entry.source == INSTALLED:
        return universe.installed[universe.name_of(name)]
    if entry.source < 0:  # a virtual package, or a group of optional dependencies
        return None
    return universe.sources[entry.source].record(universe.name_of(name), entry.fn)


def _extra_depends(
    universe: Universe, chosen: Sequence[tuple[int, int]], records: Sequence[RepodataRecord]
) -> dict[str, list[str]]:
    """By package, the dependencies that its extras in force add."""
    extras = universe.extras(name for name, _ in chosen)
    if not extras:
        return {}
    return {
        record.name: [text for extra in wanted for text in record.extra_depends.get(extra, ())]
        for record in records
        if (wanted := extras.get(record.name))
    }


@contextmanager
def _quiet_gc() -> Iterator[None]:
    """Collect no garbage for a while: a solve makes many objects and few cycles.

    Nor right after it: what was made meanwhile is not looked through as if it were new
    (that took as long as the solve), but with the old objects, when their turn comes.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()
