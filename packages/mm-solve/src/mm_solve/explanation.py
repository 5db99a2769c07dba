"""A conflict as text: a short tree, in the words the reference uses.

The walk keeps, for each name, the values that everything told so far allows.
A requirement that leaves none of them is where the conflict shows.
"""

from __future__ import annotations

from collections.abc import Iterable

from .conflict import Conflict, Option, Requirement

__all__ = ["explain", "problems"]

SHOWN_VERSIONS = 5
"""More versions than this are cut to the first two and the last."""

SHOWN_SPECS = 3
"""The same for specs of one name, which are longer."""

SHOWN_OPTIONS = 6
"""More options than this are cut."""

MISSING = "does not exist"
HELD = {
    "freeze": "{name} is frozen at its installed version",
    "no downgrade": "{name} must not be downgraded",
    "no uninstall": "{name} must stay installed",
    "remove": "the removal of {spec}",
    "pin": "pin on {spec}",
}
"""How demands that are not plain specs are named."""


def explain(conflict: Conflict) -> str:
    """The tree of *conflict*."""
    lines = _Tree(conflict).lines()
    return "\n".join(lines)


def problems(conflict: Conflict) -> list[str]:
    """One sentence for each thing that is missing or required."""
    found = [
        f"nothing provides requested {text}"
        for demand in conflict.demands
        if demand.missing
        for text in demand.texts
    ]
    for dist, verb, spec in conflict.rules:
        if verb == "requires":
            found.append(
                f"package {dist} requires {spec}, but none of the providers can be installed"
            )
        else:
            found.append(f"package {dist} has constraint {spec} conflicting with what is required")
    return found or [f"cannot satisfy {label(demand)}" for demand in conflict.demands]


def label(requirement: Requirement) -> str:
    """How a requirement is named: its spec, or its specs behind the name."""
    texts = requirement.texts
    spec = texts[0]
    if len(texts) > 1:
        rest = [text[len(requirement.name) :].strip() or "*" for text in texts]
        spec = f"{requirement.name} [{_cut(rest, SHOWN_SPECS)}]"
    pattern = HELD.get(requirement.kind)
    return pattern.format(name=requirement.name, spec=spec) if pattern else spec


def _cut(values: Iterable[str], shown: int = SHOWN_VERSIONS) -> str:
    distinct = list(dict.fromkeys(values))
    if len(distinct) > shown:
        distinct = [*distinct[:2], "...", distinct[-1]]
    return "|".join(distinct)


def _package(option: Option) -> str:
    versions = dict.fromkeys(option.versions)
    if len(versions) == 1:
        return f"{option.name} {next(iter(versions))}"
    return f"{option.name} [{_cut(versions)}]"


class _Tree:
    """Writes the lines; remembers what was told."""

    def __init__(self, conflict: Conflict) -> None:
        self._conflict = conflict
        self._allowed: dict[str, int] = dict(conflict.system)
        self._told: dict[tuple[str, int], bool] = {}
        self._lines: list[str] = []

    def lines(self) -> list[str]:
        demands = self._conflict.demands
        if len(demands) > 1:
            self._lines.append("The following packages are incompatible")
        else:
            self._lines.append("The following package could not be installed")
        for number, demand in enumerate(demands):
            self._requirement(demand, "", number == len(demands) - 1, top=True)
        lines = [
            line + ";" if self._ends(index) else line for index, line in enumerate(self._lines)
        ]
        lines[-1] = lines[-1].rstrip(";") + "."
        return lines

    def _ends(self, index: int) -> bool:
        """Whether a line is a leaf: the next one is not below it."""
        if index == 0 or not self._lines[index]:
            return False
        if index + 1 == len(self._lines):
            return True
        return _depth(self._lines[index + 1]) <= _depth(self._lines[index])

    def _requirement(
        self,
        requirement: Requirement,
        indent: str,
        last: bool,
        *,
        top: bool,
    ) -> bool:
        """Tell *requirement*; whether it can be met by what is allowed so far."""
        place = len(self._lines)
        self._lines.append("")
        fine, words = self._words(requirement, indent + _below(last), top)
        name = label(requirement)
        self._lines[place] = f"{indent}{'└─ ' if last else '├─ '}{name}{words}"
        return fine

    def _words(self, requirement: Requirement, indent: str, top: bool) -> tuple[bool, str]:
        if requirement.missing:
            return False, self._missing(requirement, top)
        key = (requirement.name, requirement.values)
        if not top and key in self._told and not requirement.is_leaf:
            fine = self._told[key]
            can = "can" if fine else "cannot"
            return fine, f", which {can} be installed (as previously explained)"
        if not self._allow(requirement):
            return False, (
                " is not installable because it conflicts with any installable versions"
                " previously reported"
                if top
                else ", which conflicts with any installable versions previously reported"
            )
        if requirement.is_leaf:
            if requirement.kind in HELD:
                return True, ""
            return True, " is requested and can be installed" if top else ", which can be installed"
        fine = self._told[key] = self._options(requirement, indent)
        return fine, self._inner_words(requirement, fine, top)

    def _inner_words(self, requirement: Requirement, fine: bool, top: bool) -> str:
        if len(requirement.options) == 1:
            if top:
                verb = (
                    "is installable and it requires"
                    if fine
                    else ("is not installable because it requires")
                )
                return f" {verb}"
            return ", which requires"
        if fine:
            return (" is installable" if top else "") + " with the potential options"
        if top:
            return " is not installable because there are no viable options"
        return " but there are no viable options"

    def _allow(self, requirement: Requirement) -> bool:
        """Take the requirement into account; False when nothing allowed meets it."""
        name = requirement.name
        allowed = self._allowed.get(name, -1) & requirement.values
        if not allowed:
            return False
        self._allowed[name] = allowed
        return True

    def _options(self, requirement: Requirement, indent: str) -> bool:
        """Tell what each option requires; whether one of them is possible."""
        options = requirement.options
        if len(options) == 1:
            return self._children(options[0].requirements, indent)
        before = dict(self._allowed)
        possible: dict[str, int] | None = None
        shown = options[:SHOWN_OPTIONS]
        for number, option in enumerate(shown):
            last = number == len(shown) - 1 and len(shown) == len(options)
            self._allowed = dict(before)
            place = len(self._lines)
            self._lines.append("")
            fine = self._children(option.requirements, indent + _below(last))
            words = " would require" if option.requirements else ", which can be installed"
            self._lines[place] = f"{indent}{'└─ ' if last else '├─ '}{_package(option)}{words}"
            if fine and possible is None:
                possible = self._allowed
        if len(shown) < len(options):
            self._lines.append(f"{indent}└─ and {len(options) - len(shown)} more options")
        self._allowed = before if possible is None else possible
        return possible is not None

    def _children(self, requirements: tuple[Requirement, ...], indent: str) -> bool:
        fine = True
        for number, child in enumerate(requirements):
            last = number == len(requirements) - 1
            fine = self._requirement(child, indent, last, top=False) and fine
        return fine

    def _missing(self, requirement: Requirement, top: bool) -> str:
        lead = " " if top else ", which "
        if requirement.name.startswith("__"):
            words = f"{lead}is missing on the system"
            if requirement.available:
                words += f" (it has {requirement.available[-1]})"
            return words
        if requirement.available:
            known = _cut(requirement.available)
            return f"{lead}{MISSING} (there is {requirement.name} {known})"
        if requirement.similar:
            return f"{lead}{MISSING} (did you mean {' or '.join(requirement.similar)}?)"
        what = "perhaps a typo or a missing channel" if top else "perhaps a missing channel"
        return f"{lead}{MISSING} ({what})"


def _below(last: bool) -> str:
    return "   " if last else "│  "


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip("│├└─ "))
