"""How a set of versions, or of specs of one name, reads: as few ranges as possible.

>>> known = ["1.0", "1.1", "1.2", "1.3", "2.0"]
>>> extent(known[:4], known)
'1.0 … 1.3'
>>> extent(["1.0", "1.2", "2.0"], known)
'1.0|1.2|2.0'
>>> extent(["1.0", "1.1", "1.2", "2.0"], known)
'1.0 … 1.2|2.0'
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from .domain import ABSENT
from .errors import InvalidMatchSpec
from .match_spec import MatchSpec

if TYPE_CHECKING:
    from .candidates import Candidates
    from .problem import Fact
    from .universe import Universe

__all__ = ["bracketed", "extent", "shortened", "spec_extent"]

SHOWN = 3
"""More ranges, or specs, than this are cut to the first two and the last."""


def extent(versions: Sequence[str], known: Sequence[str]) -> str:
    """*versions*, some of those *known*, both lowest first: neighbours become ranges."""
    place = {text: number for number, text in enumerate(known)}
    runs: list[list[str]] = []
    for text in dict.fromkeys(versions):
        if runs and place[text] == place[runs[-1][-1]] + 1:
            runs[-1].append(text)
        else:
            runs.append([text])
    texts: list[str] = []
    for run in runs:
        texts += run if len(run) < SHOWN else [f"{run[0]} … {run[-1]}"]
    return shortened(texts)


def shortened(texts: Iterable[str]) -> str:
    """Texts joined by ``|``; the middle of many is left out."""
    distinct = list(dict.fromkeys(texts))
    if len(distinct) > SHOWN:
        distinct = [*distinct[:2], "...", distinct[-1]]
    return "|".join(distinct)


def bracketed(text: str) -> str:
    """*text*, in brackets where it is a list."""
    return f"[{text}]" if "|" in text else text


def spec_extent(universe: Universe, facts: Sequence[Fact]) -> str:
    """What *facts*, all about one name, allow together: one spec that means the same.

    The spec is tried on every candidate there is; where none of the shorter forms
    allows exactly the same ones, the versions are told, or the specs as written.
    """
    distinct = list({fact.text: fact for fact in facts}.values())
    if len(distinct) == 1:
        return _plain(distinct[0])
    name = universe.name_of(distinct[0].target)
    if any(fact.spec is None or universe.test(fact.spec) is not None for fact in distinct):
        return _listed(name, distinct)
    candidates = universe.candidates(distinct[0].target)
    masks = {fact: universe.mask(fact) & candidates.domain & ~ABSENT for fact in distinct}
    wanted = reduce(or_, masks.values())
    widest = [fact.text for fact in distinct if wanted and masks[fact] == wanted]
    if widest:
        return min(widest, key=lambda text: (len(text), text))
    rising = sorted(distinct, key=_lowest)
    hull = _hull(name, [fact.spec for fact in rising])
    if hull and candidates.matching(MatchSpec.parse_dependency(hull), hull) == wanted:
        return hull
    if not wanted:
        return _listed(name, rising)
    return _versions_told(name, rising, candidates, wanted)


def _versions_told(name: str, facts: Sequence[Fact], candidates: Candidates, wanted: int) -> str:
    """The versions of the candidates in *wanted*, and their builds if those matter."""
    everything = candidates.domain & ~ABSENT
    versions = candidates.versions(wanted)
    text = f"{name} {bracketed(extent(versions, candidates.versions(everything)))}"
    of_versions = candidates.where(everything, lambda entry: entry.record.version in versions)
    if of_versions == wanted:
        return text
    build = _common_build([str(fact.spec.build) for fact in facts])
    if build:
        only = MatchSpec.parse_dependency(f"{name} * {build}")
        if candidates.matching(only, str(only)) & of_versions == wanted:
            return f"{text} {build}"
    return f"{text} (some builds)"


def _lowest(fact: Fact) -> tuple[object, ...]:
    """A sort key: the lowest version that a spec allows, as far as it is known."""
    bounds = fact.spec.version.bounds
    return (bounds[0], bounds[1:], fact.text) if bounds else ((), (), fact.text)


def _plain(fact: Fact) -> str:
    """The spec as it was written, but for its condition and its extras.

    Those are told by themselves.
    """
    spec = fact.spec
    if spec is None or (spec.when is None and not spec.extras):
        return fact.text
    gone = {"when", "extras", "_text"}
    rest = {key: value for key, value in vars(spec).items() if key not in gone}
    plain = MatchSpec(**rest)
    return plain.conda_build_form() if rest.keys() <= {"name", "version", "build"} else str(plain)


def _listed(name: str, facts: Sequence[Fact]) -> str:
    rest = [fact.text[len(name) :].strip() or "*" for fact in facts]
    return f"{name} [{shortened(rest)}]"


def _hull(name: str, specs: Sequence[MatchSpec]) -> str:
    """From the lowest bound of the first spec to the highest of the last; "" if unclear."""
    if any(not spec.build.is_free for spec in specs):
        return ""
    first, last = _bounds(specs[0], ">"), _bounds(specs[-1], "<")
    if first is None or last is None or not (first or last):
        return ""
    text = f"{name} {','.join([*first, *last])}"
    try:
        MatchSpec.parse_dependency(text)
    except InvalidMatchSpec:
        return ""
    return text


def _bounds(spec: MatchSpec, side: str) -> list[str] | None:
    """The clauses of a spec that bound it on one side; None if it is no plain range."""
    clauses = str(spec.version).split(",")
    if any(clause[:1] not in {"<", ">"} or "|" in clause for clause in clauses):
        return None
    return [clause for clause in clauses if clause.startswith(side)]


def _common_start(texts: Sequence[str]) -> str:
    low, high = min(texts), max(texts)
    length = next((at for at, char in enumerate(low) if high[at : at + 1] != char), len(low))
    return low[:length]


def _common_build(builds: Sequence[str]) -> str:
    """A pattern with the common start and end of build patterns; "" if they share none."""
    distinct = list(dict.fromkeys(builds))
    if len(distinct) == 1:
        return distinct[0]
    start = _common_start(distinct)
    end = _common_start([text[::-1] for text in distinct])[::-1]
    shortest = min(map(len, distinct))
    end = end[max(0, len(start) + len(end) - shortest) :]
    if not start.strip("*") and not end.strip("*"):
        return ""
    return f"{start}*{end}".replace("**", "*")
