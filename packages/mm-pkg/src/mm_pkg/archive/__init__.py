"""Package archives, ``.conda`` and ``.tar.bz2``: unpack, look inside, make.

* `extract` unpacks one safely, also one made by a stranger;
* `read_info` reads the metadata alone;
* `create` makes one, the same bytes from the same files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .creation import create
    from .extraction import extract
    from .information import read_info

__all__ = ["create", "extract", "read_info"]

_HOME = {"create": "creation", "extract": "extraction", "read_info": "information"}


def __getattr__(name: str) -> Any:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value
