"""Is this really a solution? A slow judge that shares nothing with the engine.

It reads the raw data of records (the dictionaries of repodata), takes specs
apart by itself and compares versions with `version_reference`. It knows what
channels hold: ``name``, ``name VERSION``, ``name VERSION BUILD``, and brackets
with version, build, ``when`` and ``extras``. What it cannot read it refuses
with `Unreadable`, so that nothing passes unseen.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from version_reference import compare, starts_with

__all__ = ["Chosen", "Unreadable", "matches", "violations"]

Record = Mapping[str, Any]
Chosen = Mapping[str, Record]
"""The records of a solution by name, virtual packages included."""

OPERATORS = {
    "==": lambda order: order == 0,
    "!=": lambda order: order != 0,
    "<=": lambda order: order <= 0,
    ">=": lambda order: order >= 0,
    "<": lambda order: order < 0,
    ">": lambda order: order > 0,
}


class Unreadable(Exception):
    """A spec is beyond what this judge can read."""


class Spec:
    """A dependency, taken apart."""

    def __init__(self, text: str) -> None:
        plain, brackets = _brackets(text)
        words = re.sub(r"([,|<>=!~])\s+", r"\1", plain.strip()).split()
        if not words:
            raise Unreadable(text)
        glued = re.fullmatch(r"([A-Za-z0-9_.-]+?)((?:[<>=!~]).*)?", words[0])
        if glued is None or (glued[2] and len(words) > 1):
            raise Unreadable(text)
        rest = [glued[2]] if glued[2] else words[1:]
        self.name = glued[1].lower()
        self.version = rest[0] if rest else "*"
        self.build = rest[1] if len(rest) > 1 else "*"
        if glued[2] and re.match(r"=[^=]", glued[2]) and glued[2].count("=") == 2:
            _, version, self.build = glued[2].split("=")
            self.version = version if version.endswith("*") else f"=={version}"
        if len(rest) > 2 or "::" in plain or "[" in plain:
            raise Unreadable(text)
        self.version = brackets.pop("version", self.version)
        self.build = brackets.pop("build", self.build)
        self.when = brackets.pop("when", None)
        self.extras = [
            extra.strip(" '\"")
            for extra in brackets.pop("extras", "").strip("[]").split(",")
            if extra.strip()
        ]
        if brackets:
            raise Unreadable(text)

    def accepts(self, record: Record) -> bool:
        """Whether name, version and build fit."""
        return record["name"].lower() == self.name and _fits(
            self.version, self.build, record["version"], record["build"]
        )

    def met(self, chosen: Chosen) -> bool:
        """Whether the solution has a package that fits."""
        return self.name in chosen and self.accepts(chosen[self.name])


@cache
def _spec(text: str) -> Spec:
    return Spec(text)


@cache
def _fits(wanted: str, wanted_build: str, version: str, build: str) -> bool:
    if not any(
        all(_clause(part.strip(), version) for part in group.split(","))
        for group in wanted.split("|")
    ):
        return False
    if wanted_build.startswith("^"):
        return re.fullmatch(wanted_build.strip("^$"), build) is not None
    return fnmatch.fnmatchcase(build, wanted_build)


def _brackets(text: str) -> tuple[str, dict[str, str]]:
    """What is before the brackets, and the keys in them."""
    plain, mark, inside = text.partition("[")
    if not mark:
        return text, {}
    if not inside.rstrip().endswith("]"):
        raise Unreadable(text)
    pattern = r"""\s*(\w+)\s*=\s*("[^"]*"|'[^']*'|\[[^\]]*\]|[^,\]]*)\s*(,|$)"""
    keys: dict[str, str] = {}
    inside = inside.rstrip()[:-1]
    while inside:
        found = re.match(pattern, inside)
        if found is None:
            raise Unreadable(text)
        value = found[2].strip()
        keys[found[1]] = value[1:-1] if value[:1] in {"'", '"'} else value
        inside = inside[found.end() :]
    return plain, keys


def _clause(text: str, version: str) -> bool:
    """Whether *version* satisfies one comparison."""
    if text in {"", "*", "=*"}:
        return True
    for operator, test in OPERATORS.items():
        if text.startswith(operator):
            bound = text[len(operator) :]
            if not bound.endswith("*"):
                return test(compare(version, bound))
            series = starts_with(version, bound.rstrip("*").rstrip("."))
            if operator in {"==", "!="}:
                return series == (operator == "==")
            if operator == ">=":
                return test(compare(version, bound.rstrip("*").rstrip(".")))
            raise Unreadable(text)
    if text.startswith("~="):
        series = text[2:].rpartition(".")[0]
        return compare(version, text[2:]) >= 0 and starts_with(version, series)
    if text.startswith("=") or text.endswith("*"):
        bound = text.lstrip("=").rstrip("*").rstrip(".")
        if "*" in bound:
            raise Unreadable(text)
        return starts_with(version, bound)
    if re.search(r"[*^$()]", text):
        raise Unreadable(text)
    return compare(version, text) == 0


def matches(text: str, record: Record) -> bool:
    """Whether *record* fits the spec, conditions and extras aside."""
    return _spec(text).accepts(record)


def condition_holds(text: str, chosen: Chosen) -> bool:
    """Whether a ``when`` is true of the solution: specs, "and", "or", parentheses."""
    tokens = re.findall(r"[()]|[^()\s]+(?:\s*\[[^\]]*\])?", text)
    values: list[str] = []
    words: list[str] = []
    for token in [*tokens, "and"]:
        if token in {"and", "or", "(", ")"}:
            if words:
                values.append(str(_spec(" ".join(words)).met(chosen)))
                words = []
            values.append(token)
        else:
            words.append(token)
    values.pop()
    # Only the words True, False, and, or and parentheses are left.
    return bool(eval(" ".join(values)))


def _counts(spec: Spec, chosen: Chosen) -> bool:
    return spec.when is None or condition_holds(spec.when, chosen)


def active_extras(demands: Iterable[str], chosen: Chosen) -> set[tuple[str, str]]:
    """(package, extra) for each extra that a demand or a chosen package asks for."""
    active: set[tuple[str, str]] = set()
    while True:
        texts = [
            *demands,
            *(text for record in chosen.values() for text in record.get("depends", ())),
            *(
                text
                for name, extra in active
                if name in chosen
                for text in chosen[name].get("extra_depends", {}).get(extra, ())
            ),
        ]
        specs = [_spec(text) for text in texts]
        found = {(s.name, extra) for s in specs if _counts(s, chosen) for extra in s.extras}
        if found <= active:
            return active
        active |= found


def violations(demands: Sequence[str], chosen: Chosen) -> list[str]:
    """What is wrong with *chosen* as an answer to *demands*; empty when it is a solution."""
    wrong = [f"requested: {text}" for text in demands if not _satisfied(text, chosen)]
    for name, record in chosen.items():
        if name != record["name"]:
            wrong.append(f"{record['name']} is filed as {name}")
        wrong += [
            f"{name} depends: {text}"
            for text in record.get("depends", ())
            if not _satisfied(text, chosen)
        ]
        for text in record.get("constrains", ()):
            spec = _spec(text)
            other = chosen.get(spec.name)
            if other is None or other is record or not _counts(spec, chosen):
                continue
            if not spec.accepts(other):
                wrong.append(f"{name} constrains: {text}")
    for name, extra in sorted(active_extras(demands, chosen)):
        if name in chosen:
            wrong += [
                f"{name}[{extra}] depends: {text}"
                for text in chosen[name].get("extra_depends", {}).get(extra, ())
                if not _satisfied(text, chosen)
            ]
    return wrong


def _satisfied(text: str, chosen: Chosen) -> bool:
    spec = _spec(text)
    return not _counts(spec, chosen) or spec.met(chosen)
