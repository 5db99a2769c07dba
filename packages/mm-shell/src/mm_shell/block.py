"""The block of lines that is ours in somebody's start-up file.

It stands between two marks, on lines of their own, and is written with one line break
in front of it, which goes with it: a file that gets a block and loses it again is, byte
for byte, what it was.
"""

from __future__ import annotations

from mm_shell.errors import BrokenBlock

__all__ = ["block_in", "with_block", "without_block"]

NOTE = "# !! Contents within this block are managed by 'micromamba shell init' !!"


def block_in(text: str, marks: tuple[str, str], path: str = "") -> str:
    """The first block in *text*, marks included; empty if there is none.

    Raises `BrokenBlock` (which tells *path*) for one that does not end.
    """
    begin, end = _span(text, marks, path)
    return text[begin:end]


def with_block(text: str, body: str, marks: tuple[str, str], path: str = "") -> str:
    r"""*text* with *body* as its block: in place of the one it has, else at the end.

    >>> with_block("a\n", "b\n", ("[", "]")).splitlines()[:3]
    ['a', '', '[']
    """
    if any(line.strip() in marks for line in body.splitlines()):
        raise BrokenBlock(
            "A path with the marks of the block in it cannot be written there",
            path=path,
            hint="Use another path for the program or the root prefix.",
        )
    begin, end = _span(text, marks, path)
    newline = "\r\n" if "\r\n" in (text[begin:end] or text) else "\n"
    lines = [marks[0], NOTE, *body.rstrip("\n").split("\n"), marks[1], ""]
    block = newline.join(lines)
    if begin == end:
        return text + newline + block
    return text[:begin] + block + without_block(text[end:], marks, path)


def without_block(text: str, marks: tuple[str, str], path: str = "") -> str:
    """*text* without any block, nor the line break in front of each."""
    while True:
        begin, end = _span(text, marks, path)
        if begin == end:
            return text
        newline = "\r\n" if "\r\n" in text[begin:end] else "\n"
        text = text[:begin].removesuffix(newline) + text[end:]


def _span(text: str, marks: tuple[str, str], path: str) -> tuple[int, int]:
    """Where the first block begins and ends; twice the same place if there is none."""
    at, begin = 0, -1
    for line in text.splitlines(keepends=True):
        if begin < 0 and line.strip() == marks[0]:
            begin = at
        elif begin >= 0 and line.strip() == marks[1]:
            return begin, at + len(line)
        at += len(line)
    if begin >= 0:
        raise BrokenBlock(
            f"{path or 'The file'} has the line '{marks[0]}' without the one that ends the block",
            path=path,
            hint=f"Add the line '{marks[1]}' where the block ends, or remove its first line.",
        )
    return 0, 0
