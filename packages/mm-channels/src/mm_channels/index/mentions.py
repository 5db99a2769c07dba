"""Which texts of records speak of a package: asked of bytes, before anything is decoded.

Who depends on a package can be asked of every record of a channel only. Most say no, and
that is seen in their text far sooner than in the objects it decodes to.
"""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["mentions"]


def mentions(name: str) -> Callable[[bytes], bool]:
    r"""A test for texts of records: may one of their strings be a spec on *name*?

    A spec begins with the name in letters of any case, or has a channel before it; JSON may
    spell each letter as ``\u0041``. Where that is so the answer is yes; no is certain then.
    (Specs with blanks in front are taken by parsers, and written by nobody.)

    >>> test = mentions("numpy")
    >>> test(b'["NumPy >=1"]'), test(b'["chan::numpy"]'), test(b'["a-numpy", "c:d"]')
    (True, True, False)
    """
    found = re.compile(rb'"(?i:%b)' % re.escape(name.encode("utf-8", "surrogatepass"))).search

    def test(text: bytes) -> bool:
        return found(text) is not None or b"\\" in text or b"::" in text

    return test
