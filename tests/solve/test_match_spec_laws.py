"""Laws of match specs: what is printed reads back; matching agrees with a second opinion."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
import version_reference as reference
from hypothesis import given
from hypothesis import strategies as st
from match_spec_reference import records
from match_spec_reference import specs as reference_specs

from mm_pkg.record import RepodataRecord
from mm_solve.errors import InvalidMatchSpec
from mm_solve.match_spec import MatchSpec
from mm_solve.string_match import StringMatch

NAMES = ["numpy", "libblas", "_libgcc_mutex", "__glibc", "zope.int", "py*", "*"]
BUILDS = ["py38_0", "0", "*_cp38", "py*", "^py(27|38)_.*$", "h1.2+x"]
HASH = "0bab699354cbd66959550eb9b9866620"

values = {
    "build_number": st.sampled_from(["3", "'<=3'", "'>2'", "'!=4'"]),
    "subdir": st.sampled_from(["linux-64", "'linux-64,noarch'"]),
    "md5": st.just(HASH),
    "sha256": st.just(HASH * 2),
    "license": st.sampled_from(["MIT", "'BSD-3-Clause, or MIT'", "'*gpl*'", "'(MIT)'", "'a;b=c'"]),
    "license_family": st.sampled_from(["GPL", "'Other [x]'"]),
    "fn": st.sampled_from(["x-1-0.conda", '"it\'s-1-0.conda"', "'a b.conda'"]),
    "features": st.sampled_from(["mkl", "'mkl debug'"]),
    "track_features": st.sampled_from(["mkl", "'b a'"]),
    "flags": st.sampled_from(["[cuda]", "[cuda, 'blas:*']"]),
    "extras": st.sampled_from(["[a, b-c]", "'x_1.y'"]),
    "when": st.sampled_from(["'python>=3.10'", "'(a or b) and c <2'", "\"x[build='p*'] or y\""]),
    "optional": st.just(""),
    "url": st.sampled_from(["https://h/c/linux-64/numpy-1-0.conda", "'https://h/a,b?x=1'"]),
}


@st.composite
def spec_texts(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(NAMES))
    operator = draw(st.sampled_from(["", "=", "==", ">=", "<", "!=", "~=", " ", " *", " *.1"]))
    outside = draw(st.booleans())
    version = draw(reference.version_texts())
    if operator in {" *", " *.1"}:
        text += operator
    elif operator:
        text += operator + version.lower() + draw(st.sampled_from(["", ",<3|5.*"]))
    if outside and operator:
        text += " " + draw(st.sampled_from(BUILDS))
    keys = draw(st.lists(st.sampled_from(sorted(values)), max_size=3, unique=True))
    items = [f"{key}={draw(values[key])}" if key != "optional" else key for key in keys]
    if items:
        text += "[" + ", ".join(items) + "]"
    prefix = ["", "", "conda-forge::", "https://h:8080/c/noarch::", "c[linux-64]:pypi:", "pypi:"]
    return draw(st.sampled_from(prefix)) + text


def asked(spec: MatchSpec) -> dict[str, Any]:
    return {key: value for key, value in vars(spec).items() if key != "_text"}


@given(spec_texts())
def test_what_is_printed_reads_back(text: str) -> None:
    spec = MatchSpec.parse(text)
    again = MatchSpec.parse(str(spec))
    assert asked(again) == asked(spec)
    assert again == spec
    assert hash(again) == hash(spec)
    assert asked(pickle.loads(pickle.dumps(spec))) == asked(spec)
    assert asked(MatchSpec.parse_dependency(text)) == asked(spec)


@given(st.text(alphabet="ab01.*=<>!~,|()[]'\"#: /^$@;", max_size=16))
def test_any_text_is_a_spec_or_refused(text: str) -> None:
    for parse in (MatchSpec.parse, MatchSpec.parse_dependency):
        if error := reference.refusal(parse, text):
            assert isinstance(error, InvalidMatchSpec)
            assert error.text == text
            assert 0 <= error.position <= len(text)
        else:
            spec = parse(text)
            assert asked(MatchSpec.parse_dependency(str(spec))) == asked(spec)


@given(reference_specs(), st.lists(records, min_size=1, max_size=6))
def test_matching_agrees_with_the_reference(
    meant: tuple[str, Any], found: list[dict[str, Any]]
) -> None:
    text, test = meant
    spec = MatchSpec.parse(text)
    again = MatchSpec.parse(str(spec))
    dependency = MatchSpec.parse_dependency(text)
    for data in found:
        record = RepodataRecord(**data)
        assert spec.matches(record) == test(data)
        assert again.matches(record) == test(data)
        assert dependency.matches(record) == test(data)


@given(st.text("ab*", max_size=8), st.text("ab", max_size=8))
def test_globs_agree_with_fnmatch(pattern: str, text: str) -> None:
    from fnmatch import fnmatchcase

    expected = fnmatchcase(text, pattern or "*")
    assert StringMatch.parse(pattern).matches(text) == expected


def test_many_stars_cost_little() -> None:
    assert not StringMatch.parse("*a" * 40 + "*b").matches("a" * 2000)


def test_values_are_immutable() -> None:
    spec = MatchSpec.parse("a")
    with pytest.raises(AttributeError, match="immutable"):
        spec.name = "b"
    assert len({spec, MatchSpec.parse(" A "), MatchSpec.parse("a=")}) == 1
