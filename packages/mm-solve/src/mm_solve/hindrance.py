"""Why not this version? What would have to change, or to give way, for a spec to be met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from mm_pkg.reporter import SILENT

from .errors import InvalidVersion, Unsolvable
from .explanation import LINES, explain
from .match_spec import MatchSpec
from .printable import printable
from .solution import SolveOptions, solve
from .version import Version

if TYPE_CHECKING:
    from mm_pkg.cancellation import Cancellation
    from mm_pkg.record import PackageRecord, PrefixRecord, RecordSource
    from mm_pkg.reporter import Reporter

    from .conflict import Conflict, Requirement
    from .request import Request
    from .solution import Solution

__all__ = ["Shift", "WhyNot", "why_not"]

ROUNDS = 30
"""Demands that are given up at most before the answer is "these, and perhaps others"."""

SHOWN = 10
"""Changes that the text lists."""

GIVES_WAY_FIRST = ("freeze", "no downgrade", "no uninstall", "keep", "pin", "remove", "install")
"""Of several demands in the way, which kind is given up first: what was typed, last."""


class Shift(NamedTuple):
    """One package that would be another: "" is the version of none.

    kind -- "install", "remove", "upgrade", "downgrade" or "change" (of the build)
    """

    kind: str
    name: str
    before: str
    after: str

    def __str__(self) -> str:
        versions = " -> ".join(version for version in (self.before, self.after) if version)
        return f"{self.kind} {self.name} {versions}"


class WhyNot(NamedTuple):
    """The answer to `why_not`.

    spec    -- what was asked about
    verdict -- "there": it is met already; "possible": with everything else that is
        asked for; "blocked": only if something else gives way; "impossible": not
        even alone
    shifts  -- what would be other than now, the package asked about first, then by
        name; none where it is impossible
    give_way -- demands that would have to go, none of which can be spared
    conflict -- why it cannot be had beside the rest
    hint    -- what to do, in one line; may be empty
    """

    spec: str
    verdict: str
    shifts: tuple[Shift, ...] = ()
    give_way: tuple[str, ...] = ()
    conflict: Conflict | None = None
    hint: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "spec": self.spec,
            "verdict": self.verdict,
            "changes": [shift._asdict() for shift in self.shifts],
            "give_way": list(self.give_way),
            "conflict": None if self.conflict is None else self.conflict.to_dict(),
            "advice": self.hint,
        }

    def text(self, lines: int | None = LINES) -> str:
        """As lines; *lines* is the most that the tree of a conflict may take."""
        told = [_HEADS[self.verdict].format(spec=self.spec)]
        if self.conflict is not None:
            told += explain(self.conflict, lines).splitlines()
        if self.give_way:
            told.append(f"To have it, give up: {', '.join(self.give_way)}.")
        if self.shifts:
            told.append("It would:")
            told += [f"  {shift}" for shift in self.shifts[:SHOWN]]
            if len(self.shifts) > SHOWN:
                told.append(f"  … and {len(self.shifts) - SHOWN} more")
        return "\n".join(map(printable, told))


_HEADS = {
    "there": "{spec} is met already.",
    "possible": "{spec} can be had beside everything that is asked for.",
    "blocked": "{spec} cannot be had beside everything that is asked for.",
    "impossible": "{spec} cannot be had at all.",
}


def why_not(
    spec: MatchSpec | str,
    request: Request,
    sources: Sequence[RecordSource],
    *,
    installed: Mapping[str, PrefixRecord] | None = None,
    current: Mapping[str, PackageRecord] | None = None,
    virtual_packages: Sequence[PackageRecord] = (),
    options: SolveOptions | None = None,
    reporter: Reporter = SILENT,
    cancellation: Cancellation | None = None,
) -> WhyNot:
    """What keeps *spec* from being met, if anything does.

    request -- everything that is asked for apart from it, pins included
    installed -- the prefix
    current -- by name, what to compare with, such as the records of a `Solution`;
        by default, what is installed

    The rest is as for `solve`. Raises `InvalidMatchSpec`, and what `solve` raises but
    `Unsolvable`.
    """
    goal = MatchSpec.parse(spec) if isinstance(spec, str) else spec
    now = current if current is not None else (installed or {})
    if any(goal.name_matches(name) and goal.matches(now[name]) for name in now):
        return WhyNot(str(goal), "there")
    trial = _Trial(goal, request, options or SolveOptions())

    def outcome() -> Solution | Unsolvable:
        try:
            return solve(
                trial.request,
                sources,
                installed=installed,
                virtual_packages=virtual_packages,
                options=trial.options,
                reporter=reporter,
                cancellation=cancellation,
            )
        except Unsolvable as error:
            return error

    first = outcome()
    if not isinstance(first, Unsolvable):
        return WhyNot(str(goal), "possible", _shifts(now, first, goal.name))
    found: Solution | Unsolvable = first
    for _ in range(ROUNDS):
        if not isinstance(found, Unsolvable) or not trial.give_up(found.conflict):
            break
        found = outcome()
    if isinstance(found, Unsolvable):
        verdict = "blocked" if trial.can_give_up(found.conflict) else "impossible"
        return WhyNot(str(goal), verdict, (), (), found.conflict, found.hint)
    for given_up in trial.given_up[:-1]:
        trial.restore(given_up)
        better = outcome()
        if isinstance(better, Unsolvable):
            trial.drop(given_up)
        else:
            found = better
    labels = tuple(demand.label for demand in trial.given_up)
    return WhyNot(
        str(goal), "blocked", _shifts(now, found, goal.name), labels, first.conflict, first.hint
    )


class _Trial:
    """A request with a goal, of which demands can be given up.

    given_up -- in order
    """

    def __init__(self, goal: MatchSpec, request: Request, options: SolveOptions) -> None:
        self._goal = goal
        self._request = request
        self._options = options
        self.given_up: list[Requirement] = []

    @property
    def request(self) -> Request:
        """What is left of the request, and the goal."""
        request = self._request
        gone = {(demand.kind, demand.texts[0]) for demand in self.given_up}
        kinds = {kind for kind, _ in gone}

        def kept(kind: str, specs: tuple[MatchSpec, ...]) -> tuple[MatchSpec, ...]:
            return tuple(spec for spec in specs if (kind, str(spec)) not in gone)

        pins = kept("pin", request.pins)
        return msgspec.structs.replace(
            request,
            install=(*kept("install", request.install), self._goal),
            update=kept("install", request.update),
            remove=kept("remove", request.remove),
            pins=pins,
            # An automatic pin is none of the request's own.
            python_pin=request.python_pin and not _automatic(kinds, gone, request),
            freeze_installed=request.freeze_installed and "freeze" not in kinds,
        )

    @property
    def options(self) -> SolveOptions:
        """What is left of the options."""
        kinds = {demand.kind for demand in self.given_up}
        options = self._options
        return msgspec.structs.replace(
            options,
            allow_downgrade="no downgrade" in kinds or options.allow_downgrade,
            allow_uninstall=not kinds.isdisjoint({"keep", "no uninstall"})
            or options.allow_uninstall,
        )

    def can_give_up(self, conflict: Conflict) -> list[Requirement]:
        """The demands in *conflict* besides the goal, the first to go first."""
        goal = ("install", str(self._goal))
        gone = {(demand.kind, demand.texts) for demand in self.given_up}
        others = [
            demand
            for demand in conflict.demands
            if (demand.kind, demand.texts[0]) != goal and (demand.kind, demand.texts) not in gone
        ]
        return sorted(others, key=self._rank)

    def _rank(self, demand: Requirement) -> tuple[int, bool, tuple[str, ...]]:
        kinds = GIVES_WAY_FIRST
        place = kinds.index(demand.kind) if demand.kind in kinds else -1
        return place, demand.name != self._goal.name, demand.texts

    def give_up(self, conflict: Conflict) -> bool:
        """Give up one demand of *conflict*; whether there was one."""
        others = self.can_give_up(conflict)
        self.given_up += others[:1]
        return bool(others)

    def restore(self, demand: Requirement) -> None:
        """Ask for *demand* again."""
        self.given_up.remove(demand)

    def drop(self, demand: Requirement) -> None:
        """Give *demand* up again."""
        self.given_up.append(demand)


def _automatic(kinds: set[str], gone: set[tuple[str, str]], request: Request) -> bool:
    own = {("pin", str(pin)) for pin in request.pins}
    return "pin" in kinds and any(one[0] == "pin" and one not in own for one in gone)


def _shifts(now: Mapping[str, PackageRecord], solution: Solution, goal: str) -> tuple[Shift, ...]:
    """What is other in *solution* than *now*: the package called *goal* first."""
    then = {record.name: record for record in solution.records}
    found = []
    for name in sorted(now.keys() | then.keys(), key=lambda name: (name != goal, name)):
        before, after = now.get(name), then.get(name)
        if before is None or after is None:
            kind = "install" if before is None else "remove"
        elif (before.version, before.build) == (after.version, after.build):
            continue
        else:
            kind = _direction(before.version, after.version)
        versions = [record.version if record else "" for record in (before, after)]
        if kind == "change" and before and after:
            versions = [f"{record.version} {record.build}" for record in (before, after)]
        found.append(Shift(kind, name, *versions))
    return tuple(found)


def _direction(before: str, after: str) -> str:
    try:
        old, new = Version.parse(before), Version.parse(after)
    except InvalidVersion:
        return "change"
    if old == new:
        return "change"
    return "upgrade" if old < new else "downgrade"
