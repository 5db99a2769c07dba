"""A slow second opinion on versions: CEP 33 and CEP 29 word for word, sharing no code with mm."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import zip_longest

from hypothesis import strategies as st

from mm_solve.errors import InvalidSyntax

Atom = tuple[int, str]
Parsed = tuple[int, list[list[Atom]], list[list[Atom]]]

LETTERS = ["a", "b", "rc", "alpha", "dev", "post", "_", "x", "*"]


def refusal(parse: Callable[[str], object], text: str) -> InvalidSyntax | None:
    """The error that *parse* raises of *text*; None when it is accepted."""
    try:
        parse(text)
    except InvalidSyntax as error:
        return error
    return None


def parse(text: str) -> Parsed:
    """Epoch, MAIN, LOCAL of a valid version."""
    text = text.strip().lower()
    epoch, _, rest = text.rpartition("!")
    main, _, local = rest.partition("+")
    return int(epoch or 0), _row(main), _row(local) if local else []


def _row(text: str) -> list[list[Atom]]:
    tail = "_" if text.endswith("_") else ""
    body = text[: len(text) - len(tail)].replace("_", ".").replace("-", ".") + tail
    return [_atoms(segment) for segment in body.split(".")]


def _atoms(segment: str) -> list[Atom]:
    atoms: list[Atom] = []
    while segment:
        number = re.match(r"\d*", segment)
        assert number
        segment = segment[number.end() :]
        letters = re.match(r"\D*", segment)
        assert letters
        segment = segment[letters.end() :]
        atoms.append((int(number[0] or 0), letters[0]))
    return atoms


def _rank(letters: str) -> tuple[int, str]:
    special = {"*": -3, "dev": -2, "_": -1, "": 1, "post": 2}
    return special.get(letters, 0), "" if letters in special else letters


def _compare_rows(a: list[list[Atom]], b: list[list[Atom]]) -> int:
    for x, y in zip_longest(a, b, fillvalue=[]):
        for (m, p), (n, q) in zip_longest(x, y, fillvalue=(0, "")):
            left, right = (m, _rank(p)), (n, _rank(q))
            if left != right:
                return -1 if left < right else 1
    return 0


def compare(a: str, b: str) -> int:
    """-1, 0 or 1: the order of two versions."""
    (e, m, k), (f, n, q) = parse(a), parse(b)
    if e != f:
        return -1 if e < f else 1
    return _compare_rows(m, n) or _compare_rows(k, q)


def starts_with(version: str, prefix: str) -> bool:
    """Whether *version* is in the series of *prefix*."""
    (e, main, local), (f, wanted, wanted_local) = parse(version), parse(prefix)
    if e != f:
        return False
    if wanted_local:
        return _compare_rows(main, wanted) == 0 and _row_starts_with(local, wanted_local)
    return _row_starts_with(main, wanted)


def _row_starts_with(row: list[list[Atom]], prefix: list[list[Atom]]) -> bool:
    last = len(prefix) - 1
    row = row + [[]] * (len(prefix) - len(row))
    if _compare_rows(row[:last], prefix[:last]):
        return False
    segment = row[last] + [(0, "")] * (len(prefix[last]) - len(row[last]))
    *before, (number, letters) = prefix[last]
    for (m, p), (n, q) in zip(segment, before, strict=False):
        if (m, p) != (n, q):
            return False
    at, text = segment[len(before)]
    return at == number and (not letters or text == letters)


@st.composite
def segments(draw: st.DrawFn, stars: bool = True) -> str:
    letters = st.sampled_from(LETTERS if stars else LETTERS[:-1])
    text = draw(st.sampled_from(["0", "1", "2", "10", "01", ""]))
    if not text or draw(st.integers(0, 3)) == 0:
        word = draw(letters)
        text += word if word != "_" else "c"
        if draw(st.booleans()):
            text += draw(st.sampled_from(["0", "1", "3"]))
    return text


@st.composite
def version_texts(draw: st.DrawFn, stars: bool = False) -> str:
    """Valid versions, small enough to meet each other often."""
    row = st.lists(segments(stars), min_size=1, max_size=4)
    separator = draw(st.sampled_from([".", ".", ".", "-", "_"]))
    text = separator.join(draw(row))
    if draw(st.integers(0, 7)) == 0:
        text += "_"
    if draw(st.integers(0, 5)) == 0:
        text = draw(st.sampled_from(["0!", "1!"])) + text
    if draw(st.integers(0, 4)) == 0:
        text += "+" + ".".join(draw(row))
    return text
