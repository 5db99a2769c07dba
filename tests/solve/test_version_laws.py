"""Laws of versions and version expressions, and agreement with a slow second opinion."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable

import pytest
import version_reference as reference
from hypothesis import given
from hypothesis import strategies as st
from version_reference import refusal, version_texts

from mm_solve.errors import InvalidVersion, InvalidVersionSpec
from mm_solve.version import Version
from mm_solve.version_ranges import ALL, complement, holds, intersection, union
from mm_solve.version_spec import VersionSpec

Test = Callable[[str], bool]


@given(version_texts(stars=True), version_texts(stars=True))
def test_order_is_that_of_the_reference(a: str, b: str) -> None:
    x, y = Version.parse(a), Version.parse(b)
    assert (x > y) - (x < y) == reference.compare(a, b)


@given(version_texts(), version_texts(), version_texts())
def test_order_is_total(a: str, b: str, c: str) -> None:
    x, y, z = map(Version.parse, (a, b, c))
    assert [x < y, x == y, x > y].count(True) == 1
    assert not (x <= y <= z) or x <= z
    assert x != y or hash(x) == hash(y)


@given(version_texts(stars=True))
def test_version_text_is_kept(text: str) -> None:
    version = Version.parse(f" {text} ")
    assert version.text == str(version) == text
    assert Version.parse(str(version)) == version
    assert Version.parse(version.canonical()) == version
    assert pickle.loads(pickle.dumps(version)) == version


@given(version_texts(), version_texts())
def test_starts_with_agrees_with_the_reference(version: str, prefix: str) -> None:
    found = Version.parse(version).starts_with(Version.parse(prefix))
    assert found == reference.starts_with(version, prefix)


@given(version_texts())
def test_every_version_is_in_its_own_series(text: str) -> None:
    version = Version.parse(text)
    low, high = version.series()
    assert low <= version.key < high
    assert version.starts_with(version)


@given(st.text(max_size=20))
def test_any_text_is_a_version_or_refused(text: str) -> None:
    if error := refusal(Version.parse, text):
        assert isinstance(error, InvalidVersion)
        assert error.text == text
        assert 0 <= error.position <= len(text)
    else:
        version = Version.parse(text)
        assert reference.compare(text, text) == 0
        assert version == Version.parse(version.canonical())


# -- expressions -----------------------------------------------------------------------


def _clause(operator: str, version: str) -> Test:
    def compare(found: str) -> int:
        return reference.compare(found, version)

    def compatible(found: str) -> bool:
        lead = re.split(r"[._-]", version.rpartition("!")[2].partition("+")[0].rstrip("_"))[:-1]
        epoch = version.rpartition("!")[0]
        series = ".".join(lead)
        same_epoch = reference.parse(found)[0] == int(epoch or 0)
        if compare(found) < 0 or not lead:
            return same_epoch and compare(found) >= 0
        return reference.starts_with(found, f"{epoch}!{series}" if epoch else series)

    return {
        "": lambda found: compare(found) == 0,
        "==": lambda found: compare(found) == 0,
        "!=": lambda found: compare(found) != 0,
        "<": lambda found: compare(found) < 0,
        "<=": lambda found: compare(found) <= 0,
        ">": lambda found: compare(found) > 0,
        ">=": lambda found: compare(found) >= 0,
        "=": lambda found: reference.starts_with(found, version),
        "~=": compatible,
    }[operator]


@st.composite
def clauses(draw: st.DrawFn) -> tuple[str, Test]:
    version = draw(version_texts())
    operator = draw(st.sampled_from(["", "==", "!=", "<", "<=", ">", ">=", "=", "~=", ".*", "!.*"]))
    blank = draw(st.sampled_from(["", "", " "]))
    if operator == ".*":
        return f"{version}.*", lambda found: reference.starts_with(found, version)
    if operator == "!.*":
        return f"!={version}.*", lambda found: not reference.starts_with(found, version)
    return f"{operator}{blank}{version}", _clause(operator, version)


def _joined(parts: list[tuple[str, Test]], join: str) -> tuple[str, Test]:
    decide = all if join == "," else any
    text = join.join(f"({text})" for text, _ in parts)
    return text, lambda found: decide(test(found) for _, test in parts)


expressions = st.recursive(
    clauses(),
    lambda inner: st.builds(
        _joined, st.lists(inner, min_size=2, max_size=3), st.sampled_from([",", "|"])
    ),
    max_leaves=6,
)


@given(expressions, st.lists(version_texts(), min_size=1, max_size=8))
def test_expression_agrees_with_the_reference(
    expression: tuple[str, Test], found: list[str]
) -> None:
    text, test = expression
    spec = VersionSpec.parse(text)
    again = VersionSpec.parse(str(spec))
    assert again == spec
    assert hash(again) == hash(spec)
    oldest = VersionSpec.parse(spec.conda_build_form)
    for version in map(Version.parse, found):
        expected = test(version.text)
        assert spec.contains(version) == expected
        assert again.contains(version) == expected
        assert oldest.contains(version) == expected
        assert spec.bounds is not None
        assert holds(spec.bounds, version) == expected


@given(clauses(), clauses(), clauses(), version_texts())
def test_and_binds_tighter_than_or(
    a: tuple[str, Test], b: tuple[str, Test], c: tuple[str, Test], version: str
) -> None:
    found = Version.parse(version)
    flat = VersionSpec.parse(f"{a[0]},{b[0]}|{c[0]}")
    assert flat.contains(found) == ((a[1](version) and b[1](version)) or c[1](version))
    assert flat == VersionSpec.parse(f"({a[0]},{b[0]})|{c[0]}")


@given(expressions, expressions)
def test_bounds_are_a_boolean_algebra(a: tuple[str, Test], b: tuple[str, Test]) -> None:
    x, y = VersionSpec.parse(a[0]).bounds, VersionSpec.parse(b[0]).bounds
    assert x is not None
    assert y is not None
    assert complement(complement(x)) == x
    assert union(x, complement(x)) == ALL
    assert intersection(x, complement(x)) == ()
    assert complement(union(x, y)) == intersection(complement(x), complement(y))
    assert list(x) == sorted(set(x))


@given(st.text(alphabet="01.*!=<>~,|() ^$a+_-", max_size=14))
def test_any_text_is_an_expression_or_refused(text: str) -> None:
    if error := refusal(VersionSpec.parse, text):
        assert isinstance(error, InvalidVersionSpec)
        assert error.text == text
        assert 0 <= error.position <= len(text)
    else:
        spec = VersionSpec.parse(text)
        assert VersionSpec.parse(str(spec)) == spec


@pytest.mark.parametrize(
    ("pattern", "accepted", "refused"),
    [
        ("*.7", ["1.7", "1.0.7"], ["7", "1.7.1", "1!1.7"]),
        ("1!*.7", ["1!1.7"], ["1.7"]),
        ("1.*7.*", ["1.7.1", "1.17.0"], ["1.17", "1.71.1"]),
        ("1.*.3+abc*", ["1.2.3+abcd"], ["1.2.3", "1.2.3+ab"]),
        ("*.0.*", ["1.00.3"], ["1.1.3"]),
        ("!=1.*.3", ["1.3", "2.2.3"], ["1.2.3"]),
        ("^1\\.(2|3),?$", ["1.2", "1.3"], ["1.4", "1.2.0"]),
        (">=2.*.*", ["2.0", "3"], ["2.0a", "1"]),
        ("~=1.4.2", ["1.4.2", "1.4.10"], ["1.4.1", "1.5", "1.4.2rc1"]),
        ("5.", ["5", "5.0"], ["5.1"]),
    ],
)
def test_patterns(pattern: str, accepted: list[str], refused: list[str]) -> None:
    spec = VersionSpec.parse(pattern)
    assert [text for text in accepted if not spec.contains(Version.parse(text))] == []
    assert [text for text in refused if spec.contains(Version.parse(text))] == []


def test_hostile_texts_are_refused_quickly() -> None:
    for text in ["(" * 10_000 + "1" + ")" * 10_000, "1" * 10_000, "1." * 200 + "1"]:
        with pytest.raises(InvalidVersionSpec):
            VersionSpec.parse(text)
    pattern = VersionSpec.parse("*." * 60 + "x")
    assert not pattern.contains(Version.parse(".".join("1" * 120)))


def test_values_are_immutable() -> None:
    for value in (Version.parse("1.2"), VersionSpec.parse(">=1")):
        with pytest.raises(AttributeError, match="immutable"):
            value.text = "2"
