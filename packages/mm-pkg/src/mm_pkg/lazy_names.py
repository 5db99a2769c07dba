"""Public names that are imported when they are first used.

A command that reads one record does not pay for archives and transactions::

    __getattr__, __dir__ = lazy_names(__name__, {"extract": "archive"})
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["lazy_names"]


def lazy_names(
    package: str, homes: Mapping[str, str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """A package's ``__getattr__`` and ``__dir__`` for names that its submodules define.

    homes -- public name -> the submodule that has it
    """

    def find(name: str) -> Any:
        home = homes.get(name)
        if home is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        import sys
        from importlib import import_module

        value = getattr(import_module(f"{package}.{home}"), name)
        setattr(sys.modules[package], name, value)  # the next use finds it there
        return value

    return find, lambda: sorted(homes)
