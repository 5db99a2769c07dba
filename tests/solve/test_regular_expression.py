"""Regular expressions: Python's `re` agrees, and nothing takes long."""

from __future__ import annotations

import re

import pytest
import version_reference as reference
from hypothesis import given
from hypothesis import strategies as st

from mm_solve.regular_expression import InvalidExpression, compile_expression

characters = st.sampled_from(["a", "b", "1", "_", ".", r"\.", r"\d", r"\w", r"\S", "-"])
classes = st.builds(
    lambda negated, members: f"[{negated}{''.join(members)}]",
    st.sampled_from(["", "^"]),
    st.lists(st.sampled_from(["a", "0-9", "a-b", r"\d", "_", "."]), min_size=1, max_size=3),
)
repeats = st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{,2}", "{1,}", "*?", "+?"])
expressions = st.recursive(
    characters | classes,
    lambda inner: (
        st.builds("".join, st.lists(inner, max_size=3))
        | st.builds(lambda parts: f"({'|'.join(parts)})", st.lists(inner, min_size=1, max_size=3))
        | st.builds(lambda part, repeat: f"(?:{part}){repeat}", inner, repeats)
    ),
    max_leaves=8,
)


@given(expressions, st.lists(st.text("ab1_.-", max_size=6), max_size=8))
def test_python_agrees(expression: str, texts: list[str]) -> None:
    matches, python = compile_expression(expression), re.compile(expression)
    ignoring = compile_expression(expression, ignore_case=True)
    for text in texts:
        assert matches(text) == (python.fullmatch(text) is not None)
        assert ignoring(text.upper()) == bool(re.fullmatch(expression, text.upper(), re.IGNORECASE))


@pytest.mark.filterwarnings("ignore:Possible nested set:FutureWarning")
@given(st.text("ab(|)*+?[]{},1\\^$-:", max_size=12))
def test_any_text_is_an_expression_or_refused(text: str) -> None:
    if error := reference.refusal(compile_expression, text):
        assert isinstance(error, InvalidExpression)
        assert 0 <= error.position <= len(text)
        return
    matches = compile_expression(text)
    for value in ("", "a", "ab", "aab1"):
        assert matches(value) == (re.fullmatch(text, value) is not None)


@pytest.mark.parametrize(
    ("expression", "position", "why"),
    [
        ("a(b", 1, "'(' is never closed"),
        ("a)b", 1, "')' that was never opened"),
        ("a|*b", 2, "'*' with nothing before it to repeat"),
        ("{2}", 0, "'{' with nothing before it to repeat"),
        ("a**", 2, "'*' after a repeat"),
        ("a*+", 2, "'+' after a repeat"),
        ("a{3,2}", 1, "the most repeats are fewer than the least"),
        ("a{999}", 1, "more than 255 repeats"),
        ("[ab", 0, "'[' is never closed"),
        ("[b-a]", 2, "'-' is not between two characters in order"),
        ("ab\\", 2, "'\\' with nothing after it"),
        (r"(a)\1", 3, r"'\1' is not supported"),
        (r"a\b", 1, r"'\b' is not supported"),
        ("(?=a)", 0, "'(?' with what is not supported"),
        ("(?i)a", 0, "'(?' with what is not supported"),
        ("a^b", 1, "'^' inside the expression"),
        ("(" * 40, 30, "more than 30 nested parentheses"),
        ("(abc){255}" * 9, 0, "it is too large"),
    ],
)
def test_what_is_refused(expression: str, position: int, why: str) -> None:
    with pytest.raises(InvalidExpression) as caught:
        compile_expression(expression)
    assert (caught.value.position, caught.value.why) == (position, why)


def test_groups_with_names() -> None:
    assert compile_expression("(?P<first>a|b)c")("bc")


@pytest.mark.parametrize(
    "expression", ["(a*)*b", "(a|a)*b", "(.*.*.*)*b", "(a?){100}a{100}", ".*.*.*.*.*.*.*.*b"]
)
def test_no_text_takes_long(expression: str) -> None:
    # With backtracking these would not end in our lifetime.
    assert not compile_expression(expression)("a" * 5000 + "c")
