from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_cli.report.console import Console
from mm_cli.report.wrapping import wrapped

LINES = st.lists(
    st.tuples(
        st.sampled_from(["", "├─ ", "└─ ", "│  ├─ ", "   └─ ", "  - "]),
        st.lists(st.text("abc.-", min_size=1, max_size=9), min_size=1, max_size=30),
    ),
    max_size=5,
)


@given(LINES, st.integers(30, 80))
def test_no_line_is_too_long_and_no_word_is_lost(lines, width: int) -> None:
    text = "\n".join(margin + " ".join(words) for margin, words in lines)
    told = wrapped(text, width)
    assert all(len(line) <= width for line in told.split("\n"))
    letters = re.compile(r"[^abc.]")
    assert letters.sub("", told) == letters.sub("", text)


def test_short_lines_stay_as_they_are() -> None:
    text = "a  b\n\n  - c   d\n"
    assert wrapped(text, 80) == text


@pytest.mark.parametrize(("columns", "lines"), [("40", 4), ("80", 2), ("20", 4)])
def test_only_terminals_have_a_width(columns: str, lines: int, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    text = "word " * 29 + "end"

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    assert wrapped(text, Console(out=io.StringIO()).width) == text
    assert wrapped(text, Console(out=Terminal(), json=True).width) == text
    assert len(wrapped(text, Console(out=Terminal()).width).split("\n")) == lines
