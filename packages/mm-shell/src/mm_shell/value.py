"""Immutable values with named fields, without what importing `dataclasses` costs.

Activation runs at every shell start: `dataclasses` alone would take longer than
all of it (`typing.NamedTuple` is no cheaper).
"""

from __future__ import annotations

__all__ = ["Value"]


class Value:
    """Fields are the ``__slots__``, set once by `_set`; equal by class and fields.

    >>> class Point(Value):
    ...     __slots__ = ("x", "y")
    ...     def __init__(self, x: int, y: int) -> None:
    ...         self._set(x=x, y=y)
    >>> Point(1, 2)
    Point(x=1, y=2)
    >>> Point(1, 2) == Point(1, 2)
    True
    """

    __slots__: tuple[str, ...] = ()

    def _set(self, **fields: object) -> None:
        for name, content in fields.items():
            object.__setattr__(self, name, content)

    def _fields(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def __setattr__(self, name: str, content: object) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Value) or type(other) is not type(self):
            return NotImplemented
        return self._fields() == other._fields()

    def __hash__(self) -> int:
        return hash((type(self), self._fields()))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__)
        return f"{type(self).__name__}({fields})"
