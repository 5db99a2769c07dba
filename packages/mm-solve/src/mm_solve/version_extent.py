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
from typing import TYPE_CHECKING

from .domain import ABSENT
from .errors import InvalidMatchSpec
from .match_spec import MatchSpec

if TYPE_CHECKING:
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
    allows exactly the same ones, the specs are listed as they were written.
    """
    distinct = list({fact.text: fact for fact in facts}.values())
    if len(distinct) == 1:
        return distinct[0].text
    name = universe.name_of(distinct[0].target)
    listed = _listed(name, [fact.text for fact in distinct])
    candidates = universe.candidates(distinct[0].target)
    everything = candidates.domain & ~ABSENT
    if any(universe.test(fact.spec) is not None for fact in distinct):
        return listed
    if not everything:
        return _hull(name, [fact.spec for fact in distinct]) or listed
    masks = {fact: universe.mask(fact) & everything for fact in distinct}
    wanted = 0
    for mask in masks.values():
        wanted |= mask
    if not wanted:
        return listed
    widest = [fact for fact in distinct if masks[fact] == wanted]
    if widest:
        return min((fact.text for fact in widest), key=lambda text: (len(text), text))
    versions = candidates.versions(wanted)
    place = {text: number for number, text in enumerate(versions)}
    rising = sorted(
        (fact for fact in distinct if masks[fact]),
        key=lambda fact: [place[v] for v in candidates.versions(masks[fact])],
    )
    hull = _hull(name, [fact.spec for fact in rising])
    if hull:
        spec = MatchSpec.parse_dependency(hull)
        if candidates.matching(spec, hull) == wanted:
            return hull
    text = f"{name} {bracketed(extent(versions, candidates.versions(everything)))}"
    of_versions = candidates.where(everything, lambda entry: entry.record.version in place)
    if of_versions == wanted:
        return text
    build = _common_build([str(fact.spec.build) for fact in rising])
    if build:
        only = MatchSpec.parse_dependency(f"{name} * {build}")
        if candidates.matching(only, str(only)) & of_versions == wanted:
            return f"{text} {build}"
    return listed


def _listed(name: str, texts: Sequence[str]) -> str:
    rest = [text[len(name) :].strip() or "*" for text in texts]
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
