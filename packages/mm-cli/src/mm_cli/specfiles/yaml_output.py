"""Writing YAML: block style, in the order given, the same bytes for the same values.

A general emitter has many ways to write one value and may change its mind with
its version; lock files are compared by their bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["yaml_text"]

_PLAIN = re.compile(
    r"[A-Za-z_/](?:[ A-Za-z0-9_./+@~%<>=,*!|:^()\[\]-]*[A-Za-z0-9_./+@~%<>=,*!^)\]])?"
)
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


def yaml_text(document: object) -> str:
    r"""*document* (mappings, lists, texts, whole numbers, truth values) as YAML.

    >>> print(yaml_text({"a": ["x >=1", "1.10", {"b": 2, "c": []}]}), end="")
    a:
    - x >=1
    - "1.10"
    - b: 2
      c: []
    """
    return "".join(f"{line}\n" for line in _lines(document))


def _lines(value: object) -> Iterator[str]:
    if isinstance(value, dict) and value:
        for key, each in value.items():
            yield from _labelled(f"{_scalar(key)}:", each)
    elif isinstance(value, list | tuple) and value:
        for each in value:
            if isinstance(each, dict | list | tuple) and each:
                first, *rest = _lines(each)
                yield f"- {first}"
                yield from (f"  {line}" for line in rest)
            else:
                yield f"- {_scalar(each)}"
    else:
        yield _scalar(value)


def _labelled(label: str, value: object) -> Iterator[str]:
    if isinstance(value, dict) and value:
        yield label
        yield from (f"  {line}" for line in _lines(value))
    elif isinstance(value, list | tuple) and value:
        yield label
        yield from _lines(value)
    else:
        yield f"{label} {_scalar(value)}"


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if not isinstance(value, str):
        return "{}" if isinstance(value, dict) else "[]"
    plain = _PLAIN.fullmatch(value) and ": " not in value and value.lower() not in _WORDS
    if plain:
        return value
    return '"' + "".join(map(_character, value)) + '"'


def _character(char: str) -> str:
    """One character between double quotes: as it is where it is plain ASCII."""
    if char in '"\\':
        return f"\\{char}"
    if " " <= char <= "~":
        return char
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
