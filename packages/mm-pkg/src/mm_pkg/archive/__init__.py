"""Package archives, ``.conda`` and ``.tar.bz2``: unpack, look inside, make.

* `extract` unpacks one safely, also one made by a stranger;
* `read_info` reads the metadata alone;
* `create` makes one, the same bytes from the same files;
* `transmute` turns one format into the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mm_pkg.lazy_names import lazy_names

if TYPE_CHECKING:
    from .creation import create
    from .extraction import extract
    from .information import read_info
    from .transmutation import other_format, transmute

__all__ = ["create", "extract", "other_format", "read_info", "transmute"]

_HOME = {
    "create": "creation",
    "extract": "extraction",
    "other_format": "transmutation",
    "read_info": "information",
    "transmute": "transmutation",
}

if not TYPE_CHECKING:  # to type checkers a misspelt name is an error
    __getattr__, __dir__ = lazy_names(__name__, _HOME)
