"""Commands of ``noarch: python`` packages, from ``info/link.json``.

>>> parse_entry_point("flask = flask.cli:main")
EntryPoint(command='flask', module='flask.cli', function='main')
"""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from mm_pkg.errors import InvalidEntryPoint
from mm_pkg.link.placeholder import portable_shebang

__all__ = ["EntryPoint", "entry_point_script", "parse_entry_point", "read_entry_points"]

SHEBANG_LIMIT = 125
"""Longest path of an interpreter in a ``#!`` line."""

_IDENTIFIER = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", re.ASCII)
_FORBIDDEN = re.compile(r"[/\\\s\x00-\x1f\x7f-\x9f]|^[A-Za-z]:|^\.\.|^\.$|^$")

_BODY = """\
# -*- coding: utf-8 -*-
import re
import sys

from {module} import {imported}

if __name__ == "__main__":
    sys.argv[0] = re.sub(r"(-script\\.pyw?|\\.exe)?$", "", sys.argv[0])
    sys.exit({function}())
"""


class EntryPoint(msgspec.Struct, frozen=True):
    """A command that calls ``module:function``."""

    command: str
    module: str
    function: str


def parse_entry_point(text: str) -> EntryPoint:
    """Read ``command = module:function``. Raises `InvalidEntryPoint`.

    The command becomes a file name and the rest becomes code, so both are
    checked strictly.
    """
    target, colon, function = text.rpartition(":")
    command, equals, module = target.rpartition("=")
    command, module, function = command.strip(), module.strip(), function.strip()
    if not colon or not equals:
        raise InvalidEntryPoint(f"entry point {text!r} is not 'command = module:function'")
    if _FORBIDDEN.search(command):
        raise InvalidEntryPoint(f"entry point {text!r}: {command!r} cannot be a command's name")
    for part in (module, function):
        if not _IDENTIFIER.fullmatch(part):
            raise InvalidEntryPoint(f"entry point {text!r}: {part!r} is not a Python name")
    return EntryPoint(command, module, function)


def read_entry_points(extracted: Path, dist: str) -> tuple[EntryPoint, ...]:
    """The entry points of the package in *extracted*; *dist* is named in errors.

    Raises `InvalidEntryPoint`.
    """
    try:
        content = (extracted / "info" / "link.json").read_bytes()
    except FileNotFoundError:
        return ()
    import msgspec

    hint = "The package is broken or hostile; nothing was changed."
    try:
        data = msgspec.json.decode(content)
        noarch = data.get("noarch") if isinstance(data, dict) else None
        texts = (noarch.get("entry_points") if isinstance(noarch, dict) else None) or []
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise InvalidEntryPoint("entry_points is not a list of texts")
        return tuple(map(parse_entry_point, texts))
    except InvalidEntryPoint as error:
        raise InvalidEntryPoint(f"{dist}: {error.message}", hint=hint) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidEntryPoint(f"{dist}: info/link.json is not JSON: {error}", hint=hint) from None


def entry_point_script(entry: EntryPoint, python: str) -> bytes:
    """The script for *entry*; *python* is the absolute path of the interpreter, or "".

    >>> entry = parse_entry_point("x = pkg.mod:main.run")
    >>> entry_point_script(entry, "/opt/env/bin/python3.11").splitlines()[0]
    b'#!/opt/env/bin/python3.11'
    """
    body = _BODY.format(
        module=entry.module,
        imported=entry.function.partition(".")[0],
        function=entry.function,
    ).encode()
    if not python:
        return body
    path = python.encode("utf-8", "surrogateescape")
    if len(path) > SHEBANG_LIMIT or b" " in path:
        return portable_shebang(path) + b"\n" + body
    return b"#!" + path + b"\n" + body
