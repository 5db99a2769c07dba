"""A tree of lines, cut: what goes first, and that roots never go."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mm_solve.excerpt import Line, excerpt


def chain(*texts: str) -> Line:
    line = Line(texts[-1])
    for text in reversed(texts[:-1]):
        line = Line(text, [line])
    return line


def test_a_tree_that_fits_is_shown_whole() -> None:
    tree = [Line("a requires", [Line("b"), Line("c")]), Line("d")]
    assert excerpt(tree, 5) == ["├─ a requires", "│  ├─ b;", "│  └─ c;", "└─ d."]


def test_the_middle_of_a_chain_goes_first() -> None:
    shown = excerpt([chain(*(f"p{n}" for n in range(20)))], 8, "-v shows them")
    assert shown == [
        "└─ p0",
        "   └─ p1",
        "      └─ … (15 packages in between), which requires",
        "         └─ p17",
        "            └─ p18",
        "               └─ p19.",
        "(14 lines are left out; -v shows them)",
    ]


def test_choices_go_from_the_end() -> None:
    shown = excerpt([Line("a", [Line(f"o{n}") for n in range(20)])], 7)
    assert shown == [
        "└─ a",
        "   ├─ o0;",
        "   ├─ o1;",
        "   ├─ o2;",
        "   └─ 17 more are left out.",
        "(16 lines are left out)",
    ]


def test_what_leads_to_an_obstacle_stays_longer() -> None:
    fine = Line("fine requires", [Line("x"), Line("y")], " requires")
    stuck = Line("stuck requires", [Line("gone", weight=2)], " requires", weight=2)
    assert excerpt([fine, stuck], 5) == [
        "├─ fine is installable (details left out);",
        "└─ stuck requires",
        "   └─ gone.",
        "(2 lines are left out)",
    ]


def test_roots_share_lines() -> None:
    words = " is requested and can be installed"
    roots = [Line(f"package-{n}{words}", shared=words) for n in range(9)]
    shown = excerpt(roots, 6)
    assert len(shown) <= 5
    assert shown[0].endswith("are requested and can be installed;")
    assert all(f"package-{n}" in " ".join(shown) for n in range(9))


def test_few_lines_for_many_long_names() -> None:
    words = " is requested and can be installed"
    names = [f"{'long-' * 12}{n}" for n in range(40)]
    shown = excerpt([Line(name + words, shared=words) for name in names], 10)
    assert len(shown) < 10
    assert all(name in " ".join(shown) for name in names)


trees = st.recursive(
    st.builds(Line, st.text("abc", min_size=1, max_size=3), weight=st.integers(0, 2)),
    lambda children: st.builds(
        Line, st.text("abc", min_size=1, max_size=3), st.lists(children, max_size=6)
    ),
    max_leaves=60,
)


@given(st.lists(st.tuples(trees, st.booleans()), min_size=1, max_size=30), st.integers(5, 20))
def test_roots_stay_and_the_limit_holds(roots: list[tuple[Line, bool]], limit: int) -> None:
    forest = []
    for number, (line, blocked) in enumerate(roots):
        text = f"root-{number} says"
        forest.append(Line(text, line.children, " says", weight=2 * blocked))
    shown = excerpt(forest, limit)
    assert len(shown) + 1 <= limit
    text = " ".join(shown)
    assert all(f"root-{number}" in text for number in range(len(roots)))
