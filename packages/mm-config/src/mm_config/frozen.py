"""Frozen values without the price of dataclasses.

Settings are read at each shell prompt, and importing `dataclasses` alone costs
more than reading them. A subclass lists its fields in ``__slots__`` and sets
them once, in ``__init__``, with `_set`.
"""

from __future__ import annotations

__all__ = ["Frozen"]


class Frozen:
    """A value that does not change: compared, hashed and shown by its fields.

    >>> class Point(Frozen):
    ...     __slots__ = ("x",)
    ...     def __init__(self, x: int) -> None:
    ...         self._set(x=x)
    >>> Point(1)
    Point(x=1)
    >>> Point(1) == Point(1)
    True
    >>> Point(1).x = 2
    Traceback (most recent call last):
    AttributeError: Point is frozen
    """

    __slots__: tuple[str, ...] = ()

    def _set(self, **fields: object) -> None:
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    def _fields(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._fields() == other._fields()

    def __hash__(self) -> int:
        return hash(self._fields())

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__)
        return f"{type(self).__name__}({shown})"
