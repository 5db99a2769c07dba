"""Names that are one slip away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_solve.similar_names import similar_names

NAMES = ["numpy", "numba", "numpydoc", "scikit-learn", "scikit-image", "zlib", "ruamel.yaml"]


@pytest.mark.parametrize(
    ("slip", "first"),
    [
        ("numppy", "numpy"),
        ("nump", "numpy"),
        ("umpy", "numpy"),
        ("bumpy", "numpy"),
        ("nmupy", "numpy"),
        ("num-py", "numpy"),
        ("scikit_learn", "scikit-learn"),
        ("scikitlearn", "scikit-learn"),
        ("scikit-lern", "scikit-learn"),
        ("ruamel-yaml", "ruamel.yaml"),
    ],
)
def test_what_was_meant_comes_first(slip: str, first: str) -> None:
    assert similar_names(slip, NAMES)[0] == first


@pytest.mark.parametrize("name", ["qqq", "x", "tensorflow", "l"])
def test_what_is_like_nothing(name: str) -> None:
    assert similar_names(name, NAMES) == ()


def test_the_name_itself_is_not_like_itself() -> None:
    assert "numpy" not in similar_names("numpy", NAMES)


@given(st.text("abc-", max_size=6), st.lists(st.text("abc-", max_size=6), max_size=9))
def test_order_and_repeats_are_no_matter(name: str, names: list[str]) -> None:
    found = similar_names(name, names)
    assert found == similar_names(name, [*reversed(names), *names])
    assert set(found) <= set(names)
    assert len(found) <= 3


@given(st.text("abcdef", min_size=4, max_size=8), st.data())
def test_one_letter_left_out_is_always_found(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name) - 1))
    slip = name[:at] + name[at + 1 :]
    assert name in similar_names(slip, [name, "zzzzzz"])
