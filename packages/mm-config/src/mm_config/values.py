"""The values of settings: what each kind looks like as text, and what it means.

Values are plain: bool, int, float, str, tuples of str, dicts. Paths are str
here, so that reading settings does not cost the import of `pathlib`;
`mm_config.Config` hands out `pathlib.Path`.
"""

from __future__ import annotations

import os

from mm_config.frozen import Frozen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mm_config.keys import Key

    Lines = tuple[int, ...] | dict[str, int]

__all__ = ["Located", "from_document", "from_python", "from_variable"]

WORDS = {
    "true": True, "yes": True, "y": True, "on": True, "1": True,
    "false": False, "no": False, "n": False, "off": False, "0": False,
}  # fmt: skip
"""The texts of a bool, compared without case."""

NULLS = ("", "~", "null", "Null", "NULL")


class Located(Frozen):
    """A piece of a configuration file.

    value -- text, a list of pieces, or a map of pieces; None: nested too deeply
    line  -- where it begins, from 1
    plain -- a text that stands without quotes
    """

    __slots__ = ("line", "plain", "value")
    value: str | list[Located] | dict[str, Located] | None
    line: int
    plain: bool

    def __init__(
        self,
        value: str | list[Located] | dict[str, Located] | None,
        line: int,
        plain: bool = False,
    ) -> None:
        self._set(value=value, line=line, plain=plain)

    @property
    def is_null(self) -> bool:
        """Whether it says that there is no value."""
        return self.plain and self.value in NULLS


def from_document(key: Key, node: Located) -> tuple[object, Lines | int]:
    """The value of *key* that *node* holds, with the line of each of its parts.

    Raises `ValueError`, which says what is wrong with the value.
    """
    if key.is_sequence:
        return _sequence(node)
    if not key.is_map:
        return _scalar(key, _text(node)), node.line
    if not isinstance(node.value, dict):
        raise ValueError("a map is needed, one 'name: value' a line")
    part: Callable[[Located], object] = _text if key.kind == "map" else _texts
    entries = {name: item for name, item in node.value.items() if not item.is_null}
    return (
        {name: part(item) for name, item in entries.items()},
        {name: item.line for name, item in entries.items()},
    )


def from_variable(key: Key, text: str) -> object:
    """The value of *key* in an environment variable; None when it says nothing.

    Sequences are comma-separated, as the inside of a YAML list, and an empty
    one is a value; maps are YAML. For all but texts an empty variable is one
    that is not set. Raises `ValueError`.

    >>> from mm_config.keys import KEYS
    >>> from_variable(KEYS["offline"], "1"), from_variable(KEYS["channels"], "a, 'b'")
    (True, ('a', 'b'))
    """
    if key.is_sequence:
        return split_list(text, key.separator)
    text = text if key.kind == "str" else text.strip()
    if not text and key.kind != "str":
        return None
    if key.is_map:
        from mm_config.rc_document import parse_value

        return from_document(key, parse_value(text))[0]
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1]
    return _scalar(key, text)


def from_python(key: Key, value: object) -> object:
    """The value of *key* as code or a parsed option gives it. Raises `ValueError`.

    >>> from mm_config.keys import KEYS
    >>> from_python(KEYS["channel_priority"], "Strict"), from_python(KEYS["channels"], ["a"])
    ('strict', ('a',))
    """
    if key.is_sequence:
        if isinstance(value, (str, bytes)) or not hasattr(value, "__iter__"):
            raise ValueError(f"a list is needed, not {_shown(str(value))}")
        return tuple(_plain_text(item) for item in value)
    if key.is_map:
        if not hasattr(value, "items"):
            raise ValueError(f"a map is needed, not {_shown(str(value))}")
        part: Callable[[object], object] = _plain_text
        if key.kind == "lists":
            part = _plain_texts
        return {str(name): part(item) for name, item in value.items()}
    if key.kind == "float" and isinstance(value, float):
        return _scalar(key, repr(value))
    return _scalar(key, _plain_text(value))


def _plain_text(value: object) -> str:
    return os.fspath(value) if isinstance(value, os.PathLike) else str(value)


def _plain_texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        raise ValueError(f"a list is needed, not {_shown(str(value))}")
    return tuple(_plain_text(item) for item in value)


def _text(node: Located) -> str:
    if not isinstance(node.value, str):
        raise ValueError("one value is needed, not a list or a map")
    return node.value


def _texts(node: Located) -> tuple[str, ...]:
    return _sequence(node)[0]


def _sequence(node: Located) -> tuple[tuple[str, ...], tuple[int, ...]]:
    if not isinstance(node.value, list):
        raise ValueError("a list is needed, such as [a, b], or one '- item' a line")
    items = [item for item in node.value if not item.is_null or item.value == "~"]
    return tuple(_text(item) for item in items), tuple(item.line for item in items)


_YAML_SIGNS = "'\"[]{}&*!|>%@`#?"


def split_list(text: str, separator: str = "") -> tuple[str, ...]:
    if separator:
        return tuple(item for item in text.split(separator) if item)
    if not any(sign in text for sign in _YAML_SIGNS):
        return tuple(item for item in (part.strip() for part in text.split(",")) if item)
    from mm_config.rc_document import parse_value

    return _texts(parse_value(f"[{text}]"))


def _scalar(key: Key, text: str) -> object:
    if key.kind in ("str", "path"):
        return text
    folded = text.strip().lower()
    if folded in key.spellings:
        return key.spellings[folded]
    if key.kind == "enum":
        if folded in key.choices:
            return folded
        raise ValueError(f"{_shown(text)} is none of {', '.join(key.choices)}")
    return _READERS[key.kind](folded, text)


def _bool(folded: str, text: str) -> bool:
    if folded not in WORDS:
        raise ValueError(f"{_shown(text)} is neither true nor false")
    return WORDS[folded]


def _int(folded: str, text: str) -> int:
    digits = folded[1:] if folded[:1] in ("-", "+") else folded
    if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
        raise ValueError(f"{_shown(text)} is no whole number")
    return int(folded)


def _uint(folded: str, text: str) -> int:
    number = _int(folded, text)
    if number < 0:
        raise ValueError(f"{_shown(text)} is less than 0")
    return number


def _float(folded: str, text: str) -> float:
    try:
        number = float(folded)
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf"):
        raise ValueError(f"{_shown(text)} is no number of 0 or more")
    return number


_READERS: Mapping[str, Callable[[str, str], object]] = {
    "bool": _bool,
    "int": _int,
    "uint": _uint,
    "float": _float,
}


def _shown(text: str) -> str:
    from mm_config.masking import masked

    short = masked(text)
    return repr(short if len(short) <= 60 else short[:57] + "...")
