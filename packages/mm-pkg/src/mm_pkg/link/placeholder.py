"""Writing the environment's path where a package holds a placeholder.

Packages are built in a directory with a very long name. Files that mention it
list that name as ``prefix_placeholder``; linking replaces it by the path of
the environment, in text freely, in binaries without changing any length.

>>> replace_text(b"PREFIX=/build/place/bin", b"/build/place", b"/opt/env")
b'PREFIX=/opt/env/bin'
>>> replace_binary(b"x /build/place/lib\\0y", b"/build/place", b"/opt/env")
b'x /opt/env/lib\\x00\\x00\\x00\\x00\\x00y'
"""

from __future__ import annotations

import re

from mm_pkg.errors import PrefixTooLong

__all__ = ["DEFAULT_PLACEHOLDER", "replace_binary", "replace_shebang", "replace_text"]

# two pieces, or packaging tools would rewrite this line when they relocate us
DEFAULT_PLACEHOLDER = "/opt/anaconda1anaconda2" + "anaconda3"
"""The placeholder of entries that name none (legacy ``has_prefix``)."""

SHEBANG_LIMIT = {"linux": 127, "darwin": 512}
"""Longest first line a kernel reads, by `sys.platform`, without its newline."""

_WIDE = (("utf-16-le", 2), ("utf-16-be", 2), ("utf-32-le", 4), ("utf-32-be", 4))

_SHEBANG = re.compile(rb"#![ \t]*(/(?:\\ |[^ \n\r\t])*)([^\n\r]*)")
_PYTHON = re.compile(rb"python(?:w|\d+(?:\.\d+)*t?)?$")


def replace_text(content: bytes, placeholder: bytes, prefix: bytes) -> bytes:
    """Replace every *placeholder*, also in UTF-16 and UTF-32, whatever the lengths."""
    content = content.replace(placeholder, prefix)
    if b"\0" in content:
        for codec, _ in _WIDE:
            content = content.replace(_recoded(placeholder, codec), _recoded(prefix, codec))
    return content


def replace_binary(content: bytes, placeholder: bytes, prefix: bytes) -> bytes:
    """Replace in NUL-terminated strings; each keeps its place, padded with NULs.

    Raises `PrefixTooLong` when *prefix* is longer than *placeholder* and there
    is something to replace.
    """
    content = _replace_strings(content, placeholder, prefix, 1)
    for codec, width in _WIDE:
        content = _replace_strings(
            content, _recoded(placeholder, codec), _recoded(prefix, codec), width
        )
    return content


def _replace_strings(content: bytes, old: bytes, new: bytes, width: int) -> bytes:
    start = content.find(old)
    if start < 0:
        return content
    if len(new) > len(old):
        raise PrefixTooLong(
            f"the path of the environment has {len(new) // width} bytes;"
            f" {len(old) // width} fit into the file",
            limit=len(old) // width,
        )
    pieces: list[bytes] = []
    done = 0
    while start >= 0:
        end = _string_end(content, start, width)
        text = content[start:end]
        replaced = text.replace(old, new)
        pieces += [content[done:start], replaced, b"\0" * (len(text) - len(replaced))]
        done = end
        start = content.find(old, end)
    pieces.append(content[done:])
    return b"".join(pieces)


def _string_end(content: bytes, start: int, width: int) -> int:
    """Where the string around *start* ends: its NUL, or the end of the file."""
    terminator = b"\0" * width
    end = content.find(terminator, start)
    while end >= 0 and (end - start) % width:
        end = content.find(terminator, end + 1)
    return end if end >= 0 else len(content)


def _recoded(path: bytes, codec: str) -> bytes:
    return path.decode("utf-8", "surrogateescape").encode(codec, "surrogatepass")


def replace_shebang(content: bytes, placeholder: bytes, prefix: bytes, limit: int) -> bytes:
    """Replace in a text whose first line may be a ``#!`` line the kernel must accept.

    A line that would become longer than *limit* bytes, or whose interpreter's
    path would hold a space, is rewritten: Python scripts start through
    ``/bin/sh``, which passes any path on, others look their interpreter up in
    the activated environment.

    >>> script = b"#!/build/place/bin/python3.11 -E\\nprint()\\n"
    >>> print(replace_shebang(script, b"/build/place", b"/my env", 127).decode(), end="")
    #!/bin/sh
    '''exec' "/my env/bin/python3.11" -E "$0" "$@" #'''
    print()
    """
    first, newline, rest = content.partition(b"\n")
    shebang = _SHEBANG.fullmatch(first.rstrip(b"\r"))
    replaced = replace_text(content, placeholder, prefix)
    if shebang is None or placeholder not in first:
        return replaced
    path, options = shebang.groups()
    path = path.replace(placeholder, prefix)
    length = len(replaced.partition(b"\n")[0])
    if length <= limit and b" " not in path.replace(rb"\ ", b""):
        return replaced
    options = options.strip().replace(placeholder, prefix)
    line = portable_shebang(path.replace(rb"\ ", b" "), options)
    return line + newline + replace_text(rest, placeholder, prefix)


def portable_shebang(path: bytes, options: bytes = b"") -> bytes:
    """The first line, or two, of a script whose interpreter no ``#!`` line can name."""
    name = path.rpartition(b"/")[2]
    spaced = options + b" " if options else b""
    if _PYTHON.match(name):
        quoted = re.sub(rb'([\\"$`])', rb"\\\1", path)
        return b"#!/bin/sh\n'''exec' \"" + quoted + b'" ' + spaced + b'"$0" "$@" #\'\'\''
    if options:
        # without -S the kernel hands "perl -w" to env as one word
        return b"#!/usr/bin/env -S " + name + b" " + options
    return b"#!/usr/bin/env " + name
