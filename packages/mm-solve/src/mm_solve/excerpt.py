"""A tree of lines, cut to a length.

What is cut first is what helps least: the middle of a chain in which each
package requires just one other, further options of a choice, the deepest lines.
The roots of the tree always stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

__all__ = ["LINES", "Line", "excerpt"]

LINES = 15
"""The most lines an explanation has by default, its heading included."""

WIDTH = 90
"""Roots with the same words share lines of about this length."""

LEFT_OUT = "more are left out"


class Line:
    """A line of a tree.

    text   -- without the branches of the tree and the closing mark
    shared -- the words at its end that it has in common with others like it
    """

    __slots__ = ("children", "shared", "text")

    def __init__(self, text: str, children: Sequence[Line] = (), shared: str = "") -> None:
        self.text = text
        self.children = list(children)
        self.shared = shared

    def __len__(self) -> int:
        """The number of lines, all below included."""
        return 1 + sum(map(len, self.children))


def excerpt(roots: Sequence[Line], lines: int | None, rest: str = "") -> list[str]:
    """The tree as text, in at most *lines* lines with one for the heading.

    A last line says how many were left out; *rest* says how to see them.
    """
    whole = sum(map(len, roots))
    root = Line("", roots)
    if lines is not None and whole > lines - 1:
        _gather(root)
        for shorten in _STEPS:
            while len(root) - 1 > lines - 2 and shorten(root):
                pass
    shown = list(_drawn(root.children, ""))
    texts = [text + ";" if leaf else text for text, leaf in shown]
    if texts:
        texts[-1] = texts[-1].rstrip(";") + "."
    hidden = whole - len(shown)
    if len(root) - 1 < whole and hidden > 0:
        texts.append(f"({hidden} lines are left out{rest and '; '}{rest})")
    return texts


def _drawn(lines: Sequence[Line], indent: str) -> Iterator[tuple[str, bool]]:
    """Each line with its branches, and whether it is a leaf."""
    for number, line in enumerate(lines):
        last = number == len(lines) - 1
        yield f"{indent}{'└─ ' if last else '├─ '}{line.text}", not line.children
        yield from _drawn(line.children, indent + ("   " if last else "│  "))


def _gather(root: Line) -> None:
    """Put roots that end alike and lead nowhere on common lines."""
    kept: list[Line] = []
    heads: dict[str, list[str]] = {}
    for line in root.children:
        if line.children or not line.shared:
            kept.append(line)
        else:
            head = line.text.removesuffix(line.shared)
            heads.setdefault(line.shared, []).append(head)
    gathered: list[Line] = []
    for shared, names in heads.items():
        if len(names) == 1:
            gathered.append(Line(names[0] + shared))
            continue
        words = shared.replace(" is requested and", " are requested and")
        gathered += _packed(names, words)
    root.children = gathered + kept


def _packed(names: Sequence[str], words: str) -> list[Line]:
    rows: list[list[str]] = [[]]
    for name in names:
        if rows[-1] and len(", ".join([*rows[-1], name])) + len(words) > WIDTH:
            rows.append([])
        rows[-1].append(name)
    return [Line(", ".join(row) + words) for row in rows]


def _elide_chain(root: Line) -> bool:
    """Take one line out of the longest chain of single children, if there is a long one."""
    longest: list[Line] = []
    for start in _all(root):
        chain = [start]
        while len(chain[-1].children) == 1:
            chain.append(chain[-1].children[0])
        if len(chain) > len(longest):
            longest = chain
    longest = longest[1:] if longest and longest[0] is root else longest
    if len(longest) < 6:
        return False
    middle = longest[2]
    after = middle.children[0]
    count = int(middle.shared or 1) + 1
    middle.text, middle.shared = f"… ({count} packages in between), which requires", str(count)
    middle.children = after.children
    return True


def _drop_option(root: Line) -> bool:
    """Take the last child of the widest place below the roots away, if one is wide."""
    inner = [line for line in _all(root) if line is not root]
    widest = max(inner, key=lambda line: len(line.children), default=None)
    if widest is None or len(widest.children) < 4:
        return False
    return _shorten(widest)


def _drop_deepest(root: Line) -> bool:
    """Take the last of the deepest lines away, if any is below the roots."""
    depth, deepest = 0, root
    for level, line in _levels(root, 0):
        if line.children and level >= depth:
            depth, deepest = level, line
    if deepest is root:
        return False
    if len(deepest.children) > 2:
        return _shorten(deepest)
    deepest.children = []
    deepest.text += " …"
    return True


def _shorten(parent: Line) -> bool:
    """Replace the last two children by a remark."""
    last = parent.children[-1]
    count = int(last.shared) if last.text.endswith(LEFT_OUT) else 1
    drop = 2
    parent.children[-drop:] = [Line(f"{count + 1} {LEFT_OUT}", shared=str(count + 1))]
    return True


_STEPS = (_elide_chain, _drop_option, _drop_deepest)


def _all(line: Line) -> Iterator[Line]:
    yield line
    for child in line.children:
        yield from _all(child)


def _levels(line: Line, level: int) -> Iterator[tuple[int, Line]]:
    yield level, line
    for child in line.children:
        yield from _levels(child, level + 1)
