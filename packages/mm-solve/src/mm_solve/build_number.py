"""Conditions on a package's build number.

>>> BuildNumberSpec.parse(">= 3").matches(4)
True
"""

from __future__ import annotations

import operator
from typing import NoReturn

from .errors import InvalidBuildNumber

__all__ = ["ANY_BUILD_NUMBER", "BuildNumberSpec"]

_MOST_DIGITS = 18
_DIGITS = "0123456789"

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

        Raises `InvalidBuildNumber`.
        """
        stripped = text.strip()
        if stripped in {"", "*", "=*"}:
            return ANY_BUILD_NUMBER
        symbol = stripped[:2] if stripped[:2] in _COMPARE else stripped[:1]
        if symbol not in _COMPARE:
            symbol = ""
        digits = stripped[len(symbol) :].lstrip()
        wrong = digits.lstrip(_DIGITS)
        if not digits or wrong or len(digits) > _MOST_DIGITS:
            raise _invalid(text, len(text.rstrip()) - len(digits), digits, wrong)
        return BuildNumberSpec(symbol or "=", int(digits))

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


def _invalid(text: str, start: int, digits: str, wrong: str) -> InvalidBuildNumber:
    """The error that there is *wrong* at the end of the *digits* that begin at *start*."""
    if not wrong and digits:
        why, position = f"it has more than {_MOST_DIGITS} digits", start + _MOST_DIGITS
    else:
        found = repr(wrong[0]) if wrong else "the end"
        why = f"{found} where a digit is expected"
        position = start + len(digits) - len(wrong)
    hint = "Write a number, or = != < <= > >= and a number."
    return InvalidBuildNumber(why, text=text, position=position, hint=hint)
