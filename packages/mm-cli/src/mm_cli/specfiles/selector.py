"""Selectors: which entries of a file are for which platform (CEP 24).

``sel(linux): spec`` knows four words; ``- spec  # [linux and not aarch64]`` knows
conda-build's, with ``and``, ``or``, ``not`` and parentheses.
"""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["FAMILIES", "is_selector", "selected", "selector_of_line"]

FAMILIES = ("unix", "linux", "osx", "win")
"""The words of ``sel(…)``."""

_ARCHITECTURES = {
    "64": ("x86", "x86_64"),
    "32": ("x86",),
    "arm64": ("arm64",),
    "aarch64": ("aarch64",),
    "ppc64le": ("ppc64le",),
    "s390x": ("s390x",),
    "riscv64": ("riscv64",),
    "armv6l": ("armv6l",),
    "armv7l": ("armv7l",),
    "wasm32": ("wasm32",),
}
"""Architecture part of a platform -> the words that are true for it."""

_SYSTEMS = ("linux", "osx", "win", "emscripten", "wasi", "freebsd", "zos")
_UNIX = frozenset({"linux", "osx", "emscripten", "freebsd"})
_WIDTHS = ("linux32", "linux64", "osx64", "win32", "win64")
_WORDS = frozenset(
    {"unix", *_SYSTEMS, *_WIDTHS, *(word for words in _ARCHITECTURES.values() for word in words)}
)

_COMMENT = re.compile(r"\s*\S.*?\s#\s*\[([^\[\]#]+)\]\s*$")
_TOKEN = re.compile(r"\s*([A-Za-z_0-9]+|[()])\s*")

MAX_LENGTH = 200
"""Longer comments in brackets are no selectors."""


def selector_of_line(line: str) -> str:
    """The selector in the comment at the end of *line*, or "".

    A comment in brackets that is made of other words is a comment.

    >>> selector_of_line("  - pywin32  # [win and x86_64]"), selector_of_line("- a  # [sic]")
    ('win and x86_64', '')
    """
    match = _COMMENT.match(line) if "#" in line else None
    text = match[1].strip() if match else ""
    return text if is_selector(text) else ""


def is_selector(text: str) -> bool:
    """Whether *text* is an expression that `selected` can tell about."""
    if not text or len(text) > MAX_LENGTH:
        return False
    try:
        _evaluate(text, frozenset())
    except ValueError:
        return False
    return True


def selected(selector: str, platform: str) -> bool:
    """Whether what *selector* ("" for everywhere) marks is for *platform*.

    >>> [p for p in ("linux-64", "osx-arm64", "win-64") if selected("unix and not arm64", p)]
    ['linux-64']

    Raises ValueError where `is_selector` is false.
    """
    return not selector or _evaluate(selector, _true_words(platform))


def _true_words(platform: str) -> frozenset[str]:
    system, _, architecture = platform.partition("-")
    words = {system, *_ARCHITECTURES.get(architecture, ())}
    if system in _UNIX:
        words.add("unix")
    if architecture in ("32", "64"):
        words.add(f"{system}{architecture}")
    return frozenset(words)


def _evaluate(text: str, true: frozenset[str]) -> bool:
    """Recursive descent: or of ands of nots. Raises ValueError."""
    tokens = _tokens(text)
    value = _any_of(tokens, true)
    if tokens:
        raise ValueError(text)
    return value


def _tokens(text: str) -> list[str]:
    """The tokens, the last first."""
    tokens, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(text)
        tokens.append(match[1])
        at = match.end()
    return tokens[::-1]


def _any_of(tokens: list[str], true: frozenset[str]) -> bool:
    return _chain(tokens, true, "or", _all_of, any)


def _all_of(tokens: list[str], true: frozenset[str]) -> bool:
    return _chain(tokens, true, "and", _term, all)


def _chain(
    tokens: list[str],
    true: frozenset[str],
    operator: str,
    part: Callable[[list[str], frozenset[str]], bool],
    combine: Callable[[list[bool]], bool],
) -> bool:
    values = [part(tokens, true)]
    while tokens and tokens[-1] == operator:
        tokens.pop()
        values.append(part(tokens, true))
    return combine(values)


def _term(tokens: list[str], true: frozenset[str]) -> bool:
    token = tokens.pop() if tokens else ""
    if token == "not":
        return not _term(tokens, true)
    if token == "(":
        value = _any_of(tokens, true)
        if not tokens or tokens.pop() != ")":
            raise ValueError("unbalanced")
        return value
    if token not in _WORDS:
        raise ValueError(token)
    return token in true
