"""Versions and version expressions: the conformance cases in tests/data/vectors_version.json."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from mm_solve.errors import InvalidVersion, InvalidVersionSpec
from mm_solve.version import Version
from mm_solve.version_spec import VersionSpec

VECTORS = json.loads(
    (Path(__file__).parents[1] / "data" / "vectors_version.json").read_text("utf-8")
)

PRINTED_OTHERWISE = {
    "vspec-print-16": (
        ">=1.8,<2|==1.9",
        "'and' binds tighter than 'or' (CEP 29); micromamba reads it the other way round",
    ),
    "vspec-print-17": (">=1.8,<2,!=1.9", "no parentheses where they change nothing"),
    "vspec-print-18": (
        ">1.8,<2|==1.7,!=1.9,~=1.7.1",
        "'and' binds tighter than 'or' (CEP 29); micromamba reads it the other way round",
    ),
    "vspec-print-19": ("<2.0|>2.3,<=2.8.0", "no parentheses where they change nothing"),
    "vspec-print-20": ("=0.15", "a star without a dot is no literal star: conda, libsolv, rattler"),
}
"""Case -> what mm prints, and why it is not what micromamba prints."""


def cases(kind: str) -> list[Any]:
    return [pytest.param(case, id=case["id"]) for case in VECTORS[kind]]


def is_valid(text: str) -> bool:
    try:
        Version.parse(text)
    except InvalidVersion:
        return False
    return True


@pytest.mark.parametrize("chain", VECTORS["chains"], ids=lambda chain: chain["name"])
def test_chain_is_strictly_increasing(chain: dict[str, Any]) -> None:
    versions = [Version.parse(text) for text in chain["versions"]]
    assert all(a < b for a, b in pairwise(versions))
    assert sorted(set(versions)) == versions


@pytest.mark.parametrize("case", cases("compare"))
def test_compare(case: dict[str, Any]) -> None:
    a, b = Version.parse(case["a"]), Version.parse(case["b"])
    assert (a > b) - (a < b) == case["cmp"]
    assert (a == b) == (case["cmp"] == 0)
    assert a != b or hash(a) == hash(b)
    assert (a <= b, a >= b) == (case["cmp"] <= 0, case["cmp"] >= 0)


@pytest.mark.parametrize("case", cases("syntax"))
def test_syntax(case: dict[str, Any]) -> None:
    assert is_valid(case["version"]) == case["valid"]


@pytest.mark.parametrize("case", cases("canonical"))
def test_canonical(case: dict[str, Any]) -> None:
    assert Version.parse(case["version"]).canonical() == case["canonical"]


@pytest.mark.parametrize("case", cases("levels"))
def test_canonical_with_a_number_of_segments(case: dict[str, Any]) -> None:
    assert Version.parse(case["version"]).canonical(case["parts"]) == case["text"]


@pytest.mark.parametrize("case", cases("starts_with"))
def test_starts_with(case: dict[str, Any]) -> None:
    version, prefix = Version.parse(case["version"]), Version.parse(case["prefix"])
    assert version.starts_with(prefix) == case["starts_with"]


@pytest.mark.parametrize("case", cases("compatible"))
def test_compatible(case: dict[str, Any]) -> None:
    low, high = Version.parse(case["older"]).compatible(case["level"])
    assert (low <= Version.parse(case["newer"]).key < high) == case["compatible"]


@pytest.mark.parametrize("case", cases("spec_match"))
def test_expression_matches(case: dict[str, Any]) -> None:
    spec = VersionSpec.parse(case["spec"])
    assert spec.contains(Version.parse(case["version"])) == case["matches"]
    assert VersionSpec.parse(str(spec)) == spec


@pytest.mark.parametrize("case", cases("spec_invalid"))
def test_invalid_expression(case: dict[str, Any]) -> None:
    with pytest.raises(InvalidVersionSpec) as caught:
        VersionSpec.parse(case["spec"])
    assert caught.value.text == case["spec"]
    assert 0 <= caught.value.position <= len(case["spec"])
    assert case["spec"] in caught.value.message


@pytest.mark.parametrize("case", cases("spec_print"))
def test_expression_prints(case: dict[str, Any]) -> None:
    spec = VersionSpec.parse(case["spec"])
    if case["id"] in PRINTED_OTHERWISE:
        expected, _ = PRINTED_OTHERWISE[case["id"]]
        assert str(spec) == expected != case["mamba_text"]
    else:
        assert str(spec) == case["mamba_text"]
        assert spec.conda_build_form == case["mamba_conda_build_text"]
