"""What the words of a command mean to a configuration file: a setting, and its value."""

from __future__ import annotations

from mm_config.errors import BadValue, InvalidKey
from mm_config.keys import ALIASES, KEYS
from mm_config.rc_document import parse_value
from mm_config.values import Located, from_document, split_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from mm_config.keys import Key

    Value = str | list[str] | dict[str, Any]

__all__ = ["items_of", "key_of", "meant", "plain_map"]


def key_of(name: str) -> tuple[Key, str]:
    """The setting that *name* means, and which entry of it; "" for all of it."""
    top, dot, entry = name.partition(".")
    key = KEYS.get(ALIASES.get(top, top))
    if key is not None and key.rc and bool(dot) == bool(entry) and (not entry or key.is_map):
        return key, entry
    from mm_config.spelling import nearest

    guess = "" if key else nearest(top)
    if key is None:
        hint = f"Did you mean '{guess}'?" if guess else "`config describe` lists the settings."
    elif key.rc:
        hint = f"'{key.name}' is no map, so it has no entries."
    else:
        hint = f"'{key.name}' is for options and variables only."
    raise InvalidKey(f"Invalid key '{name}' or not rc configurable", key=name, hint=hint)


def meant(key: Key, entry: str, text: str, label: str) -> Value:
    """What a file has to say for *text*, the value of *key* or of one entry. Raises `BadValue`."""
    try:
        if entry:
            return items_of(text) if key.kind == "lists" else text
        if key.is_sequence:
            return items_of(text)
        if key.is_map:
            node = parse_value(text)
            from_document(key, node)
            assert isinstance(node.value, dict)
            return {name: item for name, item in plain_map(node.value).items() if item is not None}
        value, _ = from_document(key, Located(text, 1))
    except ValueError as error:
        raise BadValue(
            f"Bad value for '{key.name}': {error}",
            key=key.name,
            source=label,
            hint=f"`config describe {key.name} -l` says what it can be.",
        ) from None
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def items_of(text: str) -> list[str]:
    """The items of a list as on the command line: ``a,b`` or ``[a, b]``. Raises `ValueError`."""
    text = text.strip()
    if text.startswith("[") and text.endswith("]"):
        text = text[1:-1]
    return list(dict.fromkeys(split_list(text)))


def plain(node: Located) -> Any:
    """What *node* holds, as texts; None for nothing."""
    if isinstance(node.value, dict):
        return plain_map(node.value)
    if isinstance(node.value, list):
        return ["~" if item.plain and item.value == "~" else plain(item) for item in node.value]
    return None if node.is_null else node.value


def plain_map(nodes: dict[str, Located]) -> dict[str, Any]:
    """What *nodes* hold, as texts."""
    return {name: plain(node) for name, node in nodes.items()}
