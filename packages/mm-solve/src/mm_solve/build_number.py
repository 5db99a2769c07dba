"""Conditions on a package's build number.

>>> BuildNumberSpec.parse(">= 3").matches(4)
True
"""

from __future__ import annotations

import operator
import re
from typing import NoReturn

from .errors import InvalidMatchSpec

__all__ = ["ANY_BUILD_NUMBER", "BuildNumberSpec"]

_SYNTAX = re.compile(r"(!=|<=|>=|=|<|>|)\s*([0-9]{1,18})")

_COMPARE = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class BuildNumberSpec:
    """A condition such as ``=3`` or ``<=3``; ``=*`` for any number.

    Immutable, hashable; ``str()`` is canonical.
    """

    __slots__ = ("number", "operator")

    number: int
    operator: str

    def __init__(self, operator: str, number: int) -> None:
        object.__setattr__(self, "operator", operator)
        object.__setattr__(self, "number", number)

    @staticmethod
    def parse(text: str) -> BuildNumberSpec:
        """``""``, ``*``, ``=*`` or ``[= != < <= > >=] DIGITS``.

        Raises `InvalidMatchSpec`.
        """
        stripped = text.strip()
        if stripped in {"", "*", "=*"}:
            return ANY_BUILD_NUMBER
        found = _SYNTAX.fullmatch(stripped)
        if found is None:
            raise InvalidMatchSpec(
                f"{text!r} is not a condition on a build number",
                text=text,
                hint="Write a number, or = != < <= > >= and a number.",
            )
        return BuildNumberSpec(found[1] or "=", int(found[2]))

    @property
    def is_free(self) -> bool:
        """Whether every number matches."""
        return self is ANY_BUILD_NUMBER

    def matches(self, number: int) -> bool:
        """Whether a package with this build number is accepted."""
        return self.is_free or bool(_COMPARE[self.operator](number, self.number))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a BuildNumberSpec is immutable")

    def __str__(self) -> str:
        return "=*" if self.is_free else f"{self.operator}{self.number}"

    def __repr__(self) -> str:
        return f"BuildNumberSpec({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other) if isinstance(other, BuildNumberSpec) else NotImplemented

    def __hash__(self) -> int:
        return hash(str(self))


ANY_BUILD_NUMBER = BuildNumberSpec("=", -1)
"""The condition that every build number meets."""
