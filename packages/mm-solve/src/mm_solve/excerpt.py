"""A tree of lines, cut to a length.

What is cut first is what helps least: the middle of a chain in which each
package requires just one other, what tells of no obstacle, what is between a
package and an obstacle, further options of a choice, the deepest lines. The
roots always stay, if need be several on a line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from operator import itemgetter

__all__ = ["LINES", "Line", "excerpt"]

LINES = 15
"""The most lines an explanation has by default, its heading included."""

WIDTH = 90
"""The length of lines that several roots share."""

CHAIN = 6
"""In a longer chain, the middle can be left out."""

CHOICES = 4
"""Of more children than these, the last can be left out."""

LEFT_OUT = "more are left out"
CLOSED = " (details left out)"
"""What is said of a root whose children are left out."""

FINE, NOT_FINE = " is installable", " is not installable"

PLURAL = {
    " is requested and": " are requested and",
    " is installable": " are installable",
    " is not installable": " are not installable",
}
"""How words about one root change when they are about several."""


class Line:
    """A line of a tree.

    text   -- without the branches of the tree and the closing mark
    shared -- of a root, the words at its end: other roots may have the same
    weight -- how long it is kept: 2 if it tells of an obstacle, 1 if it helps to see
        why that is one, else 0
    """

    __slots__ = ("children", "hidden", "shared", "text", "weight")

    def __init__(
        self,
        text: str,
        children: Sequence[Line] = (),
        shared: str = "",
        *,
        weight: int = 0,
    ) -> None:
        self.text = text
        self.children = list(children)
        self.shared = shared
        self.weight = weight
        self.hidden = 0

    def __len__(self) -> int:
        """The number of lines, all below included."""
        return 1 + sum(map(len, self.children))


def excerpt(roots: Sequence[Line], lines: int | None, rest: str = "") -> list[str]:
    """The tree as text, in at most *lines* lines with one for the heading.

    A last line says how many were left out; *rest* says how to see them. The lines
    given are changed.
    """
    root = Line("", roots)
    whole = len(root) - 1
    cut = lines is not None and whole > lines - 1
    if lines is not None and cut:
        _shorten(root, max(lines - 2, 1))
    texts = [text + ";" if leaf else text for text, leaf in _drawn(root.children, "")]
    if texts:
        texts[-1] = texts[-1].rstrip(";") + "."
    if cut:
        count = f"{whole - len(texts)} lines are left out" if whole > len(texts) else "shortened"
        texts.append(f"({count}{rest and '; '}{rest})")
    return texts


def _drawn(lines: Sequence[Line], indent: str) -> Iterator[tuple[str, bool]]:
    """Each line with its branches, and whether it is a leaf."""
    for number, line in enumerate(lines):
        last = number == len(lines) - 1
        yield f"{indent}{'└─ ' if last else '├─ '}{line.text}", not line.children
        yield from _drawn(line.children, indent + ("   " if last else "│  "))


def _shorten(root: Line, most: int) -> None:
    """Cut the tree below *root* to *most* lines."""
    for step in _STEPS:
        while len(root) - 1 > most and step(root):
            pass
        if len(root) - 1 > most:
            _gather(root, most)


# -- roots on common lines -----------------------------------------------------------


def _gather(root: Line, most: int) -> None:
    """Put the roots that end alike and have no children on common lines."""
    kept: list[Line] = []
    heads: dict[str, list[str]] = {}
    for line in root.children:
        if line.shared and not line.children:
            heads.setdefault(line.shared, []).append(line.text.removesuffix(line.shared))
        else:
            kept.append(line)
    room = max(most - sum(map(len, kept)) - len(heads), 0)
    gathered: list[Line] = []
    for words, names in heads.items():
        share = 1 + room * len(names) // sum(map(len, heads.values()))
        gathered += _packed(names, words, share)
    root.children = [*gathered, *kept]


def _packed(names: Sequence[str], shared: str, most: int) -> list[Line]:
    """Lines with several names each; longer than usual if there may be only few."""
    if len(names) == 1:
        return [Line(names[0] + shared, shared=shared)]
    words = shared
    for one, several in PLURAL.items():
        words = words.replace(one, several)
    width = WIDTH - len(words)
    while True:
        rows: list[list[str]] = [[]]
        for name in names:
            if rows[-1] and len(", ".join([*rows[-1], name])) > width:
                rows.append([])
            rows[-1].append(name)
        if len(rows) <= most:
            return [Line(", ".join(row) + words, shared=words) for row in rows]
        width *= 2


# -- steps that make a tree shorter ----------------------------------------------------


def _elide_chain(root: Line) -> bool:
    """Take one line out of the longest chain of single children, if there is a long one."""
    longest: list[Line] = []
    for start in _below(root):
        chain = [start]
        while len(chain[-1].children) == 1:
            chain.append(chain[-1].children[0])
        if len(chain) > len(longest):
            longest = chain
    if len(longest) < CHAIN:
        return False
    middle = longest[2]
    middle.hidden += 1
    middle.text = f"… ({middle.hidden + 1} packages in between), which requires"
    middle.children = middle.children[0].children
    return True


def _drop_choice(root: Line) -> bool:
    """Take the last children of the widest place below the roots away, if one is wide."""
    widest = max(_below(root), key=lambda line: len(line.children), default=None)
    if widest is None or len(widest.children) < CHOICES:
        return False
    _drop_last(widest)
    return True


def _drop_deepest(root: Line, weight: int) -> bool:
    """Take the last of the deepest lines below one of at most *weight* away, if there is one."""
    inner = [
        (level, line)
        for level, line in _levels(root, 0)
        if line.children and level and line.weight <= weight
    ]
    if not inner:
        return False
    deepest = max(reversed(inner), key=itemgetter(0))[1]
    if len(deepest.children) > 2:
        _drop_last(deepest)
        return True
    deepest.children = []
    if deepest.shared:
        head = deepest.text.removesuffix(deepest.shared)
        deepest.shared = (NOT_FINE if deepest.shared.startswith(NOT_FINE) else FINE) + CLOSED
        deepest.text = head + deepest.shared
    else:
        deepest.text += " …"
    return True


def _skip_to_obstacles(root: Line, least: int) -> bool:
    """Below the deepest line where that is shorter, leave only the obstacles.

    least -- the level of the highest line to look at; roots have level 1
    """
    best: tuple[int, Line, list[Line]] | None = None
    for level, line in _levels(root, 0):
        if level < max(least, best[0] if best else 0):
            continue
        leaves = [one for one in _below(line) if one.weight == 2 and not one.children]
        ends = {one.text: one for one in leaves}
        if ends and len(ends) < len(line) - 1:
            best = level, line, list(ends.values())
    if best is None:
        return False
    _, line, ends_of_it = best
    line.children = [
        one if one in line.children or one.text.startswith("…") else Line(f"… {one.text}", weight=2)
        for one in ends_of_it
    ]
    return True


def _drop_last(parent: Line) -> None:
    """Replace the last two children by a remark."""
    last = parent.children[-1]
    remark = Line("")
    remark.hidden = (last.hidden if last.text.endswith(LEFT_OUT) else 1) + 1
    remark.text = f"{remark.hidden} {LEFT_OUT}"
    parent.children[-2:] = [remark]


def _nothing(root: Line) -> bool:
    return False


_STEPS: tuple[Callable[[Line], bool], ...] = (
    _nothing,  # roots alone may do, put on common lines
    _elide_chain,
    partial(_drop_deepest, weight=0),
    partial(_skip_to_obstacles, least=3),
    partial(_drop_deepest, weight=1),
    _drop_choice,
    partial(_skip_to_obstacles, least=1),
    partial(_drop_deepest, weight=2),
)


def _below(line: Line) -> Iterator[Line]:
    """Every line below *line*."""
    for child in line.children:
        yield child
        yield from _below(child)


def _levels(line: Line, level: int) -> Iterator[tuple[int, Line]]:
    yield level, line
    for child in line.children:
        yield from _levels(child, level + 1)
